"""From POST through PUT to DELETE: statuses, transitions, and keys that cannot be changed."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_simulator.integrations.samples import SAMPLES
from support.simulator_client import Client, refusal
from table import BY_RESOURCE, cases, changed, numbered
from table.integrations import BASES, ROWS

CREDENTIALS = {"authenticationType": "userPassword", "username": "ADMIN", "password": "example-pw"}


def statuses(client: Client, count: int) -> list[Any]:
    return [client.ask("GET", "/integrations/1/status")[1].get("status") for _ in range(count)]


@pytest.mark.parametrize("polls", [0, 1, 3])
def test_transitions_last_for_the_set_number_of_reads(
    client: Client, snowflake: dict[str, Any], polls: int
) -> None:
    client.control.change_settings({"polls": polls})

    created = client.ask("POST", "/integrations", snowflake)[1]["status"]
    creating = statuses(client, polls + 1)
    updated = client.ask("PUT", "/integrations/1", snowflake)[1]["status"]
    editing = statuses(client, polls + 1)
    deleted = client.ask("DELETE", "/integrations/1", CREDENTIALS)[1]["status"]
    deleting = statuses(client, polls + 1)

    if polls:
        assert [created, *creating] == ["creating"] * (polls + 1) + ["enabled"]
        assert [updated, *editing] == ["editing"] * (polls + 1) + ["enabled"]
        assert [deleted, *deleting] == ["deleting"] * (polls + 1) + [None]
    else:
        assert [created, *creating, updated, *editing] == ["enabled"] * 4
        assert [deleted, *deleting] == ["deleted", None]
    assert client.control.held("integrations") == []


def test_a_list_counts_as_a_read_of_each_integration(client: Client, snowflake: dict[str, Any]) -> None:
    client.ask("POST", "/integrations", snowflake)
    client.ask("POST", "/integrations", {"type": "Trino"})

    seen = [[i["status"] for i in client.ask("GET", "/integrations")[1]] for _ in range(2)]
    client.ask("DELETE", "/integrations/2")
    seen += [[i["status"] for i in client.ask("GET", "/integrations")[1]] for _ in range(2)]

    assert seen == [["creating", "creating"], ["enabled", "enabled"], ["enabled", "deleting"], ["enabled"]]


def test_transitions_can_take_time_instead(client: Client, snowflake: dict[str, Any]) -> None:
    client.control.change_settings({"transition_seconds": 5})
    client.ask("POST", "/integrations", snowflake)

    early = statuses(client, 4)
    client.time.now += 4.9
    still = statuses(client, 1)
    client.time.now += 0.1
    done = statuses(client, 1)

    assert (early, still, done) == (["creating"] * 4, ["creating"], ["enabled"])


def test_transition_by_time_ends_without_a_read(client: Client, snowflake: dict[str, Any]) -> None:
    client.control.change_settings({"transition_seconds": 5})
    client.ask("POST", "/integrations", snowflake)
    client.time.now += 5
    client.ask("DELETE", "/integrations/1", CREDENTIALS)
    client.time.now += 5

    assert client.ask("POST", "/integrations", snowflake)[1]["id"] == "2"


def test_put_replaces_everything(client: Client, snowflake: dict[str, Any]) -> None:
    snowflake["config"] |= {
        "audit": {"enabled": True},
        "connectArgs": "a=b",
        "userRolePattern": {"exclude": ["X"]},
    }
    client.create(snowflake)
    new = changed(numbered(BASES["snowflake"], 1), {"config.warehouse": "OTHER"})

    status, answer = client.ask("PUT", "/integrations/1", new)
    statuses(client, 2)

    assert (status, sorted(answer), answer["id"], answer["status"]) == (
        200,
        ["id", "status", "validationResults"],
        "1",
        "editing",
    )
    filled = BY_RESOURCE["immuta_snowflake_integration"].filled
    assert client.config("1") == {**filled, **new["config"], "password": "<REDACTED>"}
    assert client.control.held_one("integrations", "1")["sent"] == new


FROZEN = [
    pytest.param(numbered(case.request, 1), numbered(change, 1), id=f"{name}: {key}")
    for name, row, case in cases(ROWS)
    if row.type.type != "Trino"
    for change in case.replaces
    for key in change
]
"""Each change for which Terraform replaces an integration. Other changes are shown to be possible by the lives of all types."""


@pytest.mark.parametrize(("configured", "change"), FROZEN)
def test_a_frozen_key_cannot_be_put(
    client: Client, configured: dict[str, Any], change: dict[str, Any]
) -> None:
    id = client.create(configured)
    stored = client.control.held("integrations")

    status, answer = client.ask("PUT", f"/integrations/{id}", changed(configured, change))

    key = ".".join(next(iter(change)).split(".")[:2])
    assert (status, answer["message"]) == (400, f'"{key}" cannot be changed')
    assert client.control.held("integrations") == stored


def test_an_explicit_default_is_not_a_change(client: Client) -> None:
    synapse = SAMPLES["Azure Synapse Analytics"]
    explicit = {"config.port": 1433, "config.metadataDelimiters": {"arrayDelimiter": ","}}
    id = client.create(synapse)

    assert client.ask("PUT", f"/integrations/{id}", changed(synapse, explicit))[0] == 200


def test_the_type_cannot_be_put(client: Client, snowflake: dict[str, Any]) -> None:
    client.create(snowflake)

    status, answer = client.ask("PUT", "/integrations/1", SAMPLES["Redshift"])

    assert (status, answer["message"]) == (400, '"type" cannot be changed from Snowflake')


def test_put_requires_a_whole_payload(client: Client, snowflake: dict[str, Any]) -> None:
    client.create(snowflake)

    status, answer = client.ask("PUT", "/integrations/1", {"config": {"warehouse": "X"}})

    assert (status, answer["message"]) == (400, '"type" is required')


def test_trino_cannot_be_put(client: Client) -> None:
    client.create({"type": "Trino"})

    answer = client.ask("PUT", "/integrations/1", {"type": "Trino"})

    assert answer == refusal(400, "Bad request", "Trino integrations cannot be updated.")


@pytest.mark.parametrize("status", ["creating", "editing", "deleting", "migrating"])
def test_integration_in_transition_refuses_put_and_delete(
    client: Client, snowflake: dict[str, Any], status: str
) -> None:
    client.control.alter("integrations", client.create(snowflake), {"status": status})

    refused = refusal(
        409, "Conflict", f"Integration with ID 1 is {status}. Try again when that has finished."
    )
    assert client.ask("PUT", "/integrations/1", snowflake) == refused
    assert client.ask("DELETE", "/integrations/1", CREDENTIALS) == refused


@pytest.mark.parametrize(
    "status", ["createError", "editError", "deleteError", "recurringValidationError", "migrateError"]
)
def test_an_unhealthy_integration_can_be_updated_and_deleted(
    client: Client, snowflake: dict[str, Any], status: str
) -> None:
    client.control.alter("integrations", client.create(snowflake), {"status": status})
    assert client.ask("PUT", "/integrations/1", snowflake)[0] == 200
    assert statuses(client, 2) == ["editing", "enabled"]

    client.control.alter("integrations", "1", {"status": status})
    assert client.ask("DELETE", "/integrations/1", CREDENTIALS)[0] == 200
    assert statuses(client, 2) == ["deleting", None]


def test_disabled_integration_can_only_be_deleted(client: Client, snowflake: dict[str, Any]) -> None:
    client.control.alter("integrations", client.create(snowflake), {"status": "disabled"})

    put, _ = client.ask("PUT", "/integrations/1", snowflake)
    delete, _ = client.ask("DELETE", "/integrations/1", CREDENTIALS)

    assert (put, delete) == (409, 200)


def test_a_missing_integration_is_not_found(client: Client, snowflake: dict[str, Any]) -> None:
    capital = refusal(404, "Not found", "No Integration found with ID 5.")
    small = refusal(404, "Not found", "No integration found with ID 5.")

    assert client.ask("GET", "/integrations/5") == capital
    assert client.ask("GET", "/integrations/5/status") == capital
    assert client.ask("PUT", "/integrations/5", snowflake) == small
    assert client.ask("DELETE", "/integrations/5") == small
    assert client.ask("POST", "/integrations/5/regenerate") == small
    assert client.ask("POST", "/integrations/5/scripts/delete") == small
    assert client.ask("POST", "/integrations/5/scripts/edit", snowflake) == small


@pytest.mark.parametrize("id", ["abc", "1_0", "-1", "1.0", "٣", "9" * 40])
def test_an_id_that_is_not_a_number_is_refused(client: Client, id: str) -> None:
    status, answer = client.ask("GET", f"/integrations/{id}")

    assert (status, answer["message"]) == (400, '"id" must be a number')


def test_ids_are_never_used_again(client: Client) -> None:
    client.control.change_settings({"polls": 0})
    client.create({"type": "Trino"})
    client.ask("DELETE", "/integrations/1")

    assert client.create({"type": "Trino"}) == "2"


def test_deleted_integration_can_stay_readable(client: Client) -> None:
    client.control.change_settings({"deleted_record": "shown"})
    client.create({"type": "Trino"})
    client.ask("DELETE", "/integrations/1")

    assert statuses(client, 2) == ["deleting", "deleted"]
    assert client.ask("GET", "/integrations/1")[1]["status"] == "deleted"
    assert [i["status"] for i in client.ask("GET", "/integrations")[1]] == ["deleted"]
    assert client.ask("DELETE", "/integrations/1")[0] == 404


def test_the_statuses_of_success_are_settings(client: Client, snowflake: dict[str, Any]) -> None:
    client.control.change_settings({"created_status": 201, "accepted_status": 202, "polls": 0})

    created, _ = client.ask("POST", "/integrations", snowflake)
    updated, _ = client.ask("PUT", "/integrations/1", snowflake)
    client.control.change_settings({"accepted_status": 204})
    deleted = client.ask("DELETE", "/integrations/1", CREDENTIALS)

    assert (created, updated, deleted) == (201, 202, (204, ""))


def test_trino_gets_a_new_key(client: Client, snowflake: dict[str, Any]) -> None:
    client.create({"type": "Trino"})
    client.create(snowflake)
    before = client.ask("GET", "/integrations/1")[1]

    status, after = client.ask("POST", "/integrations/1/regenerate")

    key = after["config"]["apiKey"]
    assert key != before["config"]["apiKey"]
    assert (status, after) == (200, {**before, "config": {"apiKey": key}})
    assert client.ask("GET", "/integrations/1") == (200, after)
    assert client.ask("POST", "/integrations/2/regenerate") == refusal(
        400, "Bad request", "Snowflake integrations have no Immuta API key."
    )


def test_an_older_release_has_no_route_to_regenerate(client: Client) -> None:
    client.create({"type": "Trino"})
    client.control.change_settings({"regenerate_route": False})

    assert client.ask("POST", "/integrations/1/regenerate") == refusal(404, "Not Found", "Not Found")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/integrations/"),
        ("PATCH", "/integrations/1"),
        ("POST", "/integrations/1"),
        ("GET", "/integrations/1/scripts/delete"),
        ("GET", "/api/v1/integrations"),
    ],
)
def test_other_routes_are_not_found(client: Client, method: str, path: str) -> None:
    assert client.ask(method, path) == refusal(404, "Not Found", "Not Found")


def test_unknown_query_parameters_are_ignored(client: Client) -> None:
    assert client.ask("POST", "/integrations?dryRun=true", {"type": "Trino"})[0] == 200
    assert len(client.control.held("integrations")) == 1
