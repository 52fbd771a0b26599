"""What a constructor refuses, in which words, and what it only warns of."""

from __future__ import annotations

from typing import Any

import immuta_constructs
import pytest
from cdktf import App, TerraformStack, TerraformVariable
from constructs import Construct
from immuta_constructs import (
    ArgumentError,
    ImmutaProvider,
    Secret,
    SnowflakeIntegration,
    SnowflakePrivateKey,
    SnowflakeTeardownCredentials,
    TeardownCredentials,
)

SNOWFLAKE: dict[str, Any] = {
    "auto_bootstrap": False,
    "host": "acme.snowflakecomputing.com",
    "warehouse": "IMMUTA_WH",
    "database": "IMMUTA",
    "authentication_type": "userPassword",
    "username": "IMMUTA_SYSTEM_ACCOUNT",
    "password": "example-password",
}


def refused(stack: TerraformStack, **arguments: Any) -> ArgumentError:
    with pytest.raises(ArgumentError) as caught:
        SnowflakeIntegration(Construct(stack, "warehouse"), "snowflake", **{**SNOWFLAKE, **arguments})
    return caught.value


def test_every_problem_at_once_with_the_place(stack: TerraformStack) -> None:
    error = refused(stack, warehouse=3, authentication_type="kerberos", audit={"enabeld": True})
    assert error.construct_path == "stack/warehouse/snowflake"
    assert [(problem.path, problem.summary) for problem in error.problems] == [
        (("audit", "enabeld"), "there is no audit.enabeld"),
        (("warehouse",), "warehouse has the wrong type"),
        (("authentication_type",), "authentication_type has a value that Immuta does not take"),
    ]
    assert str(error) == (
        'the Snowflake integration "stack/warehouse/snowflake" cannot be deployed as written, 3 problems:\n'
        "- there is no audit.enabeld: did you mean enabled?\n"
        f"- {error.problems[1].summary}: {error.problems[1].detail}\n"
        f"- {error.problems[2].summary}: {error.problems[2].detail}"
    )


def test_a_refused_construct_is_not_in_the_stack(stack: TerraformStack) -> None:
    refused(stack, password=None)
    assert [child.node.id for child in stack.node.find_all()] == ["stack", "warehouse"]


def test_a_misspelt_key_without_a_likeness(stack: TerraformStack) -> None:
    assert str(refused(stack, audit={"x": 1})).splitlines()[1:] == [
        "- there is no audit.x: it is none of enabled."
    ]


def test_a_misspelt_key_in_a_list(stack: TerraformStack) -> None:
    with pytest.raises(ArgumentError) as caught:
        immuta_constructs.DatabricksIntegration(
            stack,
            "databricks",
            auto_bootstrap=True,
            workspace_url="acme.cloud.databricks.com",
            http_path="/sql",
            authentication_type="token",
            token="example",
            additional_workspace_connections=[{"http_pat": "/sql"}],
        )
    assert str(caught.value).splitlines()[1] == (
        "- there is no additional_workspace_connections[0].http_pat: did you mean http_path?"
    )


def test_a_variable_itself_instead_of_its_value(stack: TerraformStack) -> None:
    variable = TerraformVariable(stack, "password", type="string")
    assert str(refused(stack, password=variable)).splitlines()[1:] == [
        "- password is a construct: it is the TerraformVariable 'stack/password' itself. Pass what it stands for: of a "
        "variable `.string_value`, `.number_value`, `.boolean_value` or `.list_value`, of a resource one of its attributes."
    ]


def test_no_secret_is_in_any_text(stack: TerraformStack) -> None:
    secrets = ("SECRET-ONE", "SECRET-TWO", "SECRET-THREE")
    key = SnowflakePrivateKey(key_name="wrong", user_filename="f", content=secrets[0])
    credentials = TeardownCredentials(
        snowflake=SnowflakeTeardownCredentials(password=secrets[2], private_key=key)
    )
    error = refused(
        stack, authentication_type="keyPair", private_key=key, connect_args=[secrets[1]], warehouse=None
    )
    texts = [str(error), repr(error), repr(error.problems), repr(key), repr(credentials)]
    assert [text for text in texts for secret in secrets if secret in text] == []
    assert repr(key) == "SnowflakePrivateKey(key_name='wrong', user_filename='f')"


def test_an_inferred_rule_is_a_warning_of_cdktf(stack: TerraformStack) -> None:
    password = Secret.variable("password")
    SnowflakeIntegration(stack, "snowflake", **{**SNOWFLAKE, "auto_bootstrap": True, "password": password})
    warnings = [
        entry.data
        for entry in stack.node.find_child("snowflake").node.metadata
        if entry.type == "@cdktf/warn"
    ]
    assert [text.split(":")[0] for text in warnings] == ["role is probably missing"]


def test_nested_classes_take_keywords_only_and_do_not_change() -> None:
    with pytest.raises(TypeError):
        immuta_constructs.SnowflakeAudit(True)  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        immuta_constructs.SnowflakeAudit(enabled=True).enabled = False  # type: ignore[misc]


@pytest.mark.parametrize(
    ("credentials", "problem"),
    [
        (
            {"snowflakes": {}},
            "there is no teardown_credentials.snowflakes: did you mean snowflake?",
        ),
        (
            {"redshift": {"user": "x"}},
            "there is no teardown_credentials.redshift.user: did you mean username?",
        ),
        (
            {"hosts": {"a.b": {"pasword": "x"}}},
            "there is no teardown_credentials.hosts.a.b.pasword: did you mean password?",
        ),
    ],
)
def test_misspelt_teardown_credentials(credentials: Any, problem: str, stack: TerraformStack) -> None:
    with pytest.raises(ArgumentError) as caught:
        ImmutaProvider(stack, "immuta", teardown_credentials=credentials)
    assert str(caught.value) == (
        f'the Immuta provider "stack/immuta" cannot be deployed as written, 1 problem:\n- {problem}'
    )


def test_hcl_is_refused_because_cdktf_does_not_escape_it(tmp_path: Any) -> None:
    app = App(outdir=str(tmp_path), hcl_output=True)
    stack = TerraformStack(app, "stack")
    SnowflakeIntegration(stack, "snowflake", **SNOWFLAKE)
    with pytest.raises(RuntimeError, match="synthesized to JSON only"):
        stack.to_hcl_terraform()
