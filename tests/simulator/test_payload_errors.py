"""The payloads that POST refuses with 400, and the messages."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from immuta_simulator.integrations.samples import SAMPLES
from support.simulator_client import Client

TYPES = "Native S3, Azure Synapse Analytics, Databricks, Google BigQuery, Redshift, Snowflake, Trino"
GONE = object()

# (type of the sample, path of the change, new value, key that is named, message)
WRONG: list[tuple[str, str, Any, str, str]] = [
    ("Snowflake", "type", "snowflake", "type", f"must be one of [{TYPES}]"),
    ("Snowflake", "type", GONE, "type", "is required"),
    ("Snowflake", "type", 5, "type", f"must be one of [{TYPES}]"),
    ("Snowflake", "autoBootstrap", GONE, "autoBootstrap", "is required"),
    ("Snowflake", "autoBootstrap", "true", "autoBootstrap", "must be a boolean"),
    ("Snowflake", "config", GONE, "config", "is required"),
    ("Snowflake", "config", [], "config", "must be of type object"),
    ("Native S3", "autoBootstrap", True, "autoBootstrap", "must be false for Native S3"),
    ("Google BigQuery", "autoBootstrap", True, "autoBootstrap", "must be false for Google BigQuery"),
    ("Trino", "autoBootstrap", True, "autoBootstrap", "must be false for Trino"),
    ("Native S3", "config.awsAccountId", 123456789, "config.awsAccountId", "must be a string"),
    ("Native S3", "config.name", "", "config.name", "is not allowed to be empty"),
    ("Native S3", "config.name", None, "config.name", "must be a string"),
    ("Native S3", "config.awsSecretAccessKey", "", "config.awsSecretAccessKey", "is not allowed to be empty"),
    ("Databricks", "config.token", "", "config.token", "is not allowed to be empty"),
    ("Redshift", "config.username", "", "config.username", "is not allowed to be empty"),
    ("Snowflake", "config.role", "", "config.role", "is not allowed to be empty"),
    ("Native S3", "config.awsSecretAccessKey", GONE, "config.awsSecretAccessKey", "is required"),
    (
        "Native S3",
        "config.authenticationType",
        "okta",
        "config.authenticationType",
        "must be one of [auto, accessKey]",
    ),
    ("Native S3", "config.port", "443", "config.port", "must be a number"),
    ("Native S3", "config.port", True, "config.port", "must be a number"),
    ("Native S3", "config.port", 443.5, "config.port", "must be an integer"),
    ("Native S3", "config.port", 65536, "config.port", "must be less than or equal to 65535"),
    ("Native S3", "config.port", -1, "config.port", "must be larger than or equal to 0"),
    ("Azure Synapse Analytics", "config.schema", GONE, "config.schema", "is required"),
    ("Azure Synapse Analytics", "config.password", GONE, "config.password", "is required"),
    (
        "Azure Synapse Analytics",
        "config.host",
        "https://pool.azure.com",
        "config.host",
        "fails to match the required pattern: /^[^/\\s]+$/",
    ),
    (
        "Azure Synapse Analytics",
        "config.impersonation",
        True,
        "config.impersonation",
        "must be of type object",
    ),
    (
        "Azure Synapse Analytics",
        "config.impersonation",
        {"enabled": "yes"},
        "config.impersonation.enabled",
        "must be a boolean",
    ),
    ("Databricks", "config.token", GONE, "config.token", "is required"),
    (
        "Databricks",
        "config.catalog",
        "1st",
        "config.catalog",
        "fails to match the required pattern: /^[A-Za-z_][A-Za-z0-9_]*$/",
    ),
    ("Databricks", "config.authenticationType", "oAuthM2M", "config.oAuthClientConfig", "is required"),
    ("Databricks", "config.workspaceIds", "1", "config.workspaceIds", "must be an array"),
    ("Databricks", "config.workspaceIds", ["1", 2], "config.workspaceIds[1]", "must be a string"),
    ("Databricks", "config.proxyOptions", {"port": 1}, "config.proxyOptions.host", "is required"),
    (
        "Databricks",
        "config.additionalWorkspaceConnections",
        {},
        "config.additionalWorkspaceConnections",
        "must be an array",
    ),
    (
        "Databricks",
        "config.additionalWorkspaceConnections",
        [1],
        "config.additionalWorkspaceConnections[0]",
        "must be of type object",
    ),
    (
        "Databricks",
        "config.additionalWorkspaceConnections",
        [{"workspaceUrl": "w", "httpPath": "p", "authenticationType": "token"}],
        "config.additionalWorkspaceConnections[0].token",
        "is required",
    ),
    ("Google BigQuery", "config.credential", GONE, "config.credential", "is required"),
    (
        "Google BigQuery",
        "config.credential",
        {"type": "service_account"},
        "config.credential",
        "must be a string",
    ),
    (
        "Google BigQuery",
        "config.datasetSuffix",
        "secure",
        "config.datasetSuffix",
        "fails to match the required pattern: /^_.*$/",
    ),
    ("Redshift", "config.initialDatabase", GONE, "config.initialDatabase", "is required"),
    ("Snowflake", "config.host", GONE, "config.host", "is required"),
    ("Snowflake", "config.role", GONE, "config.role", "is required"),
    ("Snowflake", "config.authenticationType", "keyPair", "config.privateKey", "is required"),
    (
        "Snowflake",
        "config.privateKey",
        {"keyName": "KEY", "userFilename": "f", "content": "c"},
        "config.privateKey.keyName",
        "must be one of [PRIV_KEY_FILE]",
    ),
    ("Snowflake", "config.workspaces", {"enabled": True}, "config.workspaces.warehouses", "is required"),
]


def changed(sample: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    out = deepcopy(sample)
    *parents, last = path.split(".")
    target = out
    for parent in parents:
        target = target[parent]
    if value is GONE:
        del target[last]
    else:
        target[last] = value
    return out


def refusal(*problems: tuple[str, str]) -> tuple[int, Any]:
    return 400, {
        "statusCode": 400,
        "error": "Bad Request",
        "message": ". ".join(f'"{key}" {text}' for key, text in problems),
        "validation": {"source": "payload", "keys": [key for key, _ in problems]},
    }


@pytest.mark.parametrize(("type_name", "path", "value", "key", "text"), WRONG)
def test_a_wrong_payload_is_refused(
    client: Client, type_name: str, path: str, value: Any, key: str, text: str
) -> None:
    answer = client.ask("POST", "/integrations", changed(SAMPLES[type_name], path, value))

    assert answer == refusal((key, text))
    assert client.control.stored("integrations") == []


def test_optional_values_may_be_empty(client: Client) -> None:
    payload = deepcopy(SAMPLES["Snowflake"])
    payload["autoBootstrap"] = False
    payload["config"] |= {"role": "", "connectArgs": ""}

    assert client.ask("POST", "/integrations", payload)[0] == 200


def test_every_problem_is_named_at_once(client: Client) -> None:
    answer = client.ask("POST", "/integrations", {"type": "Redshift", "config": {"host": 1}})

    assert answer == refusal(
        ("autoBootstrap", "is required"),
        ("config.host", "must be a string"),
        ("config.database", "is required"),
        ("config.initialDatabase", "is required"),
        ("config.authenticationType", "is required"),
    )


@pytest.mark.parametrize(
    ("type_name", "extra", "problem"),
    [
        (
            "Redshift",
            {
                "authenticationType": "okta",
                "okta": {"username": "u", "password": "p", "appId": "a", "idpHost": "h", "role": "r"},
            },
            "okta is only allowed when autoBootstrap is false",
        ),
        (
            "Snowflake",
            {
                "authenticationType": "oAuthClientCredentials",
                "oAuthClientConfig": {
                    "useCertificate": False,
                    "clientId": "i",
                    "clientSecret": "s",
                    "authorityUrl": "u",
                },
            },
            "oAuthClientCredentials is only allowed when autoBootstrap is false",
        ),
    ],
)
def test_some_ways_to_authenticate_need_a_manual_set_up(
    client: Client, type_name: str, extra: dict[str, Any], problem: str
) -> None:
    payload = deepcopy(SAMPLES[type_name])
    payload["config"] |= extra

    automatic = client.ask("POST", "/integrations", payload)
    manual, _ = client.ask("POST", "/integrations", payload | {"autoBootstrap": False})

    assert (automatic, manual) == (refusal(("config.authenticationType", problem)), 200)


@pytest.mark.parametrize(
    ("certificate", "missing"),
    [(False, ["clientSecret"]), (True, ["publicCertificateThumbprint", "oauthPrivateKey"])],
)
def test_an_oauth_client_needs_its_secret_or_its_certificate(
    client: Client, certificate: bool, missing: list[str]
) -> None:
    payload = deepcopy(SAMPLES["Databricks"])
    oauth = {"useCertificate": certificate, "clientId": "i", "authorityUrl": "u"}
    payload["config"] |= {"authenticationType": "oAuthM2M", "oAuthClientConfig": oauth}

    answer = client.ask("POST", "/integrations", payload)

    assert answer == refusal(*((f"config.oAuthClientConfig.{name}", "is required") for name in missing))


def test_unknown_keys_can_be_refused(client: Client, snowflake: dict[str, Any]) -> None:
    client.control.change_settings({"unknown_keys": "reject"})
    snowflake["dryRun"] = True
    snowflake["config"] |= {"hostname": "x", "audit": {"on": True}}

    answer = client.ask("POST", "/integrations", snowflake)

    assert answer == refusal(
        ("dryRun", "is not allowed"),
        ("config.audit.on", "is not allowed"),
        ("config.hostname", "is not allowed"),
    )


@pytest.mark.parametrize("body", ["[]", '"x"', "5", "null", ""])
def test_a_body_that_is_not_an_object_is_refused(client: Client, body: str) -> None:
    answer = client.ask("POST", "/integrations", content=body)

    assert answer == (
        400,
        {"statusCode": 400, "error": "Bad Request", "message": '"value" must be of type object'},
    )


@pytest.mark.parametrize("body", ["{", '{"type": NaN}', "\xff", "[" * 100_000])
def test_a_body_that_is_not_json_is_refused(client: Client, body: str) -> None:
    answer = client.ask("POST", "/integrations", content=body.encode("latin-1"))

    assert answer == (
        400,
        {"statusCode": 400, "error": "Bad Request", "message": "Invalid request payload format"},
    )


YAML = """
type: Snowflake
autoBootstrap: true
config:
  host: acme.snowflakecomputing.com
  warehouse: 2024-01-01
  database: IMMUTA
  authenticationType: userPassword
  username: ADMIN
  password: |-
    example
    pw
  role: ACCOUNTADMIN
"""


@pytest.mark.parametrize(
    "media_type", ["application/x-yaml", "application/yaml; charset=utf-8", "text/yaml", "TEXT/X-YAML"]
)
def test_a_body_may_be_yaml(client: Client, media_type: str) -> None:
    status, _ = client.ask("POST", "/integrations", content=YAML, headers={"content-type": media_type})

    assert status == 200
    assert client.control.stored_one("integrations", "1")["sent"] == {
        "type": "Snowflake",
        "autoBootstrap": True,
        "config": {
            "host": "acme.snowflakecomputing.com",
            "warehouse": "2024-01-01",
            "database": "IMMUTA",
            "authenticationType": "userPassword",
            "username": "ADMIN",
            "password": "example\npw",
            "role": "ACCOUNTADMIN",
        },
    }


def test_broken_yaml_is_refused(client: Client) -> None:
    headers = {"content-type": "application/x-yaml"}

    status, _ = client.ask("POST", "/integrations", content="a: [", headers=headers)
    tagged, _ = client.ask("POST", "/integrations", content="!!python/object:os.system {}", headers=headers)

    assert (status, tagged) == (400, 400)


def test_a_large_body_is_taken(client: Client, snowflake: dict[str, Any]) -> None:
    snowflake["config"]["connectArgs"] = "x" * 3_000_000

    id = client.create(snowflake)

    assert client.control.stored_one("integrations", id)["sent"] == snowflake
