"""Data sources, ephemeral resources and functions: their blocks, references to them, and arguments that they refuse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from immuta_constructs import (
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
from support.stacks import expressions, problems, warnings

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


def test_data_sources_become_blocks_and_are_referred_to(stack: TerraformStack) -> None:
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
    references = [
        by_id.validation.tests.get(0).message,
        by_id.auto_bootstrap,
        every.integrations.get(1).id,
        every.integrations.get(1).validation.tests.get(0).status,
        script.content,
        edit.placeholders,
        edit.placeholders.lookup("password"),
    ]
    assert expressions(stack, references) == [
        "${data.immuta_integration.by-id.validation.tests[0].message}",
        "${data.immuta_integration.by-id.auto_bootstrap}",
        "${data.immuta_integrations.every.integrations[1].id}",
        "${data.immuta_integrations.every.integrations[1].validation.tests[0].status}",
        "${data.immuta_integration_script.script.content}",
        "${data.immuta_existing_integration_script.edit.placeholders}",
        '${data.immuta_existing_integration_script.edit.placeholders["password"]}',
    ]
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
    assert found["resource"] == {"immuta_trino_integration": {"trino": {}}}


def test_data_sources_of_one_route_become_blocks_and_are_referred_to(stack: TerraformStack) -> None:
    user = DataImmutaCurrentUser(stack, "me")
    found = DataImmutaDataSources(stack, "found", tag="Acme.PII", schema="SALES", with_policies=True)
    references = [
        user.id,
        user.authorizations.get("country"),
        found.data_sources.get(0).policies.get(1).name,
    ]
    assert expressions(stack, references) == [
        "${data.immuta_current_user.me.id}",
        '${data.immuta_current_user.me.authorizations["country"]}',
        "${data.immuta_data_sources.found.data_sources[0].policies[1].name}",
    ]
    assert synthesized(stack)["data"] == {
        "immuta_current_user": {"me": {}},
        "immuta_data_sources": {"found": {"tag": "Acme.PII", "schema": "SALES", "with_policies": True}},
    }
    (problem,) = problems(DataImmutaDataSources, stack, with_policies="yes")
    assert problem.startswith("with_policies has the wrong type: ")


def test_ephemeral_resources_become_blocks_and_are_referred_to(stack: TerraformStack) -> None:
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
    account = TerraformVariable(stack, "account", type="string").string_value
    TerraformOutput(stack, "host", value=snowflake_host(account))
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
    assert expressions(stack, [key.api_key]) == ["${ephemeral.immuta_trino_api_key.other.api_key}"]
    assert synthesized(stack)["ephemeral"] == {"immuta_trino_api_key": {"other": {"integration_id": "8"}}}


OF_THE_PROVIDER: dict[str, tuple[type[Any], dict[str, Any], str]] = {
    "no way": (
        DataImmutaIntegration,
        {},
        "Arguments are missing: an integration is found either by its id or by its type. Set id or type (with host if needed).",
    ),
    "two ways": (
        DataImmutaIntegration,
        {"id": "7", "type": "Trino"},
        "Arguments exclude each other: id and type are set, but an integration is found either by its id or by its type. Set "
        "only id or type (with host if needed).",
    ),
    "two ways to a record": (
        DataImmutaTag,
        {"id": "Acme", "name": "Acme"},
        "Arguments exclude each other: id and name are set, but a tag is found either by its id or by its name. Set only id or "
        "name.",
    ),
    "a blank id": (
        EphemeralImmutaTrinoApiKey,
        {"integration_id": " "},
        "integration_id is missing: every immuta_trino_api_key needs integration_id, but integration_id is empty text. Set "
        "integration_id. Description: Immuta's id of the Starburst (Trino) integration.",
    ),
    "another script": (
        DataImmutaIntegrationScript,
        {"script": "edit", "snowflake": PLAIN},
        'script has a value that Immuta does not accept: script is "edit". Immuta accepts "initial-create", "create", "cleanup" '
        'or "post-cleanup" for an immuta_integration_script. Set script to one of these.',
    ),
    "settings beside another script": (
        DataImmutaExistingIntegrationScript,
        {"integration_id": "7", "script": "delete", "snowflake": PLAIN},
        'snowflake is not allowed here: Immuta accepts snowflake only when script is "edit", but script is "delete". Remove '
        "snowflake, or change script.",
    ),
    "a missing secret": (
        EphemeralImmutaIntegrationScript,
        {"script": "create", "snowflake": PLAIN},
        'snowflake.password is missing: snowflake needs password when snowflake.authentication_type is "userPassword", but '
        "snowflake.password is not set. Set snowflake.password. Description: Password of that user.",
    ),
}
"""One problem of each construct that reads. `tests/model/test_questions.py` has every problem of a question."""

ALL_SCRIPTED = "azure_synapse, databricks, bigquery, redshift, snowflake"
OF_PYTHON: dict[str, tuple[type[Any], dict[str, Any], str]] = {
    "null": (
        EphemeralImmutaTrinoApiKey,
        {"integration_id": None},
        "integration_id is missing: every immuta_trino_api_key needs integration_id, but integration_id is not set. Set "
        "integration_id. Description: Immuta's id of the Starburst (Trino) integration.",
    ),
    "a number": (
        DataImmutaTags,
        {"search_text": 7},
        "search_text has the wrong type: search_text is a number (7), but has to be text. Set search_text to text. Description: "
        "Only the tags that have this text in `name`, in any case.",
    ),
    "text that may be a secret": (
        DataImmutaIntegrationScript,
        {"script": "create", "snowflake": "hunter22"},
        "snowflake has the wrong type: snowflake is text, but has to be an object. Set snowflake to an object. Description: The "
        "settings of the Snowflake integration, as in immuta_snowflake_integration. `auto_bootstrap` is false.",
    ),
    **{
        f"a lifecycle as a {kind}": (
            EphemeralImmutaTrinoApiKey,
            {"integration_id": "7", "lifecycle": lifecycle},
            "lifecycle.prevent_destroy is not for ephemeral resources: Terraform accepts only precondition and postcondition "
            "there. Remove it.",
        )
        for kind, lifecycle in {
            "class": TerraformResourceLifecycle(prevent_destroy=True),
            "mapping": {"prevent_destroy": True},
        }.items()
    },
    "a secret in a data source": (
        DataImmutaIntegrationScript,
        {"script": "create", "snowflake": SnowflakeSettings(**PLAIN, password="hunter22")},
        "snowflake.password is a secret: a data source is kept in Terraform's state and takes no secret. Leave "
        "snowflake.password out (Immuta is sent a placeholder where it needs one), or use the ephemeral resource of the same "
        "name.",
    ),
    "a misspelt key": (
        DataImmutaIntegrationScript,
        {"script": "create", "snowflake": {**PLAIN, "warehous": "w"}},
        "there is no snowflake.warehous: did you mean warehouse?",
    ),
    "a Secret that Terraform stores": (
        DataImmutaExistingIntegrationScript,
        {"integration_id": Secret.variable("id"), "script": "delete"},
        "integration_id does not accept a Secret: Terraform stores this argument in its state, and a `Secret` is allowed "
        "only in secret arguments. Pass the value itself, or the `.string_value` of a `TerraformVariable`.",
    ),
    **{
        f"a platform without scripts: {platform}": (
            construct,
            {"integration_id": "7", "script": "delete", platform: {}},
            f"there is no {platform}: Immuta writes no scripts for {title} integrations. Remove {platform}, or set one of "
            f"{ALL_SCRIPTED}.",
        )
        for construct, platform, title in (
            (DataImmutaExistingIntegrationScript, "trino", "Starburst (Trino)"),
            (EphemeralImmutaExistingIntegrationScript, "amazon_s3", "Amazon S3"),
        )
    },
}
"""Problems that only Python allows."""


@pytest.mark.parametrize(
    ("construct", "arguments", "problem"),
    [*OF_THE_PROVIDER.values(), *OF_PYTHON.values()],
    ids=[*OF_THE_PROVIDER, *OF_PYTHON],
)
def test_an_invalid_argument_is_refused(
    construct: type[Any], arguments: dict[str, Any], problem: str, stack: TerraformStack
) -> None:
    assert problems(construct, stack, **arguments) == [problem]


@pytest.mark.parametrize(("construct", "arguments", "problem"), OF_THE_PROVIDER.values(), ids=OF_THE_PROVIDER)
def test_the_provider_has_the_same_text(
    construct: type[Any], arguments: dict[str, Any], problem: str
) -> None:
    transport = InProcess(Control(Settings(polls=0)))
    reads = Reads(transport)
    transport.close()
    validate = reads.validate_data if issubclass(construct, DataSource) else reads.validate_ephemeral
    found = validate(construct.TF_RESOURCE_TYPE, **arguments)
    assert [f"{summary}: {detail}" for severity, summary, detail, _ in found if severity == "error"] == [
        problem
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
    for name, password in {"literal": "hunter22", "variable": Secret.variable("p")}.items():
        settings = SnowflakeSettings(**PLAIN, password=password)
        EphemeralImmutaIntegrationScript(stack, name, script="create", snowflake=settings)
    literal, variable = (warnings(stack.node.find_child(name)) for name in ("literal", "variable"))
    assert [text.split(",")[0] for text in literal] == ["snowflake.password is a literal in the program"]
    assert variable == []


@pytest.mark.parametrize(
    ("function", "name", "argument", "host"),
    [
        (snowflake_host, "account", "Acme_sales", "acme-sales.snowflakecomputing.com"),
        (databricks_workspace_host, "url", "https://DBC-1.databricks.com/?o=1", "dbc-1.databricks.com"),
        (redshift_host, "endpoint", "acme.amazonaws.com:5439", "acme.amazonaws.com"),
    ],
)
def test_a_function_returns_the_host_of_a_known_text_and_refuses_other_types(
    function: Callable[[Any], str], name: str, argument: str, host: str
) -> None:
    assert function(argument) == host
    for value, kind in ((None, "NoneType"), (5, "int"), (["acme"], "list")):
        with pytest.raises(ValueError, match=f"^{name} is of the type {kind}; it has to be an? "):
            function(value)


def test_a_function_refuses_an_argument_without_a_host() -> None:
    with pytest.raises(ValueError, match="account is an address of Snowsight"):
        snowflake_host("https://app.snowflake.com/acme/sales")


def test_a_function_of_a_token_is_called_by_terraform(stack: TerraformStack) -> None:
    name = TerraformVariable(stack, "name", type="string").string_value
    calls = [
        snowflake_host(name),
        snowflake_host(f"https://{name}.snowflakecomputing.com/"),
        redshift_host('${var.names["a"]}'),
        databricks_workspace_host('https://${var.names["a"]}/'),
    ]
    assert expressions(stack, calls) == [
        "${provider::immuta::snowflake_host(var.name)}",
        '${provider::immuta::snowflake_host(join("", ["https://${var.name}.snowflakecomputing.com/"]))}',
        '${provider::immuta::redshift_host(var.names["a"])}',
        '${provider::immuta::databricks_workspace_host("https://${var.names["a"]}/")}',
    ]
