"""The seven types of integrations, as requests that Immuta is sent."""

from __future__ import annotations

from typing import Any

from immuta_provider.model.compiled.integrations import BY_RESOURCE
from immuta_provider.model.fields import ResourceType

from table import bad_integrations
from table.row import Case, Change, Request, Row, numbered

PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvQ{n}example\n-----END PRIVATE KEY-----\n"
OTHER_PEM = PEM.replace("example", "other")
KEY_FILE = '{"type":"service_account","project_id":"acme-{n}","private_key":"line one\\nline two"}'

ANOTHER_SIGN_IN = "the credentials of another way of signing in come with it"
ONE_NAME = "Immuta knows one name only"

TEARDOWN_CREDENTIALS = {
    "authentication_type": "userPassword",
    "username": "admin",
    "password": "teardown-password",
}
TEARDOWN = {
    f"IMMUTA_TEARDOWN_{platform}_{attribute.upper()}": value
    for platform in ("SNOWFLAKE", "REDSHIFT", "AZURE_SYNAPSE")
    for attribute, value in TEARDOWN_CREDENTIALS.items()
}
"""Immuta wants credentials for the removal of what it has set up itself."""

OAUTH_SECRET = {
    "useCertificate": False,
    "clientId": "client-{n}",
    "clientSecret": "client-secret-{n}",
    "authorityUrl": "https://idp.example/token",
}
OAUTH_CERTIFICATE = {
    "useCertificate": True,
    "clientId": "client-{n}",
    "authorityUrl": "https://idp.example/token",
    "publicCertificateThumbprint": "ab12cd34",
    "oauthPrivateKey": {"keyName": "oauth client certificate", "userFilename": "client.pem", "content": PEM},
}

OAUTH_OPTIONS = {"scope": "some-apis", "resource": "https://resource.example"}

S3_AUTO = {
    "name": "lake-{n}",
    "awsAccountId": "210987654321",
    "awsRegion": "eu-central-1",
    "awsLocationRole": "arn:aws:iam::210987654321:role/immuta-location",
    "awsLocationPath": "s3://lake-{n}/",
    "authenticationType": "auto",
    "awsRoleToAssume": "arn:aws:iam::210987654321:role/immuta-grants",
}
S3_KEYS = {
    **{k: v for k, v in S3_AUTO.items() if k != "awsRoleToAssume"},
    "authenticationType": "accessKey",
    "awsAccessKeyId": "AKIAEXAMPLE{n}",
    "awsSecretAccessKey": "s3-secret-{n}",
}
SYNAPSE = {
    "host": "pool-{n}.sql.azuresynapse.net",
    "database": "warehouse",
    "schema": "immuta_views",
    "authenticationType": "userPassword",
    "username": "synadmin",
    "password": "synapse-password-{n}",
}
SYNAPSE_OAUTH = {
    **{k: v for k, v in SYNAPSE.items() if k not in ("username", "password")},
    "authenticationType": "oAuthClientCredentials",
}
DATABRICKS = {
    "workspaceUrl": "dbc-{n}.cloud.databricks.com",
    "httpPath": "/sql/1.0/warehouses/0a1b2c3d",
    "authenticationType": "token",
    "token": "databricks-token-{n}",
}
DATABRICKS_OAUTH = {
    **{k: v for k, v in DATABRICKS.items() if k != "token"},
    "authenticationType": "oAuthM2M",
    "oAuthClientConfig": OAUTH_SECRET,
}
BIGQUERY = {"role": "immuta", "datasetSuffix": "_secure", "credential": KEY_FILE}
REDSHIFT = {
    "host": "acme-{n}.eu-west-1.redshift.amazonaws.com",
    "database": "immuta",
    "initialDatabase": "dev",
    "authenticationType": "userPassword",
    "username": "awsuser",
    "password": "redshift-password-{n}",
}
REDSHIFT_KEYS = {
    **{k: v for k, v in REDSHIFT.items() if k not in ("username", "password")},
    "authenticationType": "accessKey",
    "databaseUser": "immuta_system",
    "accessKeyId": "AKIAEXAMPLE{n}",
    "secretKey": "redshift-secret-{n}",
}
REDSHIFT_OKTA = {
    **{k: v for k, v in REDSHIFT.items() if k not in ("username", "password")},
    "authenticationType": "okta",
    "okta": {
        "username": "okta-user",
        "password": "okta-password-{n}",
        "appId": "app",
        "idpHost": "acme.okta.example",
        "role": "immuta",
    },
}
SNOWFLAKE = {
    "host": "acme-{n}.eu-central-1.snowflakecomputing.com",
    "warehouse": "IMMUTA_WH",
    "database": "IMMUTA",
    "authenticationType": "userPassword",
    "username": "SETUP_ADMIN",
    "password": "snowflake-password-{n}",
    "role": "ACCOUNTADMIN",
}
SNOWFLAKE_KEY_PAIR = {
    **{k: v for k, v in SNOWFLAKE.items() if k != "password"},
    "authenticationType": "keyPair",
    "privateKey": {"keyName": "PRIV_KEY_FILE", "userFilename": "immuta.p8", "content": PEM},
}
SNOWFLAKE_OAUTH = {
    **{k: v for k, v in SNOWFLAKE.items() if k not in ("username", "password", "role")},
    "authenticationType": "oAuthClientCredentials",
    "oAuthClientConfig": OAUTH_CERTIFICATE,
}

NEW_KEY = {"deep": [1, "two", None]}
ADDITIONAL = {"config.newKey": NEW_KEY}
WITHOUT_ADDITIONAL = {"config.newKey": None}

SECRET_ALONE: tuple[Change, ...] = (
    {"config.oAuthClientConfig.clientId": "other-client"},
    {"config.oAuthClientConfig.clientSecret": "another-client-secret-{n}"},
    {"config.oAuthClientConfig.authorityUrl": "https://idp.example/other"},
    {"config.oAuthClientConfig.scope": "other-apis"},
    {"config.oAuthClientConfig.resource": "https://other.example"},
)
CERTIFICATE_ALONE: tuple[Change, ...] = (
    {"config.oAuthClientConfig.publicCertificateThumbprint": "ffff0000"},
    {"config.oAuthClientConfig.oauthPrivateKey.userFilename": "other.pem"},
    {"config.oAuthClientConfig.oauthPrivateKey.content": OTHER_PEM},
)


def sent(type: ResourceType, simulator: Any) -> dict[str, Request]:
    """The last request for each integration of a type, by its id. Those that were planted for other types lack the settings that
    the type requires."""
    whole = any(field.required for field in type.fields)
    sent = {str(each["id"]): each["sent"] for each in simulator.held("integrations")}
    return {
        id: request
        for id, request in sent.items()
        if request["type"] == type.type and ("config" in request or not whole)
    }


def alter(control: Any, id: str, request: Request) -> None:
    outside = {k: request[k] for k in ("autoBootstrap",) if k in request}
    control.alter(
        "integrations",
        id,
        {**outside, "config": control.held_one("integrations", id)["config"] | request.get("config", {})},
    )


ROWS = (
    Row(
        BY_RESOURCE["immuta_amazon_s3_integration"],
        base={
            "s3": Case(
                {"type": "Native S3", "autoBootstrap": False, "config": S3_AUTO},
                updates=[
                    {"config.name": "renamed-{n}"},
                    {"config.awsRoleToAssume": "arn:aws:iam::210987654321:role/other"},
                    {"config.port": 8443},
                    {
                        "config.authenticationType": "accessKey",
                        "config.awsRoleToAssume": None,
                        "config.awsAccessKeyId": "AKIAEXAMPLE{n}",
                        "config.awsSecretAccessKey": "s3-secret-{n}",
                    },
                    ADDITIONAL,
                ],
                replaces=[
                    {"config.awsAccountId": "111111111111"},
                    {"config.awsRegion": "us-east-1"},
                    {"config.awsLocationRole": "arn:aws:iam::210987654321:role/other"},
                    {"config.awsLocationPath": "s3://other-{n}/"},
                ],
                unchanged=[{"config.port": 443}],
                after_import="none",
            ),
            "s3 with keys": Case(
                {"type": "Native S3", "autoBootstrap": False, "config": S3_KEYS},
                updates=[
                    {"config.awsAccessKeyId": "AKIAOTHER{n}"},
                    {"config.awsSecretAccessKey": "another-secret-{n}"},
                ],
            ),
        },
        full={
            "s3 in full": Case(
                {
                    "type": "Native S3",
                    "autoBootstrap": False,
                    "config": {
                        **S3_KEYS,
                        "awsRoleToAssume": S3_AUTO["awsRoleToAssume"],
                        "port": 8443,
                        "newKey": NEW_KEY,
                    },
                },
                updates=[{"config.awsRoleToAssume": None, "config.port": None, **WITHOUT_ADDITIONAL}],
            ),
        },
        filled={"port": 443},
        unconfigured=frozenset({"autoBootstrap"}),
        only_one_value=("auto_bootstrap",),
        not_alone={"authentication_type": ANOTHER_SIGN_IN},
        bad=bad_integrations.S3,
        sent=sent,
        alter=alter,
        environment=TEARDOWN,
        refused_by_validation=True,
        statuses="integrations",
    ),
    Row(
        BY_RESOURCE["immuta_azure_synapse_integration"],
        base={
            "synapse": Case(
                {"type": "Azure Synapse Analytics", "autoBootstrap": True, "config": SYNAPSE},
                updates=[
                    {"config.username": "other"},
                    {"config.password": "another-password-{n}"},
                    {"config.impersonation": {"enabled": True}},
                    {"config.impersonation": {"enabled": True, "role": "OTHER"}},
                    ADDITIONAL,
                ],
                replaces=[
                    {"config.host": "other-{n}.sql.azuresynapse.net"},
                    {"config.database": "other"},
                    {"config.schema": "other"},
                    {"config.port": 1444},
                    {"config.metadataDelimiters": {"hashDelimiter": ";"}},
                    {"config.metadataDelimiters": {"hashKeyDelimiter": "="}},
                    {"config.metadataDelimiters": {"arrayDelimiter": "/"}},
                    {"autoBootstrap": False},
                ],
                unchanged=[
                    {"config.port": 1433},
                    {"config.impersonation": {"enabled": False}},
                    {"config.metadataDelimiters": {"hashDelimiter": "|", "arrayDelimiter": ","}},
                ],
            ),
        },
        full={
            "synapse in full": Case(
                {
                    "type": "Azure Synapse Analytics",
                    "autoBootstrap": True,
                    "config": {
                        **SYNAPSE,
                        "port": 1444,
                        "impersonation": {"enabled": True, "role": "IMPERSONATORS"},
                        "metadataDelimiters": {
                            "hashDelimiter": ";",
                            "hashKeyDelimiter": "=",
                            "arrayDelimiter": "/",
                        },
                        "newKey": NEW_KEY,
                    },
                },
                updates=[{"config.impersonation": None, **WITHOUT_ADDITIONAL}],
                alone=[{"config.impersonation.role": "OTHERS"}],
            ),
            "synapse with client secret": Case(
                {
                    "type": "Azure Synapse Analytics",
                    "autoBootstrap": False,
                    "config": {**SYNAPSE_OAUTH, "oAuthClientConfig": {**OAUTH_SECRET, **OAUTH_OPTIONS}},
                },
                updates=[{"config.oAuthClientConfig.scope": None, "config.oAuthClientConfig.resource": None}],
                alone=SECRET_ALONE,
            ),
            "synapse with certificate": Case(
                {
                    "type": "Azure Synapse Analytics",
                    "autoBootstrap": False,
                    "config": {**SYNAPSE_OAUTH, "oAuthClientConfig": {**OAUTH_CERTIFICATE, **OAUTH_OPTIONS}},
                },
                updates=[{"config.oAuthClientConfig": OAUTH_SECRET}],
                alone=CERTIFICATE_ALONE,
            ),
        },
        filled={
            "port": 1433,
            "impersonation": {"enabled": False},
            "metadataDelimiters": {"hashDelimiter": "|", "hashKeyDelimiter": ":", "arrayDelimiter": ","},
        },
        not_alone={
            "authentication_type": ANOTHER_SIGN_IN,
            "oauth_client_config.use_certificate": ANOTHER_SIGN_IN,
            "oauth_client_config.oauth_private_key.key_name": ONE_NAME,
        },
        bad=bad_integrations.SYNAPSE,
        sent=sent,
        alter=alter,
        environment=TEARDOWN,
        statuses="integrations",
    ),
    Row(
        BY_RESOURCE["immuta_databricks_integration"],
        base={
            "databricks": Case(
                {"type": "Databricks", "autoBootstrap": True, "config": DATABRICKS},
                updates=[
                    {"config.httpPath": "/sql/1.0/warehouses/other"},
                    {"config.token": "another-token-{n}"},
                    {
                        "config.authenticationType": "oAuthM2M",
                        "config.token": None,
                        "config.oAuthClientConfig": OAUTH_SECRET,
                    },
                    {"config.port": 8443},
                    {"config.audit": {"enabled": True}},
                    {"config.groupPattern": {"deny": "immuta_exempt"}},
                    {"config.workspaceIds": ["1", "2"]},
                    {"config.workspaceIds": []},
                    {"config.proxyOptions": {"host": "proxy.example"}},
                    {
                        "config.proxyOptions": {
                            "host": "proxy.example",
                            "port": 3128,
                            "username": "p",
                            "password": "proxy-password-{n}",
                        }
                    },
                    {
                        "config.additionalWorkspaceConnections": [
                            {
                                "workspaceUrl": "dbc-{n}-a.cloud.databricks.com",
                                "httpPath": "/sql/1.0/warehouses/a",
                                "authenticationType": "token",
                                "token": "workspace-token-{n}",
                                "catalogs": ["one", "two"],
                            },
                            {
                                "workspaceUrl": "dbc-{n}-b.cloud.databricks.com",
                                "httpPath": "/sql/1.0/warehouses/b",
                                "authenticationType": "oAuthM2M",
                                "oAuthClientConfig": {**OAUTH_CERTIFICATE, **OAUTH_OPTIONS},
                                "catalogs": [],
                            },
                        ]
                    },
                    ADDITIONAL,
                ],
                replaces=[
                    {"config.workspaceUrl": "other-{n}.cloud.databricks.com"},
                    {"config.catalog": "immuta_prod"},
                    {"autoBootstrap": False},
                ],
            ),
            "databricks with oauth": Case(
                {"type": "Databricks", "autoBootstrap": False, "config": DATABRICKS_OAUTH},
                updates=[
                    {"config.oAuthClientConfig.clientId": "other-client"},
                    {"config.oAuthClientConfig.clientSecret": "another-client-secret-{n}"},
                    {"config.oAuthClientConfig.authorityUrl": "https://idp.example/other"},
                    {"config.oAuthClientConfig.scope": "all-apis"},
                    {"config.oAuthClientConfig.resource": "https://resource.example"},
                    {"config.oAuthClientConfig": OAUTH_CERTIFICATE},
                ],
            ),
        },
        full={
            "databricks in full": Case(
                {
                    "type": "Databricks",
                    "autoBootstrap": False,
                    "config": {
                        **DATABRICKS_OAUTH,
                        "port": 8443,
                        "oAuthClientConfig": {**OAUTH_CERTIFICATE, **OAUTH_OPTIONS},
                        "catalog": "immuta_prod",
                        "audit": {"enabled": True},
                        "groupPattern": {"deny": "immuta_exempt"},
                        "workspaceIds": ["2", "1"],
                        "proxyOptions": {
                            "host": "proxy.example",
                            "port": 3128,
                            "username": "proxy-user",
                            "password": "proxy-password-{n}",
                        },
                        "additionalWorkspaceConnections": [
                            {
                                "workspaceUrl": "dbc-{n}-token.cloud.databricks.com",
                                "httpPath": "/sql/1.0/warehouses/token",
                                "authenticationType": "token",
                                "token": "workspace-token-{n}",
                                "catalogs": ["two", "one"],
                            },
                            {
                                "workspaceUrl": "dbc-{n}-certificate.cloud.databricks.com",
                                "httpPath": "/sql/1.0/warehouses/certificate",
                                "authenticationType": "oAuthM2M",
                                "oAuthClientConfig": {**OAUTH_CERTIFICATE, **OAUTH_OPTIONS},
                                "catalogs": [],
                            },
                            {
                                "workspaceUrl": "dbc-{n}-secret.cloud.databricks.com",
                                "httpPath": "/sql/1.0/warehouses/secret",
                                "authenticationType": "oAuthM2M",
                                "oAuthClientConfig": {**OAUTH_SECRET, **OAUTH_OPTIONS},
                                "catalogs": ["three"],
                            },
                        ],
                        "newKey": NEW_KEY,
                    },
                },
                updates=[
                    {
                        "config.port": None,
                        "config.oAuthClientConfig.scope": None,
                        "config.oAuthClientConfig.resource": None,
                        "config.audit": None,
                        "config.groupPattern": None,
                        "config.workspaceIds": None,
                        "config.proxyOptions": None,
                        "config.additionalWorkspaceConnections": None,
                        **WITHOUT_ADDITIONAL,
                    }
                ],
                alone=[
                    *CERTIFICATE_ALONE,
                    {"config.proxyOptions.port": 3129},
                    {"config.proxyOptions.username": "other"},
                    {"config.proxyOptions.password": "another-proxy-password-{n}"},
                    *(
                        {f"config.additionalWorkspaceConnections.{place}": value}
                        for place, value in {
                            "0.workspaceUrl": "dbc-{n}-other.cloud.databricks.com",
                            "0.httpPath": "/sql/1.0/warehouses/other",
                            "0.token": "another-workspace-token-{n}",
                            "0.catalogs": ["one", "two"],
                            "1.oAuthClientConfig.publicCertificateThumbprint": "ffff0000",
                            "1.oAuthClientConfig.oauthPrivateKey.userFilename": "other.pem",
                            "1.oAuthClientConfig.oauthPrivateKey.content": OTHER_PEM,
                            "2.oAuthClientConfig.clientId": "other-client",
                            "2.oAuthClientConfig.clientSecret": "another-client-secret-{n}",
                            "2.oAuthClientConfig.authorityUrl": "https://idp.example/other",
                            "2.oAuthClientConfig.scope": "other-apis",
                            "2.oAuthClientConfig.resource": "https://other.example",
                        }.items()
                    ),
                ],
            ),
        },
        filled={"port": 443, "catalog": "immuta", "audit": {"enabled": False}},
        not_alone={
            "authentication_type": ANOTHER_SIGN_IN,
            "oauth_client_config.use_certificate": ANOTHER_SIGN_IN,
            "oauth_client_config.oauth_private_key.key_name": ONE_NAME,
            "additional_workspace_connections.authentication_type": ANOTHER_SIGN_IN,
            "additional_workspace_connections.oauth_client_config.use_certificate": ANOTHER_SIGN_IN,
            "additional_workspace_connections.oauth_client_config.oauth_private_key.key_name": ONE_NAME,
        },
        bad=bad_integrations.DATABRICKS,
        sent=sent,
        alter=alter,
        environment=TEARDOWN,
        statuses="integrations",
    ),
    Row(
        BY_RESOURCE["immuta_bigquery_integration"],
        base={
            "bigquery": Case(
                {"type": "Google BigQuery", "autoBootstrap": False, "config": BIGQUERY},
                updates=[
                    {"config.role": "other"},
                    {
                        "config.credential": '{"type":"service_account","project_id":"acme-{n}","private_key":"other"}'
                    },
                    {"config.port": 8443},
                    ADDITIONAL,
                ],
                replaces=[
                    {"config.datasetSuffix": "_other"},
                    {"config.dataset": "immuta_metadata"},
                    {"config.location": "europe-west3"},
                ],
            ),
        },
        full={
            "bigquery in full": Case(
                {
                    "type": "Google BigQuery",
                    "autoBootstrap": False,
                    "config": {
                        **BIGQUERY,
                        "dataset": "immuta_metadata",
                        "location": "europe-west3",
                        "port": 8443,
                        "newKey": NEW_KEY,
                    },
                },
                updates=[{"config.port": None, **WITHOUT_ADDITIONAL}],
            ),
        },
        filled={"port": 443, "dataset": "immuta", "location": "us-east1"},
        unconfigured=frozenset({"autoBootstrap"}),
        only_one_value=("auto_bootstrap",),
        bad=bad_integrations.BIGQUERY,
        sent=sent,
        alter=alter,
        environment=TEARDOWN,
        secret_form='{"type":"service_account","project_id":"acme","private_key":"%s"}',
        statuses="integrations",
    ),
    Row(
        BY_RESOURCE["immuta_redshift_integration"],
        base={
            "redshift": Case(
                {"type": "Redshift", "autoBootstrap": True, "config": REDSHIFT},
                updates=[
                    {"config.username": "other"},
                    {"config.password": "another-password-{n}"},
                    {"config.impersonation": {"enabled": True}},
                    {"config.impersonation": {"enabled": True, "role": "other_role"}},
                    {"config.connectArgs": "ssl=true-{n}"},
                    {
                        "config.authenticationType": "accessKey",
                        "config.username": None,
                        "config.password": None,
                        "config.databaseUser": "immuta_system",
                        "config.accessKeyId": "AKIAEXAMPLE{n}",
                        "config.secretKey": "redshift-secret-{n}",
                    },
                    ADDITIONAL,
                ],
                replaces=[
                    {"config.host": "other-{n}.eu-west-1.redshift.amazonaws.com"},
                    {"config.database": "other"},
                    {"config.initialDatabase": "other"},
                    {"config.port": 5440},
                    {"autoBootstrap": False},
                ],
                unchanged=[{"config.port": 5439}],
            ),
            "redshift with keys": Case(
                {"type": "Redshift", "autoBootstrap": True, "config": REDSHIFT_KEYS},
                updates=[
                    {"config.databaseUser": "other"},
                    {"config.accessKeyId": "AKIAOTHER{n}"},
                    {"config.secretKey": "another-secret-{n}"},
                    {"config.sessionToken": "session-token-{n}"},
                ],
            ),
            "redshift with okta": Case(
                {"type": "Redshift", "autoBootstrap": False, "config": REDSHIFT_OKTA},
                updates=[
                    {"config.okta.username": "other"},
                    {"config.okta.password": "another-okta-password-{n}"},
                    {"config.okta.appId": "other"},
                    {"config.okta.idpHost": "other.okta.example"},
                    {"config.okta.role": "other"},
                ],
            ),
        },
        full={
            "redshift in full": Case(
                {
                    "type": "Redshift",
                    "autoBootstrap": True,
                    "config": {
                        **REDSHIFT_KEYS,
                        "port": 5440,
                        "sessionToken": "session-token-{n}",
                        "impersonation": {"enabled": True, "role": "impersonators"},
                        "connectArgs": "ssl=true-{n}",
                        "newKey": NEW_KEY,
                    },
                },
                updates=[
                    {
                        "config.sessionToken": None,
                        "config.impersonation": None,
                        "config.connectArgs": None,
                        **WITHOUT_ADDITIONAL,
                    }
                ],
                alone=[{"config.impersonation.role": "others"}],
            ),
        },
        filled={"port": 5439, "impersonation": {"enabled": False}},
        not_alone={"authentication_type": ANOTHER_SIGN_IN},
        bad=bad_integrations.REDSHIFT,
        sent=sent,
        alter=alter,
        environment=TEARDOWN,
        settings={"id_form": "number"},
        statuses="integrations",
    ),
    Row(
        BY_RESOURCE["immuta_snowflake_integration"],
        base={
            "snowflake": Case(
                {"type": "Snowflake", "autoBootstrap": True, "config": SNOWFLAKE},
                updates=[
                    {"config.warehouse": "OTHER_WH"},
                    {"config.username": "OTHER"},
                    {"config.password": "another-password-{n}"},
                    {"config.role": "SECURITYADMIN"},
                    {"config.connectArgs": "TIMEOUT={n}"},
                    {"config.audit": {"enabled": True}},
                    {"config.workspaces": {"enabled": True, "warehouses": ["A", "B"]}},
                    {"config.impersonation": {"enabled": True}},
                    {"config.impersonation": {"enabled": True, "role": "OTHER"}},
                    {
                        "config.audit": {"enabled": True},
                        "config.lineage": {
                            "enabled": True,
                            "lineageConfig": {"tableFilter": "SALES\\..*", "tagFilter": ".*"},
                            "ingestBatchSize": 500,
                        },
                    },
                    {"config.userRolePattern": {"exclude": ["SYSADMIN", "USERADMIN"]}},
                    {"config.userRolePattern": {"exclude": []}},
                    ADDITIONAL,
                ],
                replaces=[
                    {"config.host": "other-{n}.eu-central-1.snowflakecomputing.com"},
                    {"config.port": 8443},
                    {"config.database": "OTHER"},
                    {"autoBootstrap": False},
                ],
                unchanged=[
                    {"config.audit": {}},
                    {"config.workspaces": {"enabled": False}},
                    {"config.port": 443},
                ],
            ),
            "snowflake with key pair": Case(
                {"type": "Snowflake", "autoBootstrap": True, "config": SNOWFLAKE_KEY_PAIR},
                updates=[
                    {"config.privateKey.userFilename": "other.p8"},
                    {"config.privateKey.content": OTHER_PEM},
                    {"config.privateKeyPassword": "key-password-{n}"},
                ],
            ),
            "snowflake with oauth": Case(
                {"type": "Snowflake", "autoBootstrap": False, "config": SNOWFLAKE_OAUTH},
                updates=[
                    {"config.oAuthClientConfig": {**OAUTH_SECRET, **OAUTH_OPTIONS}},
                    {"config.oAuthClientConfig.publicCertificateThumbprint": "ffff0000"},
                    {"config.oAuthClientConfig.oauthPrivateKey.userFilename": "other.pem"},
                    {"config.oAuthClientConfig.oauthPrivateKey.content": OTHER_PEM},
                ],
            ),
        },
        full={
            "snowflake in full": Case(
                {
                    "type": "Snowflake",
                    "autoBootstrap": True,
                    "config": {
                        **SNOWFLAKE_KEY_PAIR,
                        "port": 8443,
                        "privateKeyPassword": "key-password-{n}",
                        "connectArgs": "TIMEOUT={n}",
                        "audit": {"enabled": True},
                        "workspaces": {"enabled": True, "warehouses": ["B", "A"]},
                        "impersonation": {"enabled": True, "role": "IMPERSONATORS"},
                        "lineage": {
                            "enabled": True,
                            "lineageConfig": {"tableFilter": "SALES\\..*", "tagFilter": "PII"},
                            "ingestBatchSize": 500,
                        },
                        "userRolePattern": {"exclude": ["USERADMIN", "SYSADMIN"]},
                        "newKey": NEW_KEY,
                    },
                },
                updates=[
                    {
                        "config.privateKeyPassword": None,
                        "config.connectArgs": None,
                        "config.audit": None,
                        "config.workspaces": None,
                        "config.impersonation": None,
                        "config.lineage": None,
                        "config.userRolePattern": None,
                        **WITHOUT_ADDITIONAL,
                    }
                ],
                alone=[
                    {"config.workspaces.warehouses": ["A", "B"]},
                    {"config.impersonation.role": "OTHERS"},
                    {"config.lineage.enabled": False},
                    {"config.lineage.lineageConfig.tableFilter": ".*"},
                    {"config.lineage.lineageConfig.tagFilter": ".*"},
                    {"config.lineage.ingestBatchSize": 501},
                ],
            ),
            "snowflake with client secret": Case(
                {
                    "type": "Snowflake",
                    "autoBootstrap": False,
                    "config": {**SNOWFLAKE_OAUTH, "oAuthClientConfig": {**OAUTH_SECRET, **OAUTH_OPTIONS}},
                },
                updates=[{"config.oAuthClientConfig.scope": None, "config.oAuthClientConfig.resource": None}],
                alone=SECRET_ALONE,
            ),
        },
        filled={
            "port": 443,
            "audit": {"enabled": False},
            "workspaces": {"enabled": False},
            "impersonation": {"enabled": False},
            "lineage": {"enabled": False},
        },
        not_alone={
            "authentication_type": ANOTHER_SIGN_IN,
            "private_key.key_name": ONE_NAME,
            "oauth_client_config.use_certificate": ANOTHER_SIGN_IN,
            "oauth_client_config.oauth_private_key.key_name": ONE_NAME,
        },
        bad=bad_integrations.SNOWFLAKE,
        sent=sent,
        alter=alter,
        environment=TEARDOWN,
        statuses="integrations",
    ),
    Row(
        BY_RESOURCE["immuta_trino_integration"],
        base={
            "trino": Case(
                {"type": "Trino"},
                replaces=[ADDITIONAL],
                after_import="none",
            ),
        },
        full={
            "trino in full": Case(
                {"type": "Trino", "config": {"newKey": NEW_KEY}},
                replaces=[{"config.newKey": {"deep": []}}],
            ),
        },
        filled={},
        bad=bad_integrations.TRINO,
        sent=sent,
        alter=alter,
        environment=TEARDOWN,
        statuses="integrations",
    ),
)
BASES: dict[str, Request] = {name: case.request for row in ROWS for name, case in row.base.items()}
FULL: dict[str, Request] = {name: case.request for row in ROWS for name, case in row.full.items()}


def resource_of(request: Request) -> str:
    """The resource type of an integration's request."""
    return _row(request).resource


def attributes(request: Request) -> dict[str, Any]:
    """An integration's request as it is configured."""
    return _row(request).attributes(request)


def by_hand(base: str) -> Request:
    """The request of a base for an integration that is set up by hand."""
    return {**numbered(BASES[base], 1), "autoBootstrap": False}


def settings(request: Request) -> dict[str, Any]:
    """The settings of a request under the name of its platform, as questions for scripts take them."""
    platform = resource_of(request).removeprefix("immuta_").removesuffix("_integration")
    return {platform: {k: v for k, v in attributes(request).items() if k != "auto_bootstrap"}}


def _row(request: Request) -> Row:
    return next(row for row in ROWS if row.type.type == request["type"])
