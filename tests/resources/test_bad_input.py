"""Diagnostics of a wrong configuration: severity, summary, and the place that Terraform shows beside it.

A place that holds a secret at any depth, or `additional_config`, is never shown: the path is empty then, and the text names
the attribute. The whole texts of the model's rules are compared in tests/model/test_wording.py; those of the provider block are
compared here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest
from immuta_provider.plugin.protocol import messages
from immuta_provider.provider import ImmutaProvider
from support.core import Core, Diagnostic, Process, encoded
from table import numbered, refusals
from table.integrations import BASES, attributes, resource_of
from table.row import Refusal

SECRET = "hunter2-secret"
GOOD = {"host": "https://acme.example", "api_key": "k"}


def error(path: tuple[str | int, ...], summary: str, detail: str) -> Diagnostic:
    return Diagnostic("error", summary, detail, path)


def warning(path: tuple[str | int, ...], summary: str, detail: str) -> Diagnostic:
    return Diagnostic("warning", summary, detail, path)


class Block(NamedTuple):
    """A provider block. `early`: it is told when Terraform validates, and not only when it configures the provider."""

    name: str
    config: Mapping[str, Any]
    environment: Mapping[str, str]
    early: bool
    told: list[Diagnostic]


class Teardown(NamedTuple):
    """`teardown_credentials`, and why they cannot delete an integration that Immuta set up itself."""

    base: str
    credentials: Mapping[str, Any]
    why: str


BAD = [each for each in refusals() if not each.bad.python_only]

BLOCKS: tuple[Block, ...] = (
    Block(
        "no host",
        {"api_key": SECRET},
        {},
        False,
        [
            error(
                (),
                "Immuta's host is missing",
                "set `host` in the provider block, or IMMUTA_HOST in the environment, to the URL of the Immuta "
                'tenant, for example "https://acme.hosted.immutacloud.com".',
            ),
        ],
    ),
    Block(
        "no credential",
        {"host": "acme.example"},
        {},
        False,
        [
            error(
                (),
                "Immuta's credential is missing",
                "set `api_key` in the provider block, or IMMUTA_API_KEY in the environment, to an API key of an "
                "Immuta user with the permissions that the configured resources need (or `bearer_token` / "
                "IMMUTA_BEARER_TOKEN to such a user's token).",
            ),
        ],
    ),
    Block(
        "a blank host",
        {**GOOD, "host": " ", "api_key": SECRET},
        {},
        True,
        [
            error(
                (),
                "Immuta's host is missing",
                "set `host` in the provider block, or IMMUTA_HOST in the environment, to the URL of the Immuta "
                'tenant, for example "https://acme.hosted.immutacloud.com".',
            ),
        ],
    ),
    Block(
        "a credential in the host",
        {**GOOD, "host": f"https://user:{SECRET}@acme.example"},
        {},
        True,
        [
            error(
                (),
                "Invalid host",
                "`host` contains user information (the part before an @), which would appear in logs. Remove "
                "it from the URL, and set the credential as `api_key` or `bearer_token`.",
            ),
        ],
    ),
    Block(
        "another scheme",
        {**GOOD, "host": "ftp://acme.example"},
        {},
        True,
        [
            error(
                (),
                "Invalid host",
                '"ftp://acme.example" is not a valid host: its scheme is "ftp"; allowed are https and http. '
                'Set a host name or a URL, for example "https://acme.hosted.immutacloud.com".',
            ),
        ],
    ),
    Block(
        "a query",
        {**GOOD, "host": "https://acme.example/?a=1"},
        {},
        True,
        [
            error(
                (),
                "Invalid host",
                '"https://acme.example/?a=1" is not a valid host: it has a query or a fragment. Set a host '
                'name or a URL, for example "https://acme.hosted.immutacloud.com".',
            ),
        ],
    ),
    Block(
        "a blank in the host",
        {**GOOD, "host": "acme example"},
        {},
        True,
        [
            error(
                (),
                "Invalid host",
                '"acme example" is not a valid host: its host name is not valid. Set a host name or a URL, for '
                'example "https://acme.hosted.immutacloud.com".',
            ),
        ],
    ),
    Block(
        "a port that is none",
        {**GOOD, "host": "acme.example:70000"},
        {},
        True,
        [
            error(
                (),
                "Invalid host",
                '"acme.example:70000" is not a valid host: its port is not a number from 1 to 65535. Set a host '
                'name or a URL, for example "https://acme.hosted.immutacloud.com".',
            ),
        ],
    ),
    Block(
        "plain http",
        {**GOOD, "host": "http://acme.example"},
        {},
        False,
        [
            warning(
                (),
                "The connection to Immuta is not encrypted",
                '`host` is "http://acme.example": anyone on the network path can read the traffic, including credentials. '
                "Use https.",
            ),
        ],
    ),
    Block(
        "both credentials",
        {**GOOD, "bearer_token": SECRET},
        {},
        True,
        [
            error(
                (),
                "Two credentials for Immuta",
                "both `api_key` (IMMUTA_API_KEY) and `bearer_token` (IMMUTA_BEARER_TOKEN) are set; keep one of "
                "them.",
            ),
        ],
    ),
    Block(
        "both credentials in the environment",
        {"host": "acme.example"},
        {"IMMUTA_API_KEY": "k", "IMMUTA_BEARER_TOKEN": SECRET},
        False,
        [
            error(
                (),
                "Two credentials for Immuta",
                "both `api_key` (IMMUTA_API_KEY) and `bearer_token` (IMMUTA_BEARER_TOKEN) are set; keep one of "
                "them.",
            ),
        ],
    ),
    Block(
        "a credential of two lines",
        {**GOOD, "host": "acme.example", "api_key": f"{SECRET}\nmore"},
        {},
        True,
        [
            error(
                (),
                "Invalid api_key",
                "`api_key` contains a line break or another character that is not allowed in an HTTP header. "
                "Copy it again completely.",
            ),
        ],
    ),
    Block(
        "no such file",
        {**GOOD, "ca_file": "/nowhere/ca.pem"},
        {},
        True,
        [
            error(
                (),
                "Invalid ca_file",
                'there is no file "/nowhere/ca.pem". Set `ca_file` (IMMUTA_CA_FILE) to a readable PEM file with the '
                "authorities to trust, or remove it to use the system's store.",
            ),
        ],
    ),
    Block(
        "a folder",
        {**GOOD, "ca_file": "/"},
        {},
        True,
        [
            error(
                (),
                "Invalid ca_file",
                '"/" is a folder. Set `ca_file` (IMMUTA_CA_FILE) to a readable PEM file with the authorities to trust, or '
                "remove it to use the system's store.",
            ),
        ],
    ),
    Block(
        "any certificate",
        {**GOOD, "insecure_skip_tls_verify": True},
        {},
        False,
        [
            warning(
                (),
                "Immuta's certificate is not verified",
                "`insecure_skip_tls_verify` is true: anyone on the network path can read and change the "
                "traffic, including credentials. Set `ca_file` to the authority that signed Immuta's certificate instead.",
            ),
        ],
    ),
    Block(
        "neither true nor false",
        GOOD,
        {"IMMUTA_INSECURE_SKIP_TLS_VERIFY": "maybe"},
        False,
        [
            error(
                (),
                "Invalid IMMUTA_INSECURE_SKIP_TLS_VERIFY",
                'the environment variable is "maybe"; allowed are true and false.',
            ),
        ],
    ),
    Block(
        "no name of a header",
        {**GOOD, "http_headers": {"X Y": SECRET}},
        {},
        True,
        [
            error(
                (),
                "Invalid http_headers",
                "the header 'X Y' cannot be sent: its name is not a valid HTTP header name.",
            ),
        ],
    ),
    Block(
        "a header of our own",
        {**GOOD, "http_headers": {"authorization": SECRET}},
        {},
        True,
        [
            error(
                (),
                "Invalid http_headers",
                "the header 'authorization' cannot be sent: set `api_key` or `bearer_token` instead.",
            ),
        ],
    ),
    Block(
        "a header of two lines",
        {**GOOD, "http_headers": {"X-Key": f"{SECRET}\n"}},
        {},
        True,
        [
            error(
                (),
                "Invalid http_headers",
                "the header 'X-Key' cannot be sent: its value contains a character that is not allowed in an HTTP header.",
            ),
        ],
    ),
    Block(
        "no time at all",
        {**GOOD, "request_timeout": 0},
        {},
        True,
        [
            error(
                (),
                "Invalid request_timeout",
                "`request_timeout` is 0; allowed are numbers from 0.001 to 86400.",
            ),
        ],
    ),
    Block(
        "more than a day",
        {**GOOD, "request_timeout": 86400.5},
        {},
        True,
        [
            error(
                (),
                "Invalid request_timeout",
                "`request_timeout` is 86400.5; allowed are numbers from 0.001 to 86400.",
            ),
        ],
    ),
    Block(
        "a tenth of a second is fine",
        {**GOOD, "request_timeout": "0.1"},
        {},
        False,
        [],
    ),
    Block(
        "a duration in the place of seconds",
        GOOD,
        {"IMMUTA_REQUEST_TIMEOUT": "1m"},
        False,
        [
            error(
                (), "Invalid IMMUTA_REQUEST_TIMEOUT", 'the environment variable is "1m"; set it to a number.'
            ),
        ],
    ),
    Block(
        "no number",
        GOOD,
        {"IMMUTA_REQUEST_TIMEOUT": "nan"},
        False,
        [
            error(
                (),
                "Invalid request_timeout",
                "`request_timeout` is nan; allowed are numbers from 0.001 to 86400.",
            ),
        ],
    ),
    Block(
        "one and a half retries",
        {**GOOD, "max_retries": 1.5},
        {},
        True,
        [
            error(
                (), "Invalid max_retries", "`max_retries` is 1.5; allowed are whole numbers from 0 to 100."
            ),
        ],
    ),
    Block(
        "less than no retry",
        {**GOOD, "max_retries": -1},
        {},
        True,
        [
            error((), "Invalid max_retries", "`max_retries` is -1; allowed are whole numbers from 0 to 100."),
        ],
    ),
    Block(
        "no request at all",
        {**GOOD, "max_concurrency": 0},
        {},
        True,
        [
            error(
                (),
                "Invalid max_concurrency",
                "`max_concurrency` is 0; allowed are whole numbers from 1 to 1000.",
            ),
        ],
    ),
    Block(
        "a tenth of a request",
        {**GOOD, "max_concurrency": "0.1"},
        {},
        True,
        [
            error(
                (),
                "Invalid max_concurrency",
                "`max_concurrency` is '0.1'; allowed are whole numbers from 1 to 1000.",
            ),
        ],
    ),
    Block(
        "teardown credentials for one host twice",
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
        {},
        True,
        [
            error(
                (),
                "Teardown credentials for one host twice",
                "`teardown_credentials.hosts` names 'acme.example' and 'https://ACME.example/', which are the same host. Case, "
                "the scheme and whatever follows the host are ignored. Keep one of these entries.",
            ),
        ],
    ),
)

TEARDOWN = (
    Teardown(
        "snowflake",
        {"snowflake": {"username": "admin"}},
        'every Snowflake integration needs password when authentication_type is "userPassword", but password is not set. Set '
        "password. Description: Password of that user.",
    ),
    Teardown(
        "snowflake",
        {
            "snowflake": {
                "authentication_type": "oAuthClientCredentials",
                "username": "admin",
                "password": SECRET,
            }
        },
        'authentication_type is "oAuthClientCredentials", but Immuta removes what it set up itself only with "userPassword" or '
        '"keyPair". Change authentication_type, and set the credentials that belong to it.',
    ),
    Teardown(
        "redshift",
        {"redshift": {"authentication_type": "okta", "username": "admin", "password": SECRET}},
        'authentication_type is "okta", but Immuta removes what it set up itself only with "userPassword" or "accessKey". Change '
        "authentication_type, and set the credentials that belong to it.",
    ),
    Teardown(
        "snowflake with key pair",
        {
            "hosts": {
                "ACME-1.eu-central-1.snowflakecomputing.com": {
                    "username": "admin",
                    "private_key": {"key_name": "KEY", "user_filename": "immuta.p8", "content": SECRET},
                }
            }
        },
        'private_key.key_name is "KEY". Immuta accepts only "PRIV_KEY_FILE" for a Snowflake integration. Set '
        'private_key.key_name to "PRIV_KEY_FILE".',
    ),
    Teardown(
        "synapse",
        {"azure_synapse": {"password": SECRET}},
        'every Azure Synapse Analytics integration needs username when authentication_type is "userPassword", but username is '
        "not set. Set username. Description: User name. With auto_bootstrap a privileged account that is used once; without, the "
        "account that Immuta goes on using.",
    ),
)


def places(told: list[Diagnostic]) -> list[tuple[str, str, tuple[Any, ...]]]:
    return [(each.severity, each.summary, each.path) for each in told]


@pytest.mark.parametrize("refusal", BAD, ids=str)
def test_a_wrong_configuration_is_told_at_its_place(core: Callable[..., Core], refusal: Refusal) -> None:
    """What validation cannot know yet is judged again by the plan, its errors alone."""
    world = core(refusal.row.resource)
    config = world.full(refusal.config)
    told: list[Diagnostic] = []
    world.process.validate(config, told)
    assert places(told) == list(refusal.bad.problems)
    planned: list[Diagnostic] = []
    assert world.process.configure(planned) is False
    world.process.plan(None, config, config, b"", planned)
    errors = [each for each in refusal.bad.problems if each[0] == "error"]
    assert places(planned) == [each for each in errors if not each[1].endswith("is not a duration")]
    assert "hunter2" not in str(told + planned)
    assert world.control.requests()["counts"].get("create") is None


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_a_wrong_provider_block_is_told_without_a_place(block: Block) -> None:
    """Terraform would print the line, and a secret may be on it."""
    provider = ImmutaProvider(block.environment)
    process = Process(provider, "immuta_trino_integration", dict(block.config))
    validated: list[Diagnostic] = []
    configured: list[Diagnostic] = []
    process.call(
        messages.VALIDATE_PROVIDER_CONFIG,
        {"config": encoded(provider.schema, dict(block.config))},
        validated,
    )
    process.configure(configured)
    assert (validated, configured) == (block.told if block.early else [], block.told)
    assert "hunter2" not in str(configured)


@pytest.mark.parametrize("teardown", TEARDOWN, ids=lambda teardown: teardown.base)
def test_teardown_credentials_that_cannot_work_are_not_sent(
    core: Callable[..., Core], teardown: Teardown
) -> None:
    request = numbered(BASES[teardown.base], 1)
    world = core(
        resource_of(BASES[teardown.base]),
        provider_config={"teardown_credentials": dict(teardown.credentials)},
    )
    assert world.apply(attributes(request)).diagnostics == []
    world.control.clear_requests()
    told = world.apply(None).diagnostics
    platform, title, host = {
        "snowflake": ("snowflake", "Snowflake", "acme-1.eu-central-1.snowflakecomputing.com"),
        "snowflake with key pair": ("snowflake", "Snowflake", "acme-1.eu-central-1.snowflakecomputing.com"),
        "redshift": ("redshift", "Redshift", "acme-1.eu-west-1.redshift.amazonaws.com"),
        "synapse": ("azure_synapse", "Azure Synapse Analytics", "pool-1.sql.azuresynapse.net"),
    }[teardown.base]
    said = (
        (),
        f"Wrong credentials to remove the {title} integration",
        f"Immuta set up integration 1 on {host} itself, but the credentials of `teardown_credentials.{platform}` (or of the "
        f"entry for '{host}' in its `hosts`, or of IMMUTA_TEARDOWN_{platform.upper()}_<ATTRIBUTE>) cannot remove it. Nothing is "
        f"destroyed. As if they were set in the resource:\n\n{teardown.why}",
    )
    assert told == [warning(*said), error(*said)]
    assert "delete" not in world.control.requests()["counts"]
    assert world.instance is not None
