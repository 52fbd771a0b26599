"""Wrong configurations of every type, each with all of its problems in full."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from immuta_provider.model.compiled.integrations import BY_RESOURCE, INTEGRATIONS
from immuta_provider.model.derived import derived_fields
from immuta_provider.model.fields import BOOL, NUMBER, STRING, Choices, Field, When
from immuta_provider.model.integrations.type import IntegrationType
from immuta_provider.model.rules import Problem, check, describe, looks_secret, safe_path
from table import examples
from table.row import Example

UNKNOWN = object()
"""Stands for a value that is not known yet."""


def is_unknown(value: object) -> bool:
    return value is UNKNOWN


EXAMPLES = {example.name: example for example in examples()}
OAUTH = EXAMPLES["snowflake with client secret"].config["oauth_client_config"]


def good(name: str) -> dict[str, Any]:
    return EXAMPLES[name].config


class Bad(NamedTuple):
    label: str
    resource: str
    config: dict[str, Any]
    problems: list[Problem]


def error(path: tuple[str | int, ...] | str, summary: str, detail: str) -> Problem:
    return Problem((path,) if isinstance(path, str) else path, True, summary, detail)


def warning(path: tuple[str | int, ...] | str, summary: str, detail: str) -> Problem:
    return Problem((path,) if isinstance(path, str) else path, False, summary, detail)


def empty(path: tuple[str | int, ...] | str, label: str, names: str) -> Problem:
    return warning(
        path,
        f"{label} is empty",
        f"nothing is set in {label}, which says as little as leaving it out. It takes {names}: if a name in it is written "
        f"otherwise, Terraform has passed over it; correct it. If nothing is to be set there, remove {label}.",
    )


def missing(name: str, title: str, meaning: str, when: str = "", how: str = "it is not set") -> Problem:
    return error(
        name,
        f"{name} is missing",
        f"every {title} integration needs {name}{when}, and {how}. Set it. Its meaning: {meaning}",
    )


def expected(path: tuple[str | int, ...] | str, label: str, meaning: str, when: str = "") -> Problem:
    return warning(
        path,
        f"{label} is probably missing",
        f"Immuta is expected to need {label}{when}, and it is not set. Set it, unless Immuta accepts the integration "
        f"without it. Its meaning: {meaning}",
    )


def unused(name: str, by: str, now: str, only: str) -> Problem:
    return warning(
        name,
        f"{name} is probably not used",
        f"{name} is set, while {by} is {now}; Immuta is expected to use it only when {by} is {only}. Remove {name}, or "
        f"change {by}.",
    )


S3 = "immuta_amazon_s3_integration"
SYNAPSE = "immuta_azure_synapse_integration"
DATABRICKS = "immuta_databricks_integration"
BIGQUERY = "immuta_bigquery_integration"
REDSHIFT = "immuta_redshift_integration"
SNOWFLAKE = "immuta_snowflake_integration"
TRINO = "immuta_trino_integration"

SET_UP = (
    "Who sets up Immuta's objects on the platform. true: Immuta does, with the credentials given here. false: the set-up "
    "script of Immuta has been run there before."
)
SNOWFLAKE_SIGN_IN = (
    "How Immuta signs in. userPassword: by user name and password. keyPair: by user name and private key. "
    "oAuthClientCredentials: as an OAuth client, only with auto_bootstrap = false."
)
BARE_HOST = "a bare host name, without a scheme, a port or a path"

BAD = [
    Bad(
        "nothing at all",
        SNOWFLAKE,
        {},
        [
            missing("auto_bootstrap", "Snowflake", SET_UP),
            missing(
                "host",
                "Snowflake",
                "Host name of the account, such as acme.eu-central-1.snowflakecomputing.com.",
            ),
            missing("warehouse", "Snowflake", "Default warehouse of the user that Immuta works as."),
            missing("database", "Snowflake", "New, empty database that Immuta creates and manages."),
            missing("authentication_type", "Snowflake", SNOWFLAKE_SIGN_IN),
        ],
    ),
    Bad(
        "empty and blank text",
        SNOWFLAKE,
        {**good("snowflake"), "warehouse": "", "database": " \t", "password": ""},
        [
            missing(
                "warehouse",
                "Snowflake",
                "Default warehouse of the user that Immuta works as.",
                how="it is set to empty text",
            ),
            missing(
                "database",
                "Snowflake",
                "New, empty database that Immuta creates and manages.",
                how="it is set to empty text",
            ),
            missing(
                "password",
                "Snowflake",
                "Password of that user.",
                ' when authentication_type is "userPassword"',
                how="it is set to empty text",
            ),
        ],
    ),
    Bad(
        "a mistyped way of signing in is one problem",
        SNOWFLAKE,
        {**good("snowflake"), "authentication_type": "userPasword"},
        [
            error(
                "authentication_type",
                "authentication_type has a value that Immuta does not take",
                'authentication_type is "userPasword"; Immuta takes "userPassword", "keyPair" or '
                '"oAuthClientCredentials" for Snowflake. Set it to one of these.',
            )
        ],
    ),
    Bad(
        "no way of signing in is one problem, whatever else is set",
        SNOWFLAKE,
        {**good("snowflake in full"), "authentication_type": None, "password": "hunter2"},
        [missing("authentication_type", "Snowflake", SNOWFLAKE_SIGN_IN)],
    ),
    Bad(
        "a password for a key pair",
        SNOWFLAKE,
        {**good("snowflake"), "authentication_type": "keyPair"},
        [
            unused("password", "authentication_type", '"keyPair"', '"userPassword"'),
            missing(
                "private_key",
                "Snowflake",
                "The private key of that user's key pair.",
                ' when authentication_type is "keyPair"',
            ),
        ],
    ),
    Bad(
        "no user name",
        SNOWFLAKE,
        {**good("snowflake"), "username": None, "role": None},
        [
            missing(
                "username",
                "Snowflake",
                "User name in Snowflake.",
                ' when authentication_type is "userPassword" or "keyPair"',
            ),
            expected(
                "role",
                "role",
                "Role with the privileges for the set-up, such as ACCOUNTADMIN.",
                " when auto_bootstrap is true",
            ),
        ],
    ),
    Bad(
        "objects in which nothing is set",
        SNOWFLAKE,
        {
            **good("snowflake"),
            "audit": {"enabled": None},
            "workspaces": {},
            "lineage": {"lineage_config": {}},
            "user_role_pattern": {"exclude": []},
        },
        [
            empty("audit", "audit", "enabled"),
            empty("workspaces", "workspaces", "enabled, warehouses"),
            empty(("lineage", "lineage_config"), "lineage.lineage_config", "table_filter, tag_filter"),
        ],
    ),
    Bad(
        "an object whose every part is missing is no empty one besides",
        SNOWFLAKE,
        {**good("snowflake in full"), "private_key": {}},
        [
            error(
                ("private_key", name),
                f"private_key.{name} is missing",
                f"private_key needs {name}, and it is not set. Set it. Its meaning: {meaning}",
            )
            for name, meaning in (
                ("key_name", "Immuta's name for what this key is for."),
                ("user_filename", "Name under which Immuta shows the key file to people; no file is read."),
                ("content", "The private key itself, as PEM text with its line breaks."),
            )
        ],
    ),
    Bad(
        "OAuth in the automatic set-up",
        SNOWFLAKE,
        {**good("snowflake with client secret"), "auto_bootstrap": True, "role": "R"},
        [
            error(
                "authentication_type",
                'authentication_type "oAuthClientCredentials" does not go with auto_bootstrap',
                'authentication_type is "oAuthClientCredentials", while auto_bootstrap is true; Immuta takes it only '
                "when auto_bootstrap is false. Change authentication_type or auto_bootstrap.",
            )
        ],
    ),
    Bad(
        "OAuth without its client",
        SNOWFLAKE,
        {**good("snowflake with client secret"), "oauth_client_config": None},
        [
            missing(
                "oauth_client_config",
                "Snowflake",
                "The OAuth client as which Immuta signs in.",
                ' when authentication_type is "oAuthClientCredentials"',
            )
        ],
    ),
    Bad(
        "an OAuth client with the wrong proof",
        SNOWFLAKE,
        {
            **good("snowflake with client secret"),
            "oauth_client_config": {
                **OAUTH,
                "use_certificate": True,
                "client_id": None,
                "authority_url": None,
            },
        },
        [
            error(
                ("oauth_client_config", "client_id"),
                "oauth_client_config.client_id is missing",
                "oauth_client_config needs client_id, and it is not set. Set it. Its meaning: Id under which the client "
                "is registered at the identity provider.",
            ),
            warning(
                ("oauth_client_config", "client_secret"),
                "oauth_client_config.client_secret is probably not used",
                "oauth_client_config.client_secret is set, while oauth_client_config.use_certificate is true; Immuta is "
                "expected to use it only when oauth_client_config.use_certificate is false. Remove "
                "oauth_client_config.client_secret, or change oauth_client_config.use_certificate.",
            ),
            expected(
                ("oauth_client_config", "authority_url"),
                "oauth_client_config.authority_url",
                "The identity provider's token endpoint, as a URL.",
            ),
            expected(
                ("oauth_client_config", "public_certificate_thumbprint"),
                "oauth_client_config.public_certificate_thumbprint",
                "Thumbprint of the certificate that is registered at the identity provider.",
                " when oauth_client_config.use_certificate is true",
            ),
            expected(
                ("oauth_client_config", "oauth_private_key"),
                "oauth_client_config.oauth_private_key",
                "The certificate's private key.",
                " when oauth_client_config.use_certificate is true",
            ),
        ],
    ),
    Bad(
        "a private key under another name, and not as text",
        SNOWFLAKE,
        {
            **good("snowflake in full"),
            "private_key": {"key_name": "MY_KEY", "user_filename": "", "content": 12345},
        },
        [
            error(
                ("private_key", "key_name"),
                "private_key.key_name has a value that Immuta does not take",
                'private_key.key_name is "MY_KEY"; Immuta takes "PRIV_KEY_FILE" for Snowflake. Set it to that.',
            ),
            error(
                ("private_key", "user_filename"),
                "private_key.user_filename is missing",
                "private_key needs user_filename, and it is set to empty text. Set it. Its meaning: Name under which "
                "Immuta shows the key file to people; no file is read.",
            ),
            error(
                ("private_key", "content"),
                "private_key.content has the wrong type",
                "private_key.content is a number; it has to be text. Set it to text. Its meaning: The private key "
                "itself, as PEM text with its line breaks.",
            ),
        ],
    ),
    Bad(
        "values of the wrong type",
        SNOWFLAKE,
        {
            **good("snowflake"),
            "host": 5,
            "port": "https",
            "password": ["hunter2"],
            "audit": "on",
            "workspaces": {"enabled": "yes"},
            "impersonation": [],
            "user_role_pattern": {"exclude": "SYSADMIN"},
        },
        [
            error(
                "host",
                "host has the wrong type",
                "host is a number (5); it has to be text. Set it to text. Its meaning: Host name of the account, such as "
                "acme.eu-central-1.snowflakecomputing.com.",
            ),
            error(
                "port",
                "port has the wrong type",
                'port is text ("https"); it has to be a number. Set it to a number. Its meaning: Port of the account.',
            ),
            error(
                "password",
                "password has the wrong type",
                "password is a list; it has to be text. Set it to text. Its meaning: Password of that user.",
            ),
            error(
                "audit",
                "audit has the wrong type",
                'audit is text ("on"); it has to be an object. Set it to an object. Its meaning: Collecting Snowflake\'s '
                "query log.",
            ),
            error(
                ("workspaces", "enabled"),
                "workspaces.enabled has the wrong type",
                'workspaces.enabled is text ("yes"); it has to be true or false. Set it to true or false. Its meaning: '
                "Whether projects may have workspaces.",
            ),
            error(
                "impersonation",
                "impersonation has the wrong type",
                "impersonation is a list; it has to be an object. Set it to an object. Its meaning: Users querying as "
                "another user. Immuta does not offer it while low row access policy mode is on.",
            ),
            error(
                ("user_role_pattern", "exclude"),
                "user_role_pattern.exclude has the wrong type",
                'user_role_pattern.exclude is text ("SYSADMIN"); it has to be a list of texts. Set it to a list of texts. '
                "Its meaning: Roles and users that authorization checks leave out. Case counts, and there are no "
                "wildcards.",
            ),
        ],
    ),
    Bad(
        "elements of the wrong type",
        SNOWFLAKE,
        {**good("snowflake"), "user_role_pattern": {"exclude": ["A", None, 5, True, ["B"]]}},
        [
            error(
                ("user_role_pattern", "exclude", 1),
                "user_role_pattern.exclude[1] is missing",
                "user_role_pattern.exclude[1] is null; every element has to be text. Set or remove it.",
            ),
            error(
                ("user_role_pattern", "exclude", 2),
                "user_role_pattern.exclude[2] has the wrong type",
                "user_role_pattern.exclude[2] is a number (5); every element has to be text. Set it to text.",
            ),
            error(
                ("user_role_pattern", "exclude", 3),
                "user_role_pattern.exclude[3] has the wrong type",
                "user_role_pattern.exclude[3] is true; every element has to be text. Set it to text.",
            ),
            error(
                ("user_role_pattern", "exclude", 4),
                "user_role_pattern.exclude[4] has the wrong type",
                "user_role_pattern.exclude[4] is a list; every element has to be text. Set it to text.",
            ),
        ],
    ),
    Bad(
        "a host that is a URL, a port that is none, a batch that is no whole number",
        SNOWFLAKE,
        {
            **good("snowflake"),
            "host": "https://acme.snowflakecomputing.com/",
            "port": 65536,
            "lineage": {"ingest_batch_size": 10.5},
        },
        [
            warning(
                "host",
                "host probably has the wrong form",
                f'host is "https://acme.snowflakecomputing.com/"; it is expected to be {BARE_HOST}. Change it, unless '
                "Immuta takes it as it is.",
            ),
            error(
                "port",
                "port is out of range",
                "port is 65536; it has to be a whole number from 0 to 65535. Set it to such a number, or remove it, which "
                "means: Immuta uses 443.",
            ),
            error(
                ("lineage", "ingest_batch_size"),
                "lineage.ingest_batch_size is out of range",
                "lineage.ingest_batch_size is 10.5; it has to be a whole number. Set it to such a number, or remove it, "
                "which means: 1000, as far as is known.",
            ),
        ],
    ),
    Bad(
        "features without what they need",
        SNOWFLAKE,
        {
            **good("snowflake"),
            "audit": {"enabled": False},
            "workspaces": {"enabled": True},
            "lineage": {"enabled": True},
        },
        [
            expected(
                ("workspaces", "warehouses"),
                "workspaces.warehouses",
                "Warehouses that project owners may choose from.",
                " when workspaces.enabled is true",
            ),
            warning(
                ("lineage", "enabled"),
                "lineage.enabled may not work as it is set",
                "lineage is read from Snowflake's query log, and Immuta's own pages have audit enabled first. Set audit = "
                "{ enabled = true } beside it.",
            ),
        ],
    ),
    Bad(
        "the set-up that S3 does not have, and names that do not look like AWS's",
        S3,
        {
            **good("s3"),
            "auto_bootstrap": True,
            "aws_account_id": "acme",
            "aws_region": "us-east1",
            "aws_location_role": "location-role",
            "aws_location_path": "acme-lake",
        },
        [
            error(
                "auto_bootstrap",
                "auto_bootstrap has a value that Immuta does not take",
                "auto_bootstrap is true; Immuta takes false for Amazon S3. Set it to that, or remove it.",
            ),
            warning(
                "aws_account_id",
                "aws_account_id probably has the wrong form",
                'aws_account_id is "acme"; it is expected to be text of digits only. Change it, unless Immuta takes it as '
                "it is.",
            ),
            warning(
                "aws_region",
                "aws_region probably has the wrong form",
                'aws_region is "us-east1"; it is expected to be an AWS region\'s code, such as us-east-1. Change it, '
                "unless Immuta takes it as it is.",
            ),
            error(
                "aws_location_role",
                "aws_location_role has the wrong form",
                'aws_location_role is "location-role"; it has to be an ARN, such as '
                "arn:aws:iam::123456789012:role/immuta-location. Change it.",
            ),
            warning(
                "aws_location_path",
                "aws_location_path probably has the wrong form",
                'aws_location_path is "acme-lake"; it is expected to be an S3 prefix, such as s3:// or '
                "s3://bucket/prefix/. Change it, unless Immuta takes it as it is.",
            ),
        ],
    ),
    Bad(
        "an account id as a number, which would lose its zeros",
        S3,
        {**good("s3"), "aws_account_id": 210987654321},
        [
            error(
                "aws_account_id",
                "aws_account_id has the wrong type",
                "aws_account_id is a number (210987654321); it has to be text. Set it to text. Its meaning: Id of the AWS "
                "account that holds the Access Grants instance. It is text, which keeps leading zeros.",
            )
        ],
    ),
    Bad(
        "an access key without its parts",
        S3,
        {**good("s3"), "authentication_type": "accessKey", "aws_secret_access_key": " "},
        [
            missing(
                "aws_access_key_id",
                "Amazon S3",
                "Id of the access key; not secret by itself.",
                ' when authentication_type is "accessKey"',
            ),
            missing(
                "aws_secret_access_key",
                "Amazon S3",
                "Secret of the access key.",
                ' when authentication_type is "accessKey"',
                how="it is set to empty text",
            ),
        ],
    ),
    Bad(
        "a role without the role, and an access key beside it",
        S3,
        {**good("s3 with keys"), "authentication_type": "auto"},
        [
            expected(
                "aws_role_to_assume",
                "aws_role_to_assume",
                "ARN of the IAM role that Immuta assumes to manage the Access Grants instance.",
                ' when authentication_type is "auto"',
            ),
            unused("aws_access_key_id", "authentication_type", '"auto"', '"accessKey"'),
            unused("aws_secret_access_key", "authentication_type", '"auto"', '"accessKey"'),
        ],
    ),
    Bad(
        "another way of signing in than the known one, which may exist",
        SYNAPSE,
        {**good("synapse"), "authentication_type": "managedIdentity"},
        [
            warning(
                "authentication_type",
                "authentication_type has an unfamiliar value",
                'authentication_type is "managedIdentity"; known for Azure Synapse Analytics is "userPassword" or '
                '"oAuthClientCredentials". It is sent as it is; check in Immuta\'s documentation that it is right: '
                "https://documentation.immuta.com/2024.2/developer-guides/api-intro/integrations-api/how-to-guides/"
                "synapse-api",
            )
        ],
    ),
    Bad(
        "a host with a port, and nothing else",
        SYNAPSE,
        {"auto_bootstrap": False, "host": "acme.sql.azuresynapse.net:1433"},
        [
            error(
                "host",
                "host has the wrong form",
                f'host is "acme.sql.azuresynapse.net:1433"; it has to be {BARE_HOST}. Change it.',
            ),
            missing(
                "database",
                "Azure Synapse Analytics",
                "Existing database in which Immuta keeps its views and schemas.",
            ),
            missing("schema", "Azure Synapse Analytics", "Schema that Immuta manages, for its secure views."),
            missing(
                "authentication_type",
                "Azure Synapse Analytics",
                "How Immuta signs in. userPassword: by user name and password. oAuthClientCredentials: as an OAuth client, "
                "as far as is known.",
            ),
        ],
    ),
    Bad(
        "no user, and an OAuth client that is not used",
        SYNAPSE,
        {**good("synapse"), "username": None, "password": None, "oauth_client_config": OAUTH},
        [
            missing(
                "username",
                "Azure Synapse Analytics",
                "User name. With auto_bootstrap a privileged account that is used once; without, the account that Immuta "
                "goes on using.",
                ' when authentication_type is "userPassword"',
            ),
            missing(
                "password",
                "Azure Synapse Analytics",
                "Password of that user.",
                ' when authentication_type is "userPassword"',
            ),
            unused(
                "oauth_client_config", "authentication_type", '"userPassword"', '"oAuthClientCredentials"'
            ),
        ],
    ),
    Bad(
        "OAuth without its client",
        SYNAPSE,
        {**good("synapse"), "authentication_type": "oAuthClientCredentials"},
        [
            unused("username", "authentication_type", '"oAuthClientCredentials"', '"userPassword"'),
            unused("password", "authentication_type", '"oAuthClientCredentials"', '"userPassword"'),
            expected(
                "oauth_client_config",
                "oauth_client_config",
                "The OAuth client as which Immuta signs in, at Microsoft Entra ID.",
                ' when authentication_type is "oAuthClientCredentials"',
            ),
        ],
    ),
    Bad(
        "no token, and a catalog that Databricks would not take",
        DATABRICKS,
        {**good("databricks"), "token": None, "catalog": "1-immuta", "proxy_options": {}},
        [
            expected(
                "token",
                "token",
                "Personal access token of the service principal.",
                ' when authentication_type is "token"',
            ),
            error(
                "catalog",
                "catalog has the wrong form",
                'catalog is "1-immuta"; it has to be a name of letters, digits and underscores that does not start with a '
                "digit. Change it.",
            ),
            expected(("proxy_options", "host"), "proxy_options.host", "Host name of the proxy."),
        ],
    ),
    Bad(
        "a token beside OAuth",
        DATABRICKS,
        {**good("databricks"), "authentication_type": "oAuthM2M"},
        [
            unused("token", "authentication_type", '"oAuthM2M"', '"token"'),
            expected(
                "oauth_client_config",
                "oauth_client_config",
                "The OAuth client by which the service principal signs in.",
                ' when authentication_type is "oAuthM2M"',
            ),
        ],
    ),
    Bad(
        "further workspaces with gaps",
        DATABRICKS,
        {
            **good("databricks"),
            "additional_workspace_connections": [
                {
                    "workspace_url": "two.cloud.databricks.com",
                    "http_path": "/sql/2",
                    "authentication_type": "oAuthM2M",
                    "token": "hunter2",
                    "oauth_client_config": {"use_certificate": "no", "client_id": "c", "authority_url": "u"},
                    "catalogs": ["a", None],
                },
                None,
                "hunter2",
                {"authentication_type": "mystery"},
            ],
        },
        [
            warning(
                ("additional_workspace_connections", 0, "token"),
                "additional_workspace_connections[0].token is probably not used",
                "additional_workspace_connections[0].token is set, while "
                'additional_workspace_connections[0].authentication_type is "oAuthM2M"; Immuta is expected to use it only '
                'when additional_workspace_connections[0].authentication_type is "token". Remove '
                "additional_workspace_connections[0].token, or change "
                "additional_workspace_connections[0].authentication_type.",
            ),
            error(
                ("additional_workspace_connections", 0, "oauth_client_config", "use_certificate"),
                "additional_workspace_connections[0].oauth_client_config.use_certificate has the wrong type",
                'additional_workspace_connections[0].oauth_client_config.use_certificate is text ("no"); it has to be true '
                "or false. Set it to true or false. Its meaning: How the client proves itself. true: by a certificate and "
                "its private key. false: by a client secret.",
            ),
            error(
                ("additional_workspace_connections", 0, "catalogs", 1),
                "additional_workspace_connections[0].catalogs[1] is missing",
                "additional_workspace_connections[0].catalogs[1] is null; every element has to be text. Set or remove it.",
            ),
            error(
                ("additional_workspace_connections", 1),
                "additional_workspace_connections[1] is missing",
                "additional_workspace_connections[1] is null; every element has to be an object. Set or remove it.",
            ),
            error(
                ("additional_workspace_connections", 2),
                "additional_workspace_connections[2] has the wrong type",
                "additional_workspace_connections[2] is text; every element has to be an object. Set it to an object.",
            ),
            expected(
                ("additional_workspace_connections", 3, "workspace_url"),
                "additional_workspace_connections[3].workspace_url",
                "Host name of the further workspace.",
            ),
            expected(
                ("additional_workspace_connections", 3, "http_path"),
                "additional_workspace_connections[3].http_path",
                "HTTP path of a cluster or SQL warehouse in that workspace.",
            ),
            warning(
                ("additional_workspace_connections", 3, "authentication_type"),
                "additional_workspace_connections[3].authentication_type has an unfamiliar value",
                'additional_workspace_connections[3].authentication_type is "mystery"; known for Databricks Unity Catalog '
                'is "token" or "oAuthM2M". It is sent as it is; check in Immuta\'s documentation that it is right: '
                "https://documentation.immuta.com/saas/developer-guides/api-intro/integrations-api/how-to-guides/"
                "databricks-uc-api",
            ),
            expected(
                ("additional_workspace_connections", 3, "catalogs"),
                "additional_workspace_connections[3].catalogs",
                "Catalogs that are bound to that workspace.",
            ),
        ],
    ),
    Bad(
        "the name of a key file in place of its content, and a suffix that is none",
        BIGQUERY,
        {
            "auto_bootstrap": False,
            "role": "immuta",
            "dataset_suffix": "secure",
            "credential": "hunter2-key.json",
        },
        [
            error(
                "dataset_suffix",
                "dataset_suffix has the wrong form",
                'dataset_suffix is "secure"; it has to be text that starts with an underscore, such as _secure. Change it.',
            ),
            warning(
                "credential",
                "credential is not JSON",
                "credential does not parse as JSON. It is sent as it is, but Immuta will probably refuse it. Give the "
                "content of the file, not its name, or build it with jsonencode (json.dumps in Python).",
            ),
        ],
    ),
    Bad(
        "everything that BigQuery needs",
        BIGQUERY,
        {"port": -1},
        [
            expected("role", "role", "Google Cloud role with which Immuta connects."),
            expected(
                "dataset_suffix",
                "dataset_suffix",
                "End of the name of every dataset with secure views. It starts with an underscore.",
            ),
            missing(
                "credential",
                "Google BigQuery",
                "Content of the service account's JSON key file, as one text. No data source may use the same account.",
            ),
            error(
                "port",
                "port is out of range",
                "port is -1; it has to be a whole number from 0 to 65535. Set it to such a number, or remove it, which "
                "means: 443, as far as is known.",
            ),
        ],
    ),
    Bad(
        "Okta in the automatic set-up, half told",
        REDSHIFT,
        {
            **good("redshift with okta"),
            "auto_bootstrap": True,
            "username": "u",
            "okta": {"username": "o", "role": "r"},
        },
        [
            error(
                "authentication_type",
                'authentication_type "okta" does not go with auto_bootstrap',
                'authentication_type is "okta", while auto_bootstrap is true; Immuta takes it only when auto_bootstrap is '
                "false. Change authentication_type or auto_bootstrap.",
            ),
            unused("username", "authentication_type", '"okta"', '"userPassword"'),
            expected(("okta", "password"), "okta.password", "Password at Okta."),
            expected(("okta", "app_id"), "okta.app_id", "Id of the Redshift application at Okta."),
            expected(("okta", "idp_host"), "okta.idp_host", "Host name of the Okta organisation."),
        ],
    ),
    Bad(
        "a password for an access key",
        REDSHIFT,
        {**good("redshift"), "authentication_type": "accessKey"},
        [
            unused("username", "authentication_type", '"accessKey"', '"userPassword"'),
            unused("password", "authentication_type", '"accessKey"', '"userPassword"'),
            expected(
                "database_user",
                "database_user",
                "Redshift user that the access key stands for.",
                ' when authentication_type is "accessKey"',
            ),
            expected(
                "access_key_id",
                "access_key_id",
                "Id of the AWS access key; not secret by itself.",
                ' when authentication_type is "accessKey"',
            ),
            expected(
                "secret_key",
                "secret_key",
                "Secret of the AWS access key.",
                ' when authentication_type is "accessKey"',
            ),
        ],
    ),
    Bad(
        "a way of signing in that is not known",
        REDSHIFT,
        {**good("redshift"), "authentication_type": "iam"},
        [
            warning(
                "authentication_type",
                "authentication_type has an unfamiliar value",
                'authentication_type is "iam"; known for Redshift is "userPassword", "accessKey" or "okta". It is sent as '
                "it is; check in Immuta's documentation that it is right: "
                "https://documentation.immuta.com/2024.2/developer-guides/api-intro/integrations-api/how-to-guides/"
                "redshift-api",
            )
        ],
    ),
]


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=str)
def test_nothing_is_said_of_what_is_right(example: Example) -> None:
    assert check(example.row.type, example.config) == []


def test_an_object_in_which_something_is_unknown_is_not_empty() -> None:
    config = {**good("snowflake"), "audit": {"enabled": UNKNOWN}}
    assert check(BY_RESOURCE[SNOWFLAKE], config, is_unknown=is_unknown) == []


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.label)
def test_every_problem_is_told_in_full(bad: Bad) -> None:
    assert check(BY_RESOURCE[bad.resource], bad.config) == bad.problems


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.label)
def test_no_problem_tells_a_secret(bad: Bad) -> None:
    assert "hunter2" not in repr(check(BY_RESOURCE[bad.resource], bad.config))


def additional(config: object) -> dict[str, Any]:
    return {**good("snowflake"), "additional_config": config}


def repeats(key: str, attribute: str) -> Problem:
    return error(
        "additional_config",
        f"additional_config repeats {attribute}",
        f'additional_config holds the key "{key}", which has an attribute of its own. Remove the key, and set {attribute} '
        "instead.",
    )


def secret(key: str) -> Problem:
    return error(
        "additional_config",
        "additional_config holds what looks like a secret",
        f'additional_config holds the key "{key}", which looks like a secret, and this text is kept in Terraform\'s state. '
        "Remove the key; secrets have attributes of their own, which are never kept.",
    )


def no_object(what: str) -> Problem:
    return error(
        "additional_config",
        "additional_config is not a JSON object",
        f"additional_config {what}; it has to be the JSON text of an object. Build it with jsonencode (json.dumps in "
        "Python).",
    )


def twice(key: str) -> Problem:
    return error(
        "additional_config",
        "additional_config holds a key twice",
        f'additional_config holds the key "{key}" twice in one object, of which only the last would count. Remove one of '
        "them.",
    )


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("{}", []),
        (' {"newInImmuta": {"depth": [1, {"x": null}]}} ', []),
        ('{"audit": {"newInImmuta": true}, "lineage": {"lineageConfig": {"depth": 2}}}', []),
        ('{"Host": "another key than host"}', []),
        ("", [no_object("does not parse as JSON")]),
        ("{'a': 1}", [no_object("does not parse as JSON")]),
        ('{"a": NaN}', [no_object("does not parse as JSON")]),
        ('{"hunter2": ', [no_object("does not parse as JSON")]),
        ('["hunter2"]', [no_object("is JSON, but no object")]),
        ("null", [no_object("is JSON, but no object")]),
        ('{"x": 1, "x": 1}', [twice("x")]),
        ('{"x": {"password": "hunter2"}, "x": {}}', [twice("x")]),
        ('[{"deep": [{"y": 1, "z": 2, "y": 3}]}]', [twice("y")]),
        ('{"host": "h"}', [repeats("host", "host")]),
        ('{"host": null}', [repeats("host", "host")]),
        ('{"oAuthClientConfig": "x"}', [repeats("oAuthClientConfig", "oauth_client_config")]),
        ('{"audit": {"enabled": true}}', [repeats("audit.enabled", "audit.enabled")]),
        (
            '{"privateKey": {"content": "hunter2", "format": "pem"}}',
            [repeats("privateKey.content", "private_key.content")],
        ),
        (
            '{"lineage": {"lineageConfig": {"tableFilter": "a"}}}',
            [repeats("lineage.lineageConfig.tableFilter", "lineage.lineage_config.table_filter")],
        ),
        (
            '{"userRolePattern": {"exclude": []}}',
            [repeats("userRolePattern.exclude", "user_role_pattern.exclude")],
        ),
        ('{"adminPassword": "hunter2"}', [secret("adminPassword")]),
        ('{"audit": {"api-key": "hunter2"}}', [secret("audit.api-key")]),
        (
            '{"a": [[{"Client_Secret": "hunter2", "fine": 1}], {"b": {"SESSION TOKEN": 1}}]}',
            [secret("a.0.0.Client_Secret"), secret("a.1.b.SESSION TOKEN")],
        ),
        ('{"password": "hunter2", "x": 1, "pwd": 2}', [repeats("password", "password"), secret("pwd")]),
    ],
)
def test_additional_config(text: str, problems: list[Problem]) -> None:
    found = check(BY_RESOURCE[SNOWFLAKE], additional(text))
    assert found == problems
    assert "hunter2" not in repr(found)


def test_additional_config_is_text() -> None:
    assert check(BY_RESOURCE[SNOWFLAKE], additional({"hunter2": 1})) == [
        error(
            "additional_config",
            "additional_config has the wrong type",
            "additional_config is an object; it has to be text. Set it to text. Its meaning: JSON text of an object with "
            "further keys for Immuta's config object, merged into it at every depth after the attributes of this resource. "
            "It may hold no key that has an attribute of its own, and no secret.",
        )
    ]


def test_additional_config_cannot_reach_into_lists_of_objects() -> None:
    config = {
        **good("databricks"),
        "additional_config": '{"additionalWorkspaceConnections": [{"token": "hunter2"}], "extra": 1}',
    }
    assert check(BY_RESOURCE[DATABRICKS], config) == [
        repeats("additionalWorkspaceConnections", "additional_workspace_connections")
    ]


@pytest.mark.parametrize(
    ("key", "looks"),
    [
        ("password", True),
        ("DB_PASSWORD", True),
        ("x-api-key", True),
        ("privateKey2", True),
        ("refreshToken", True),
        ("connect_args", True),
        ("passphrase", True),
        ("googleCredentials", True),
        ("accessKeyId", False),
        ("keyName", False),
        ("authenticationType", False),
        ("pass", False),
        ("", False),
    ],
)
def test_what_looks_like_a_secret(key: str, looks: bool) -> None:
    assert looks_secret(key) is looks


def places(value: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every value at every depth."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in inner:
        yield (*at, step)
        yield from places(item, (*at, step))


def with_unknown(value: Any, path: tuple[str | int, ...]) -> Any:
    if not path:
        return UNKNOWN
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = with_unknown(copy[path[0]], path[1:])
    return copy


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=str)
def test_an_unknown_value_is_refused_nowhere(example: Example) -> None:
    for path in places(example.config):
        config = with_unknown(example.config, path)
        assert (path, check(example.row.type, config, is_unknown=is_unknown)) == (path, [])


@pytest.mark.parametrize("integration", INTEGRATIONS, ids=lambda one: one.resource)
def test_all_unknown_is_fine(integration: IntegrationType) -> None:
    config = dict.fromkeys(("additional_config", *(f.name for f in integration.fields)), UNKNOWN)
    assert check(integration, config, is_unknown=is_unknown) == []


def test_what_hangs_on_an_unknown_value_is_not_judged() -> None:
    config = {**good("snowflake"), "private_key": {}, "connect_args": "x"}
    key = [
        p.path
        for p in check(
            BY_RESOURCE[SNOWFLAKE], {**config, "authentication_type": UNKNOWN}, is_unknown=is_unknown
        )
    ]
    assert key == [("private_key", "key_name"), ("private_key", "user_filename"), ("private_key", "content")]
    bootstrap = {**good("snowflake with client secret"), "auto_bootstrap": UNKNOWN}
    assert check(BY_RESOURCE[SNOWFLAKE], bootstrap, is_unknown=is_unknown) == []
    lineage = {**good("snowflake"), "lineage": {"enabled": True}, "audit": UNKNOWN}
    assert check(BY_RESOURCE[SNOWFLAKE], lineage, is_unknown=is_unknown) == []


@pytest.mark.parametrize(
    ("resource", "path", "safe"),
    [
        (SNOWFLAKE, ("host",), ("host",)),
        (SNOWFLAKE, ("password",), ()),
        (SNOWFLAKE, ("private_key",), ()),
        (SNOWFLAKE, ("private_key", "key_name"), ()),
        (SNOWFLAKE, ("oauth_client_config", "scope"), ()),
        (SNOWFLAKE, ("lineage", "lineage_config", "tag_filter"), ("lineage", "lineage_config", "tag_filter")),
        (SNOWFLAKE, ("user_role_pattern", "exclude", 2), ("user_role_pattern", "exclude", 2)),
        (SNOWFLAKE, ("additional_config",), ()),
        (SNOWFLAKE, ("timeouts", "create"), ("timeouts", "create")),
        (SNOWFLAKE, (), ()),
        (DATABRICKS, ("additional_workspace_connections", 0, "http_path"), ()),
        (DATABRICKS, ("proxy_options", "port"), ()),
        (DATABRICKS, ("audit", "enabled"), ("audit", "enabled")),
        (BIGQUERY, ("credential",), ()),
    ],
)
def test_a_path_stops_before_a_secret(
    resource: str, path: tuple[str | int, ...], safe: tuple[str | int, ...]
) -> None:
    assert safe_path(BY_RESOURCE[resource], path) == safe


def test_conditions_in_words() -> None:
    assert (
        describe(When({"a": ("x", "y"), "b.c": (False, None)}))
        == 'a is "x" or "y" and b.c is false or not set'
    )
    assert describe(When({}, strict=False)) == ""


@pytest.mark.parametrize("integration", INTEGRATIONS, ids=lambda one: one.resource)
def test_every_condition_names_an_answer_that_exists(integration: IntegrationType) -> None:
    top = {f.name: f for f in (*derived_fields(integration), *integration.fields)}
    parents = dict(integration.walk())
    for path, field in integration.walk():
        siblings = {f.name: f for f in parents[path[:-1]].fields} if path[:-1] else top
        conditions = [*field.required_when, *field.only_when, *(when for _, when in field.choice_when)]
        for name, values in (pair for when in conditions for pair in when.fields):
            answer = siblings.get(name) or top[name]
            allowed = answer.choices.values if answer.choices else (True, False)
            assert set(values) <= set(allowed), (path, name)
        for choice, _ in field.choice_when:
            assert field.choices is not None, path
            assert choice in field.choices.values, path
    for dotted, when, _ in integration.advice:
        for name in (dotted, *(name for name, _ in when.fields)):
            assert tuple(name.split(".")) in parents, name


def test_rules_that_no_type_has_yet_are_told_as_well() -> None:
    read, guessed = When({"mode": ("a", "b")}), When({"mode": ("a",)}, strict=False)
    integration = IntegrationType(
        "immuta_x_integration",
        "XIntegration",
        family="integrations",
        title="X",
        noun="integration",
        description="X.",
        documentation="https://docs.example/x",
        life="integrations",
        constants=(("type", "X"),),
        open_at="config",
        fields=(
            Field("auto_bootstrap", "autoBootstrap", BOOL, description="Who sets it up.", required=True),
            Field(
                "mode",
                "mode",
                STRING,
                description="Mode.",
                choices=Choices("a", "b", "c"),
                choice_when=(("a", When({"auto_bootstrap": (False,)}, strict=False)),),
            ),
            Field("both", "both", STRING, description="Both.", required_when=(guessed, read)),
            Field("only", "only", STRING, description="Only.", only_when=(When({"mode": ("c",)}),)),
            Field(
                "either", "either", STRING, description="Either.", only_when=(guessed, When({"only": ("x",)}))
            ),
            Field(
                "pin", "pin", STRING, description="Pin.", secret=True, pattern="[0-9]+", pattern_hint="digits"
            ),
            Field("least", "least", NUMBER, description="Least.", minimum=1),
            Field("most", "most", NUMBER, description="Most.", maximum=9, default="9."),
        ),
    )
    config = {
        "auto_bootstrap": True,
        "mode": "a",
        "only": "o",
        "pin": "hunter2",
        "least": 0.5,
        "most": 9.5,
    }
    assert check(integration, config) == [
        warning(
            "mode",
            'mode "a" probably does not go with auto_bootstrap',
            'mode is "a", while auto_bootstrap is true; Immuta is expected to take it only when auto_bootstrap is false. '
            "Change mode or auto_bootstrap.",
        ),
        missing("both", "X", "Both.", ' when mode is "a" or "b"'),
        error(
            "only",
            "only is not allowed here",
            'only is set, while mode is "a"; Immuta takes it only when mode is "c". Remove only, or change mode.',
        ),
        error("pin", "pin has the wrong form", "pin does not have it; it has to be digits. Change it."),
        error(
            "least",
            "least is out of range",
            "least is 0.5; it has to be a number of at least 1. Set it to such a number.",
        ),
        error(
            "most",
            "most is out of range",
            "most is 9.5; it has to be a number of at most 9. Set it to such a number, or remove it, which means: 9.",
        ),
    ]
    assert check(integration, {"auto_bootstrap": False, "mode": "b", "both": "x", "either": "e"}) == [
        warning(
            "either",
            "either is probably not used",
            'either is set, while mode is "b" and only is not set; Immuta is expected to use it only when mode is "a", or '
            'when only is "x". Remove either, or change mode and only.',
        )
    ]


def test_long_and_odd_values_are_shown_short_and_in_one_line() -> None:
    host = "https://a\n\x1b[31m" + "x" * 200
    problems = check(BY_RESOURCE[SNOWFLAKE], {**good("snowflake"), "host": host, "warehouse": 10**5000})
    shown = '"https://a\\u000a\\u001b[31m' + "x" * 62 + '..."'
    assert [p.detail for p in problems] == [
        f"host is {shown}; it is expected to be {BARE_HOST}. Change it, unless Immuta takes it as it is.",
        "warehouse is a number (too large to show); it has to be text. Set it to text. Its meaning: Default warehouse of "
        "the user that Immuta works as.",
    ]


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.just(UNKNOWN),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("integration", INTEGRATIONS, ids=lambda one: one.resource)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_values_are_judged_without_a_crash(integration: IntegrationType, data: st.DataObject) -> None:
    names = ["auto_bootstrap", "additional_config", *(f.name for f in integration.fields)]
    config = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(names, ANY)))
    problems = check(integration, config, is_unknown=is_unknown)
    assert all(isinstance(p, Problem) and p.summary and p.detail for p in problems)
    json.dumps([safe_path(integration, p.path) for p in problems])
