"""Data sources, ephemeral resources and functions: what they become, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from immuta_constructs import (
    ArgumentError,
    DataImmutaCurrentUser,
    DataImmutaDataSources,
    DataImmutaExistingIntegrationScript,
    DataImmutaIntegration,
    DataImmutaIntegrations,
    DataImmutaIntegrationScript,
    DataImmutaTag,
    DataImmutaTags,
    EphemeralImmutaExistingIntegrationScript,
    EphemeralImmutaIntegrationScript,
    EphemeralImmutaTrinoApiKey,
    ImmutaProvider,
    Secret,
    SnowflakeIntegration,
    SnowflakePrivateKey,
    SnowflakeSettings,
    TrinoIntegration,
    databricks_workspace_host,
    redshift_host,
    snowflake_host,
)
from immuta_constructs.cdk import (
    LIBRARY,
    App,
    EphemeralLifecycle,
    Precondition,
    TerraformOutput,
    TerraformResourceLifecycle,
    TerraformStack,
    TerraformVariable,
    Token,
)
from immuta_constructs.runtime.reading import DataSource
from immuta_constructs.testing import synthesized
from immuta_simulator.control import Control
from immuta_simulator.settings import Settings
from support.core import InProcess
from support.reads import Reads

PLAIN: dict[str, Any] = {
    "host": "acme.snowflakecomputing.com",
    "warehouse": "IMMUTA_WH",
    "database": "IMMUTA",
    "authentication_type": "userPassword",
    "username": "IMMUTA",
}
KEY_PAIR: dict[str, Any] = {
    **PLAIN,
    "authentication_type": "keyPair",
    "private_key": {"key_name": "PRIV_KEY_FILE", "user_filename": "immuta.p8"},
}


def output(stack: TerraformStack, name: str, value: Any) -> None:
    TerraformOutput(stack, name, value=value)


def outputs(document: dict[str, Any]) -> dict[str, Any]:
    return {name: entry["value"] for name, entry in document["output"].items()}


def test_data_sources(stack: TerraformStack) -> None:
    trino = TrinoIntegration(stack, "trino")
    by_id = DataImmutaIntegration(stack, "by-id", id=trino.id)
    DataImmutaIntegration(
        stack, "by-host", type="Snowflake", host="acme.snowflakecomputing.com", depends_on=[trino]
    )
    every = DataImmutaIntegrations(stack, "every")
    DataImmutaIntegrations(stack, "some", type="Trino", status="enabled")
    script = DataImmutaIntegrationScript(
        stack, "script", script="create", snowflake=SnowflakeSettings(**KEY_PAIR)
    )
    edit = DataImmutaExistingIntegrationScript(
        stack,
        "edit",
        integration_id="7",
        script="edit",
        snowflake={**PLAIN, "additional_config": {"a": [None]}},
    )
    DataImmutaExistingIntegrationScript(stack, "delete", integration_id=trino.id, script="delete", count=2)
    output(stack, "message", by_id.validation.tests.get(0).message)
    output(stack, "bootstrap", by_id.auto_bootstrap)
    output(stack, "second", every.integrations.get(1).id)
    output(stack, "result", every.integrations.get(1).validation.tests.get(0).status)
    output(stack, "content", script.content)
    output(stack, "placeholders", edit.placeholders)
    output(stack, "placeholder", edit.placeholders.lookup("password"))
    found = synthesized(stack)
    assert found["data"] == {
        "immuta_integration": {
            "by-id": {"id": "${immuta_trino_integration.trino.id}"},
            "by-host": {
                "type": "Snowflake",
                "host": "acme.snowflakecomputing.com",
                "depends_on": ["immuta_trino_integration.trino"],
            },
        },
        "immuta_integrations": {"every": {}, "some": {"type": "Trino", "status": "enabled"}},
        "immuta_integration_script": {"script": {"script": "create", "snowflake": KEY_PAIR}},
        "immuta_existing_integration_script": {
            "edit": {
                "integration_id": "7",
                "script": "edit",
                "snowflake": {**PLAIN, "additional_config": '{"a":[null]}'},
            },
            "delete": {
                "integration_id": "${immuta_trino_integration.trino.id}",
                "script": "delete",
                "count": 2,
            },
        },
    }
    assert found["output"] == {
        "message": {"value": "${data.immuta_integration.by-id.validation.tests[0].message}"},
        "bootstrap": {"value": "${data.immuta_integration.by-id.auto_bootstrap}"},
        "second": {"value": "${data.immuta_integrations.every.integrations[1].id}"},
        "result": {"value": "${data.immuta_integrations.every.integrations[1].validation.tests[0].status}"},
        "content": {"value": "${data.immuta_integration_script.script.content}"},
        "placeholders": {"value": "${data.immuta_existing_integration_script.edit.placeholders}"},
        "placeholder": {"value": '${data.immuta_existing_integration_script.edit.placeholders["password"]}'},
    }
    assert found["resource"] == {"immuta_trino_integration": {"trino": {}}}


def test_data_sources_that_read_one_route(stack: TerraformStack) -> None:
    user = DataImmutaCurrentUser(stack, "me")
    found = DataImmutaDataSources(stack, "found", tag="Acme.PII", schema="SALES", with_policies=True)
    output(stack, "user", user.id)
    output(stack, "countries", user.authorizations.get("country"))
    output(stack, "policy", found.data_sources.get(0).policies.get(1).name)
    document = synthesized(stack)
    assert document["data"] == {
        "immuta_current_user": {"me": {}},
        "immuta_data_sources": {"found": {"tag": "Acme.PII", "schema": "SALES", "with_policies": True}},
    }
    assert outputs(document) == {
        "user": "${data.immuta_current_user.me.id}",
        "countries": '${data.immuta_current_user.me.authorizations["country"]}',
        "policy": "${data.immuta_data_sources.found.data_sources[0].policies[1].name}",
    }
    with pytest.raises(ArgumentError, match="with_policies has the wrong type"):
        DataImmutaDataSources(stack, "wrong", with_policies="yes")  # type: ignore[arg-type]


def test_ephemeral_resources(stack: TerraformStack) -> None:
    europe = ImmutaProvider(stack, "immuta-eu", alias="eu")
    trino = TrinoIntegration(stack, "trino", provider=europe)
    key = EphemeralImmutaTrinoApiKey(
        stack, "key", integration_id=trino.id, provider=europe, depends_on=[trino]
    )
    script = EphemeralImmutaIntegrationScript(
        stack,
        "script",
        script="create",
        snowflake=SnowflakeSettings(
            **{
                **KEY_PAIR,
                "private_key": SnowflakePrivateKey(
                    key_name="PRIV_KEY_FILE", user_filename="immuta.p8", content=Secret.variable("key")
                ),
            }
        ),
        lifecycle=TerraformResourceLifecycle(
            precondition=[Precondition(condition="${true}", error_message="no")]
        ),
    )
    removal = EphemeralImmutaExistingIntegrationScript(
        stack, "removal", integration_id="7", script="delete", depends_on=[script], count=2
    )
    SnowflakeIntegration(
        stack, "uses-it", auto_bootstrap=False, depends_on=[removal], **PLAIN, password=key.api_key
    )
    document = synthesized(stack)
    assert document["ephemeral"] == {
        "immuta_trino_api_key": {
            "key": {
                "integration_id": "${immuta_trino_integration.trino.id}",
                "provider": "immuta.eu",
                "depends_on": ["immuta_trino_integration.trino"],
            }
        },
        "immuta_integration_script": {
            "script": {
                "script": "create",
                "snowflake": {
                    **KEY_PAIR,
                    "private_key": {**KEY_PAIR["private_key"], "content": "${var.key}"},
                },
                "lifecycle": {"precondition": [{"condition": "${true}", "error_message": "no"}]},
            }
        },
        "immuta_existing_integration_script": {
            "removal": {
                "integration_id": "7",
                "script": "delete",
                "count": 2,
                "depends_on": ["ephemeral.immuta_integration_script.script"],
            }
        },
    }
    assert document["resource"] == {
        "immuta_trino_integration": {"trino": {"provider": "immuta.eu"}},
        "immuta_snowflake_integration": {
            "uses-it": {
                "auto_bootstrap": False,
                **PLAIN,
                "password": "${ephemeral.immuta_trino_api_key.key.api_key}",
                "depends_on": ["ephemeral.immuta_existing_integration_script.removal"],
            }
        },
    }
    assert document["variable"] == {"key": {"type": "string", "sensitive": True, "ephemeral": True}}


@pytest.mark.parametrize("declared", [None, ">= 1.11.0", ">= 1.9.0"])
def test_ephemeral_resources_and_functions_are_for_the_versions_that_the_provider_requires(
    tmp_path: Path, declared: str | None
) -> None:
    """cdktn checks them against the versions that a program declares, or against all since 1.5.7 if it declares none."""
    versions = {"targetVersions": {"terraform": declared}} if declared else {}
    app = App(outdir=str(tmp_path), context=versions)
    stack = TerraformStack(app, "stack")
    ImmutaProvider(stack, "immuta")
    EphemeralImmutaTrinoApiKey(stack, "key", integration_id="7")
    output(stack, "host", snowflake_host(TerraformVariable(stack, "account", type="string").string_value))
    if LIBRARY == "cdktn" and declared == ">= 1.9.0":
        with pytest.raises(RuntimeError, match=r"ephemeral resources requires terraform >=1\.10\.0"):
            app.synth()
    else:
        app.synth()
        assert (tmp_path / "stacks" / "stack" / "cdk.tf.json").exists()


@pytest.mark.parametrize("make", [EphemeralLifecycle, TerraformResourceLifecycle, dict])
def test_an_ephemeral_resource_has_conditions(stack: TerraformStack, make: Callable[..., Any]) -> None:
    rule = Precondition(condition="${true}", error_message="no")
    EphemeralImmutaTrinoApiKey(stack, "key", integration_id="7", lifecycle=make(precondition=[rule]))
    assert synthesized(stack)["ephemeral"]["immuta_trino_api_key"]["key"] == {
        "integration_id": "7",
        "lifecycle": {"precondition": [{"condition": "${true}", "error_message": "no"}]},
    }


def test_an_override_reaches_an_ephemeral_block(stack: TerraformStack) -> None:
    key = EphemeralImmutaTrinoApiKey(stack, "key", integration_id="7")
    key.add_override("integration_id", "8")
    key.override_logical_id("other")
    output(stack, "told", key.api_key)
    document = synthesized(stack)
    assert document["ephemeral"] == {"immuta_trino_api_key": {"other": {"integration_id": "8"}}}
    assert outputs(document) == {"told": "${ephemeral.immuta_trino_api_key.other.api_key}"}


ALL_SCRIPTED = "azure_synapse, databricks, bigquery, redshift, snowflake"
REDSHIFT = {
    "host": "acme.redshift.amazonaws.com",
    "database": "immuta",
    "initial_database": "dev",
    "authentication_type": "userPassword",
    "username": "immuta",
}
JUDGED: list[tuple[type[Any], dict[str, Any], list[str]]] = [
    (DataImmutaIntegration, {}, ["Arguments are missing"]),
    (DataImmutaIntegration, {"id": "7", "type": "Trino"}, ["Arguments exclude each other"]),
    (DataImmutaIntegration, {"type": "Trino", "host": "acme"}, ["host is not allowed here"]),
    (DataImmutaIntegration, {"id": " "}, ["id has the wrong form"]),
    (EphemeralImmutaTrinoApiKey, {"integration_id": " "}, ["integration_id is missing"]),
    (
        DataImmutaIntegrationScript,
        {"script": "edit", "snowflake": PLAIN},
        ["script has a value that Immuta does not accept"],
    ),
    (DataImmutaIntegrationScript, {"script": "create"}, ["Arguments are missing"]),
    (
        DataImmutaIntegrationScript,
        {"script": "create", "redshift": REDSHIFT, "snowflake": PLAIN},
        ["Arguments exclude each other"],
    ),
    (
        DataImmutaIntegrationScript,
        {"script": "post-cleanup", "snowflake": PLAIN},
        ["script has a value that Immuta does not accept"],
    ),
    (
        DataImmutaExistingIntegrationScript,
        {"integration_id": "7", "script": "edit"},
        ["Arguments are missing"],
    ),
    (
        DataImmutaExistingIntegrationScript,
        {"integration_id": "7", "script": "delete", "snowflake": PLAIN},
        ["snowflake is not allowed here"],
    ),
    (
        EphemeralImmutaIntegrationScript,
        {"script": "create", "snowflake": PLAIN},
        ["snowflake.password is missing"],
    ),
    (DataImmutaTag, {"id": "Acme", "name": "Acme"}, ["Arguments exclude each other"]),
    (DataImmutaTag, {}, ["Arguments are missing"]),
]
"""What the provider says as well, word for word."""

UNTYPED: list[tuple[type[Any], dict[str, Any], list[str]]] = [
    *(
        (construct, {"script": None, "snowflake": PLAIN}, ["script is missing"])
        for construct in (DataImmutaIntegrationScript, EphemeralImmutaIntegrationScript)
    ),
    *(
        (
            construct,
            {"integration_id": None, "script": None},
            ["integration_id is missing", "script is missing"],
        )
        for construct in (DataImmutaExistingIntegrationScript, EphemeralImmutaExistingIntegrationScript)
    ),
    (EphemeralImmutaTrinoApiKey, {"integration_id": None}, ["integration_id is missing"]),
    (
        DataImmutaIntegrationScript,
        {"script": "create", "snowflake": "hunter22"},
        ["snowflake has the wrong type"],
    ),
    (
        DataImmutaExistingIntegrationScript,
        {"integration_id": True, "script": 5},
        ["integration_id has the wrong type", "script has the wrong type"],
    ),
    (DataImmutaIntegration, {"id": []}, ["id has the wrong type"]),
    (DataImmutaTags, {"search_text": 7}, ["search_text has the wrong type"]),
]
"""What Terraform itself refuses before the provider is asked."""

REFUSED: list[tuple[type[Any], dict[str, Any], list[str]]] = [
    *(
        (
            EphemeralImmutaTrinoApiKey,
            {"integration_id": "7", "lifecycle": lifecycle},
            [
                "lifecycle.prevent_destroy is not for ephemeral resources: Terraform accepts only precondition and postcondition "
                "there. Remove it."
            ],
        )
        for lifecycle in (TerraformResourceLifecycle(prevent_destroy=True), {"prevent_destroy": True})
    ),
    (
        DataImmutaIntegrationScript,
        {"script": "create", "snowflake": SnowflakeSettings(**PLAIN, password="hunter22")},
        [
            "snowflake.password is a secret: a data source is kept in Terraform's state and takes no secret. Leave "
            "snowflake.password out (Immuta is sent a placeholder where it needs one), or use the ephemeral resource of the same "
            "name."
        ],
    ),
    (
        DataImmutaIntegrationScript,
        {"script": "create", "snowflake": {**PLAIN, "warehous": "w"}},
        ["there is no snowflake.warehous: did you mean warehouse?"],
    ),
    (
        DataImmutaExistingIntegrationScript,
        {"integration_id": Secret.variable("id"), "script": "delete"},
        [
            "integration_id does not accept a Secret: Terraform stores this argument in its state, and a `Secret` is allowed "
            "only in secret arguments. Pass the value itself, or the `.string_value` of a `TerraformVariable`."
        ],
    ),
    *(
        (
            construct,
            {"integration_id": "7", "script": "delete", **settings},
            [
                f"there is no {platform}: Immuta writes no scripts for {title} integrations. Remove {platform}, or set one of "
                f"{ALL_SCRIPTED}."
                for platform, title in (("amazon_s3", "Amazon S3"), ("trino", "Starburst (Trino)"))
                if platform in settings
            ],
        )
        for construct, settings in (
            (DataImmutaExistingIntegrationScript, {"trino": {}}),
            (EphemeralImmutaExistingIntegrationScript, {"trino": None, "amazon_s3": {}}),
        )
    ),
]


@pytest.mark.parametrize(("construct", "arguments", "said"), REFUSED)
def test_arguments_that_are_refused(
    construct: type[Any], arguments: dict[str, Any], said: list[str], stack: TerraformStack
) -> None:
    with pytest.raises(ArgumentError) as error:
        construct(stack, "x", **arguments)
    assert [f"{p.summary}: {p.detail}" for p in error.value.problems] == said
    assert "hunter22" not in str(error.value)
    assert stack.node.try_find_child("x") is None


@pytest.mark.parametrize(("construct", "arguments", "summaries"), [*JUDGED, *UNTYPED])
def test_arguments_that_the_model_refuses(
    construct: type[Any], arguments: dict[str, Any], summaries: list[str], stack: TerraformStack
) -> None:
    with pytest.raises(ArgumentError) as error:
        construct(stack, "x", **arguments)
    assert [problem.summary for problem in error.value.problems] == summaries
    assert "hunter22" not in str(error.value)
    assert stack.node.try_find_child("x") is None


@pytest.mark.parametrize(("construct", "arguments", "summaries"), JUDGED)
def test_the_provider_says_the_same(
    construct: type[Any], arguments: dict[str, Any], summaries: list[str], stack: TerraformStack
) -> None:
    with pytest.raises(ArgumentError) as error:
        construct(stack, "x", **arguments)
    transport = InProcess(Control(Settings(polls=0)))
    reads = Reads(transport)
    transport.close()
    validate = reads.validate_data if issubclass(construct, DataSource) else reads.validate_ephemeral
    told = validate(construct.TF_RESOURCE_TYPE, **arguments)
    assert [one[1:3] for one in told if one[0] == "error"] == [
        (problem.summary, problem.detail) for problem in error.value.problems
    ]


def test_an_id_may_be_a_number(stack: TerraformStack) -> None:
    DataImmutaIntegration(stack, "x", id=7)  # type: ignore[arg-type]
    assert synthesized(stack)["data"] == {"immuta_integration": {"x": {"id": 7}}}


def test_an_unknown_argument_is_a_type_error(stack: TerraformStack) -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'trinket'"):
        DataImmutaIntegrationScript(stack, "x", script="create", trinket={})  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument 'trino'"):
        DataImmutaIntegrations(stack, "x", trino={})  # type: ignore[call-arg]


def test_tokens_are_not_changed(stack: TerraformStack) -> None:
    text = TerraformVariable(stack, "text", type="string")
    anything = TerraformVariable(stack, "anything", type="any")
    DataImmutaIntegrationScript(
        stack,
        "one",
        script=Token.as_any(text.string_value),
        snowflake={**PLAIN, "authentication_type": text.string_value},
    )
    DataImmutaIntegrationScript(stack, "two", script="create", redshift=anything.value)
    DataImmutaIntegration(stack, "three", id=text.string_value)
    assert synthesized(stack)["data"] == {
        "immuta_integration_script": {
            "one": {"script": "${var.text}", "snowflake": {**PLAIN, "authentication_type": "${var.text}"}},
            "two": {"script": "create", "redshift": "${var.anything}"},
        },
        "immuta_integration": {"three": {"id": "${var.text}"}},
    }


def test_a_literal_secret_causes_a_warning(stack: TerraformStack) -> None:
    EphemeralImmutaIntegrationScript(
        stack, "x", script="create", snowflake=SnowflakeSettings(**PLAIN, password="hunter22")
    )
    EphemeralImmutaIntegrationScript(
        stack, "y", script="create", snowflake=SnowflakeSettings(**PLAIN, password=Secret.variable("p"))
    )
    warned = {
        child.node.id: [entry.data for entry in child.node.metadata if "warn" in entry.type]
        for child in stack.node.children
    }
    assert [text.split(",")[0] for text in warned["x"]] == ["snowflake.password is a literal in the program"]
    assert warned["y"] == []


@pytest.mark.parametrize(
    ("function", "argument", "host"),
    [
        (snowflake_host, "acme-sales", "acme-sales.snowflakecomputing.com"),
        (
            databricks_workspace_host,
            "https://DBC-a1b2.cloud.databricks.com/?o=1",
            "dbc-a1b2.cloud.databricks.com",
        ),
        (
            redshift_host,
            "acme.abc123.eu-west-1.redshift.amazonaws.com:5439",
            "acme.abc123.eu-west-1.redshift.amazonaws.com",
        ),
    ],
)
def test_a_function_answers_what_is_known(function: Callable[[str], str], argument: str, host: str) -> None:
    assert function(argument) == host


def test_a_function_refuses_an_argument_without_a_host() -> None:
    with pytest.raises(ValueError, match="account is an address of Snowsight"):
        snowflake_host("https://app.snowflake.com/acme/sales")


@pytest.mark.parametrize(
    ("function", "name"),
    [(snowflake_host, "account"), (databricks_workspace_host, "url"), (redshift_host, "endpoint")],
)
def test_a_function_refuses_an_argument_that_is_not_text(function: Callable[[Any], str], name: str) -> None:
    for value, kind in ((None, "NoneType"), (5, "int"), (["acme"], "list")):
        with pytest.raises(ValueError, match=f"^{name} is of the type {kind}; it has to be an? "):
            function(value)


def test_a_function_of_a_token_is_terraforms(stack: TerraformStack) -> None:
    name = TerraformVariable(stack, "name", type="string").string_value
    output(stack, "token", snowflake_host(name))
    output(stack, "within", snowflake_host(f"https://{name}.snowflakecomputing.com/"))
    output(stack, "expression", redshift_host('${var.names["a"]}'))
    output(stack, "template", databricks_workspace_host('https://${var.names["a"]}/'))
    assert outputs(synthesized(stack)) == {
        "token": "${provider::immuta::snowflake_host(var.name)}",
        "within": '${provider::immuta::snowflake_host(join("", ["https://${var.name}.snowflakecomputing.com/"]))}',
        "expression": '${provider::immuta::redshift_host(var.names["a"])}',
        "template": '${provider::immuta::databricks_workspace_host("https://${var.names["a"]}/")}',
    }
