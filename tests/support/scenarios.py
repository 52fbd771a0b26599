"""What may happen to an integration of each type, as Immuta's own JSON: the table behind the tests of a whole life.

`BASES` and `FULL` are requests as they reach Immuta, with little and with as much as goes together; `{n}` in a text
becomes the row's number, so that every row is an integration of its own. `UPDATES`, `ALONE`, `REPLACES` and `DEFAULTS` say
what happens when something in them changes: an update in place, a replacement, or nothing. The attribute names are
derived from the JSON keys here, and not from the model that is under test.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvQ{n}example\n-----END PRIVATE KEY-----\n"
OTHER_PEM = PEM.replace("example", "other")
KEY_FILE = '{"type":"service_account","project_id":"acme-{n}","private_key":"line one\\nline two"}'

Changes = dict[str, list[dict[str, Any]]]

TYPES = {
    "immuta_amazon_s3_integration": "Native S3",
    "immuta_azure_synapse_integration": "Azure Synapse Analytics",
    "immuta_databricks_integration": "Databricks",
    "immuta_bigquery_integration": "Google BigQuery",
    "immuta_redshift_integration": "Redshift",
    "immuta_snowflake_integration": "Snowflake",
    "immuta_trino_integration": "Trino",
}

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

BASES: dict[str, dict[str, Any]] = {
    "s3": {"type": "Native S3", "autoBootstrap": False, "config": S3_AUTO},
    "s3 with keys": {"type": "Native S3", "autoBootstrap": False, "config": S3_KEYS},
    "synapse": {"type": "Azure Synapse Analytics", "autoBootstrap": True, "config": SYNAPSE},
    "databricks": {"type": "Databricks", "autoBootstrap": True, "config": DATABRICKS},
    "databricks with oauth": {"type": "Databricks", "autoBootstrap": False, "config": DATABRICKS_OAUTH},
    "bigquery": {"type": "Google BigQuery", "autoBootstrap": False, "config": BIGQUERY},
    "redshift": {"type": "Redshift", "autoBootstrap": True, "config": REDSHIFT},
    "redshift with keys": {"type": "Redshift", "autoBootstrap": True, "config": REDSHIFT_KEYS},
    "redshift with okta": {"type": "Redshift", "autoBootstrap": False, "config": REDSHIFT_OKTA},
    "snowflake": {"type": "Snowflake", "autoBootstrap": True, "config": SNOWFLAKE},
    "snowflake with key pair": {"type": "Snowflake", "autoBootstrap": True, "config": SNOWFLAKE_KEY_PAIR},
    "snowflake with oauth": {"type": "Snowflake", "autoBootstrap": False, "config": SNOWFLAKE_OAUTH},
    "trino": {"type": "Trino"},
}

NEW_KEY = {"deep": [1, "two", None]}
ADDITIONAL = {"config.newKey": NEW_KEY}
WITHOUT_ADDITIONAL = {"config.newKey": None}

FULL: dict[str, dict[str, Any]] = {
    "s3 in full": {
        "type": "Native S3",
        "autoBootstrap": False,
        "config": {**S3_KEYS, "awsRoleToAssume": S3_AUTO["awsRoleToAssume"], "port": 8443, "newKey": NEW_KEY},
    },
    "synapse in full": {
        "type": "Azure Synapse Analytics",
        "autoBootstrap": True,
        "config": {
            **SYNAPSE,
            "port": 1444,
            "impersonation": {"enabled": True, "role": "IMPERSONATORS"},
            "metadataDelimiters": {"hashDelimiter": ";", "hashKeyDelimiter": "=", "arrayDelimiter": "/"},
            "newKey": NEW_KEY,
        },
    },
    "synapse with client secret": {
        "type": "Azure Synapse Analytics",
        "autoBootstrap": False,
        "config": {**SYNAPSE_OAUTH, "oAuthClientConfig": {**OAUTH_SECRET, **OAUTH_OPTIONS}},
    },
    "synapse with certificate": {
        "type": "Azure Synapse Analytics",
        "autoBootstrap": False,
        "config": {**SYNAPSE_OAUTH, "oAuthClientConfig": {**OAUTH_CERTIFICATE, **OAUTH_OPTIONS}},
    },
    "databricks in full": {
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
    "bigquery in full": {
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
    "redshift in full": {
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
    "snowflake in full": {
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
    "snowflake with client secret": {
        "type": "Snowflake",
        "autoBootstrap": False,
        "config": {**SNOWFLAKE_OAUTH, "oAuthClientConfig": {**OAUTH_SECRET, **OAUTH_OPTIONS}},
    },
    "trino in full": {"type": "Trino", "config": {"newKey": NEW_KEY}},
}

UPDATES: Changes = {
    # Each entry is one change of one field (or of fields that only go together): path in the request → its new value.
    "s3": [
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
    "s3 with keys": [
        {"config.awsAccessKeyId": "AKIAOTHER{n}"},
        {"config.awsSecretAccessKey": "another-secret-{n}"},
    ],
    "synapse": [
        {"config.username": "other"},
        {"config.password": "another-password-{n}"},
        {"config.impersonation": {"enabled": True}},
        {"config.impersonation": {"enabled": True, "role": "OTHER"}},
        ADDITIONAL,
    ],
    "databricks": [
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
    "databricks with oauth": [
        {"config.oAuthClientConfig.clientId": "other-client"},
        {"config.oAuthClientConfig.clientSecret": "another-client-secret-{n}"},
        {"config.oAuthClientConfig.authorityUrl": "https://idp.example/other"},
        {"config.oAuthClientConfig.scope": "all-apis"},
        {"config.oAuthClientConfig.resource": "https://resource.example"},
        {"config.oAuthClientConfig": OAUTH_CERTIFICATE},
    ],
    "bigquery": [
        {"config.role": "other"},
        {"config.credential": '{"type":"service_account","project_id":"acme-{n}","private_key":"other"}'},
        {"config.port": 8443},
        ADDITIONAL,
    ],
    "redshift": [
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
    "redshift with keys": [
        {"config.databaseUser": "other"},
        {"config.accessKeyId": "AKIAOTHER{n}"},
        {"config.secretKey": "another-secret-{n}"},
        {"config.sessionToken": "session-token-{n}"},
    ],
    "redshift with okta": [
        {"config.okta.username": "other"},
        {"config.okta.password": "another-okta-password-{n}"},
        {"config.okta.appId": "other"},
        {"config.okta.idpHost": "other.okta.example"},
        {"config.okta.role": "other"},
    ],
    "snowflake": [
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
    "snowflake with key pair": [
        {"config.privateKey.userFilename": "other.p8"},
        {"config.privateKey.content": OTHER_PEM},
        {"config.privateKeyPassword": "key-password-{n}"},
    ],
    "snowflake with oauth": [
        {"config.oAuthClientConfig": {**OAUTH_SECRET, **OAUTH_OPTIONS}},
        {"config.oAuthClientConfig.publicCertificateThumbprint": "ffff0000"},
        {"config.oAuthClientConfig.oauthPrivateKey.userFilename": "other.pem"},
        {"config.oAuthClientConfig.oauthPrivateKey.content": OTHER_PEM},
    ],
    # Everything that can be taken away in place, all at once.
    "s3 in full": [{"config.awsRoleToAssume": None, "config.port": None, **WITHOUT_ADDITIONAL}],
    "synapse in full": [{"config.impersonation": None, **WITHOUT_ADDITIONAL}],
    "synapse with client secret": [
        {"config.oAuthClientConfig.scope": None, "config.oAuthClientConfig.resource": None}
    ],
    "synapse with certificate": [{"config.oAuthClientConfig": OAUTH_SECRET}],
    "databricks in full": [
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
    "bigquery in full": [{"config.port": None, **WITHOUT_ADDITIONAL}],
    "redshift in full": [
        {
            "config.sessionToken": None,
            "config.impersonation": None,
            "config.connectArgs": None,
            **WITHOUT_ADDITIONAL,
        }
    ],
    "snowflake in full": [
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
    "snowflake with client secret": [
        {"config.oAuthClientConfig.scope": None, "config.oAuthClientConfig.resource": None}
    ],
}

SECRET_ALONE: list[dict[str, Any]] = [
    {"config.oAuthClientConfig.clientId": "other-client"},
    {"config.oAuthClientConfig.clientSecret": "another-client-secret-{n}"},
    {"config.oAuthClientConfig.authorityUrl": "https://idp.example/other"},
    {"config.oAuthClientConfig.scope": "other-apis"},
    {"config.oAuthClientConfig.resource": "https://other.example"},
]
CERTIFICATE_ALONE: list[dict[str, Any]] = [
    {"config.oAuthClientConfig.publicCertificateThumbprint": "ffff0000"},
    {"config.oAuthClientConfig.oauthPrivateKey.userFilename": "other.pem"},
    {"config.oAuthClientConfig.oauthPrivateKey.content": OTHER_PEM},
]

ALONE: Changes = {
    # Updates of fields that stand beside others in an object. A row costs the real Terraform a third of a second, so these
    # go through the provider's handlers only.
    "synapse in full": [{"config.impersonation.role": "OTHERS"}],
    "synapse with client secret": SECRET_ALONE,
    "synapse with certificate": CERTIFICATE_ALONE,
    "databricks in full": [
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
    "redshift in full": [{"config.impersonation.role": "others"}],
    "snowflake in full": [
        {"config.workspaces.warehouses": ["A", "B"]},
        {"config.impersonation.role": "OTHERS"},
        {"config.lineage.enabled": False},
        {"config.lineage.lineageConfig.tableFilter": ".*"},
        {"config.lineage.lineageConfig.tagFilter": ".*"},
        {"config.lineage.ingestBatchSize": 501},
    ],
    "snowflake with client secret": SECRET_ALONE,
}

REPLACES: Changes = {
    "s3": [
        {"config.awsAccountId": "111111111111"},
        {"config.awsRegion": "us-east-1"},
        {"config.awsLocationRole": "arn:aws:iam::210987654321:role/other"},
        {"config.awsLocationPath": "s3://other-{n}/"},
    ],
    "synapse": [
        {"config.host": "other-{n}.sql.azuresynapse.net"},
        {"config.database": "other"},
        {"config.schema": "other"},
        {"config.port": 1444},
        {"config.metadataDelimiters": {"hashDelimiter": ";"}},
        {"config.metadataDelimiters": {"hashKeyDelimiter": "="}},
        {"config.metadataDelimiters": {"arrayDelimiter": "/"}},
        {"autoBootstrap": False},
    ],
    "databricks": [
        {"config.workspaceUrl": "other-{n}.cloud.databricks.com"},
        {"config.catalog": "immuta_prod"},
        {"autoBootstrap": False},
    ],
    "bigquery": [
        {"config.datasetSuffix": "_other"},
        {"config.dataset": "immuta_metadata"},
        {"config.location": "europe-west3"},
    ],
    "redshift": [
        {"config.host": "other-{n}.eu-west-1.redshift.amazonaws.com"},
        {"config.database": "other"},
        {"config.initialDatabase": "other"},
        {"config.port": 5440},
        {"autoBootstrap": False},
    ],
    "snowflake": [
        {"config.host": "other-{n}.eu-central-1.snowflakecomputing.com"},
        {"config.port": 8443},
        {"config.database": "OTHER"},
        {"autoBootstrap": False},
    ],
    "trino": [ADDITIONAL],
    "trino in full": [{"config.newKey": {"deep": []}}],
}


DEFAULTS: Changes = {
    # What Immuta fills in anyway, made explicit: nothing to do.
    "s3": [{"config.port": 443}],
    "synapse": [
        {"config.port": 1433},
        {"config.impersonation": {"enabled": False}},
        {"config.metadataDelimiters": {"hashDelimiter": "|", "arrayDelimiter": ","}},
    ],
    "redshift": [{"config.port": 5439}],
    "snowflake": [{"config.audit": {}}, {"config.workspaces": {"enabled": False}}, {"config.port": 443}],
}

FILLED: dict[str, dict[str, Any]] = {
    # What Immuta's answers hold of each type when it is not set.
    "Native S3": {"port": 443},
    "Azure Synapse Analytics": {
        "port": 1433,
        "impersonation": {"enabled": False},
        "metadataDelimiters": {"hashDelimiter": "|", "hashKeyDelimiter": ":", "arrayDelimiter": ","},
    },
    "Databricks": {"port": 443, "catalog": "immuta", "audit": {"enabled": False}},
    "Google BigQuery": {"port": 443, "dataset": "immuta", "location": "us-east1"},
    "Redshift": {"port": 5439, "impersonation": {"enabled": False}},
    "Snowflake": {
        "port": 443,
        "audit": {"enabled": False},
        "workspaces": {"enabled": False},
        "impersonation": {"enabled": False},
        "lineage": {"enabled": False},
    },
    "Trino": {},
}

# Immuta's keys of everything that is secret, and nothing else is.
SECRET_KEYS = {
    "awsSecretAccessKey",
    "clientSecret",
    "connectArgs",
    "content",
    "credential",
    "password",
    "privateKeyPassword",
    "secretKey",
    "sessionToken",
    "token",
}


class Row(NamedTuple):
    """One integration and one change to it, as requests; `action` is what Terraform does: update, replace or none."""

    name: str
    resource: str
    before: dict[str, Any]
    after: dict[str, Any]
    action: str


def rows() -> list[Row]:
    """Every request of the tables with its changes, those of `ALONE` left out."""
    return _rows(UPDATES, REPLACES, DEFAULTS)


def more_rows() -> list[Row]:
    """The changes of `ALONE`."""
    return _rows(ALONE, {}, {})


def _rows(updates: Changes, replaces: Changes, nothing: Changes) -> list[Row]:
    table: list[Row] = []
    for base, request in (BASES | FULL).items():
        changes = [
            *((change, "update") for change in updates.get(base, [])),
            *((change, "replace") for change in replaces.get(base, [])),
            *((change, "none") for change in nothing.get(base, [])),
        ]
        for change, action in changes:
            number = len(table)
            before = filled(request, number)
            after = changed(before, filled(change, number))
            table.append(Row(f"r{number}", resource_of(request), before, after, action))
    return table


def resource_of(request: Mapping[str, Any]) -> str:
    return next(r for r, t in TYPES.items() if t == request["type"])


def changed(request: dict[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of `request` with the value at each path replaced, or taken away where it is None."""
    result = copy.deepcopy(request)
    for path, value in change.items():
        *parents, last = path.split(".")
        place: Any = result
        for parent in parents:
            place = place[int(parent)] if parent.isdigit() else place.setdefault(parent, {})
        if value is None:
            place.pop(last, None)
        else:
            place[last] = value
    return result


def attributes(request: Mapping[str, Any]) -> dict[str, Any]:
    """A request as the attributes of its resource."""
    result = {snake(k): _attribute(v) for k, v in request.get("config", {}).items() if k != "newKey"}
    if "autoBootstrap" in request and request["type"] not in ("Native S3", "Google BigQuery"):
        result["auto_bootstrap"] = request["autoBootstrap"]
    if "newKey" in request.get("config", {}):
        import json

        result["additional_config"] = json.dumps({"newKey": request["config"]["newKey"]})
    return result


def imported(request: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of an integration that Immuta was once sent as `request`, and that was imported: without the secrets
    and the keys that no attribute stands for."""
    known = {k: v for k, v in request.get("config", {}).items() if k != "newKey"}
    told = {**request, "config": _without_secrets(_merged(FILLED[request["type"]], known))}
    own = {"auto_bootstrap": request["autoBootstrap"]} if "autoBootstrap" in request else {}
    return {**attributes(told), **own}


def _merged(defaults: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    both = {k: _merged(v, given[k]) for k, v in defaults.items() if isinstance(v, dict) and k in given}
    return {**defaults, **given, **both}


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_secrets(v) for k, v in value.items() if k not in SECRET_KEYS}
    return [_without_secrets(v) for v in value] if isinstance(value, list) else value


def _attribute(value: Any) -> Any:
    if isinstance(value, dict):
        return {snake(k): _attribute(v) for k, v in value.items()}
    return [_attribute(v) for v in value] if isinstance(value, list) else value


def snake(key: str) -> str:
    """An API key as an attribute name: `oAuthClientConfig` → `oauth_client_config`."""
    return re.sub(r"([A-Z])", r"_\1", key.replace("oAuth", "oauth")).lower()


def filled(value: Any, number: int) -> Any:
    if isinstance(value, str):
        return value.replace("{n}", str(number))
    if isinstance(value, dict):
        return {k: filled(v, number) for k, v in value.items()}
    return [filled(v, number) for v in value] if isinstance(value, list) else value
