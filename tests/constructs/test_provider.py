"""The provider's construct."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from immuta_constructs import (
    ImmutaProvider,
    RedshiftTeardownCredentials,
    Secret,
    SnowflakePrivateKey,
    SnowflakeTeardownCredentials,
    TeardownCredentials,
    TrinoIntegration,
)
from immuta_constructs.cdk import TerraformStack, TerraformVariable
from immuta_constructs.testing import synthesized
from immuta_provider import __version__
from immuta_provider.api.http.settings import NUMBER, OPTIONS
from support.docstrings import described_arguments

REQUIRED = {
    "required_providers": {
        "immuta": {"source": "registry.terraform.io/cdktf-immuta/immuta", "version": __version__}
    },
    "required_version": ">= 1.11.0",
}


def test_no_argument_is_set_by_default(empty_stack: TerraformStack) -> None:
    ImmutaProvider(empty_stack, "immuta")
    assert synthesized(empty_stack) == {"provider": {"immuta": [{}]}, "terraform": REQUIRED}


@pytest.mark.parametrize("first", ["override", "provider"])
def test_the_stacks_own_required_version_wins(first: str, empty_stack: TerraformStack) -> None:
    if first == "provider":
        ImmutaProvider(empty_stack, "immuta")
    empty_stack.add_override("terraform.required_version", "~> 1.12")
    ImmutaProvider(empty_stack, "immuta-eu", alias="eu")
    assert synthesized(empty_stack)["terraform"] == {**REQUIRED, "required_version": "~> 1.12"}


def test_every_argument_is_set_and_map_keys_are_unchanged(empty_stack: TerraformStack) -> None:
    arguments: dict[str, Any] = {
        "alias": "eu",
        "host": "https://acme.hosted.immutacloud.com",
        "api_key": Secret.variable("password"),
        "bearer_token": Secret.variable("password"),
        "ca_file": "/etc/ssl/acme.pem",
        "insecure_skip_tls_verify": False,
        "http_headers": {
            "X-Gateway.Key": Secret.variable("password"),
            "accept-Language": "de",
            "oAuthToken_2": "x",
        },
        "request_timeout": 2.5,
        "max_retries": 0,
        "max_concurrency": 3,
        "fingerprint_key": Secret.variable("password"),
    }
    password = {"password": Secret.variable("password")}
    key: dict[str, Any] = {
        "key_name": "PRIV_KEY_FILE",
        "user_filename": "k.p8",
        "content": Secret.variable("password"),
    }
    host = "Acme-EU.eu-west-1.Redshift.amazonaws.com"
    credentials = TeardownCredentials(
        snowflake=SnowflakeTeardownCredentials(username="admin", private_key=SnowflakePrivateKey(**key)),
        redshift={"username": "awsuser"},
        hosts={
            host: RedshiftTeardownCredentials(username="eu", **password),
            "x.y": {"username": "mapping", "password": None},
        },
    )
    ImmutaProvider(empty_stack, "immuta", **arguments, teardown_credentials=credentials)
    document = synthesized(empty_stack)
    assert document["variable"] == {"password": {"type": "string", "sensitive": True, "ephemeral": True}}
    assert [text.split()[1] for text in document.warnings] == ["http_headers.oAuthToken_2"]
    (block,) = document["provider"]["immuta"]
    assert block == {
        **arguments,
        "teardown_credentials": {
            "snowflake": {"username": "admin", "private_key": key},
            "redshift": {"username": "awsuser"},
            "hosts": {host: {"username": "eu", **password}, "x.y": {"username": "mapping"}},
        },
    }


def test_maps_may_be_tokens(empty_stack: TerraformStack) -> None:
    anything = TerraformVariable(empty_stack, "anything", type="any").value
    ImmutaProvider(empty_stack, "immuta", http_headers=anything, teardown_credentials={"hosts": anything})
    assert synthesized(empty_stack)["provider"] == {
        "immuta": [{"http_headers": "${var.anything}", "teardown_credentials": {"hosts": "${var.anything}"}}]
    }


def test_a_resource_keeps_the_alias(empty_stack: TerraformStack) -> None:
    ImmutaProvider(empty_stack, "immuta")
    europe = ImmutaProvider(empty_stack, "immuta-eu", alias="eu")
    TrinoIntegration(empty_stack, "here")
    TrinoIntegration(empty_stack, "there", provider=europe)
    assert synthesized(empty_stack)["resource"]["immuta_trino_integration"] == {
        "here": {},
        "there": {"provider": "immuta.eu"},
    }


def test_an_editor_shows_every_option_of_the_client_with_its_variable_and_default() -> None:
    described = described_arguments(inspect.getdoc(ImmutaProvider.__init__) or "")
    assert list(described) == list(inspect.signature(ImmutaProvider.__init__).parameters)[1:]
    for option in OPTIONS:
        about = described[option.name]
        assert option.variable in about, option.name
        assert about.endswith("Secret.") is option.secret, option.name
        if option.kind == NUMBER:
            assert about.endswith(f", else {option.default:g}."), option.name
