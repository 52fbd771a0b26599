"""DELETE requires credentials for some integrations and refuses them for others."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_simulator.integrations.samples import SAMPLES
from support.simulator_client import Client, refusal

PASSWORD = {"authenticationType": "userPassword", "username": "u", "password": "p"}
ACCESS_KEY = {"authenticationType": "accessKey", "databaseUser": "u", "accessKeyId": "a", "secretKey": "s"}
KEY_FILE = {"keyName": "PRIV_KEY_FILE", "userFilename": "f", "content": "c"}
KEY_PAIR = {"authenticationType": "keyPair", "username": "u", "privateKey": KEY_FILE}

NEEDED = (
    "Integrations that are automatically configured require privileged credentials to disable. "
    "Please provide them in your payload."
)
NOT_NEEDED = (
    "Credentials are not required for disable unless the integration was configured automatically. If you need to "
    "update your integration credentials, use PUT to update the integration before disabling."
)
NOT_NEEDED_BY_DATABRICKS = (
    "Credentials are not required to disable a Databricks integration. If you need to update your integration "
    "credentials, use PUT to update the integration before disabling."
)


def refused(message: str) -> tuple[int, Any]:
    return refusal(400, "Bad request", message)


def created(client: Client, type_name: str, automatic: bool) -> Any:
    sample = SAMPLES[type_name]
    client.create(sample if type_name == "Trino" else {**sample, "autoBootstrap": automatic})
    return client.status_of("1")["validationResults"]


AUTOMATIC = [
    ("Snowflake", PASSWORD),
    ("Snowflake", {**PASSWORD, "role": "ACCOUNTADMIN"}),
    ("Snowflake", KEY_PAIR),
    ("Snowflake", {"username": "u", "password": "p"}),
    ("Redshift", PASSWORD),
    ("Redshift", ACCESS_KEY),
    ("Azure Synapse Analytics", PASSWORD),
]


@pytest.mark.parametrize(("type_name", "body"), AUTOMATIC)
@pytest.mark.parametrize("nested", [False, True], ids=["flat", "in config"])
def test_automatic_integration_is_deleted_with_credentials(
    client: Client, type_name: str, body: dict[str, Any], nested: bool
) -> None:
    results = created(client, type_name, True)

    answer = client.ask("DELETE", "/integrations/1", {"config": body} if nested else body)

    assert answer == (200, {"id": "1", "status": "deleting", "validationResults": results})


@pytest.mark.parametrize("type_name", ["Snowflake", "Redshift", "Azure Synapse Analytics"])
@pytest.mark.parametrize("body", [None, {}, {"config": {}}, {"authenticationType": "userPassword"}])
def test_automatic_integration_is_not_deleted_without_credentials(
    client: Client, type_name: str, body: Any
) -> None:
    created(client, type_name, True)

    assert client.ask("DELETE", "/integrations/1", body) == refused(NEEDED)
    assert client.status("1") == "enabled"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"authenticationType": "userPassword", "username": "u"}, '"password" is required'),
        ({**PASSWORD, "authenticationType": "keyPair"}, '"privateKey" is required'),
        ({**PASSWORD, "password": ""}, '"password" is not allowed to be empty'),
        (
            {**PASSWORD, "authenticationType": "okta"},
            '"authenticationType" must be one of [userPassword, keyPair]',
        ),
    ],
)
def test_incomplete_credentials_are_refused(client: Client, body: dict[str, Any], message: str) -> None:
    created(client, "Snowflake", True)

    status, answer = client.ask("DELETE", "/integrations/1", body)

    assert (status, answer["message"]) == (400, message)


MANUAL = [
    ("Snowflake", False, NOT_NEEDED),
    ("Redshift", False, NOT_NEEDED),
    ("Azure Synapse Analytics", False, NOT_NEEDED),
    ("Databricks", False, NOT_NEEDED_BY_DATABRICKS),
    ("Databricks", True, NOT_NEEDED_BY_DATABRICKS),
    ("Native S3", False, NOT_NEEDED),
    ("Google BigQuery", False, NOT_NEEDED),
    ("Trino", False, NOT_NEEDED),
]


@pytest.mark.parametrize(("type_name", "automatic", "message"), MANUAL)
def test_any_other_integration_refuses_credentials_and_needs_none(
    client: Client, type_name: str, automatic: bool, message: str
) -> None:
    results = created(client, type_name, automatic)

    assert client.ask("DELETE", "/integrations/1", PASSWORD) == refused(message)
    assert client.ask("DELETE", "/integrations/1") == (
        200,
        {"id": "1", "status": "deleting", "validationResults": results},
    )


def test_a_body_that_is_not_an_object_is_refused(client: Client) -> None:
    client.create({"type": "Trino"})

    assert client.ask("DELETE", "/integrations/1", [1]) == refused('"value" must be of type object')


def test_credentials_of_delete_can_be_compared(client: Client, snowflake: dict[str, Any]) -> None:
    client.control.change_settings({"delete_credentials": "same"})
    client.create(snowflake)
    right = {name: snowflake["config"][name] for name in ("authenticationType", "username", "password")}

    wrong = client.ask("DELETE", "/integrations/1", {**right, "password": "wrong"})
    done, _ = client.ask("DELETE", "/integrations/1", right)

    message = "Validation of prerequisite setup failed. Unable to delete integration."
    assert wrong == refusal(422, "Unprocessable entity", message)
    assert done == 200
