"""Configurations that break no rule and draw no warning, beside the request that each of them makes.

`GOOD` has at least one for every way of signing in, and every field of every type is set in one of them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

PEM = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
ARN = "arn:aws:iam::210987654321:role/"


class Good(NamedTuple):
    label: str
    resource: str
    config: dict[str, Any]
    request: dict[str, Any]


S3_BASE = {
    "name": "lake",
    "aws_account_id": "210987654321",
    "aws_region": "eu-central-1",
    "aws_location_role": ARN + "location",
    "aws_location_path": "s3://acme-lake/",
}
S3_BASE_JSON = {
    "name": "lake",
    "awsAccountId": "210987654321",
    "awsRegion": "eu-central-1",
    "awsLocationRole": ARN + "location",
    "awsLocationPath": "s3://acme-lake/",
}
SYNAPSE = {
    "auto_bootstrap": True,
    "host": "acme.sql.azuresynapse.net",
    "database": "warehouse",
    "schema": "immuta_views",
    "authentication_type": "userPassword",
    "username": "synadmin",
    "password": "hunter2-synapse",
}
SYNAPSE_JSON = {
    "host": "acme.sql.azuresynapse.net",
    "database": "warehouse",
    "schema": "immuta_views",
    "authenticationType": "userPassword",
    "username": "synadmin",
    "password": "hunter2-synapse",
}
DATABRICKS = {
    "auto_bootstrap": True,
    "workspace_url": "dbc-acme.cloud.databricks.com",
    "http_path": "/sql/1.0/warehouses/0a1b2c3d",
    "authentication_type": "token",
    "token": "hunter2-token",
}
DATABRICKS_JSON = {
    "workspaceUrl": "dbc-acme.cloud.databricks.com",
    "httpPath": "/sql/1.0/warehouses/0a1b2c3d",
    "authenticationType": "token",
    "token": "hunter2-token",
}
OAUTH = {
    "use_certificate": False,
    "client_id": "3f6c",
    "client_secret": "hunter2-client",
    "authority_url": "https://idp.acme.example/token",
    "scope": "all-apis",
    "resource": "https://api.acme.example",
}
OAUTH_JSON = {
    "useCertificate": False,
    "clientId": "3f6c",
    "clientSecret": "hunter2-client",
    "authorityUrl": "https://idp.acme.example/token",
    "scope": "all-apis",
    "resource": "https://api.acme.example",
}
CERTIFICATE = {
    "use_certificate": True,
    "client_id": "3f6c",
    "authority_url": "https://idp.acme.example/token",
    "public_certificate_thumbprint": "ab12",
    "oauth_private_key": {
        "key_name": "oauth client certificate",
        "user_filename": "client.pem",
        "content": PEM,
    },
}
CERTIFICATE_JSON = {
    "useCertificate": True,
    "clientId": "3f6c",
    "authorityUrl": "https://idp.acme.example/token",
    "publicCertificateThumbprint": "ab12",
    "oauthPrivateKey": {
        "keyName": "oauth client certificate",
        "userFilename": "client.pem",
        "content": PEM,
    },
}
REDSHIFT = {
    "auto_bootstrap": False,
    "host": "acme.abc123.eu-west-1.redshift.amazonaws.com",
    "database": "immuta",
    "initial_database": "dev",
}
REDSHIFT_JSON = {
    "host": "acme.abc123.eu-west-1.redshift.amazonaws.com",
    "database": "immuta",
    "initialDatabase": "dev",
}
SNOWFLAKE = {
    "auto_bootstrap": False,
    "host": "acme.eu-central-1.snowflakecomputing.com",
    "warehouse": "IMMUTA_WH",
    "database": "IMMUTA",
}
SNOWFLAKE_JSON = {
    "host": "acme.eu-central-1.snowflakecomputing.com",
    "warehouse": "IMMUTA_WH",
    "database": "IMMUTA",
}

GOOD = (
    Good(
        "s3 by role",
        "immuta_amazon_s3_integration",
        {**S3_BASE, "authentication_type": "auto", "aws_role_to_assume": ARN + "grants"},
        {
            "type": "Native S3",
            "autoBootstrap": False,
            "config": {**S3_BASE_JSON, "authenticationType": "auto", "awsRoleToAssume": ARN + "grants"},
        },
    ),
    Good(
        "s3 by access key",
        "immuta_amazon_s3_integration",
        {
            **S3_BASE,
            "auto_bootstrap": False,
            "authentication_type": "accessKey",
            "aws_access_key_id": "AKIAEXAMPLE0001",
            "aws_secret_access_key": "hunter2-s3",
            "port": 443,
        },
        {
            "type": "Native S3",
            "autoBootstrap": False,
            "config": {
                **S3_BASE_JSON,
                "authenticationType": "accessKey",
                "awsAccessKeyId": "AKIAEXAMPLE0001",
                "awsSecretAccessKey": "hunter2-s3",
                "port": 443,
            },
        },
    ),
    Good(
        "synapse",
        "immuta_azure_synapse_integration",
        SYNAPSE,
        {"type": "Azure Synapse Analytics", "autoBootstrap": True, "config": SYNAPSE_JSON},
    ),
    Good(
        "synapse by OAuth",
        "immuta_azure_synapse_integration",
        {
            "auto_bootstrap": False,
            "host": "acme.sql.azuresynapse.net",
            "database": "warehouse",
            "schema": "immuta_views",
            "authentication_type": "oAuthClientCredentials",
            "oauth_client_config": OAUTH,
        },
        {
            "type": "Azure Synapse Analytics",
            "autoBootstrap": False,
            "config": {
                "host": "acme.sql.azuresynapse.net",
                "database": "warehouse",
                "schema": "immuta_views",
                "authenticationType": "oAuthClientCredentials",
                "oAuthClientConfig": OAUTH_JSON,
            },
        },
    ),
    Good(
        "synapse in full",
        "immuta_azure_synapse_integration",
        {
            **SYNAPSE,
            "port": 1433,
            "impersonation": {"enabled": True, "role": "IMMUTA_IMPERSONATION"},
            "metadata_delimiters": {
                "hash_delimiter": "|",
                "hash_key_delimiter": ":",
                "array_delimiter": ",",
            },
        },
        {
            "type": "Azure Synapse Analytics",
            "autoBootstrap": True,
            "config": {
                **SYNAPSE_JSON,
                "port": 1433,
                "impersonation": {"enabled": True, "role": "IMMUTA_IMPERSONATION"},
                "metadataDelimiters": {
                    "hashDelimiter": "|",
                    "hashKeyDelimiter": ":",
                    "arrayDelimiter": ",",
                },
            },
        },
    ),
    Good(
        "databricks by token",
        "immuta_databricks_integration",
        DATABRICKS,
        {"type": "Databricks", "autoBootstrap": True, "config": DATABRICKS_JSON},
    ),
    Good(
        "databricks in full",
        "immuta_databricks_integration",
        {
            "auto_bootstrap": False,
            "workspace_url": "dbc-acme.cloud.databricks.com",
            "http_path": "/sql/1.0/warehouses/0a1b2c3d",
            "port": 443,
            "authentication_type": "oAuthM2M",
            "oauth_client_config": OAUTH,
            "catalog": "immuta_prod",
            "audit": {"enabled": True},
            "group_pattern": {"deny": "immuta_exempt"},
            "workspace_ids": ["1234567890123456"],
            "proxy_options": {
                "host": "proxy.acme.example",
                "port": 3128,
                "username": "p",
                "password": "hunter2-proxy",
            },
            "additional_workspace_connections": [
                {
                    "workspace_url": "dbc-two.cloud.databricks.com",
                    "http_path": "/sql/1.0/warehouses/2",
                    "authentication_type": "token",
                    "token": "hunter2-two",
                    "catalogs": ["bound"],
                },
                {
                    "workspace_url": "dbc-three.cloud.databricks.com",
                    "http_path": "/sql/1.0/warehouses/3",
                    "authentication_type": "oAuthM2M",
                    "oauth_client_config": CERTIFICATE,
                    "catalogs": [],
                },
            ],
        },
        {
            "type": "Databricks",
            "autoBootstrap": False,
            "config": {
                "workspaceUrl": "dbc-acme.cloud.databricks.com",
                "httpPath": "/sql/1.0/warehouses/0a1b2c3d",
                "port": 443,
                "authenticationType": "oAuthM2M",
                "oAuthClientConfig": OAUTH_JSON,
                "catalog": "immuta_prod",
                "audit": {"enabled": True},
                "groupPattern": {"deny": "immuta_exempt"},
                "workspaceIds": ["1234567890123456"],
                "proxyOptions": {
                    "host": "proxy.acme.example",
                    "port": 3128,
                    "username": "p",
                    "password": "hunter2-proxy",
                },
                "additionalWorkspaceConnections": [
                    {
                        "workspaceUrl": "dbc-two.cloud.databricks.com",
                        "httpPath": "/sql/1.0/warehouses/2",
                        "authenticationType": "token",
                        "token": "hunter2-two",
                        "catalogs": ["bound"],
                    },
                    {
                        "workspaceUrl": "dbc-three.cloud.databricks.com",
                        "httpPath": "/sql/1.0/warehouses/3",
                        "authenticationType": "oAuthM2M",
                        "oAuthClientConfig": CERTIFICATE_JSON,
                        "catalogs": [],
                    },
                ],
            },
        },
    ),
    Good(
        "bigquery in full",
        "immuta_bigquery_integration",
        {
            "role": "immuta",
            "dataset_suffix": "_secure",
            "dataset": "immuta",
            "location": "europe-west3",
            "credential": '{"type":"service_account","private_key":"line one\nline two"}',
            "port": 443,
        },
        {
            "type": "Google BigQuery",
            "autoBootstrap": False,
            "config": {
                "role": "immuta",
                "datasetSuffix": "_secure",
                "dataset": "immuta",
                "location": "europe-west3",
                "credential": '{"type":"service_account","private_key":"line one\nline two"}',
                "port": 443,
            },
        },
    ),
    Good(
        "redshift by password",
        "immuta_redshift_integration",
        {
            **REDSHIFT,
            "auto_bootstrap": True,
            "port": 5439,
            "authentication_type": "userPassword",
            "username": "awsuser",
            "password": "hunter2-redshift",
            "connect_args": "sslmode=verify-full",
        },
        {
            "type": "Redshift",
            "autoBootstrap": True,
            "config": {
                **REDSHIFT_JSON,
                "port": 5439,
                "authenticationType": "userPassword",
                "username": "awsuser",
                "password": "hunter2-redshift",
                "connectArgs": "sslmode=verify-full",
            },
        },
    ),
    Good(
        "redshift by access key",
        "immuta_redshift_integration",
        {
            **REDSHIFT,
            "authentication_type": "accessKey",
            "database_user": "immuta_system",
            "access_key_id": "AKIAEXAMPLE0002",
            "secret_key": "hunter2-secret",
            "session_token": "hunter2-session",
            "impersonation": {"enabled": True, "role": "immuta_impersonation"},
        },
        {
            "type": "Redshift",
            "autoBootstrap": False,
            "config": {
                **REDSHIFT_JSON,
                "authenticationType": "accessKey",
                "databaseUser": "immuta_system",
                "accessKeyId": "AKIAEXAMPLE0002",
                "secretKey": "hunter2-secret",
                "sessionToken": "hunter2-session",
                "impersonation": {"enabled": True, "role": "immuta_impersonation"},
            },
        },
    ),
    Good(
        "redshift by okta",
        "immuta_redshift_integration",
        {
            **REDSHIFT,
            "authentication_type": "okta",
            "okta": {
                "username": "o",
                "password": "hunter2-okta",
                "app_id": "app1",
                "idp_host": "acme.okta.com",
                "role": ARN + "okta",
            },
        },
        {
            "type": "Redshift",
            "autoBootstrap": False,
            "config": {
                **REDSHIFT_JSON,
                "authenticationType": "okta",
                "okta": {
                    "username": "o",
                    "password": "hunter2-okta",
                    "appId": "app1",
                    "idpHost": "acme.okta.com",
                    "role": ARN + "okta",
                },
            },
        },
    ),
    Good(
        "snowflake by password",
        "immuta_snowflake_integration",
        {
            **SNOWFLAKE,
            "auto_bootstrap": True,
            "port": 443,
            "authentication_type": "userPassword",
            "username": "SETUP_ADMIN",
            "password": "hunter2-snowflake",
            "role": "ACCOUNTADMIN",
        },
        {
            "type": "Snowflake",
            "autoBootstrap": True,
            "config": {
                **SNOWFLAKE_JSON,
                "port": 443,
                "authenticationType": "userPassword",
                "username": "SETUP_ADMIN",
                "password": "hunter2-snowflake",
                "role": "ACCOUNTADMIN",
            },
        },
    ),
    Good(
        "snowflake by key pair",
        "immuta_snowflake_integration",
        {
            **SNOWFLAKE,
            "authentication_type": "keyPair",
            "username": "IMMUTA_SYSTEM_ACCOUNT",
            "private_key": {"key_name": "PRIV_KEY_FILE", "user_filename": "immuta.p8", "content": PEM},
            "private_key_password": "hunter2-phrase",
            "connect_args": "PRIV_KEY_FILE_PWD=hunter2-args",
            "audit": {"enabled": True},
            "workspaces": {"enabled": True, "warehouses": ["WS_WH"]},
            "impersonation": {"enabled": False, "role": "IMMUTA_IMPERSONATION"},
            "lineage": {
                "enabled": True,
                "lineage_config": {"table_filter": "SALES\\..*", "tag_filter": ".*"},
                "ingest_batch_size": 1000,
            },
            "user_role_pattern": {"exclude": ["SYSADMIN"]},
        },
        {
            "type": "Snowflake",
            "autoBootstrap": False,
            "config": {
                **SNOWFLAKE_JSON,
                "authenticationType": "keyPair",
                "username": "IMMUTA_SYSTEM_ACCOUNT",
                "privateKey": {"keyName": "PRIV_KEY_FILE", "userFilename": "immuta.p8", "content": PEM},
                "privateKeyPassword": "hunter2-phrase",
                "connectArgs": "PRIV_KEY_FILE_PWD=hunter2-args",
                "audit": {"enabled": True},
                "workspaces": {"enabled": True, "warehouses": ["WS_WH"]},
                "impersonation": {"enabled": False, "role": "IMMUTA_IMPERSONATION"},
                "lineage": {
                    "enabled": True,
                    "lineageConfig": {"tableFilter": "SALES\\..*", "tagFilter": ".*"},
                    "ingestBatchSize": 1000,
                },
                "userRolePattern": {"exclude": ["SYSADMIN"]},
            },
        },
    ),
    Good(
        "snowflake by client secret",
        "immuta_snowflake_integration",
        {**SNOWFLAKE, "authentication_type": "oAuthClientCredentials", "oauth_client_config": OAUTH},
        {
            "type": "Snowflake",
            "autoBootstrap": False,
            "config": {
                **SNOWFLAKE_JSON,
                "authenticationType": "oAuthClientCredentials",
                "oAuthClientConfig": OAUTH_JSON,
            },
        },
    ),
    Good(
        "snowflake by certificate",
        "immuta_snowflake_integration",
        {**SNOWFLAKE, "authentication_type": "oAuthClientCredentials", "oauth_client_config": CERTIFICATE},
        {
            "type": "Snowflake",
            "autoBootstrap": False,
            "config": {
                **SNOWFLAKE_JSON,
                "authenticationType": "oAuthClientCredentials",
                "oAuthClientConfig": CERTIFICATE_JSON,
            },
        },
    ),
    Good("trino", "immuta_trino_integration", {}, {"type": "Trino"}),
)
