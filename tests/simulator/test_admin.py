"""The simulator's own routes: planted objects, faults, requests and settings."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_simulator.settings import Settings
from support.simulator_client import Client, refusal

TRINO = {"type": "Trino"}
NO_TESTS = {"status": "passed", "validationTests": []}
PLANTED = {
    "id": "1",
    "type": "Trino",
    "autoBootstrap": False,
    "status": "enabled",
    "sent": {"type": "Trino", "config": {"apiKey": "k"}},
    "config": {"apiKey": "k"},
    "validationResults": NO_TESTS,
}


def test_own_routes_require_the_api_key(client: Client) -> None:
    message = "the simulator's own routes require its API key in the Authorization header"

    for key in (None, "wrong"):
        assert client.ask("GET", "/_simulator/integrations", key=key) == refusal(401, "Unauthorized", message)
    assert client.ask("GET", "/_simulator/integrations", key="Bearer simulator-api-key") == (200, [])


def test_an_integration_is_planted_without_any_check(client: Client) -> None:
    wrong = {"type": "Snowflake", "autoBootstrap": True, "config": {"host": 5}, "status": "odd"}

    trino = client.ask("POST", "/_simulator/integrations", {"type": "Trino", "config": {"apiKey": "k"}})
    status, snowflake = client.ask("PUT", "/_simulator/integrations/9", wrong)

    assert trino == (200, PLANTED)
    assert (status, snowflake) == (
        200,
        {
            "id": "9",
            "type": "Snowflake",
            "autoBootstrap": True,
            "status": "odd",
            "sent": {"type": "Snowflake", "autoBootstrap": True, "config": {"host": 5}},
            "config": {"host": 5},
            "validationResults": snowflake["validationResults"],
        },
    )
    assert client.ask("GET", "/_simulator/integrations") == (200, [PLANTED, snowflake])
    assert client.ask("GET", "/_simulator/integrations/9") == (200, snowflake)
    assert client.config("9") == {"host": 5}
    assert client.create(TRINO) == "10"


def test_planted_integration_replaces_another(client: Client, snowflake: dict[str, Any]) -> None:
    client.create(snowflake)

    client.ask("PUT", "/_simulator/integrations/1", {"type": "Trino", "config": {"apiKey": "k"}})

    assert client.control.held("integrations") == [PLANTED]
    assert client.create(snowflake) == "2"


def test_an_integration_is_changed_outside_terraform(client: Client, snowflake: dict[str, Any]) -> None:
    client.create(snowflake)
    held = client.control.held_one("integrations", "1")

    change = {
        "status": "recurringValidationError",
        "config": {"port": 8443, "audit": None, "lineage": {"a": 1}},
    }
    status, changed = client.ask("PATCH", "/_simulator/integrations/1", change)

    config = {**held["config"], "port": 8443, "lineage": {"enabled": False, "a": 1}}
    del config["audit"]
    assert (status, changed) == (200, {**held, "status": "recurringValidationError", "config": config})
    assert client.config("1") == {**config, "password": "<REDACTED>"}
    assert client.status("1") == "recurringValidationError"


def test_a_moved_integration_frees_its_old_place(client: Client, snowflake: dict[str, Any]) -> None:
    client.create(snowflake)
    client.control.alter("integrations", "1", {"config": {"host": "elsewhere.example"}})

    assert client.create(snowflake) == "2"


def test_a_change_may_be_a_transition(client: Client) -> None:
    client.create(TRINO)

    change = {"status": "migrating", "then": "migrateError", "polls": 2}
    client.ask("PATCH", "/_simulator/integrations/1", change)

    assert [client.status("1") for _ in range(4)] == ["migrating"] * 2 + ["migrateError"] * 2


def test_an_integration_is_removed(client: Client) -> None:
    client.create(TRINO)

    assert client.ask("DELETE", "/_simulator/integrations/1") == (204, "")
    assert client.ask("GET", "/integrations") == (200, [])


@pytest.mark.parametrize("id", ["7", "x"])
def test_a_missing_integration_cannot_be_changed(client: Client, id: str) -> None:
    missing = refusal(404, "Not found", f"there is no integration {id}")

    assert client.ask("GET", f"/_simulator/integrations/{id}") == missing
    assert client.ask("PATCH", f"/_simulator/integrations/{id}", {}) == missing
    assert client.ask("DELETE", f"/_simulator/integrations/{id}") == missing


def test_a_wrong_object_is_not_planted(client: Client) -> None:
    assert client.ask("POST", "/_simulator/integrations", {"type": "Oracle"})[0] == 400
    assert client.ask("PUT", "/_simulator/integrations/x", TRINO)[0] == 400
    assert client.ask("POST", "/_simulator/integrations", [1]) == refusal(
        400, "Bad Request", "the body must be a JSON object"
    )


def test_faults_are_listed_and_switched_off(client: Client) -> None:
    match = {"method": None, "path": None, "operation": "create", "type": None, "id": None}
    unused = {"seen": 0, "hits": 0}
    reset = {"kind": "drop", "after_work": True, "how": "reset"}
    first = {"number": 1, "match": match, "action": reset, "call": 2, "times": None, **unused}
    expire = {"kind": "expire-tokens"}
    second = {
        **first,
        "number": 2,
        "match": {**match, "operation": None},
        "action": expire,
        "call": 1,
        "times": 1,
    }

    rule = {"action": "reset-after", "match": {"operation": "create"}, "call": 2, "times": None}
    assert client.ask("POST", "/_simulator/faults", rule) == (200, first)
    assert client.ask("POST", "/_simulator/faults", {"action": {"kind": "expire-tokens"}}) == (200, second)
    assert client.ask("GET", "/_simulator/faults") == (200, [first, second])
    assert client.ask("DELETE", "/_simulator/faults/1") == (204, "")
    assert client.ask("GET", "/_simulator/faults") == (200, [second])
    assert client.ask("DELETE", "/_simulator/faults/1") == refusal(404, "Not found", "there is no fault 1")
    assert client.ask("DELETE", "/_simulator/faults/x")[0] == 400
    assert client.ask("DELETE", "/_simulator/faults") == (204, "")
    assert client.ask("GET", "/_simulator/faults") == (200, [])


def test_the_requests_are_recorded(client: Client) -> None:
    client.ask("POST", "/integrations?x=1", TRINO, headers={"x-mine": "yes"})
    client.control.add_fault({"action": {"kind": "delay", "seconds": 1}})
    client.ask("GET", "/integrations/1/status")
    client.ask("GET", "/nowhere", key=None)
    client.ask("POST", "/integrations", content="{")

    status, log = client.ask("GET", "/_simulator/requests")
    headers = [request.pop("headers") for request in log["requests"]]

    def request(method: str, path: str, operation: str, status: int, **rest: Any) -> dict[str, Any]:
        empty: dict[str, Any] = {"query": "", "id": "", "body": None, "faults": []}
        return {**empty, "method": method, "path": path, "operation": operation, "status": status, **rest}

    assert status == 200
    assert log["counts"] == {"create": 2, "status": 1, "unknown": 1}
    assert log["requests"] == [
        request("POST", "/integrations", "create", 200, number=1, query="x=1", body=TRINO),
        request("GET", "/integrations/1/status", "status", 200, number=2, id="1", faults=["delay"]),
        request("GET", "/nowhere", "unknown", 401, number=3),
        request("POST", "/integrations", "create", 400, number=4, body="{"),
    ]
    assert (headers[0]["x-mine"], headers[0]["authorization"]) == ("yes", "simulator-api-key")


def test_the_requests_can_be_filtered_and_removed(client: Client) -> None:
    client.ask("GET", "/integrations")
    client.ask("POST", "/integrations", TRINO)

    narrowed = client.ask("GET", "/_simulator/requests?operation=create")[1]
    forgotten = client.ask("DELETE", "/_simulator/requests")

    assert narrowed["counts"] == {"create": 1, "list": 1}
    assert [request["operation"] for request in narrowed["requests"]] == ["create"]
    assert forgotten == (204, "")
    assert client.ask("GET", "/_simulator/requests") == (200, {"counts": {}, "requests": []})


SETTINGS = {name: value for name, value in Settings().model_dump().items() if name != "api_key"}
"""The settings of the start. The README has their defaults, which a test compares."""


def test_the_settings_can_be_changed(client: Client) -> None:
    assert client.ask("GET", "/_simulator/settings") == (200, SETTINGS)
    changed = {**SETTINGS, "polls": 4, "secrets": "omit"}
    assert client.ask("PATCH", "/_simulator/settings", {"polls": 4, "secrets": "omit"}) == (200, changed)
    assert client.ask("GET", "/_simulator/settings") == (200, changed)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"polls": -1, "mask": "x"}, "polls: Input should be greater than or equal to 0"),
        ({"speed": 1}, "speed: Extra inputs are not permitted"),
        ({"api_key": "new"}, "api_key is fixed when the simulator starts; leave it out"),
        ({"polls": True}, "polls: Input should be a valid integer"),
        ({"token_seconds": 1e300}, "token_seconds: Input should be less than or equal to 3155760000"),
    ],
)
def test_a_wrong_setting_changes_nothing(client: Client, change: dict[str, Any], message: str) -> None:
    assert client.ask("PATCH", "/_simulator/settings", change) == refusal(400, "Bad Request", message)
    assert client.ask("GET", "/_simulator/settings") == (200, SETTINGS)


def test_a_reset_restores_the_state_and_settings_of_the_start(client: Client) -> None:
    client.create(TRINO)
    token = client.ask("POST", "/bim/apikey/authenticate")[1]["token"]
    client.ask("PATCH", "/_simulator/settings", {"polls": 4})
    client.control.add_fault({"action": "busy"})

    assert client.ask("POST", "/_simulator/reset") == (204, "")

    assert client.ask("GET", "/_simulator/integrations") == (200, [])
    assert client.ask("GET", "/_simulator/settings") == (200, SETTINGS)
    assert client.ask("GET", "/_simulator/faults") == (200, [])
    assert client.ask("GET", "/_simulator/requests") == (200, {"counts": {}, "requests": []})
    assert client.ask("GET", "/integrations", key=f"Bearer {token}")[0] == 401
    assert client.create(TRINO) == "1"
    requests = client.ask("GET", "/_simulator/requests")[1]["requests"]
    assert [request["number"] for request in requests] == [1, 2, 3, 4]
    assert client.control.add_fault({"action": "busy"})["number"] == 1
