"""The payloads that POST refuses with 400, and the messages."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_simulator.integrations.samples import SAMPLES
from support.simulator_client import Client, refusal
from table import changed, numbered
from table.integrations import BASES

TYPES = "Native S3, Azure Synapse Analytics, Databricks, Google BigQuery, Redshift, Snowflake, Trino"
HOST_PATTERN = "fails to match the required pattern: /^[^/\\s]+$/"
CATALOG_PATTERN = "fails to match the required pattern: /^[A-Za-z_][A-Za-z0-9_]*$/"
KEY_FILE = {"keyName": "KEY", "userFilename": "f", "content": "c"}
WORKSPACES = "config.additionalWorkspaceConnections"
WITHOUT_TOKEN = {"workspaceUrl": "w", "httpPath": "p", "authenticationType": "token"}

# Type of the sample, path of the change, new value (None removes it), and the message about that path.
WRONG: list[tuple[str, str, Any, str]] = [
    ("Snowflake", "type", "snowflake", f"must be one of [{TYPES}]"),
    ("Snowflake", "type", None, "is required"),
    ("Snowflake", "type", 5, f"must be one of [{TYPES}]"),
    ("Snowflake", "autoBootstrap", None, "is required"),
    ("Snowflake", "autoBootstrap", "true", "must be a boolean"),
    ("Snowflake", "config", None, "is required"),
    ("Snowflake", "config", [], "must be of type object"),
    ("Native S3", "autoBootstrap", True, "must be false for Native S3"),
    ("Google BigQuery", "autoBootstrap", True, "must be false for Google BigQuery"),
    ("Trino", "autoBootstrap", True, "must be false for Trino"),
    ("Native S3", "config.awsAccountId", 123456789, "must be a string"),
    ("Native S3", "config.name", "", "is not allowed to be empty"),
    ("Native S3", "config.awsSecretAccessKey", "", "is not allowed to be empty"),
    ("Databricks", "config.token", "", "is not allowed to be empty"),
    ("Redshift", "config.username", "", "is not allowed to be empty"),
    ("Snowflake", "config.role", "", "is not allowed to be empty"),
    ("Native S3", "config.awsSecretAccessKey", None, "is required"),
    ("Native S3", "config.authenticationType", "okta", "must be one of [auto, accessKey]"),
    ("Native S3", "config.port", "443", "must be a number"),
    ("Native S3", "config.port", True, "must be a number"),
    ("Native S3", "config.port", 443.5, "must be an integer"),
    ("Native S3", "config.port", 65536, "must be less than or equal to 65535"),
    ("Native S3", "config.port", -1, "must be larger than or equal to 0"),
    ("Azure Synapse Analytics", "config.schema", None, "is required"),
    ("Azure Synapse Analytics", "config.password", None, "is required"),
    ("Azure Synapse Analytics", "config.host", "https://pool.azure.com", HOST_PATTERN),
    ("Azure Synapse Analytics", "config.impersonation", True, "must be of type object"),
    ("Azure Synapse Analytics", "config.impersonation.enabled", "yes", "must be a boolean"),
    ("Databricks", "config.token", None, "is required"),
    ("Databricks", "config.catalog", "1st", CATALOG_PATTERN),
    ("Databricks", "config.workspaceIds", "1", "must be an array"),
    ("Databricks", WORKSPACES, {}, "must be an array"),
    ("Google BigQuery", "config.credential", None, "is required"),
    ("Google BigQuery", "config.credential", {"type": "service_account"}, "must be a string"),
    ("Google BigQuery", "config.datasetSuffix", "secure", "fails to match the required pattern: /^_.*$/"),
    ("Redshift", "config.initialDatabase", None, "is required"),
    ("Snowflake", "config.host", None, "is required"),
    ("Snowflake", "config.role", None, "is required"),
]
# The same for changes of which the message names another path, which stands before the message.
WRONG_ELSEWHERE: list[tuple[str, str, Any, str, str]] = [
    (
        "Native S3",
        "config",
        {**SAMPLES["Native S3"]["config"], "name": None},
        "config.name",
        "must be a string",
    ),
    ("Databricks", "config.authenticationType", "oAuthM2M", "config.oAuthClientConfig", "is required"),
    ("Databricks", "config.workspaceIds", ["1", 2], "config.workspaceIds[1]", "must be a string"),
    ("Databricks", "config.proxyOptions", {"port": 1}, "config.proxyOptions.host", "is required"),
    ("Databricks", WORKSPACES, [1], f"{WORKSPACES}[0]", "must be of type object"),
    ("Databricks", WORKSPACES, [WITHOUT_TOKEN], f"{WORKSPACES}[0].token", "is required"),
    ("Snowflake", "config.authenticationType", "keyPair", "config.privateKey", "is required"),
    (
        "Snowflake",
        "config.privateKey",
        KEY_FILE,
        "config.privateKey.keyName",
        "must be one of [PRIV_KEY_FILE]",
    ),
    ("Snowflake", "config.workspaces", {"enabled": True}, "config.workspaces.warehouses", "is required"),
]


def wrong(*problems: tuple[str, str]) -> tuple[int, Any]:
    message = ". ".join(f'"{key}" {text}' for key, text in problems)
    keys = [key for key, _ in problems]
    return refusal(400, "Bad Request", message, validation={"source": "payload", "keys": keys})


@pytest.mark.parametrize(
    ("type_name", "path", "value", "key", "text"),
    [*((type, path, value, path, text) for type, path, value, text in WRONG), *WRONG_ELSEWHERE],
)
def test_a_wrong_payload_is_refused(
    client: Client, type_name: str, path: str, value: Any, key: str, text: str
) -> None:
    answer = client.ask("POST", "/integrations", changed(SAMPLES[type_name], {path: value}))

    assert answer == wrong((key, text))
    assert client.control.held("integrations") == []


def test_optional_values_may_be_empty(client: Client) -> None:
    change = {"autoBootstrap": False, "config.role": "", "config.connectArgs": ""}

    assert client.ask("POST", "/integrations", changed(SAMPLES["Snowflake"], change))[0] == 200


def test_every_problem_is_named_at_once(client: Client) -> None:
    answer = client.ask("POST", "/integrations", {"type": "Redshift", "config": {"host": 1}})

    assert answer == wrong(
        ("autoBootstrap", "is required"),
        ("config.host", "must be a string"),
        ("config.database", "is required"),
        ("config.initialDatabase", "is required"),
        ("config.authenticationType", "is required"),
    )


@pytest.mark.parametrize("base", ["redshift with okta", "snowflake with oauth"])
def test_some_ways_to_authenticate_need_a_manual_set_up(client: Client, base: str) -> None:
    manual = changed(numbered(BASES[base], 1), {"config.role": "ACCOUNTADMIN"})
    way = manual["config"]["authenticationType"]

    automatic = client.ask("POST", "/integrations", {**manual, "autoBootstrap": True})

    problem = f"{way} is only allowed when autoBootstrap is false"
    assert automatic == wrong(("config.authenticationType", problem))
    assert client.ask("POST", "/integrations", manual)[0] == 200


@pytest.mark.parametrize(
    ("certificate", "missing"),
    [(False, ["clientSecret"]), (True, ["publicCertificateThumbprint", "oauthPrivateKey"])],
)
def test_an_oauth_client_needs_its_secret_or_its_certificate(
    client: Client, certificate: bool, missing: list[str]
) -> None:
    oauth = {"useCertificate": certificate, "clientId": "i", "authorityUrl": "u"}
    change = {"config.authenticationType": "oAuthM2M", "config.oAuthClientConfig": oauth}

    answer = client.ask("POST", "/integrations", changed(SAMPLES["Databricks"], change))

    assert answer == wrong(*((f"config.oAuthClientConfig.{name}", "is required") for name in missing))


def test_unknown_keys_can_be_refused(client: Client, snowflake: dict[str, Any]) -> None:
    client.control.change_settings({"unknown_keys": "reject"})
    snowflake["dryRun"] = True
    snowflake["config"] |= {"hostname": "x", "audit": {"on": True}}

    answer = client.ask("POST", "/integrations", snowflake)

    assert answer == wrong(
        ("dryRun", "is not allowed"),
        ("config.audit.on", "is not allowed"),
        ("config.hostname", "is not allowed"),
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        *((body, '"value" must be of type object') for body in ("[]", '"x"', "5", "null", "")),
        *((body, "Invalid request payload format") for body in ("{", '{"type": NaN}', "\xff", "[" * 100_000)),
    ],
    ids=lambda text: text[:20],
)
def test_a_body_that_is_not_a_json_object_is_refused(client: Client, body: str, message: str) -> None:
    answer = client.ask("POST", "/integrations", content=body.encode("latin-1"))

    assert answer == refusal(400, "Bad Request", message)


YAML = """
type: Trino
config:
  date: 2024-01-01
  text: |-
    two
    lines
"""


@pytest.mark.parametrize(
    "media_type", ["application/x-yaml", "application/yaml; charset=utf-8", "text/yaml", "TEXT/X-YAML"]
)
def test_a_body_may_be_yaml(client: Client, media_type: str) -> None:
    status, _ = client.ask("POST", "/integrations", content=YAML, headers={"content-type": media_type})

    assert status == 200
    sent = {"type": "Trino", "config": {"date": "2024-01-01", "text": "two\nlines"}}
    assert client.control.held_one("integrations", "1")["sent"] == sent


def test_a_large_body_is_accepted(client: Client, snowflake: dict[str, Any]) -> None:
    snowflake["config"]["connectArgs"] = "x" * 3_000_000

    id = client.create(snowflake)

    assert client.control.held_one("integrations", id)["sent"] == snowflake
