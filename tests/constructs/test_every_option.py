"""The example with every option: what it becomes, and that it leaves nothing out."""

from __future__ import annotations

import runpy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import immuta_constructs
import pytest
from immuta_constructs.cdk import LIBRARY, TerraformStack
from immuta_constructs.testing import synthesized
from immuta_provider.model.compiled.integrations import BY_RESOURCE, INTEGRATIONS

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "every_option" / "main.py"

CERTIFICATE = {
    "use_certificate": True,
    "client_id": "7b2a-example",
    "public_certificate_thumbprint": "ab12cd34",
    "oauth_private_key": {
        "key_name": "oauth client certificate",
        "user_filename": "client.pem",
        "content": "${var.databricks_certificate_key}",
    },
    "authority_url": "https://login.acme.example/oauth2/token",
    "resource": "https://databricks.acme.example",
}

PROVIDER = {
    "http_headers": {"X-Request-Source": "cdktf"},
    "request_timeout": 30,
    "max_retries": 2,
    "max_concurrency": 5,
    "fingerprint_key": "${var.fingerprint_key}",
    "teardown_credentials": {
        "azure_synapse": {
            "authentication_type": "userPassword",
            "username": "synadmin",
            "password": "${var.synapse_password}",
        },
        "redshift": {
            "authentication_type": "userPassword",
            "username": "awsuser",
            "password": "${var.redshift_password}",
        },
        "hosts": {
            "acme-keys.eu-central-1.snowflakecomputing.com": {
                "authentication_type": "keyPair",
                "username": "SETUP_ADMIN",
                "role": "ACCOUNTADMIN",
                "private_key": {
                    "key_name": "PRIV_KEY_FILE",
                    "user_filename": "immuta.p8",
                    "content": "${var.snowflake_private_key}",
                },
                "private_key_password": "${var.snowflake_private_key_password}",
            }
        },
    },
}

RESOURCES: dict[str, dict[str, dict[str, Any]]] = {
    "immuta_amazon_s3_integration": {
        "s3_auto": {
            "auto_bootstrap": False,
            "name": "lake-eu",
            "aws_account_id": "210987654321",
            "aws_region": "eu-central-1",
            "aws_location_role": "arn:aws:iam::210987654321:role/immuta-location",
            "aws_location_path": "s3://acme-lake/",
            "authentication_type": "auto",
            "aws_role_to_assume": "arn:aws:iam::210987654321:role/immuta-grants",
            "port": 443,
        },
        "s3_access_key": {
            "name": "lake-us",
            "aws_account_id": "210987654321",
            "aws_region": "us-east-1",
            "aws_location_role": "arn:aws:iam::210987654321:role/immuta-location",
            "aws_location_path": "s3://acme-us/",
            "authentication_type": "accessKey",
            "aws_access_key_id": "AKIAEXAMPLE0001",
            "aws_secret_access_key": "${var.s3_secret_access_key}",
        },
    },
    "immuta_azure_synapse_integration": {
        "synapse": {
            "auto_bootstrap": True,
            "host": "acme-pool.sql.azuresynapse.net",
            "port": 1433,
            "database": "warehouse",
            "schema": "immuta_views",
            "authentication_type": "userPassword",
            "username": "synadmin",
            "password": "${var.synapse_password}",
            "impersonation": {"enabled": True, "role": "IMMUTA_IMPERSONATION"},
            "metadata_delimiters": {"hash_delimiter": "|", "hash_key_delimiter": ":", "array_delimiter": ","},
        },
        "synapse_oauth": {
            "auto_bootstrap": False,
            "host": "acme-oauth.sql.azuresynapse.net",
            "database": "warehouse",
            "schema": "immuta_views",
            "authentication_type": "oAuthClientCredentials",
            "oauth_client_config": {
                "use_certificate": False,
                "client_id": "5d1e-example",
                "client_secret": "${var.synapse_client_secret}",
                "scope": "https://database.windows.net/.default",
                "authority_url": "https://login.microsoftonline.com/acme/oauth2/v2.0/token",
            },
        },
        "synapse_certificate": {
            "auto_bootstrap": False,
            "host": "acme-certificate.sql.azuresynapse.net",
            "database": "warehouse",
            "schema": "immuta_views",
            "authentication_type": "oAuthClientCredentials",
            "oauth_client_config": {
                "use_certificate": True,
                "client_id": "5d1e-example",
                "public_certificate_thumbprint": "ab12cd34",
                "oauth_private_key": {
                    "key_name": "oauth client certificate",
                    "user_filename": "client.pem",
                    "content": "${var.synapse_certificate_key}",
                },
                "authority_url": "https://login.microsoftonline.com/acme/oauth2/v2.0/token",
                "resource": "https://database.windows.net",
            },
        },
    },
    "immuta_databricks_integration": {
        "databricks_oauth": {
            "auto_bootstrap": False,
            "workspace_url": "dbc-acme.cloud.databricks.com",
            "http_path": "/sql/1.0/warehouses/0a1b2c3d",
            "port": 443,
            "authentication_type": "oAuthM2M",
            "oauth_client_config": {
                "use_certificate": False,
                "client_id": "3f6c-example",
                "client_secret": "${var.databricks_client_secret}",
                "scope": "all-apis",
                "authority_url": "https://dbc-acme.cloud.databricks.com/oidc/v1/token",
            },
            "catalog": "immuta_prod",
            "audit": {"enabled": True},
            "group_pattern": {"deny": "immuta_exempt"},
            "workspace_ids": ["1234567890123456"],
            "proxy_options": {
                "host": "proxy.acme.example",
                "port": 3128,
                "username": "immuta",
                "password": "${var.proxy_password}",
            },
            "additional_workspace_connections": [
                {
                    "workspace_url": "dbc-acme-2.cloud.databricks.com",
                    "http_path": "/sql/1.0/warehouses/4e5f6a7b",
                    "authentication_type": "token",
                    "token": "${var.databricks_token}",
                    "catalogs": ["sales"],
                },
                {
                    "workspace_url": "dbc-acme-3.cloud.databricks.com",
                    "http_path": "/sql/1.0/warehouses/8c9d0e1f",
                    "authentication_type": "oAuthM2M",
                    "oauth_client_config": CERTIFICATE,
                    "catalogs": ["hr", "finance"],
                },
            ],
        },
        "databricks": {
            "auto_bootstrap": True,
            "workspace_url": "dbc-acme-4.cloud.databricks.com",
            "http_path": "/sql/1.0/warehouses/2a3b4c5d",
            "authentication_type": "token",
            "token": "${var.databricks_token}",
        },
    },
    "immuta_bigquery_integration": {
        "bigquery": {
            "auto_bootstrap": False,
            "role": "immuta",
            "dataset_suffix": "_secure",
            "dataset": "immuta",
            "location": "europe-west3",
            "credential": "${var.bigquery_credential}",
            "port": 443,
        }
    },
    "immuta_redshift_integration": {
        "redshift": {
            "auto_bootstrap": True,
            "host": "acme.abc123.eu-west-1.redshift.amazonaws.com",
            "port": 5439,
            "database": "immuta",
            "initial_database": "dev",
            "authentication_type": "userPassword",
            "username": "awsuser",
            "password": "${var.redshift_password}",
            "impersonation": {"enabled": True, "role": "immuta_impersonation"},
            "connect_args": "${var.redshift_connect_args}",
        },
        "redshift_access_key": {
            "auto_bootstrap": False,
            "host": "acme-keys.abc123.eu-west-1.redshift.amazonaws.com",
            "database": "immuta",
            "initial_database": "dev",
            "authentication_type": "accessKey",
            "database_user": "immuta_system",
            "access_key_id": "AKIAEXAMPLE0002",
            "secret_key": "${var.redshift_secret_key}",
            "session_token": "${var.redshift_session_token}",
        },
        "redshift_okta": {
            "auto_bootstrap": False,
            "host": "acme-okta.abc123.eu-west-1.redshift.amazonaws.com",
            "database": "immuta",
            "initial_database": "dev",
            "authentication_type": "okta",
            "okta": {
                "username": "immuta@acme.example",
                "password": "${var.okta_password}",
                "app_id": "redshift",
                "idp_host": "acme.okta.example",
                "role": "immuta",
            },
        },
    },
    "immuta_snowflake_integration": {
        "snowflake": {
            "auto_bootstrap": False,
            "host": "acme.eu-central-1.snowflakecomputing.com",
            "port": 443,
            "warehouse": "IMMUTA_WH",
            "database": "IMMUTA",
            "authentication_type": "userPassword",
            "username": "IMMUTA_SYSTEM_ACCOUNT",
            "password": "${var.snowflake_password}",
            "connect_args": "${var.snowflake_connect_args}",
            "audit": {"enabled": True},
            "workspaces": {"enabled": True, "warehouses": ["WS_WH"]},
            "impersonation": {"enabled": True, "role": "IMMUTA_IMPERSONATION"},
            "lineage": {
                "enabled": True,
                "lineage_config": {"table_filter": "SALES\\..*", "tag_filter": ".*"},
                "ingest_batch_size": 1000,
            },
            "user_role_pattern": {"exclude": ["SYSADMIN"]},
            "additional_config": '{"aKeyOfANewerImmuta":{"enabled":true}}',
            "timeouts": {"create": "20m", "update": "15m", "delete": "10m"},
        },
        "snowflake_key_pair": {
            "auto_bootstrap": True,
            "host": "acme-keys.eu-central-1.snowflakecomputing.com",
            "warehouse": "IMMUTA_WH",
            "database": "IMMUTA",
            "authentication_type": "keyPair",
            "username": "SETUP_ADMIN",
            "role": "ACCOUNTADMIN",
            "private_key": {
                "key_name": "PRIV_KEY_FILE",
                "user_filename": "immuta.p8",
                "content": "${var.snowflake_private_key}",
            },
            "private_key_password": "${var.snowflake_private_key_password}",
        },
        "snowflake_oauth": {
            "auto_bootstrap": False,
            "host": "acme-oauth.eu-central-1.snowflakecomputing.com",
            "warehouse": "IMMUTA_WH",
            "database": "IMMUTA",
            "authentication_type": "oAuthClientCredentials",
            "oauth_client_config": {
                "use_certificate": False,
                "client_id": "9d4e-example",
                "client_secret": "${var.snowflake_client_secret}",
                "authority_url": "https://login.acme.example/oauth2/token",
                "scope": "session:role:IMMUTA",
                "resource": "https://snowflake.acme.example",
            },
        },
        "snowflake_oauth_certificate": {
            "auto_bootstrap": False,
            "host": "acme-certificate.eu-central-1.snowflakecomputing.com",
            "warehouse": "IMMUTA_WH",
            "database": "IMMUTA",
            "authentication_type": "oAuthClientCredentials",
            "oauth_client_config": {
                "use_certificate": True,
                "client_id": "1c8f-example",
                "public_certificate_thumbprint": "cd34ef56",
                "oauth_private_key": {
                    "key_name": "oauth client certificate",
                    "user_filename": "client.pem",
                    "content": "${var.snowflake_certificate_key}",
                },
                "authority_url": "https://login.acme.example/oauth2/token",
            },
        },
    },
    "immuta_trino_integration": {"trino": {"rotation_trigger": "2026-08"}},
}


def test_the_example_is_synthesized_exactly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDKTF_OUTDIR", str(tmp_path))
    program = tmp_path / "main.py"
    program.write_text(EXAMPLE.read_text().replace("from cdktf import", f"from {LIBRARY} import"))
    app = runpy.run_path(str(program))["app"]
    document = synthesized(app.node.find_child("every-option"))
    assert document["resource"] == RESOURCES
    assert document["provider"] == {"immuta": [PROVIDER]}
    assert all(
        v == {"type": "string", "sensitive": True, "ephemeral": True} for v in document["variable"].values()
    )


def test_mappings_are_synthesized_exactly(stack: TerraformStack) -> None:
    for resource, named in RESOURCES.items():
        construct = getattr(immuta_constructs, BY_RESOURCE[resource].class_name)
        for name, arguments in named.items():
            construct(stack, name, **arguments)
    assert synthesized(stack)["resource"] == RESOURCES


def test_every_argument_of_the_model_is_used() -> None:
    """An object that may stand in two places is used once at least."""
    known = {
        (integration.resource, *path[-2:])
        for integration in INTEGRATIONS
        for path in (path for path, _ in integration.walk())
    }
    used = {
        (resource, *path[-2:])
        for resource, named in RESOURCES.items()
        for arguments in named.values()
        for path in paths(arguments)
    }
    assert known - used == set()


def paths(value: object, *at: str) -> Iterator[tuple[str, ...]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield (*at, key)
            yield from paths(item, *at, key)
    elif isinstance(value, list):
        for item in value:
            yield from paths(item, *at)
