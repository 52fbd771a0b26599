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
from support.core import Core, Diagnostic, Process, encoded_block
from table import changed, numbered
from table.integrations import BASES, attributes, resource_of

SECRET = "hunter2-secret"
GOOD = {"host": "https://acme.example", "api_key": "k"}


def error(path: tuple[str | int, ...], summary: str, detail: str) -> Diagnostic:
    return Diagnostic("error", summary, detail, path)


def warning(path: tuple[str | int, ...], summary: str, detail: str) -> Diagnostic:
    return Diagnostic("warning", summary, detail, path)


class Bad(NamedTuple):
    """`base` is a row of `BASES`, and `change` what is made wrong of its attributes (None takes one away)."""

    name: str
    base: str
    change: Mapping[str, Any]
    told: list[tuple[str, str, tuple[str | int, ...]]]
    """Severity, summary and path of each diagnostic."""


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


BAD: tuple[Bad, ...] = (
    Bad(
        "everything that S3 needs is missing",
        "s3",
        {
            "name": None,
            "aws_account_id": None,
            "aws_region": None,
            "aws_location_role": None,
            "aws_location_path": None,
            "authentication_type": None,
            "aws_role_to_assume": None,
        },
        [
            ("error", "name is missing", ("name",)),
            ("error", "aws_account_id is missing", ("aws_account_id",)),
            ("error", "aws_region is missing", ("aws_region",)),
            ("error", "aws_location_role is missing", ("aws_location_role",)),
            ("error", "aws_location_path is missing", ("aws_location_path",)),
            ("error", "authentication_type is missing", ("authentication_type",)),
        ],
    ),
    Bad("blank text in the place of a name", "s3", {"name": "  "}, [("error", "name is missing", ("name",))]),
    Bad(
        "an account id of letters",
        "s3",
        {"aws_account_id": "acme"},
        [("warning", "aws_account_id probably has the wrong form", ("aws_account_id",))],
    ),
    Bad(
        "an unknown region",
        "s3",
        {"aws_region": "Frankfurt"},
        [("warning", "aws_region probably has the wrong form", ("aws_region",))],
    ),
    Bad(
        "a role that is not an ARN",
        "s3",
        {"aws_location_role": "immuta-location"},
        [("error", "aws_location_role has the wrong form", ("aws_location_role",))],
    ),
    Bad(
        "a path that is not an S3 prefix",
        "s3",
        {"aws_location_path": "bucket/prefix"},
        [("warning", "aws_location_path probably has the wrong form", ("aws_location_path",))],
    ),
    Bad(
        "a way of signing in that S3 does not have",
        "s3",
        {"authentication_type": "password"},
        [("error", "authentication_type has a value that Immuta does not accept", ("authentication_type",))],
    ),
    Bad(
        "a missing access key",
        "s3",
        {"authentication_type": "accessKey", "aws_role_to_assume": None},
        [
            ("error", "aws_access_key_id is missing", ("aws_access_key_id",)),
            ("error", "aws_secret_access_key is missing", ()),
        ],
    ),
    Bad(
        "a secret beside another way of signing in",
        "s3",
        {"aws_access_key_id": "AKIAEXAMPLE", "aws_secret_access_key": SECRET},
        [
            ("warning", "aws_access_key_id is probably not used", ("aws_access_key_id",)),
            ("warning", "aws_secret_access_key is probably not used", ()),
        ],
    ),
    Bad(
        "automatic sign-in without a role",
        "s3",
        {"aws_role_to_assume": None},
        [("warning", "aws_role_to_assume is probably missing", ("aws_role_to_assume",))],
    ),
    Bad("a port beyond the last", "s3", {"port": 65536}, [("error", "port is out of range", ("port",))]),
    Bad(
        "a port that is not a whole number",
        "s3",
        {"port": 443.5},
        [("error", "port is out of range", ("port",))],
    ),
    Bad(
        "a set-up that S3 does not have",
        "s3",
        {"auto_bootstrap": True},
        [("error", "auto_bootstrap has a value that Immuta does not accept", ("auto_bootstrap",))],
    ),
    Bad(
        "Synapse without its password", "synapse", {"password": None}, [("error", "password is missing", ())]
    ),
    Bad("an empty password", "synapse", {"password": ""}, [("error", "password is missing", ())]),
    Bad(
        "auto_bootstrap is not set",
        "synapse",
        {"auto_bootstrap": None},
        [("error", "auto_bootstrap is missing", ("auto_bootstrap",))],
    ),
    Bad(
        "a URL in the place of a host",
        "synapse",
        {"host": "https://pool.sql.azuresynapse.net/"},
        [("error", "host has the wrong form", ("host",))],
    ),
    Bad(
        "an unfamiliar way of signing in to Synapse",
        "synapse",
        {"authentication_type": "managedIdentity"},
        [("warning", "authentication_type has an unfamiliar value", ("authentication_type",))],
    ),
    Bad("a negative port", "synapse", {"port": -1}, [("error", "port is out of range", ("port",))]),
    Bad(
        "a catalog with a dash",
        "databricks",
        {"catalog": "immuta-prod"},
        [("error", "catalog has the wrong form", ("catalog",))],
    ),
    Bad("no token", "databricks", {"token": None}, [("warning", "token is probably missing", ())]),
    Bad(
        "a token beside OAuth",
        "databricks with oauth",
        {"token": SECRET},
        [("warning", "token is probably not used", ())],
    ),
    Bad(
        "OAuth without a client",
        "databricks with oauth",
        {"oauth_client_config": None},
        [("warning", "oauth_client_config is probably missing", ())],
    ),
    Bad(
        "a certificate without its key",
        "databricks with oauth",
        {"oauth_client_config.use_certificate": True},
        [
            ("warning", "oauth_client_config.client_secret is probably not used", ()),
            ("warning", "oauth_client_config.public_certificate_thumbprint is probably missing", ()),
            ("warning", "oauth_client_config.oauth_private_key is probably missing", ()),
        ],
    ),
    Bad(
        "an OAuth client without an address",
        "databricks with oauth",
        {"oauth_client_config.authority_url": None},
        [("warning", "oauth_client_config.authority_url is probably missing", ())],
    ),
    Bad(
        "a proxy without a host",
        "databricks",
        {"proxy_options": {"port": 0.5, "password": SECRET}},
        [
            ("warning", "proxy_options.host is probably missing", ()),
            ("error", "proxy_options.port is out of range", ()),
        ],
    ),
    Bad(
        "a workspace without its token, and one with a URL",
        "databricks",
        {
            "additional_workspace_connections": [
                {
                    "workspace_url": "two.cloud.databricks.com",
                    "http_path": "/sql/2",
                    "authentication_type": "token",
                    "catalogs": ["a"],
                },
                {
                    "workspace_url": "https://three.cloud.databricks.com",
                    "http_path": "",
                    "authentication_type": "mystery",
                    "token": SECRET,
                },
            ]
        },
        [
            ("warning", "additional_workspace_connections[0].token is probably missing", ()),
            ("warning", "additional_workspace_connections[1].workspace_url probably has the wrong form", ()),
            ("warning", "additional_workspace_connections[1].http_path is probably missing", ()),
            (
                "warning",
                "additional_workspace_connections[1].authentication_type has an unfamiliar value",
                (),
            ),
            ("warning", "additional_workspace_connections[1].catalogs is probably missing", ()),
        ],
    ),
    Bad(
        "an id that is null",
        "databricks",
        {"workspace_ids": ["1", None]},
        [("error", "workspace_ids[1] is missing", ("workspace_ids", 1))],
    ),
    Bad(
        "a key file's name, and a suffix without an underscore",
        "bigquery",
        {"credential": "key-file-hunter2.json", "dataset_suffix": "secure"},
        [
            ("error", "dataset_suffix has the wrong form", ("dataset_suffix",)),
            ("warning", "credential is not JSON", ()),
        ],
    ),
    Bad("no key file", "bigquery", {"credential": None}, [("error", "credential is missing", ())]),
    Bad(
        "Okta in an automatic set-up",
        "redshift with okta",
        {"auto_bootstrap": True},
        [("error", 'authentication_type "okta" does not go with auto_bootstrap', ("authentication_type",))],
    ),
    Bad(
        "Okta without its parts",
        "redshift with okta",
        {"okta": {}},
        [
            ("warning", "okta.username is probably missing", ()),
            ("warning", "okta.password is probably missing", ()),
            ("warning", "okta.app_id is probably missing", ()),
            ("warning", "okta.idp_host is probably missing", ()),
            ("warning", "okta.role is probably missing", ()),
        ],
    ),
    Bad(
        "an access key without its parts",
        "redshift with keys",
        {"database_user": None, "access_key_id": None, "secret_key": None},
        [
            ("warning", "database_user is probably missing", ("database_user",)),
            ("warning", "access_key_id is probably missing", ("access_key_id",)),
            ("warning", "secret_key is probably missing", ()),
        ],
    ),
    Bad(
        "a configured token beside a password",
        "redshift",
        {"session_token": SECRET},
        [("warning", "session_token is probably not used", ())],
    ),
    Bad(
        "OAuth in an automatic set-up",
        "snowflake with oauth",
        {"auto_bootstrap": True},
        [
            (
                "error",
                'authentication_type "oAuthClientCredentials" does not go with auto_bootstrap',
                ("authentication_type",),
            ),
            ("warning", "role is probably missing", ("role",)),
        ],
    ),
    Bad(
        "a key pair without its key",
        "snowflake with key pair",
        {"private_key": None},
        [("error", "private_key is missing", ())],
    ),
    Bad(
        "a key with another name, and none of its content",
        "snowflake with key pair",
        {"private_key.key_name": "KEY", "private_key.content": None},
        [
            ("error", "private_key.key_name has a value that Immuta does not accept", ()),
            ("error", "private_key.content is missing", ()),
        ],
    ),
    Bad(
        "a passphrase beside a password",
        "snowflake",
        {"private_key_password": SECRET},
        [("warning", "private_key_password is probably not used", ())],
    ),
    Bad(
        "an automatic set-up without a role",
        "snowflake",
        {"role": None},
        [("warning", "role is probably missing", ("role",))],
    ),
    Bad(
        "a batch of one and a half rows",
        "snowflake",
        {"audit": {"enabled": True}, "lineage": {"enabled": True, "ingest_batch_size": 1.5}},
        [("error", "lineage.ingest_batch_size is out of range", ("lineage", "ingest_batch_size"))],
    ),
    Bad(
        "lineage without audit",
        "snowflake",
        {"lineage": {"enabled": True}},
        [("warning", "lineage.enabled may not work as it is set", ("lineage", "enabled"))],
    ),
    Bad(
        "workspaces without warehouses",
        "snowflake",
        {"workspaces": {"enabled": True}},
        [("warning", "workspaces.warehouses is probably missing", ("workspaces", "warehouses"))],
    ),
    Bad(
        "additional_config: not JSON",
        "trino",
        {"additional_config": "{'key': 1}"},
        [("error", "additional_config is not a JSON object", ())],
    ),
    Bad(
        "additional_config: not an object",
        "trino",
        {"additional_config": "[1]"},
        [("error", "additional_config is not a JSON object", ())],
    ),
    Bad(
        "additional_config: an attribute of its own",
        "snowflake",
        {"additional_config": '{"warehouse": "OTHER"}'},
        [("error", "additional_config repeats warehouse", ())],
    ),
    Bad(
        "additional_config: an attribute of its own, inside",
        "snowflake",
        {"additional_config": '{"lineage": {"lineageConfig": {"tagFilter": ".*"}}}'},
        [("error", "additional_config repeats lineage.lineage_config.tag_filter", ())],
    ),
    Bad(
        "additional_config: what looks like a secret, deep inside",
        "trino",
        {"additional_config": '{"a": [{"b": {"Client-Secret": "hunter2-secret"}}]}'},
        [("error", "additional_config has a key that looks like a secret", ())],
    ),
    Bad(
        "additional_config: a secret of its own",
        "snowflake",
        {"additional_config": '{"password": "hunter2-secret"}'},
        [("error", "additional_config repeats password", ())],
    ),
    Bad(
        "additional_config: a key that hides a secret",
        "trino",
        {"additional_config": '{"x": {"password": "hunter2-secret"}, "x": {}}'},
        [("error", "additional_config has a key twice", ())],
    ),
    Bad(
        "timeouts: a number without a unit",
        "trino",
        {"timeouts": {"create": "10"}},
        [("error", "timeouts.create is not a duration", ("timeouts", "create"))],
    ),
    Bad(
        "timeouts: an empty object",
        "trino",
        {"timeouts": {}},
        [("warning", "timeouts is empty", ("timeouts",))],
    ),
    Bad(
        "timeouts: an unknown unit",
        "snowflake",
        {"timeouts": {"update": "1d", "delete": "5 m"}},
        [
            ("error", "timeouts.delete is not a duration", ("timeouts", "delete")),
            ("error", "timeouts.update is not a duration", ("timeouts", "update")),
        ],
    ),
    Bad(
        "timeouts: zero, and less",
        "snowflake",
        {"timeouts": {"create": "", "update": "0s", "delete": "-5m"}},
        [
            ("error", "timeouts.create is not a duration", ("timeouts", "create")),
            ("error", "timeouts.delete is not a duration", ("timeouts", "delete")),
            ("error", "timeouts.update is not a duration", ("timeouts", "update")),
        ],
    ),
)

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


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_a_wrong_configuration_is_told_at_its_place(core: Callable[..., Core], bad: Bad) -> None:
    world = core(resource_of(BASES[bad.base]))
    config = changed(attributes(numbered(BASES[bad.base], 1)), bad.change)
    told: list[Diagnostic] = []
    world.process.validate(world.full(config), told)
    assert places(told) == bad.told
    assert "hunter2" not in str(told)


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_a_wrong_configuration_that_validation_could_not_know_stops_the_plan(
    core: Callable[..., Core], bad: Bad
) -> None:
    """What was unknown when Terraform validated is judged again, its errors alone."""
    world = core(resource_of(BASES[bad.base]))
    config = world.full(changed(attributes(numbered(BASES[bad.base], 1)), bad.change))
    told: list[Diagnostic] = []
    assert world.process.configure(told) is False
    world.process.plan(None, config, config, b"", told)
    assert places(told) == [
        each for each in bad.told if each[0] == "error" and not each[1].endswith("is not a duration")
    ]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_a_wrong_provider_block_is_told_without_a_place(block: Block) -> None:
    """Terraform would print the line, and a secret may be on it."""
    provider = ImmutaProvider(block.environment)
    process = Process(provider, "immuta_trino_integration", dict(block.config))
    validated: list[Diagnostic] = []
    configured: list[Diagnostic] = []
    process.call(
        messages.VALIDATE_PROVIDER_CONFIG,
        {"config": encoded_block(provider.schema, dict(block.config))},
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
