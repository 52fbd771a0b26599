"""Two integrations in one place: conflicts, and failed validation tests of Amazon S3."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_simulator.integrations.samples import SAMPLES
from support.simulator_client import Client, refusal
from table import changed

PLACES = [
    ("Snowflake", ["host"], "organization.us-east-1.snowflakecomputing.com"),
    ("Redshift", ["host", "database"], "organization.aws.amazon.com/immuta"),
    (
        "Azure Synapse Analytics",
        ["host", "database", "schema"],
        "organization.azure.com/sample_database/immuta",
    ),
    ("Databricks", ["workspaceUrl"], "www.example-workspace.cloud.databricks.com"),
    ("Google BigQuery", ["dataset"], "innate-conquest-123456/immuta"),
]
"""For each type, the keys that name the place of an integration, and the place of its sample in messages."""


def taken(type_name: str, place: str, id: int) -> tuple[int, Any]:
    return refusal(409, "Conflict", f"{type_name} integration already exists on {place} (id = {id}).")


@pytest.mark.parametrize(("type_name", "keys", "place"), PLACES)
def test_second_integration_on_a_host_is_refused(
    client: Client, type_name: str, keys: list[str], place: str
) -> None:
    client.create({"type": "Trino"})
    client.create(SAMPLES[type_name])

    assert client.ask("POST", "/integrations", SAMPLES[type_name]) == taken(type_name, place, 2)
    for number, key in enumerate(keys):
        elsewhere = changed(SAMPLES[type_name], {f"config.{key}": "elsewhere"})
        assert client.create(elsewhere) == str(number + 3)


def test_the_case_of_a_host_does_not_matter(client: Client, snowflake: dict[str, Any]) -> None:
    client.create(snowflake)
    host = snowflake["config"]["host"]

    answer = client.ask("POST", "/integrations", changed(snowflake, {"config.host": host.upper()}))

    assert answer == taken("Snowflake", host, 1)


@pytest.mark.parametrize(
    ("status", "answered"),
    [
        *((status, 409) for status in ("createError", "editError", "deleteError")),
        *((status, 409) for status in ("recurringValidationError", "migrating")),
        *((status, 200) for status in ("disabled", "deleted")),
    ],
)
def test_an_integration_occupies_its_host_until_it_is_disabled_or_deleted(
    client: Client, snowflake: dict[str, Any], status: str, answered: int
) -> None:
    client.control.alter("integrations", client.create(snowflake), {"status": status})

    assert client.ask("POST", "/integrations", snowflake)[0] == answered


def test_bigquery_key_files_that_cannot_be_read_do_not_conflict(client: Client) -> None:
    payload = changed(SAMPLES["Google BigQuery"], {"config.credential": "not JSON"})

    assert (client.create(payload), client.create(payload)) == ("1", "2")


def test_a_bigquery_key_file_may_have_raw_line_breaks(client: Client) -> None:
    key_file = '{"project_id": "p", "private_key": "a\nb"}'
    payload = changed(SAMPLES["Google BigQuery"], {"config.credential": key_file})
    client.create(payload)

    assert client.ask("POST", "/integrations", payload) == taken("Google BigQuery", "p/immuta", 1)


def invalid(verb: str, client: Client, failed: dict[int, str]) -> tuple[int, Any]:
    """The answer with the validation tests of integration 1, of which those with these numbers failed."""
    tests = client.status_of("1")["validationResults"]["validationTests"]
    for number, message in failed.items():
        tests[number] |= {"status": "failed", "message": message}
    message = f"Validation of prerequisite setup failed. Unable to {verb} integration."
    results = {"status": "failed", "validationTests": tests}
    return refusal(422, "Unprocessable entity", message, validationResults=results)


PATH, NAME, ROLE = 0, 1, 2
"""Places of validation tests among those of Amazon S3."""
TAKEN_PATH = "An integration for this location path exists already (id = 1)."
TAKEN_NAME = "The name is taken by the integration with id = 1."
NO_ARN = "The location role is not an ARN of the form arn:aws:iam::<account>:role/<name>."


@pytest.mark.parametrize(
    ("change", "failed"),
    [
        ({}, {PATH: TAKEN_PATH, NAME: TAKEN_NAME}),
        ({"name": "other"}, {PATH: TAKEN_PATH}),
        ({"awsLocationPath": "s3://other/"}, {NAME: TAKEN_NAME}),
        ({"name": "b", "awsLocationPath": "s3://b/", "awsLocationRole": "immuta"}, {ROLE: NO_ARN}),
    ],
    ids=["path and name", "path", "name", "role"],
)
def test_s3_conflict_is_a_failed_validation_test(
    client: Client, s3: dict[str, Any], change: dict[str, str], failed: dict[int, str]
) -> None:
    client.create(s3)

    answer = client.ask("POST", "/integrations", {**s3, "config": {**s3["config"], **change}})

    assert answer == invalid("create", client, failed)
    assert [held["id"] for held in client.control.held("integrations")] == ["1"]


def test_an_s3_integration_may_not_be_renamed_to_another_ones_name(
    client: Client, s3: dict[str, Any]
) -> None:
    client.create(s3)
    second = changed(s3, {"config.name": "b", "config.awsLocationPath": "s3://b/"})
    client.create(second)

    answer = client.ask(
        "PUT", "/integrations/2", {**second, "config": {**second["config"], "name": "lake-1"}}
    )
    same = client.ask("PUT", "/integrations/2", second)

    assert answer == invalid("update", client, {NAME: TAKEN_NAME})
    assert same[0] == 200
