"""Two integrations in one place: 409 for most types, failed validation tests for Amazon S3."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from immuta_simulator.integrations.samples import SAMPLES
from support.simulator_client import Client

# (type, keys of the place, how the place is called)
PLACES: list[tuple[str, tuple[str, ...], str]] = [
    ("Snowflake", ("host",), "organization.us-east-1.snowflakecomputing.com"),
    ("Redshift", ("host", "database"), "organization.aws.amazon.com/immuta"),
    (
        "Azure Synapse Analytics",
        ("host", "database", "schema"),
        "organization.azure.com/sample_database/immuta",
    ),
    ("Databricks", ("workspaceUrl",), "www.example-workspace.cloud.databricks.com"),
    ("Google BigQuery", ("dataset",), "innate-conquest-123456/immuta"),
]


@pytest.mark.parametrize(("type_name", "keys", "place"), PLACES)
def test_second_integration_on_a_host_is_refused(
    client: Client, type_name: str, keys: tuple[str, ...], place: str
) -> None:
    client.create({"type": "Trino"})
    client.create(SAMPLES[type_name])

    assert client.ask("POST", "/integrations", SAMPLES[type_name]) == (
        409,
        {
            "statusCode": 409,
            "error": "Conflict",
            "message": f"{type_name} integration already exists on {place} (id = 2).",
        },
    )
    for number, key in enumerate(keys):
        elsewhere = deepcopy(SAMPLES[type_name])
        elsewhere["config"][key] += "x"
        assert client.create(elsewhere) == str(number + 3)


def test_the_case_of_a_host_does_not_matter(client: Client, snowflake: dict[str, Any]) -> None:
    client.create(snowflake)
    shouted = deepcopy(snowflake)
    shouted["config"]["host"] = shouted["config"]["host"].upper()

    status, answer = client.ask("POST", "/integrations", shouted)

    message = "Snowflake integration already exists on acme.snowflakecomputing.com (id = 1)."
    assert (status, answer["message"]) == (409, message)


@pytest.mark.parametrize(
    "status", ["createError", "editError", "deleteError", "recurringValidationError", "migrating"]
)
def test_unhealthy_integration_still_occupies_its_host(
    client: Client, snowflake: dict[str, Any], status: str
) -> None:
    client.control.alter("integrations", client.create(snowflake), {"status": status})

    assert client.ask("POST", "/integrations", snowflake)[0] == 409


@pytest.mark.parametrize("status", ["disabled", "deleted"])
def test_unused_integration_does_not_occupy_its_host(
    client: Client, snowflake: dict[str, Any], status: str
) -> None:
    client.control.alter("integrations", client.create(snowflake), {"status": status})

    assert client.create(snowflake) == "2"


def test_bigquery_key_files_that_cannot_be_read_never_clash(client: Client) -> None:
    payload = deepcopy(SAMPLES["Google BigQuery"])
    payload["config"]["credential"] = "not JSON"

    assert (client.create(payload), client.create(payload)) == ("1", "2")


def test_a_bigquery_key_file_may_hold_raw_line_breaks(client: Client) -> None:
    payload = deepcopy(SAMPLES["Google BigQuery"])
    payload["config"]["credential"] = json.dumps({"project_id": "p", "private_key": "a\nb"}).replace(
        "\\n", "\n"
    )
    client.create(payload)

    status, answer = client.ask("POST", "/integrations", payload)

    assert (status, answer["message"]) == (
        409,
        "Google BigQuery integration already exists on p/immuta (id = 1).",
    )


def test_many_trino_integrations_are_fine(client: Client) -> None:
    assert [client.create({"type": "Trino"}) for _ in range(3)] == ["1", "2", "3"]


def s3_refusal(verb: str, **failed: str) -> tuple[int, Any]:
    names = {
        "path": "There is no existing integration matching this configuration",
        "name": "The provided integration name is unique across Immuta S3 integrations",
        "role": "The provided access grants location role is a valid ARN format",
        "identity": "The provided AWS credentials allow fetching the caller's identity via the AWS STS API",
        "instance": "An AWS Access Grants instance is configured in the provided AWS account and region",
    }
    tests = [
        {"name": name, "status": "failed", "message": failed[short]}
        if short in failed
        else {"name": name, "status": "passed"}
        for short, name in names.items()
    ]
    return 422, {
        "statusCode": 422,
        "error": "Unprocessable entity",
        "message": f"Validation of prerequisite setup failed. Unable to {verb} integration.",
        "validationResults": {"status": "failed", "validationTests": tests},
    }


TAKEN_PATH = "An integration for this location path exists already (id = 1)."
TAKEN_NAME = "The name is taken by the integration with id = 1."
NO_ARN = "The location role is not an ARN of the form arn:aws:iam::<account>:role/<name>."


@pytest.mark.parametrize(
    ("change", "failed"),
    [
        ({}, {"path": TAKEN_PATH, "name": TAKEN_NAME}),
        ({"name": "other"}, {"path": TAKEN_PATH}),
        ({"awsLocationPath": "s3://other/"}, {"name": TAKEN_NAME}),
        ({"name": "b", "awsLocationPath": "s3://b/", "awsLocationRole": "immuta"}, {"role": NO_ARN}),
    ],
)
def test_s3_conflict_is_a_failed_validation_test(
    client: Client, s3: dict[str, Any], change: dict[str, str], failed: dict[str, str]
) -> None:
    client.create(s3)

    answer = client.ask("POST", "/integrations", {**s3, "config": {**s3["config"], **change}})

    assert answer == s3_refusal("create", **failed)
    assert [held["id"] for held in client.control.stored("integrations")] == ["1"]


def test_an_s3_integration_may_not_be_renamed_to_another_ones_name(
    client: Client, s3: dict[str, Any]
) -> None:
    client.create(s3)
    second = {**s3, "config": {**s3["config"], "name": "b", "awsLocationPath": "s3://b/"}}
    id = client.create(second)

    answer = client.ask(
        "PUT", f"/integrations/{id}", {**second, "config": {**second["config"], "name": "lake"}}
    )
    same = client.ask("PUT", f"/integrations/{id}", second)

    assert answer == s3_refusal("update", name=TAKEN_NAME)
    assert same[0] == 200
