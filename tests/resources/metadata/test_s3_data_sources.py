"""S3 data sources: deletion of disabled ones, restoration in place, and values that another route shows."""

from __future__ import annotations

import json
from typing import Any

import pytest
from immuta_provider.api.http.exchange import Response
from support.core import Core
from support.worlds import MakeCore

CONFIG = {"integration_id": "1", "data_source_name": "Lake sales", "prefix": "/sales/"}


@pytest.fixture
def world(core: MakeCore) -> Core:
    made = core("immuta_s3_data_source")
    made.control.plant("integrations", {"type": "Native S3", "status": "enabled"})
    made.control.plant("integrations", {"type": "Trino", "status": "enabled"})
    return made


def test_an_answer_with_one_object_has_the_id_as_well(world: Core) -> None:
    def one(operation: str, response: Response) -> Response:
        if operation == "record-create":
            (each,) = json.loads(response.body)
            response = Response(response.status, response.headers, json.dumps(each).encode())
        return response

    world.transport.after = one
    assert world.apply(CONFIG).diagnostics == []
    assert world.state["id"] == "1"


def test_a_disabled_data_source_is_removed_by_one_request(world: Core) -> None:
    world.apply(CONFIG)
    world.control.alter("datasources", "1", {"deleted": True})
    world.control.clear_requests()
    assert world.apply(None).diagnostics == []
    assert (world.control.stored("datasources"), len(world.transport.requests("record-delete"))) == ([], 1)


def test_a_data_source_that_somebody_disabled_is_restored_in_place(world: Core) -> None:
    world.apply(CONFIG)
    world.control.alter("datasources", "1", {"deleted": True})
    world.control.clear_requests()
    assert world.apply(CONFIG).action == "update"
    (request,) = world.transport.requests("record-update")
    assert (request["path"], request["body"]) == ("/dataSource/1", {"deleted": False})
    assert world.control.stored_one("datasources", "1")["deleted"] is False
    assert world.state["status"] == "enabled"
    assert world.apply(CONFIG).action == "none"


def test_a_data_source_of_somebody_else_with_another_prefix_is_not_adopted(world: Core) -> None:
    other: dict[str, Any] = {"name": "Lake sales", "prefix": "/other/", "integrationId": 1}

    def race(operation: str) -> None:
        if operation == "record-create":
            world.control.plant("datasources", other, "7")

    world.transport.before = race
    world.transport.fault("reset-before", operation="record-create")
    assert world.apply(CONFIG).errors == ["The S3 data source exists already"]
    assert world.instance is None


@pytest.mark.parametrize(
    ("id", "summary"),
    [("99", "Immuta does not know the integration"), ("2", "The integration is of another type")],
)
def test_a_missing_integration_and_one_of_another_type_are_errors(world: Core, id: str, summary: str) -> None:
    (error,) = world.apply({**CONFIG, "integration_id": id}).diagnostics
    assert error.summary == summary
    assert f"integration with the id {id}" in error.detail or f"integration {id}" in error.detail
    assert "immuta_amazon_s3_integration.NAME.id" in error.detail


def test_a_data_source_of_another_platform_is_not_imported(world: Core) -> None:
    world.control.plant("datasources", {"name": "Lake sales", "blobHandlerType": "Snowflake"})
    assert len(world.import_("1").errors) == 1
    world.import_("Lake sales")
    assert world.instance is None


def test_a_refresh_without_stored_handlers_reads_each_data_source_once(world: Core) -> None:
    for number in range(200):
        world.control.plant("datasources", {"name": f"Lake {number}", "prefix": "/a/", "integrationId": 1})
    process = world.configured_process()
    world.control.clear_requests()
    for number in [*range(200), *range(200)]:
        state, _ = process.read(world.full({"id": str(number + 1)}), b"", [])
        assert state is not None
        assert (state["prefix"], state["integration_id"]) == ("/a/", "1")
        assert state["handler_id"] == str(number + 1001)
    assert world.transport.counts() == {"record-list": 1, "record-get": 400}


def test_a_handler_that_is_gone_is_looked_up_in_the_data_source(world: Core) -> None:
    world.apply(CONFIG)
    world.state["handler_id"] = "1999"
    assert world.apply(CONFIG).action == "none"
    assert world.state["handler_id"] == "1001"


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
    world.transport.fault(action, path=path, times=None)
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
