"""Diagnostics of a wrong configuration: severity, summary, and the place that Terraform shows beside it.

A place that holds a secret at any depth, or `additional_config`, is never shown: the path is empty then, and the text names
the attribute. The whole texts of the model's rules are compared in tests/model/test_wording.py, those of hosts and files in
tests/api/http/test_settings.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from immuta_provider.plugin.protocol import messages
from immuta_provider.provider import ImmutaProvider
from support.core import Diagnostic, Process, encoded
from support.worlds import MakeCore
from table import refusals
from table.row import Refusal

SECRET = "hunter2-secret"
GOOD = {"host": "https://acme.example", "api_key": "k"}
REFUSALS = [each for each in refusals() if not each.bad.python_only]


class Block(NamedTuple):
    """A provider block with its diagnostic. `early`: Terraform reports the diagnostic when it validates, too."""

    config: Mapping[str, Any]
    summary: str
    detail: str
    early: bool = True
    severity: str = "error"
    environment: Mapping[str, str] = MappingProxyType({})


NO_HOST = (
    "Immuta's host is missing",
    "set `host` in the provider block, or IMMUTA_HOST in the environment, to the URL of the Immuta tenant, for example "
    '"https://acme.hosted.immutacloud.com".',
)
TWO_CREDENTIALS = (
    "Two credentials for Immuta",
    "both `api_key` (IMMUTA_API_KEY) and `bearer_token` (IMMUTA_BEARER_TOKEN) are set; keep one of them.",
)
BLOCKS: dict[str, Block] = {
    "no host": Block({"api_key": SECRET}, *NO_HOST, early=False),
    "a blank host": Block({"host": " ", "api_key": SECRET}, *NO_HOST),
    "no credential": Block(
        {"host": "acme.example"},
        "Immuta's credential is missing",
        "set `api_key` in the provider block, or IMMUTA_API_KEY in the environment, to an API key of an Immuta user with the "
        "permissions that the configured resources need (or `bearer_token` / IMMUTA_BEARER_TOKEN to such a user's token).",
        early=False,
    ),
    "a credential in the host": Block(
        {**GOOD, "host": f"https://user:{SECRET}@acme.example"},
        "Invalid host",
        "`host` contains user information (the part before an @), which would appear in logs. Remove it from the URL, and set "
        "the credential as `api_key` or `bearer_token`.",
    ),
    "a query": Block(
        {**GOOD, "host": "https://acme.example/?a=1"},
        "Invalid host",
        '"https://acme.example/?a=1" is not a valid host: it has a query or a fragment. Set a host name or a URL, for example '
        '"https://acme.hosted.immutacloud.com".',
    ),
    "plain http": Block(
        {**GOOD, "host": "http://acme.example"},
        "The connection to Immuta is not encrypted",
        '`host` is "http://acme.example": anyone on the network path can read the traffic, including credentials. Use https.',
        early=False,
        severity="warning",
    ),
    "both credentials": Block({**GOOD, "bearer_token": SECRET}, *TWO_CREDENTIALS),
    "both credentials in the environment": Block(
        {"host": "acme.example"},
        *TWO_CREDENTIALS,
        early=False,
        environment={"IMMUTA_API_KEY": "k", "IMMUTA_BEARER_TOKEN": SECRET},
    ),
    "a credential of two lines": Block(
        {**GOOD, "api_key": f"{SECRET}\nmore"},
        "Invalid api_key",
        "`api_key` contains a line break or another character that is not allowed in an HTTP header. Copy it again completely.",
    ),
    "a missing file": Block(
        {**GOOD, "ca_file": "/nowhere/ca.pem"},
        "Invalid ca_file",
        'there is no file "/nowhere/ca.pem". Set `ca_file` (IMMUTA_CA_FILE) to a readable PEM file with the authorities to '
        "trust, or remove it to use the system's store.",
    ),
    "any certificate": Block(
        {**GOOD, "insecure_skip_tls_verify": True},
        "Immuta's certificate is not verified",
        "`insecure_skip_tls_verify` is true: anyone on the network path can read and change the traffic, including credentials. "
        "Set `ca_file` to the authority that signed Immuta's certificate instead.",
        early=False,
        severity="warning",
    ),
    "neither true nor false": Block(
        GOOD,
        "Invalid IMMUTA_INSECURE_SKIP_TLS_VERIFY",
        'the environment variable is "maybe"; allowed are true and false.',
        early=False,
        environment={"IMMUTA_INSECURE_SKIP_TLS_VERIFY": "maybe"},
    ),
    "an invalid name of a header": Block(
        {**GOOD, "http_headers": {"X Y": SECRET}},
        "Invalid http_headers",
        "the header 'X Y' cannot be sent: its name is not a valid HTTP header name.",
    ),
    "a header of the provider's own": Block(
        {**GOOD, "http_headers": {"authorization": SECRET}},
        "Invalid http_headers",
        "the header 'authorization' cannot be sent: set `api_key` or `bearer_token` instead.",
    ),
    "a header of two lines": Block(
        {**GOOD, "http_headers": {"X-Key": f"{SECRET}\n"}},
        "Invalid http_headers",
        "the header 'X-Key' cannot be sent: its value contains a character that is not allowed in an HTTP header.",
    ),
    "more than a day": Block(
        {**GOOD, "request_timeout": 86400.5},
        "Invalid request_timeout",
        "`request_timeout` is 86400.5; allowed are numbers from 0.001 to 86400.",
    ),
    "a duration in the place of seconds": Block(
        GOOD,
        "Invalid IMMUTA_REQUEST_TIMEOUT",
        'the environment variable is "1m"; set it to a number.',
        early=False,
        environment={"IMMUTA_REQUEST_TIMEOUT": "1m"},
    ),
    "nan in the environment": Block(
        GOOD,
        "Invalid request_timeout",
        "`request_timeout` is nan; allowed are numbers from 0.001 to 86400.",
        early=False,
        environment={"IMMUTA_REQUEST_TIMEOUT": "nan"},
    ),
    "one and a half retries": Block(
        {**GOOD, "max_retries": 1.5},
        "Invalid max_retries",
        "`max_retries` is 1.5; allowed are whole numbers from 0 to 100.",
    ),
    "a tenth of a request": Block(
        {**GOOD, "max_concurrency": "0.1"},
        "Invalid max_concurrency",
        "`max_concurrency` is '0.1'; allowed are whole numbers from 1 to 1000.",
    ),
    "teardown credentials name one host twice": Block(
        {
            **GOOD,
            "teardown_credentials": {
                "hosts": {
                    "acme.example": {"password": SECRET},
                    "https://ACME.example/": {"password": SECRET},
                    "other.example": {"password": SECRET},
                }
            },
        },
        "Teardown credentials name one host twice",
        "`teardown_credentials.hosts` names 'acme.example' and 'https://ACME.example/', which are the same host. Case, the "
        "scheme and whatever follows the host are ignored. Keep one of these entries.",
    ),
}


def places(diagnostics: list[Diagnostic]) -> list[tuple[str, str, tuple[Any, ...]]]:
    return [(each.severity, each.summary, each.path) for each in diagnostics]


@pytest.mark.parametrize("refusal", REFUSALS, ids=str)
def test_a_wrong_configuration_is_reported_at_its_place(core: MakeCore, refusal: Refusal) -> None:
    """Values that validation cannot know yet are judged again by the plan, which reports errors alone."""
    world = core(refusal.row.resource)
    config = world.full(refusal.config)
    validated: list[Diagnostic] = []
    world.process.validate(config, validated)
    assert places(validated) == list(refusal.bad.problems)
    planned: list[Diagnostic] = []
    assert world.process.configure(planned) is False
    world.process.plan(None, config, config, b"", planned)
    errors = [each for each in refusal.bad.problems if each[0] == "error"]
    assert places(planned) == [each for each in errors if not each[1].endswith("is not a duration")]
    assert "hunter2" not in str(validated + planned)
    assert world.transport.counts().get("create") is None


def reported(config: Mapping[str, Any], environment: Mapping[str, str]) -> list[list[Diagnostic]]:
    """The diagnostics of a provider block when Terraform validates it, and when it configures the provider."""
    provider = ImmutaProvider(environment)
    process = Process(provider, "immuta_trino_integration", dict(config))
    validated: list[Diagnostic] = []
    configured: list[Diagnostic] = []
    block = encoded(provider.schema, dict(config))
    process.call(messages.VALIDATE_PROVIDER_CONFIG, {"config": block}, validated)
    process.configure(configured)
    return [validated, configured]


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_a_wrong_provider_block_is_reported_without_a_place(block: Block) -> None:
    """Terraform would print the line, and a secret may be on it."""
    diagnostics = [Diagnostic(block.severity, block.summary, block.detail, ())]
    early = diagnostics if block.early else []
    assert reported(block.config, block.environment) == [early, diagnostics]


def test_a_number_may_be_text_in_a_provider_block() -> None:
    assert reported({**GOOD, "request_timeout": "0.1"}, {}) == [[], []]
