"""The seven types of integrations, as requests that Immuta is sent."""

from __future__ import annotations

from typing import Any

from immuta_provider.model.compiled.integrations import BY_RESOURCE
from immuta_provider.model.fields import ResourceType

from table import bad_integrations
from table.row import Case, Change, Request, Row, below, numbered

PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvQ{n}example\n-----END PRIVATE KEY-----\n"
OTHER_PEM = PEM.replace("example", "other")
KEY_FILE = '{"type":"service_account","project_id":"acme-{n}","private_key":"line one\\nline two"}'

ANOTHER_SIGN_IN = "the credentials of another way of signing in come with it"
ONE_NAME = "Immuta knows one name only"
OAUTH_NOT_ALONE = {
    "authentication_type": ANOTHER_SIGN_IN,
    "oauth_client_config.use_certificate": ANOTHER_SIGN_IN,
    "oauth_client_config.oauth_private_key.key_name": ONE_NAME,
}

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
"""Immuta needs credentials for the removal of what it has set up itself."""


def without(request: Request, *keys: str) -> Request:
    """The request or a part of it without some keys."""
    return {key: value for key, value in request.items() if key not in keys}


def request(type: str, config: Request, *, auto_bootstrap: bool = False) -> Request:
    """The request for an integration."""
    return {"type": type, "autoBootstrap": auto_bootstrap, "config": config}


def cleared(*keys: str) -> Change:
    """A change that takes keys of the settings away."""
    return {f"config.{key}": None for key in keys}


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
    **without(S3_AUTO, "awsRoleToAssume"),
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
SYNAPSE_OAUTH = {**without(SYNAPSE, "username", "password"), "authenticationType": "oAuthClientCredentials"}
DATABRICKS = {
    "workspaceUrl": "dbc-{n}.cloud.databricks.com",
    "httpPath": "/sql/1.0/warehouses/0a1b2c3d",
    "authenticationType": "token",
    "token": "databricks-token-{n}",
}
DATABRICKS_OAUTH = {
    **without(DATABRICKS, "token"),
    "authenticationType": "oAuthM2M",
    "oAuthClientConfig": OAUTH_SECRET,
}


def workspace(name: str, catalogs: list[str], sign_in: Request) -> Request:
    """A further workspace of a Databricks integration."""
    return {
        "workspaceUrl": f"dbc-{{n}}-{name}.cloud.databricks.com",
        "httpPath": f"/sql/1.0/warehouses/{name}",
        **sign_in,
        "catalogs": catalogs,
    }


BY_TOKEN = {"authenticationType": "token", "token": "workspace-token-{n}"}
BY_CERTIFICATE = {
    "authenticationType": "oAuthM2M",
    "oAuthClientConfig": {**OAUTH_CERTIFICATE, **OAUTH_OPTIONS},
}
BY_CLIENT_SECRET = {"authenticationType": "oAuthM2M", "oAuthClientConfig": {**OAUTH_SECRET, **OAUTH_OPTIONS}}
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
    **without(REDSHIFT, "username", "password"),
    "authenticationType": "accessKey",
    "databaseUser": "immuta_system",
    "accessKeyId": "AKIAEXAMPLE{n}",
    "secretKey": "redshift-secret-{n}",
}
REDSHIFT_OKTA = {
    **without(REDSHIFT, "username", "password"),
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
    **without(SNOWFLAKE, "password"),
    "authenticationType": "keyPair",
    "privateKey": {"keyName": "PRIV_KEY_FILE", "userFilename": "immuta.p8", "content": PEM},
}
SNOWFLAKE_OAUTH = {
    **without(SNOWFLAKE, "username", "password", "role"),
    "authenticationType": "oAuthClientCredentials",
    "oAuthClientConfig": OAUTH_CERTIFICATE,
}

NEW_KEY = {"deep": [1, "two", None]}
ADDITIONAL = {"config.newKey": NEW_KEY}

SECRET_CHANGES = {
    "clientId": "other-client",
    "clientSecret": "another-client-secret-{n}",
    "authorityUrl": "https://idp.example/other",
    "scope": "other-apis",
    "resource": "https://other.example",
}
CERTIFICATE_CHANGES = {
    "publicCertificateThumbprint": "ffff0000",
    "oauthPrivateKey.userFilename": "other.pem",
    "oauthPrivateKey.content": OTHER_PEM,
}
SECRET_ALONE = below("config.oAuthClientConfig", SECRET_CHANGES)
CERTIFICATE_ALONE = below("config.oAuthClientConfig", CERTIFICATE_CHANGES)


def sent(type: ResourceType, simulator: Any) -> dict[str, Request]:
    """The last request for each integration of a type, by its id. Those that were planted for other types lack the settings that
    the type requires."""
    whole = any(field.required for field in type.fields)
    sent = {str(each["id"]): each["sent"] for each in simulator.stored("integrations")}
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
        {**outside, "config": control.stored_one("integrations", id)["config"] | request.get("config", {})},
    )


def integration(platform: str, **facts: Any) -> Row:
    """The row of a type, with what is the same for all types of integrations."""
    return Row(
        BY_RESOURCE[f"immuta_{platform}_integration"],
        sent=sent,
        alter=alter,
        environment=TEARDOWN,
        statuses="integrations",
        **facts,
    )


ROWS = (
    integration(
        "amazon_s3",
        base={
            "s3": Case(
                request("Native S3", S3_AUTO),
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
                request("Native S3", S3_KEYS),
                updates=[
                    {"config.awsAccessKeyId": "AKIAOTHER{n}"},
                    {"config.awsSecretAccessKey": "another-secret-{n}"},
                ],
            ),
        },
        full={
            "s3 in full": Case(
                request(
                    "Native S3",
                    {
                        **S3_KEYS,
                        "awsRoleToAssume": S3_AUTO["awsRoleToAssume"],
                        "port": 8443,
                        "newKey": NEW_KEY,
                    },
                ),
                updates=[cleared("awsRoleToAssume", "port", "newKey")],
            )
        },
        filled={"port": 443},
        unconfigured=frozenset({"autoBootstrap"}),
        only_one_value=("auto_bootstrap",),
        not_alone={"authentication_type": ANOTHER_SIGN_IN},
        bad=bad_integrations.S3,
        refused_by_validation=True,
    ),
    integration(
        "azure_synapse",
        base={
            "synapse": Case(
                request("Azure Synapse Analytics", SYNAPSE, auto_bootstrap=True),
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
            )
        },
        full={
            "synapse in full": Case(
                request(
                    "Azure Synapse Analytics",
                    {
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
                    auto_bootstrap=True,
                ),
                updates=[cleared("impersonation", "newKey")],
                alone=[{"config.impersonation.role": "OTHERS"}],
            ),
            "synapse with client secret": Case(
                request(
                    "Azure Synapse Analytics",
                    {**SYNAPSE_OAUTH, "oAuthClientConfig": {**OAUTH_SECRET, **OAUTH_OPTIONS}},
                ),
                updates=[cleared("oAuthClientConfig.scope", "oAuthClientConfig.resource")],
                alone=SECRET_ALONE,
            ),
            "synapse with certificate": Case(
                request(
                    "Azure Synapse Analytics",
                    {**SYNAPSE_OAUTH, "oAuthClientConfig": {**OAUTH_CERTIFICATE, **OAUTH_OPTIONS}},
                ),
                updates=[{"config.oAuthClientConfig": OAUTH_SECRET}],
                alone=CERTIFICATE_ALONE,
            ),
        },
        filled={
            "port": 1433,
            "impersonation": {"enabled": False},
            "metadataDelimiters": {"hashDelimiter": "|", "hashKeyDelimiter": ":", "arrayDelimiter": ","},
        },
        not_alone=OAUTH_NOT_ALONE,
        bad=bad_integrations.SYNAPSE,
    ),
    integration(
        "databricks",
        base={
            "databricks": Case(
                request("Databricks", DATABRICKS, auto_bootstrap=True),
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
                            workspace("a", ["one", "two"], BY_TOKEN),
                            workspace("b", [], BY_CERTIFICATE),
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
                request("Databricks", DATABRICKS_OAUTH),
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
                request(
                    "Databricks",
                    {
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
                            workspace("token", ["two", "one"], BY_TOKEN),
                            workspace("certificate", [], BY_CERTIFICATE),
                            workspace("secret", ["three"], BY_CLIENT_SECRET),
                        ],
                        "newKey": NEW_KEY,
                    },
                ),
                updates=[
                    cleared(
                        "port",
                        "oAuthClientConfig.scope",
                        "oAuthClientConfig.resource",
                        "audit",
                        "groupPattern",
                        "workspaceIds",
                        "proxyOptions",
                        "additionalWorkspaceConnections",
                        "newKey",
                    )
                ],
                alone=[
                    *CERTIFICATE_ALONE,
                    {"config.proxyOptions.port": 3129},
                    {"config.proxyOptions.username": "other"},
                    {"config.proxyOptions.password": "another-proxy-password-{n}"},
                    *below(
                        "config.additionalWorkspaceConnections",
                        {
                            "0.workspaceUrl": "dbc-{n}-other.cloud.databricks.com",
                            "0.httpPath": "/sql/1.0/warehouses/other",
                            "0.token": "another-workspace-token-{n}",
                            "0.catalogs": ["one", "two"],
                        },
                    ),
                    *below("config.additionalWorkspaceConnections.1.oAuthClientConfig", CERTIFICATE_CHANGES),
                    *below("config.additionalWorkspaceConnections.2.oAuthClientConfig", SECRET_CHANGES),
                ],
            )
        },
        filled={"port": 443, "catalog": "immuta", "audit": {"enabled": False}},
        not_alone={
            **OAUTH_NOT_ALONE,
            **{
                f"additional_workspace_connections.{name}": reason for name, reason in OAUTH_NOT_ALONE.items()
            },
        },
        bad=bad_integrations.DATABRICKS,
    ),
    integration(
        "bigquery",
        base={
            "bigquery": Case(
                request("Google BigQuery", BIGQUERY),
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
            )
        },
        full={
            "bigquery in full": Case(
                request(
                    "Google BigQuery",
                    {
                        **BIGQUERY,
                        "dataset": "immuta_metadata",
                        "location": "europe-west3",
                        "port": 8443,
                        "newKey": NEW_KEY,
                    },
                ),
                updates=[cleared("port", "newKey")],
            )
        },
        filled={"port": 443, "dataset": "immuta", "location": "us-east1"},
        unconfigured=frozenset({"autoBootstrap"}),
        only_one_value=("auto_bootstrap",),
        bad=bad_integrations.BIGQUERY,
        secret_form='{"type":"service_account","project_id":"acme","private_key":"%s"}',
    ),
    integration(
        "redshift",
        base={
            "redshift": Case(
                request("Redshift", REDSHIFT, auto_bootstrap=True),
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
                request("Redshift", REDSHIFT_KEYS, auto_bootstrap=True),
                updates=[
                    {"config.databaseUser": "other"},
                    {"config.accessKeyId": "AKIAOTHER{n}"},
                    {"config.secretKey": "another-secret-{n}"},
                    {"config.sessionToken": "session-token-{n}"},
                ],
            ),
            "redshift with okta": Case(
                request("Redshift", REDSHIFT_OKTA),
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
                request(
                    "Redshift",
                    {
                        **REDSHIFT_KEYS,
                        "port": 5440,
                        "sessionToken": "session-token-{n}",
                        "impersonation": {"enabled": True, "role": "impersonators"},
                        "connectArgs": "ssl=true-{n}",
                        "newKey": NEW_KEY,
                    },
                    auto_bootstrap=True,
                ),
                updates=[cleared("sessionToken", "impersonation", "connectArgs", "newKey")],
                alone=[{"config.impersonation.role": "others"}],
            )
        },
        filled={"port": 5439, "impersonation": {"enabled": False}},
        not_alone={"authentication_type": ANOTHER_SIGN_IN},
        bad=bad_integrations.REDSHIFT,
        settings={"id_form": "number"},
    ),
    integration(
        "snowflake",
        base={
            "snowflake": Case(
                request("Snowflake", SNOWFLAKE, auto_bootstrap=True),
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
                request("Snowflake", SNOWFLAKE_KEY_PAIR, auto_bootstrap=True),
                updates=[
                    {"config.privateKey.userFilename": "other.p8"},
                    {"config.privateKey.content": OTHER_PEM},
                    {"config.privateKeyPassword": "key-password-{n}"},
                ],
            ),
            "snowflake with oauth": Case(
                request("Snowflake", SNOWFLAKE_OAUTH),
                updates=[
                    {"config.oAuthClientConfig": {**OAUTH_SECRET, **OAUTH_OPTIONS}},
                    *CERTIFICATE_ALONE,
                ],
            ),
        },
        full={
            "snowflake in full": Case(
                request(
                    "Snowflake",
                    {
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
                    auto_bootstrap=True,
                ),
                updates=[
                    cleared(
                        "privateKeyPassword",
                        "connectArgs",
                        "audit",
                        "workspaces",
                        "impersonation",
                        "lineage",
                        "userRolePattern",
                        "newKey",
                    )
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
                request(
                    "Snowflake", {**SNOWFLAKE_OAUTH, "oAuthClientConfig": {**OAUTH_SECRET, **OAUTH_OPTIONS}}
                ),
                updates=[cleared("oAuthClientConfig.scope", "oAuthClientConfig.resource")],
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
            **OAUTH_NOT_ALONE,
        },
        bad=bad_integrations.SNOWFLAKE,
    ),
    integration(
        "trino",
        base={"trino": Case({"type": "Trino"}, replaces=[ADDITIONAL], after_import="none")},
        full={
            "trino in full": Case(
                {"type": "Trino", "config": {"newKey": NEW_KEY}}, replaces=[{"config.newKey": {"deep": []}}]
            )
        },
        bad=bad_integrations.TRINO,
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
