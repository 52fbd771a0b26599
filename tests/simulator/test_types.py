"""Integrations of every type from POST to GET: as they are stored, and as they are shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from immuta_simulator.integrations.samples import SAMPLES
from support.simulator_client import Client
from table import changed, examples, numbered
from table.integrations import FULL, ROWS
from table.row import SECRET_KEYS, Example, merged

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
ONE_TIME = ("Azure Synapse Analytics", "Redshift", "Snowflake")
"""The types whose automatic set-up needs the password only once; Databricks needs its token permanently."""
BY_TYPE = {row.type.type: row for row in ROWS}
DELIMITERS = {"hashDelimiter": "~", "hashKeyDelimiter": ":", "arrayDelimiter": ","}
EXAMPLES = [example for example in examples(ROWS) if example.row.type.type != "Trino"]


def masked(value: Any) -> Any:
    """A configuration with Immuta's mask for each secret, at any depth."""
    if isinstance(value, dict):
        return {k: "<REDACTED>" if k in SECRET_KEYS else masked(v) for k, v in value.items()}
    return [masked(v) for v in value] if isinstance(value, list) else value


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
    config = merged(BY_TYPE[type_name].filled, sample["config"])
    whole = {
        **summary,
        "status": "enabled",
        "type": type_name,
        "autoBootstrap": sample["autoBootstrap"],
        "config": masked(config),
    }
    assert created == (200, summary)
    assert first == (200, summary)
    assert second == (200, whole)
    assert listed == (200, [whole])
    forgotten = {"password": None} if type_name in ONE_TIME else {}
    assert client.control.held("integrations") == [
        {**whole, "config": {**config, **forgotten}, "sent": sample}
    ]


def test_trino_needs_no_configuration_and_shows_its_api_key(client: Client) -> None:
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
    assert client.control.held("integrations") == [{**whole, "sent": {"type": "Trino"}}]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_an_integration_is_shown_with_its_defaults_and_masked_secrets(
    client: Client, example: Example
) -> None:
    id = client.create(example.request)

    assert client.config(id) == masked(merged(example.row.filled, example.request["config"]))
    assert client.control.held_one("integrations", id)["sent"] == example.request


@pytest.mark.parametrize(
    ("type_name", "key", "configured", "shown"),
    [
        ("Snowflake", "audit", {}, {"enabled": False}),
        ("Azure Synapse Analytics", "metadataDelimiters", {"hashDelimiter": "~"}, DELIMITERS),
        ("Snowflake", "lineage", {"enabled": True}, {"enabled": True, "ingestBatchSize": 1000}),
        ("Snowflake", "impersonation", {"enabled": True}, {"enabled": True, "role": "IMMUTA_IMPERSONATION"}),
        ("Redshift", "impersonation", {"enabled": True}, {"enabled": True, "role": "immuta_impersonation"}),
        ("Redshift", "impersonation", {"role": "mine"}, {"enabled": False, "role": "mine"}),
    ],
)
def test_an_object_in_a_configuration_has_defaults_of_its_own(
    client: Client, type_name: str, key: str, configured: Any, shown: Any
) -> None:
    id = client.create(changed(SAMPLES[type_name], {f"config.{key}": configured}))

    assert client.config(id)[key] == shown


def test_doubtful_defaults_are_returned_with_the_setting(client: Client, s3: dict[str, Any]) -> None:
    client.control.change_settings({"doubtful_defaults": True})
    del s3["config"]["awsRoleToAssume"]

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
    s3["config"]["authenticationType"] = "accessKey"
    keys = {"awsAccessKeyId": "AKIA", "awsSecretAccessKey": "example"}

    s3_id = client.create({**s3, "config": {**s3["config"], **keys}})
    snowflake_id = client.create(numbered(FULL["snowflake in full"], 1))

    assert client.config(s3_id) == {**s3["config"], "port": 443}
    file = {"keyName": "PRIV_KEY_FILE", "userFilename": "immuta.p8"}
    assert client.config(snowflake_id)["privateKey"] == file


def test_one_time_credentials_can_be_left_out(client: Client, snowflake: dict[str, Any]) -> None:
    id = client.create(snowflake)
    manual = client.create(changed(snowflake, {"autoBootstrap": False, "config.host": "b"}))
    before = client.config(id)

    client.control.change_settings({"omit_one_time_credentials": True})

    assert client.config(id) == {
        name: value for name, value in before.items() if name not in ("username", "role")
    }
    assert client.config(manual)["username"] == "SETUP_ADMIN"


def test_one_time_credentials_are_kept_until_they_are_used(client: Client, snowflake: dict[str, Any]) -> None:
    key = {"keyName": "PRIV_KEY_FILE", "userFilename": "key.p8", "content": "example"}
    snowflake["config"] |= {"authenticationType": "keyPair", "privateKey": key, "connectArgs": "a=b"}
    client.control.change_settings({"polls": 1})
    client.ask("POST", "/integrations", snowflake)

    def secrets() -> Any:
        config = client.control.held_one("integrations", "1")["config"]
        return config["password"], config["privateKey"], config["connectArgs"]

    seen = [secrets()]
    client.status("1")
    client.status("1")
    seen.append(secrets())
    client.ask("PUT", "/integrations/1", snowflake)
    seen.append(secrets())
    client.control.alter("integrations", "1", {"status": "editError"})
    seen.append(secrets())

    sent = ("snowflake-password-1", key, "a=b")
    forgotten = (None, {**key, "content": None}, None)
    assert seen == [sent, forgotten, sent, forgotten]
    assert client.control.held_one("integrations", "1")["sent"] == snowflake
    masked = {"password": "<REDACTED>", "privateKey": {**key, "content": "<REDACTED>"}}
    assert client.config("1") == {**client.config("1"), **masked, "connectArgs": "<REDACTED>"}


def test_credentials_that_are_needed_permanently_are_kept(client: Client, snowflake: dict[str, Any]) -> None:
    snowflake["autoBootstrap"] = False
    manual, databricks = client.create(snowflake), client.create(SAMPLES["Databricks"])

    assert client.control.held_one("integrations", manual)["config"]["password"] == "snowflake-password-1"
    assert client.control.held_one("integrations", databricks)["config"]["token"] == "REDACTED"


def test_the_samples_are_those_of_the_guide() -> None:
    guides = json.loads((Path(__file__).parents[1] / "model" / "samples.json").read_text())

    assert list(SAMPLES.values()) == sorted(guides.values(), key=lambda s: list(SAMPLES).index(s["type"]))


def test_unknown_keys_are_kept_at_every_depth(client: Client, snowflake: dict[str, Any]) -> None:
    snowflake["config"] |= {"beta": {"x": [1]}, "audit": {"enabled": True, "newer": 1.5}}

    id = client.create(snowflake)

    config = client.config(id)
    assert (config["beta"], config["audit"]) == ({"x": [1]}, {"enabled": True, "newer": 1.5})


def test_the_form_of_masks_and_ids_is_a_setting(client: Client, snowflake: dict[str, Any]) -> None:
    client.control.change_settings({"mask": "********", "id_form": "number"})

    _, created = client.ask("POST", "/integrations", snowflake)

    assert created["id"] == 1
    assert client.ask("GET", "/integrations/1")[1]["id"] == 1
    assert client.config("1")["password"] == "********"


def test_text_beyond_ascii_is_kept(client: Client, snowflake: dict[str, Any]) -> None:
    snowflake["config"]["warehouse"] = 'WH_Zürich_雪\n"\\'
    snowflake["config"]["role"] = "\ud800"

    status, _ = client.ask("POST", "/integrations", content=json.dumps(snowflake))

    config = client.config("1")
    assert (status, config["warehouse"], config["role"]) == (200, 'WH_Zürich_雪\n"\\', "\ud800")
