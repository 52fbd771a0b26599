"""The aspects of the package: an error names the construct and the next step, and nothing is synthesized."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from immuta_constructs import (
    AmazonS3Integration,
    BigQueryIntegration,
    DenyLiteralSecrets,
    EphemeralImmutaIntegrationScript,
    Group,
    ImmutaProvider,
    PreventDestroy,
    RequireManualBootstrap,
    Secret,
    SnowflakeIntegration,
    SnowflakePrivateKey,
    Tag,
    TrinoIntegration,
    User,
)
from immuta_constructs.cdk import (
    Aspects,
    Fn,
    IAspect,
    TerraformLocal,
    TerraformStack,
    TerraformVariable,
    Token,
)
from immuta_constructs.testing import synthesized
from support.snowflake import SNOWFLAKE
from table import examples

Make = Callable[[TerraformStack], object]

S3 = next(example.config for example in examples() if example.name == "s3")
SETTINGS = {name: value for name, value in SNOWFLAKE.items() if name != "auto_bootstrap"}
BIGQUERY: dict[str, Any] = {"role": "immuta", "dataset_suffix": "_secure"}


def errors(stack: TerraformStack, aspect: IAspect) -> list[str]:
    """The errors of cdktf for a stack with an aspect, without cdktf's own lines around them."""
    Aspects.of(stack).add(aspect)
    try:
        synthesized(stack)
    except RuntimeError as error:
        return [line for line in str(error).splitlines() if line.startswith("[")]
    return []


def literal(construct: str, argument: str, variable: str) -> str:
    return (
        f"[stack/{construct}] {argument} is a literal in the program, so cdk.tf.json contains it in plain text. Pass "
        f'Secret.variable("{variable}") instead, and set the environment variable TF_VAR_{variable} to the secret.'
    )


def overridden(stack: TerraformStack) -> None:
    made = BigQueryIntegration(stack, "overridden", **BIGQUERY, credential=Secret.variable("key"))
    made.add_override("credential", "example")


def provider(**arguments: Any) -> Make:
    return lambda stack: ImmutaProvider(stack, "eu", alias="eu", **arguments)


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (
            lambda stack: SnowflakeIntegration(stack, "plain", **SNOWFLAKE, password="example"),
            literal("plain", "password", "plain_password"),
        ),
        (
            lambda stack: SnowflakeIntegration(
                stack,
                "key",
                **{**SNOWFLAKE, "authentication_type": "keyPair"},
                private_key=SnowflakePrivateKey(
                    key_name="PRIV_KEY_FILE", user_filename="f", content="-----BEGIN-----"
                ),
            ),
            literal("key", "private_key.content", "key_private_key"),
        ),
        (overridden, literal("overridden", "credential", "overridden_credential")),
        (
            lambda stack: BigQueryIntegration(
                stack, "trimmed", **BIGQUERY, credential=Fn.trimspace("example")
            ),
            literal("trimmed", "credential", "trimmed_credential"),
        ),
        (
            lambda stack: BigQueryIntegration(
                stack, "local", **BIGQUERY, credential=TerraformLocal(stack, "l", "example").as_string
            ),
            literal("local", "credential", "local_credential"),
        ),
        (provider(api_key="example"), literal("eu", "api_key", "eu_api_key")),
        (
            provider(http_headers={"X-Token": "example"}),
            literal("eu", "http_headers.X-Token", "eu_x_token"),
        ),
        (
            provider(teardown_credentials={"snowflake": {"username": "admin", "password": "example"}}),
            literal("eu", "teardown_credentials.snowflake.password", "eu_password"),
        ),
        (
            lambda stack: EphemeralImmutaIntegrationScript(
                stack, "script", script="create", snowflake={**SETTINGS, "password": "example"}
            ),
            literal("script", "snowflake.password", "script_password"),
        ),
        (
            lambda stack: BigQueryIntegration(
                stack,
                "variable",
                **BIGQUERY,
                credential=TerraformVariable(stack, "v", type="string", default="example").string_value,
            ),
            '[stack/variable] credential comes from the variable "v", whose default cdk.tf.json contains in plain text. Remove '
            "the default, and set the environment variable TF_VAR_v to the secret.",
        ),
    ],
)
def test_a_literal_secret_is_an_error(stack: TerraformStack, make: Make, error: str) -> None:
    make(stack)
    assert errors(stack, DenyLiteralSecrets()) == [error]


def test_a_secret_that_is_not_a_literal_is_accepted(stack: TerraformStack) -> None:
    variable = TerraformVariable(stack, "v", type="string")
    SnowflakeIntegration(stack, "secret", **SNOWFLAKE, password=Secret.variable("password"))
    SnowflakeIntegration(stack, "variable", **SNOWFLAKE, password=variable.string_value)
    SnowflakeIntegration(stack, "empty", **SNOWFLAKE, password=Secret.variable("p"), connect_args="")
    BigQueryIntegration(stack, "file", **BIGQUERY, credential=Fn.file("key.json"))
    elsewhere = TerraformLocal(stack, "elsewhere", "${aws_secret.one.text}").as_string
    BigQueryIntegration(stack, "local", **BIGQUERY, credential=elsewhere)
    ImmutaProvider(stack, "eu", alias="eu", api_key=Secret.variable("key"), http_headers={"X-Team": "data"})
    assert errors(stack, DenyLiteralSecrets()) == []


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (lambda stack: True, "is True"),
        (lambda stack: Token.as_any(True), "is True"),
        (
            lambda stack: TerraformVariable(stack, "v", type="bool").boolean_value,
            "is known only to Terraform",
        ),
    ],
)
def test_an_automatic_bootstrap_is_an_error(
    stack: TerraformStack, value: Callable[[TerraformStack], Any], fault: str
) -> None:
    config = {**SNOWFLAKE, "auto_bootstrap": value(stack)}
    SnowflakeIntegration(stack, "automatic", **config, password=Secret.variable("p"))
    SnowflakeIntegration(stack, "manual", **SNOWFLAKE, password=Secret.variable("p"))
    AmazonS3Integration(stack, "s3", **S3)
    TrinoIntegration(stack, "trino")
    Tag(stack, "pii", name="PII")
    assert errors(stack, RequireManualBootstrap()) == [
        f"[stack/automatic] auto_bootstrap {fault}, but RequireManualBootstrap allows False only. Set auto_bootstrap=False, and "
        "run the script of a DataImmutaIntegrationScript before, as the guide to manual setup shows."
    ]


def people_and_tags(stack: TerraformStack) -> None:
    Group(stack, "analysts", name="analysts", lifecycle={"ignore_changes": ["description"]})
    User(
        stack,
        "ana",
        userid="ana",
        name="Ana",
        email="ana@acme.example",
        password=Secret.variable("p"),
        lifecycle={"prevent_destroy": True},
    )
    Tag(stack, "pii", name="PII")


PREVENTED = {"prevent_destroy": True}


@pytest.mark.parametrize(
    ("aspect", "tag"),
    [(PreventDestroy(), {"lifecycle": PREVENTED}), (PreventDestroy(families=["people"]), {})],
)
def test_prevent_destroy_is_set_on_every_resource_of_the_families(
    stack: TerraformStack, aspect: IAspect, tag: dict[str, Any]
) -> None:
    people_and_tags(stack)
    Aspects.of(stack).add(aspect)
    assert synthesized(stack)["resource"] == {
        "immuta_group": {
            "analysts": {"name": "analysts", "lifecycle": {"ignore_changes": ["description"], **PREVENTED}}
        },
        "immuta_user": {
            "ana": {
                "userid": "ana",
                "name": "Ana",
                "email": "ana@acme.example",
                "password": "${var.p}",
                "lifecycle": PREVENTED,
            }
        },
        "immuta_tag": {"pii": {"name": "PII", **tag}},
    }


def test_a_resource_with_another_prevent_destroy_is_an_error(stack: TerraformStack) -> None:
    Tag(stack, "pii", name="PII", lifecycle={"prevent_destroy": False})
    Group(stack, "analysts", name="analysts", lifecycle={"prevent_destroy": False})
    assert errors(stack, PreventDestroy(families=["governance"])) == [
        "[stack/pii] prevent_destroy is False, but PreventDestroy protects the family governance. Remove prevent_destroy from "
        "`lifecycle`, or pass PreventDestroy the `families` to protect without this one."
    ]


def test_an_unknown_family_is_refused() -> None:
    with pytest.raises(
        ValueError,
        match=r"^there is no family 'tags': pass any of integrations, people, governance, metadata$",
    ):
        PreventDestroy(families=["tags"])  # type: ignore[list-item]
