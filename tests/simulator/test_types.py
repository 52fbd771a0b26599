"""Every integration type from POST to GET: what goes in, what is held, what comes out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from immuta_simulator.integrations.samples import SAMPLES
from support.simulator_client import Client

PASSED = {
    "Native S3": [
        "There is no existing integration matching this configuration",
        "The provided integration name is unique across Immuta S3 integrations",
        "The provided access grants location role is a valid ARN format",
        "The provided AWS credentials allow fetching the caller's identity via the AWS STS API",
        "An AWS Access Grants instance is configured in the provided AWS account and region",
    ],
    "Azure Synapse Analytics": [
        "Initial Validation: Basic Connection Test",
        "-Validate Automatic: Impersonation Role Does Not Exist",
    ],
    "Databricks": [
        "Metastore validation",
        "Basic SQL validation",
        "Catalog validation",
        "Immuta User Grants validation",
    ],
    "Google BigQuery": [
        "Basic Validation: Verify service account not being used for data source connection credentials",
        "Basic Validation: Immuta Service Account postfix",
        "Basic Validation: Non-matching service account in key file",
    ],
    "Redshift": [
        "Initial Validation: Basic Connection Test",
        "Validate Automatic: Database Does Not Exist",
        "-Validate Automatic: Impersonation Role Does Not Exist",
    ],
    "Snowflake": [
        "Initial Validation: Basic Connection Test",
        "Initial Validation: Default Warehouse Access Test",
        "Initial Validation: Validate access to Privileged Role",
        "Validate Automatic: Database Does Not Exist",
        "-Validate Automatic: Impersonation Role Does Not Exist",
        "Validate Automatic Bootstrap User Grants",
    ],
    "Trino": [],
}
FILLED: dict[str, dict[str, Any]] = {
    "Native S3": {"port": 443},
    "Azure Synapse Analytics": {
        "port": 1433,
        "impersonation": {"enabled": False},
        "metadataDelimiters": {"hashDelimiter": "|", "hashKeyDelimiter": ":", "arrayDelimiter": ","},
    },
    "Databricks": {"port": 443, "audit": {"enabled": False}},
    "Google BigQuery": {"port": 443},
    "Redshift": {"port": 5439, "impersonation": {"enabled": False}},
    "Snowflake": {
        "port": 443,
        "audit": {"enabled": False},
        "workspaces": {"enabled": False},
        "impersonation": {"enabled": False},
        "lineage": {"enabled": False},
    },
}
MASKED = {
    "Native S3": ["awsSecretAccessKey"],
    "Azure Synapse Analytics": ["password"],
    "Databricks": ["token"],
    "Google BigQuery": ["credential"],
    "Redshift": ["password"],
    "Snowflake": ["password"],
}

ONE_TIME = {
    "Azure Synapse Analytics": ["password"],
    "Redshift": ["password"],
    "Snowflake": ["password"],
}
"""The credentials that an automatic set-up needs only once; Databricks' token is needed permanently."""


def results(type_name: str) -> dict[str, Any]:
    tests: list[dict[str, Any]] = [
        {"name": name.removeprefix("-"), "status": "skipped" if name.startswith("-") else "passed"}
        for name in PASSED[type_name]
    ]
    if type_name == "Snowflake":
        tests = [{**test, "result": []} for test in tests]
    return {"status": "passed", "validationTests": tests}


@pytest.mark.parametrize("type_name", [name for name in SAMPLES if name != "Trino"])
def test_a_sample_is_created_and_read(client: Client, type_name: str) -> None:
    sample = SAMPLES[type_name]

    created = client.ask("POST", "/integrations", sample)
    first = client.ask("GET", "/integrations/1/status")
    second = client.ask("GET", "/integrations/1")
    listed = client.ask("GET", "/integrations")

    summary = {"id": "1", "status": "creating", "validationResults": results(type_name)}
    masked = dict.fromkeys(MASKED[type_name], "<REDACTED>")
    whole = {
        **summary,
        "status": "enabled",
        "type": type_name,
        "autoBootstrap": sample["autoBootstrap"],
        "config": {**sample["config"], **FILLED[type_name], **masked},
    }
    assert created == (200, summary)
    assert first == (200, summary)
    assert second == (200, whole)
    assert listed == (200, [whole])
    kept = dict.fromkeys(ONE_TIME.get(type_name, ()))
    assert client.control.stored("integrations") == [
        {**whole, "config": {**sample["config"], **FILLED[type_name], **kept}, "sent": sample}
    ]


def test_trino_needs_nothing_and_its_api_key_is_shown(client: Client) -> None:
    created = client.ask("POST", "/integrations", {"type": "Trino"})
    client.ask("GET", "/integrations/1/status")
    status, whole = client.ask("GET", "/integrations/1")

    nothing = {"status": "passed", "validationTests": []}
    assert created == (200, {"id": "1", "status": "creating", "validationResults": nothing})
    key = whole["config"]["apiKey"]
    assert (status, whole) == (
        200,
        {
            "id": "1",
            "status": "enabled",
            "validationResults": nothing,
            "type": "Trino",
            "autoBootstrap": False,
            "config": {"apiKey": key},
        },
    )
    assert len(key) == 32
    assert client.control.stored("integrations") == [{**whole, "sent": {"type": "Trino"}}]


FULL: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "Native S3": (
        {
            "type": "Native S3",
            "autoBootstrap": False,
            "config": {
                "name": "lake",
                "awsAccountId": "210987654321",
                "awsRegion": "us-east-1",
                "awsLocationRole": "arn:aws:iam::210987654321:role/immuta",
                "awsLocationPath": "s3://acme/",
                "authenticationType": "accessKey",
                "awsRoleToAssume": "arn:aws:iam::210987654321:role/grants",
                "awsAccessKeyId": "AKIAEXAMPLE0001",
                "awsSecretAccessKey": "example",
                "port": 8443,
            },
        },
        {"awsSecretAccessKey": "<REDACTED>"},
    ),
    "Azure Synapse Analytics": (
        {
            "type": "Azure Synapse Analytics",
            "autoBootstrap": True,
            "config": {
                "host": "pool.sql.azuresynapse.net",
                "port": 1444,
                "database": "warehouse",
                "schema": "immuta",
                "authenticationType": "userPassword",
                "username": "admin",
                "password": "example",
                "impersonation": {"enabled": True},
                "metadataDelimiters": {"hashDelimiter": "~"},
            },
        },
        {
            "password": "<REDACTED>",
            "impersonation": {"enabled": True, "role": "IMMUTA_IMPERSONATION"},
            "metadataDelimiters": {"hashDelimiter": "~", "hashKeyDelimiter": ":", "arrayDelimiter": ","},
        },
    ),
    "Databricks": (
        {
            "type": "Databricks",
            "autoBootstrap": False,
            "config": {
                "workspaceUrl": "dbc.cloud.databricks.com",
                "httpPath": "/sql/1.0/warehouses/0a",
                "port": 444,
                "authenticationType": "oAuthM2M",
                "oAuthClientConfig": {
                    "useCertificate": True,
                    "clientId": "id",
                    "scope": "all-apis",
                    "authorityUrl": "https://idp.example/token",
                    "publicCertificateThumbprint": "AB",
                    "resource": "r",
                    "oauthPrivateKey": {
                        "keyName": "oauth client certificate",
                        "userFilename": "key.pem",
                        "content": "example",
                    },
                },
                "catalog": "immuta_prod",
                "audit": {"enabled": True},
                "groupPattern": {"deny": "exempt"},
                "workspaceIds": ["1", "2"],
                "proxyOptions": {"host": "proxy", "port": 3128, "username": "p", "password": "example"},
                "additionalWorkspaceConnections": [
                    {
                        "workspaceUrl": "b.cloud.databricks.com",
                        "httpPath": "/sql/b",
                        "authenticationType": "token",
                        "token": "example",
                        "catalogs": ["one"],
                    },
                    {
                        "workspaceUrl": "c.cloud.databricks.com",
                        "httpPath": "/sql/c",
                        "authenticationType": "oAuthM2M",
                        "oAuthClientConfig": {
                            "useCertificate": False,
                            "clientId": "id",
                            "clientSecret": "example",
                            "authorityUrl": "https://idp.example/token",
                        },
                    },
                ],
            },
        },
        {
            "oAuthClientConfig": {
                "useCertificate": True,
                "clientId": "id",
                "scope": "all-apis",
                "authorityUrl": "https://idp.example/token",
                "publicCertificateThumbprint": "AB",
                "resource": "r",
                "oauthPrivateKey": {
                    "keyName": "oauth client certificate",
                    "userFilename": "key.pem",
                    "content": "<REDACTED>",
                },
            },
            "proxyOptions": {"host": "proxy", "port": 3128, "username": "p", "password": "<REDACTED>"},
            "additionalWorkspaceConnections": [
                {
                    "workspaceUrl": "b.cloud.databricks.com",
                    "httpPath": "/sql/b",
                    "authenticationType": "token",
                    "token": "<REDACTED>",
                    "catalogs": ["one"],
                },
                {
                    "workspaceUrl": "c.cloud.databricks.com",
                    "httpPath": "/sql/c",
                    "authenticationType": "oAuthM2M",
                    "oAuthClientConfig": {
                        "useCertificate": False,
                        "clientId": "id",
                        "clientSecret": "<REDACTED>",
                        "authorityUrl": "https://idp.example/token",
                    },
                },
            ],
        },
    ),
    "Redshift": (
        {
            "type": "Redshift",
            "autoBootstrap": False,
            "config": {
                "host": "acme.redshift.amazonaws.com",
                "port": 5440,
                "database": "immuta",
                "initialDatabase": "dev",
                "authenticationType": "accessKey",
                "databaseUser": "immuta",
                "accessKeyId": "AKIAEXAMPLE0002",
                "secretKey": "example",
                "sessionToken": "example",
                "impersonation": {"enabled": True},
                "connectArgs": "example",
            },
        },
        {
            "secretKey": "<REDACTED>",
            "sessionToken": "<REDACTED>",
            "impersonation": {"enabled": True, "role": "immuta_impersonation"},
            "connectArgs": "<REDACTED>",
        },
    ),
    "Redshift with Okta": (
        {
            "type": "Redshift",
            "autoBootstrap": False,
            "config": {
                "host": "acme.redshift.amazonaws.com",
                "port": 5439,
                "database": "immuta",
                "initialDatabase": "dev",
                "authenticationType": "okta",
                "okta": {
                    "username": "u",
                    "password": "example",
                    "appId": "a",
                    "idpHost": "acme.okta.com",
                    "role": "arn:r",
                },
                "impersonation": {"enabled": False, "role": "mine"},
            },
        },
        {
            "okta": {
                "username": "u",
                "password": "<REDACTED>",
                "appId": "a",
                "idpHost": "acme.okta.com",
                "role": "arn:r",
            }
        },
    ),
    "Snowflake": (
        {
            "type": "Snowflake",
            "autoBootstrap": False,
            "config": {
                "host": "acme.snowflakecomputing.com",
                "port": 8443,
                "warehouse": "WH",
                "database": "IMMUTA",
                "authenticationType": "keyPair",
                "username": "SYSTEM",
                "privateKey": {"keyName": "PRIV_KEY_FILE", "userFilename": "key.p8", "content": "example"},
                "privateKeyPassword": "example",
                "connectArgs": "PRIV_KEY_FILE_PWD=example",
                "audit": {"enabled": True},
                "workspaces": {"enabled": True, "warehouses": ["WS"]},
                "impersonation": {"enabled": True, "role": "MINE"},
                "lineage": {"enabled": True, "lineageConfig": {"tableFilter": "S.*", "tagFilter": ".*"}},
                "userRolePattern": {"exclude": ["SYSADMIN"]},
            },
        },
        {
            "privateKey": {"keyName": "PRIV_KEY_FILE", "userFilename": "key.p8", "content": "<REDACTED>"},
            "privateKeyPassword": "<REDACTED>",
            "connectArgs": "<REDACTED>",
            "lineage": {
                "enabled": True,
                "lineageConfig": {"tableFilter": "S.*", "tagFilter": ".*"},
                "ingestBatchSize": 1000,
            },
        },
    ),
    "Snowflake with OAuth": (
        {
            "type": "Snowflake",
            "autoBootstrap": False,
            "config": {
                "host": "acme.snowflakecomputing.com",
                "port": 443,
                "warehouse": "WH",
                "database": "IMMUTA",
                "authenticationType": "oAuthClientCredentials",
                "oAuthClientConfig": {
                    "useCertificate": False,
                    "clientId": "id",
                    "clientSecret": "example",
                    "authorityUrl": "https://idp.example/token",
                },
                "audit": {},
                "workspaces": {"enabled": False},
                "impersonation": {},
                "lineage": {"enabled": True, "ingestBatchSize": 5},
            },
        },
        {
            "oAuthClientConfig": {
                "useCertificate": False,
                "clientId": "id",
                "clientSecret": "<REDACTED>",
                "authorityUrl": "https://idp.example/token",
            },
            "audit": {"enabled": False},
            "impersonation": {"enabled": False},
        },
    ),
}


@pytest.mark.parametrize("name", FULL)
def test_a_full_configuration_comes_back_with_masks_and_defaults(client: Client, name: str) -> None:
    payload, differing = FULL[name]

    id = client.create(payload)

    assert client.config(id) == {**payload["config"], **differing}
    assert client.control.stored_one("integrations", id)["sent"] == payload


def test_doubtful_defaults_are_returned_with_the_setting(client: Client, s3: dict[str, Any]) -> None:
    client.control.change_settings({"doubtful_defaults": True})

    s3_id = client.create(s3)
    databricks_id = client.create(SAMPLES["Databricks"])

    assert client.config(s3_id) == {**s3["config"], "port": 443, "awsRoleToAssume": []}
    assert client.config(databricks_id) == {
        **SAMPLES["Databricks"]["config"],
        "token": "<REDACTED>",
        "port": 443,
        "audit": {"enabled": False},
        "groupPattern": {},
        "workspaceIds": [],
        "additionalWorkspaceConnections": [],
    }


def test_secrets_can_be_left_out_instead_of_masked(client: Client, s3: dict[str, Any]) -> None:
    client.control.change_settings({"secrets": "omit", "mask_identifiers": True})
    s3["config"] |= {
        "authenticationType": "accessKey",
        "awsAccessKeyId": "AKIA",
        "awsSecretAccessKey": "example",
    }

    s3_id = client.create(s3)
    snowflake_id = client.create(FULL["Snowflake"][0])

    expected = {**s3["config"], "port": 443}
    del expected["awsAccessKeyId"], expected["awsSecretAccessKey"]
    assert client.config(s3_id) == expected
    assert client.config(snowflake_id)["privateKey"] == {"keyName": "PRIV_KEY_FILE", "userFilename": "key.p8"}


def test_one_time_credentials_can_be_left_out(client: Client, snowflake: dict[str, Any]) -> None:
    id = client.create(snowflake)
    manual = client.create(
        FULL["Snowflake with OAuth"][0] | {"config": FULL["Snowflake"][0]["config"] | {"host": "b"}}
    )
    before = client.config(id)

    client.control.change_settings({"omit_one_time_credentials": True})

    assert client.config(id) == {
        name: value for name, value in before.items() if name not in ("username", "role")
    }
    assert client.config(manual)["username"] == "SYSTEM"


def test_one_time_credentials_are_kept_until_they_are_used(client: Client, snowflake: dict[str, Any]) -> None:
    key = {"keyName": "PRIV_KEY_FILE", "userFilename": "key.p8", "content": "example"}
    snowflake["config"] |= {"authenticationType": "keyPair", "privateKey": key, "connectArgs": "a=b"}
    client.control.change_settings({"polls": 1})
    client.ask("POST", "/integrations", snowflake)

    def held() -> Any:
        config = client.control.stored_one("integrations", "1")["config"]
        return config["password"], config["privateKey"], config["connectArgs"]

    seen = [held()]
    client.status("1")
    client.status("1")
    seen.append(held())
    client.ask("PUT", "/integrations/1", snowflake)
    seen.append(held())
    client.control.alter("integrations", "1", {"status": "editError"})
    seen.append(held())

    given = ("example-pw", key, "a=b")
    forgotten = (None, {**key, "content": None}, None)
    assert seen == [given, forgotten, given, forgotten]
    assert client.control.stored_one("integrations", "1")["sent"] == snowflake
    masked = {"password": "<REDACTED>", "privateKey": {**key, "content": "<REDACTED>"}}
    assert client.config("1") == {**client.config("1"), **masked, "connectArgs": "<REDACTED>"}


def test_credentials_that_are_used_on_and_on_are_kept(client: Client, snowflake: dict[str, Any]) -> None:
    snowflake["autoBootstrap"] = False
    manual, databricks = client.create(snowflake), client.create(SAMPLES["Databricks"])

    assert client.control.stored_one("integrations", manual)["config"]["password"] == "example-pw"
    assert client.control.stored_one("integrations", databricks)["config"]["token"] == "REDACTED"


def test_the_samples_are_the_guides() -> None:
    guides = json.loads((Path(__file__).parents[1] / "model" / "samples.json").read_text())

    assert list(SAMPLES.values()) == sorted(guides.values(), key=lambda s: list(SAMPLES).index(s["type"]))


def test_unknown_keys_are_kept_at_every_depth(client: Client, snowflake: dict[str, Any]) -> None:
    snowflake["config"] |= {"beta": {"x": [1]}, "audit": {"enabled": True, "newer": 1.5}}

    id = client.create(snowflake)

    config = client.config(id)
    assert (config["beta"], config["audit"]) == ({"x": [1]}, {"enabled": True, "newer": 1.5})


def test_the_masks_form_and_the_ids_form_are_switches(client: Client, snowflake: dict[str, Any]) -> None:
    client.control.change_settings({"mask": "********", "id_form": "number"})

    _, created = client.ask("POST", "/integrations", snowflake)

    assert created["id"] == 1
    assert client.ask("GET", "/integrations/1")[1]["id"] == 1
    assert client.config("1")["password"] == "********"


def test_text_beyond_ascii_survives(client: Client, snowflake: dict[str, Any]) -> None:
    snowflake["config"]["warehouse"] = 'WH_Zürich_雪\n"\\'
    snowflake["config"]["role"] = "\ud800"

    status, _ = client.ask("POST", "/integrations", content=json.dumps(snowflake))

    config = client.config("1")
    assert (status, config["warehouse"], config["role"]) == (200, 'WH_Zürich_雪\n"\\', "\ud800")
