"""A family of the test: a plain collection, and one with other routes and answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from immuta_simulator.control import Control
from immuta_simulator.records.family import RecordFamily
from immuta_simulator.records.store import Asked, Body, Collection, Key, Records, Route
from immuta_simulator.refusal import Refusal
from support.simulator_client import Client, FakeTime

NAME = Key("name", (str,), required=True)


def show(records: Records, reader: Body) -> Body:
    return {key: value for key, value in reader.items() if key != "password"}


def create(records: Records, asked: Asked) -> Body:
    return {"newReader": records.create(asked.body), "emailSent": False}


def change_profile(records: Records, asked: Asked) -> Body:
    reader = records.find(asked.path["id"])
    return records.shown(records.add({**reader, "profile": {**reader["profile"], **asked.body}}))


class Library(RecordFamily):
    rows = (
        Collection("shelves", "shelf", "/shelf", keys=(NAME,)),
        Collection(
            "readers",
            "reader",
            "/reader",
            keys=(NAME, Key("password", (str,))),
            permission="LIBRARIAN",
            wrapper="hits",
            stamped={"profile": {}},
            plain=("list", "create", "get"),
            routes=(
                Route("create", "POST", "/reader", create, "Create a reader", {"name": "Ana"}),
                Route(
                    "update",
                    "PUT",
                    "/hall/{hall}/reader/{id}/profile",
                    change_profile,
                    "Change a profile",
                    {"about": "Reads."},
                ),
            ),
            show=show,
        ),
    )


@pytest.fixture
def client() -> Iterator[Client]:
    time = FakeTime()
    made = Client(Control(families=(Library,), now=time), time)
    yield made
    made.close()


def test_routes_of_a_collection_replace_and_extend_its_plain_ones(client: Client) -> None:
    paths: Any = client.ask("GET", "/openapi.json")[1]["paths"]

    assert {
        f"{method.upper()} {path}"
        for path, item in paths.items()
        for method in item
        if not path.startswith("/_simulator")
    } == {
        "POST /bim/apikey/authenticate",
        "GET /shelf",
        "POST /shelf",
        "GET /shelf/{id}",
        "PUT /shelf/{id}",
        "DELETE /shelf/{id}",
        "GET /reader",
        "POST /reader",
        "GET /reader/{id}",
        "PUT /hall/{hall}/reader/{id}/profile",
    }
    parameters = paths["/hall/{hall}/reader/{id}/profile"]["put"]["parameters"]
    assert [each["name"] for each in parameters] == ["hall", "id"]


def test_answers_have_the_shape_of_the_collection(client: Client) -> None:
    ana = {"name": "Ana", "profile": {}, "id": 1}

    assert client.ask("POST", "/reader", {"name": "Ana", "password": "example-pw"}) == (
        200,
        {"newReader": ana, "emailSent": False},
    )
    assert client.ask("GET", "/reader/1") == (200, ana)
    profile = {**ana, "profile": {"about": "Reads."}}
    assert client.ask("PUT", "/hall/north/reader/1/profile", {"about": "Reads."}) == (200, profile)
    assert client.ask("GET", "/reader") == (200, {"hits": [profile], "count": 1})
    assert client.control.held("readers") == [{**profile, "password": "example-pw"}]
    assert client.ask("DELETE", "/reader/1")[0] == 404


def test_faults_and_counts_know_operation_and_id_of_each_route(client: Client) -> None:
    client.ask("POST", "/reader", {"name": "Ana"})
    client.control.add_fault(
        {"match": {"operation": "record-update", "id": "1"}, "action": "server-error", "times": None}
    )

    statuses = [client.ask("PUT", f"/hall/n/reader/{id}/profile", {})[0] for id in "12"]

    assert statuses == [500, 404]
    assert client.control.requests("record-update")["counts"] == {"record-create": 1, "record-update": 2}


def test_permissions_are_those_of_the_collections(client: Client) -> None:
    client.control.change_settings({"missing_permissions": ["LIBRARIAN"]})

    assert [client.ask("GET", path)[0] for path in ("/shelf", "/reader", "/reader/1", "/nowhere")] == [
        200,
        403,
        403,
        404,
    ]
    with pytest.raises(Refusal) as refused:
        client.control.change_settings({"missing_permissions": ["LIBRARIAN", "READER"]})
    assert str(refused.value) == "missing_permissions: there is no READER; there is GOVERNANCE, LIBRARIAN"
