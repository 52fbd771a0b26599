"""S3 data sources: two deletions, restoration in place, lost answers, and few requests."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from immuta_provider.api.http.exchange import Response
from support.core import Core

CONFIG = {"integration_id": "1", "data_source_name": "Lake sales", "prefix": "/sales/"}


@pytest.fixture
def world(core: Callable[..., Core]) -> Core:
    made = core("immuta_s3_data_source")
    made.control.plant("integrations", {"type": "Native S3", "status": "enabled"})
    made.control.plant("integrations", {"type": "Trino", "status": "enabled"})
    return made


def counts(world: Core) -> dict[str, int]:
    return {k: v for k, v in world.control.requests()["counts"].items() if k.startswith("record-")}


def test_the_integration_is_a_number_in_the_request_and_a_text_in_the_state(world: Core) -> None:
    assert world.apply(CONFIG).diagnostics == []
    (request,) = world.control.requests("record-create")["requests"]
    sources = [{"dataSourceName": "Lake sales", "prefix": "/sales/"}]
    assert request["body"] == {"type": "Native S3", "integrationId": 1, "dataSources": sources}
    assert world.instance is not None
    state = {key: value for key, value in world.instance.state.items() if key != "timeouts"}
    assert state == {**CONFIG, "id": "1", "handler_id": "1001", "status": "enabled"}
    assert world.apply(CONFIG).action == "none"


def test_an_answer_with_one_object_tells_the_id_as_well(world: Core) -> None:
    def one(operation: str, response: Response) -> Response:
        if operation == "record-create":
            (each,) = json.loads(response.body)
            response = Response(response.status, response.headers, json.dumps(each).encode())
        return response

    world.transport.after = one
    assert world.apply(CONFIG).diagnostics == []
    assert world.instance is not None
    assert world.instance.state["id"] == "1"


def test_a_destroy_disables_and_then_removes(world: Core) -> None:
    world.apply(CONFIG)
    world.control.clear_requests()
    assert world.apply(None).diagnostics == []
    assert (world.control.stored("datasources"), counts(world)["record-delete"]) == ([], 2)


def test_a_disabled_one_is_removed_by_one_request(world: Core) -> None:
    world.apply(CONFIG)
    world.control.alter("datasources", "1", {"deleted": True})
    world.control.clear_requests()
    assert world.apply(None).diagnostics == []
    assert (world.control.stored("datasources"), counts(world)["record-delete"]) == ([], 1)


@pytest.mark.parametrize("call", [1, 2])
def test_a_destroy_survives_a_lost_answer(world: Core, call: int) -> None:
    world.apply(CONFIG)
    world.control.add_fault({"match": {"operation": "record-delete"}, "call": call, "action": "reset-after"})
    assert world.apply(None).errors == []
    assert world.control.stored("datasources") == []


def test_one_that_somebody_disabled_is_restored_in_place(world: Core) -> None:
    world.apply(CONFIG)
    world.control.alter("datasources", "1", {"deleted": True})
    world.control.clear_requests()
    assert world.apply(CONFIG).action == "update"
    (request,) = world.control.requests("record-update")["requests"]
    assert (request["path"], request["body"]) == ("/dataSource/1", {"deleted": False})
    assert world.control.stored_one("datasources", "1")["deleted"] is False
    assert world.instance is not None
    assert world.instance.state["status"] == "enabled"
    assert world.apply(CONFIG).action == "none"


@pytest.mark.parametrize(
    "change", [{"data_source_name": "Other"}, {"prefix": "/other/"}, {"integration_id": "3"}]
)
def test_every_other_change_replaces(world: Core, change: dict[str, str]) -> None:
    world.control.plant("integrations", {"type": "Native S3", "status": "enabled"})
    world.apply(CONFIG)
    assert world.apply({**CONFIG, **change}).action == "replace"
    assert world.apply({**CONFIG, **change}).action == "none"


def test_a_lost_answer_is_recognised_by_all_three_values(world: Core) -> None:
    world.control.add_fault({"match": {"operation": "record-create"}, "action": "reset-after"})
    assert world.apply(CONFIG).warnings == ["The S3 data source was recognised after a lost answer"]
    assert world.apply(CONFIG).action == "none"


def test_one_of_somebody_elses_with_another_prefix_is_not_taken_after_a_lost_answer(world: Core) -> None:
    other: dict[str, Any] = {"name": "Lake sales", "prefix": "/other/", "integrationId": 1}

    def race(operation: str) -> None:
        if operation == "record-create":
            world.control.plant("datasources", other, "7")

    world.transport.before = race
    world.control.add_fault({"match": {"operation": "record-create"}, "action": "reset-before"})
    assert world.apply(CONFIG).errors == ["The S3 data source exists already"]
    assert world.instance is None


@pytest.mark.parametrize(
    ("id", "summary"),
    [("99", "Immuta does not know the integration"), ("2", "The integration is of another type")],
)
def test_an_integration_that_does_not_fit_is_named(world: Core, id: str, summary: str) -> None:
    (error,) = world.apply({**CONFIG, "integration_id": id}).diagnostics
    assert error.summary == summary
    assert f"integration with the id {id}" in error.detail or f"integration {id}" in error.detail
    assert "immuta_amazon_s3_integration.NAME.id" in error.detail


def test_a_data_source_of_another_platform_is_not_imported(world: Core) -> None:
    world.control.plant("datasources", {"name": "Lake sales", "blobHandlerType": "Snowflake"})
    assert len(world.import_("1").errors) == 1
    world.import_("Lake sales")
    assert world.instance is None


@pytest.mark.parametrize("id", ["1", "Lake sales"])
def test_an_import_has_all_three_values(world: Core, id: str) -> None:
    world.control.plant("datasources", {"name": "Lake sales", "prefix": "/sales/", "integrationId": 1})
    assert world.import_(id).diagnostics == []
    assert world.apply(CONFIG).action == "none"
    assert world.instance is not None
    assert {name: world.instance.state[name] for name in CONFIG} == CONFIG


@pytest.mark.parametrize(("handlers", "requests"), [(True, 200), (False, 400)])
def test_a_refresh_requests_the_handler_of_each_data_source_and_nothing_else_that_the_state_tells(
    world: Core, handlers: bool, requests: int
) -> None:
    for number in range(200):
        world.control.plant("datasources", {"name": f"Lake {number}", "prefix": "/a/", "integrationId": 1})
    process = world.start()
    process.configure([])
    world.control.clear_requests()
    for number in [*range(200), *range(200)]:
        handler = str(number + 1001) if handlers else None
        state, _ = process.read(world.full({"id": str(number + 1), "handler_id": handler}), b"", [])
        assert state is not None
        assert (state["prefix"], state["integration_id"]) == ("/a/", "1")
        assert state["handler_id"] == str(number + 1001)
    assert counts(world) == {"record-list": 1, "record-get": requests}


def test_a_handler_that_is_gone_is_looked_up_in_the_data_source(world: Core) -> None:
    world.apply(CONFIG)
    assert world.instance is not None
    world.instance.state["handler_id"] = "1999"
    assert world.apply(CONFIG).action == "none"
    assert world.instance.state["handler_id"] == "1001"


def test_a_prefix_that_the_handler_shows_otherwise_is_drift(world: Core) -> None:
    world.apply(CONFIG)
    world.control.alter("datasources", "1", {"prefix": "/other/"})
    assert world.apply(CONFIG).action == "replace"


@pytest.mark.parametrize(
    ("path", "body", "missing"),
    [
        ("/dataSource/1", {"id": 1, "name": "Lake sales"}, "`prefix` and `integration_id`"),
        ("/native-s3/handler/1001", {"id": 1001}, "`prefix` and `integration_id`"),
        ("/native-s3/handler/1001", {"metadata": {"prefix": "/sales/"}}, "`integration_id`"),
        ("/native-s3/handler/1001", {"metadata": {"prefix": None, "integrationId": 1}}, "`prefix`"),
    ],
)
def test_an_import_without_all_of_the_values_names_those_that_are_missing(
    world: Core, path: str, body: dict[str, Any], missing: str
) -> None:
    world.control.plant("datasources", {"name": "Lake sales", "prefix": "/sales/", "integrationId": 1})
    action = {"kind": "respond", "status": 200, "body": body}
    world.control.add_fault({"match": {"path": path}, "times": None, "action": action})
    assert world.import_("1").diagnostics == [
        (
            "warning",
            "Immuta does not show all of the S3 data source",
            f"Immuta's answers about S3 data source 1 and its handler lack {missing}, so the next apply takes the configured "
            "values into the state without a comparison. Check in Immuta that they are those of the S3 data source.",
            (),
        )
    ]
    assert world.apply(CONFIG).action == "update"
    assert world.apply(CONFIG).diagnostics == []
