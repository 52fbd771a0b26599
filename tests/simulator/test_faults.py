"""Faults that change, delay or replace an answer. Those that cut connections have a module of their own."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import unquote

import pytest
from immuta_simulator.connection import ConnectionDropped
from immuta_simulator.faults import PRESETS
from support.simulator_client import Client, refusal

TRINO = {"type": "Trino"}
CREATED = (
    200,
    {"id": "1", "status": "creating", "validationResults": {"status": "passed", "validationTests": []}},
)
ERRORS = {
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not found",
    409: "Conflict",
    418: "Error",
    422: "Unprocessable entity",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


def add(client: Client, action: Any, **rule: Any) -> None:
    client.control.add_fault({"action": action, **rule})


def stored(client: Client) -> list[str]:
    return [integration["id"] for integration in client.control.held("integrations")]


@pytest.mark.parametrize("status", ERRORS)
@pytest.mark.parametrize("after_work", [False, True])
def test_a_fault_answers_with_any_status_before_or_after_the_work(
    client: Client, status: int, after_work: bool
) -> None:
    add(client, {"kind": "respond", "status": status, "after_work": after_work})

    failed = client.ask("POST", "/integrations", TRINO)

    assert failed == refusal(status, ERRORS[status], f"simulated {status}")
    assert stored(client) == (["1"] if after_work else [])


@pytest.mark.parametrize(
    ("action", "status", "content_type", "text"),
    [
        ({"status": 200, "body": {"a": 1}}, 200, "application/json; charset=utf-8", '{"a":1}'),
        ({"status": 200, "body": []}, 200, "application/json; charset=utf-8", "[]"),
        ({"status": 502, "body": "<html>x</html>"}, 502, "text/html; charset=utf-8", "<html>x</html>"),
        ({"status": 200, "body": '{"id":'}, 200, "text/plain", '{"id":'),
        ({"status": 200, "body": "{", "content_type": "application/json"}, 200, "application/json", "{"),
    ],
)
def test_a_fault_answers_with_any_body(
    client: Client, action: dict[str, Any], status: int, content_type: str, text: str
) -> None:
    add(client, {"kind": "respond", **action})

    response = client.send("GET", "/integrations")

    assert (response.status_code, response.headers["content-type"], response.text) == (
        status,
        content_type,
        text,
    )


def test_a_message_may_name_the_id(client: Client) -> None:
    client.create(TRINO)
    add(client, "not-found")

    answer = client.ask("GET", "/integrations/1/status")

    assert answer == refusal(404, "Not found", "No Integration found with ID 1.")


def test_a_message_may_quote_the_request(client: Client) -> None:
    forms = "{request}\n{request_url}\n{request_base64}"
    add(client, {"kind": "respond", "status": 500, "message": forms})
    add(client, {"kind": "invalid", "failed": {"Any test": "{request}"}})

    message = client.ask("POST", "/integrations", {**TRINO, "a": 'ü"'})[1]["message"]
    tests = client.ask("POST", "/integrations", TRINO)[1]["validationResults"]["validationTests"]

    text, _, rest = message.partition("\n\n")
    body, url, encoded = rest.split("\n")
    assert "authorization: simulator-api-key" in text.splitlines()
    assert json.loads(body) == {**TRINO, "a": 'ü"'}
    assert unquote(url) == base64.b64decode(encoded).decode() == f"{text}\n\n{body}"
    assert [test["message"].endswith(json.dumps(TRINO)) for test in tests if test["status"] == "failed"] == [
        True
    ]


def test_every_preset_acts_as_named(client: Client) -> None:
    """Each preset with a response changes a list, a create and the state as expected."""
    seen: dict[str, Any] = {}
    for name, preset in PRESETS.items():
        if preset["kind"] in ("respond", "malform", "invalid", "patch"):
            client.control.reset()
            add(client, name, times=None)
            response = client.send("POST", "/integrations", json=TRINO)
            location = response.headers.get("location") or response.headers.get("retry-after")
            seen[name] = (response.status_code, response.text[:40], location, len(stored(client)))

    page = "<html><body><h1>{}</h1></body></html>"
    assert seen == {
        "malformed": (200, '{"id":"1","status":"creating","validatio', None, 1),
        "wrong-shape": (200, '{"unexpected":[1,null,true]}', None, 1),
        "empty-list": (200, "[]", None, 0),
        "redirect": (307, "", "http://127.0.0.1:9/elsewhere", 0),
        "unauthorized": (401, '{"statusCode":401,"error":"Unauthorized"', None, 0),
        "forbidden": (403, '{"statusCode":403,"error":"Forbidden","m', None, 0),
        "html-404": (404, page.format("404 Not Found")[:40], None, 0),
        "not-found": (404, '{"statusCode":404,"error":"Not found","m', None, 0),
        "busy": (409, '{"statusCode":409,"error":"Conflict","me', None, 0),
        "exists": (409, '{"statusCode":409,"error":"Conflict","me', None, 0),
        "invalid": (422, '{"statusCode":422,"error":"Unprocessable', None, 0),
        "rate-limited": (429, '{"statusCode":429,"error":"Too Many Requ', None, 0),
        "rate-limited-retry-after": (429, '{"statusCode":429,"error":"Too Many Requ', "1", 0),
        "server-error": (500, '{"statusCode":500,"error":"Internal Serv', None, 0),
        "server-error-after": (500, '{"statusCode":500,"error":"Internal Serv', None, 1),
        "html-502": (502, page.format("502 Bad Gateway")[:40], None, 0),
        "unavailable": (503, '{"statusCode":503,"error":"Service Unava', None, 0),
    }


def test_malformed_answer_is_half_of_the_json(client: Client) -> None:
    client.create(TRINO)
    whole = client.send("GET", "/integrations/1").text
    add(client, "malformed")

    response = client.send("GET", "/integrations/1")

    assert response.status_code == 200
    assert response.headers["content-length"] == str(len(whole) // 2)
    assert response.text == whole[: len(whole) // 2]


def test_answer_is_merge_patched(client: Client) -> None:
    client.create(TRINO)
    real = client.ask("GET", "/integrations/1")[1]
    patch = {"kind": "patch", "patch": {"status": "weird", "config": None, "extra": [1]}}
    add(client, patch, match={"operation": "get"})
    add(client, patch, match={"operation": "list"})
    add(client, {"kind": "patch", "patch": [1]}, match={"operation": "status"})

    wrong = {name: value for name, value in real.items() if name != "config"} | {
        "status": "weird",
        "extra": [1],
    }
    assert client.ask("GET", "/integrations/1") == (200, wrong)
    assert client.ask("GET", "/integrations") == (200, [wrong])
    assert client.ask("GET", "/integrations/1/status") == (200, [1])
    assert client.ask("GET", "/integrations/1") == (200, real)


def test_a_patch_does_not_change_an_answer_that_is_not_json(
    client: Client, snowflake: dict[str, Any]
) -> None:
    snowflake["autoBootstrap"] = False
    text = client.ask("POST", "/integrations/scripts/create", snowflake)
    add(client, {"kind": "patch", "patch": {}})

    assert client.ask("POST", "/integrations/scripts/create", snowflake) == text


NAMED = "Initial Validation: Basic Connection Test"


@pytest.mark.parametrize(
    ("failed", "first", "last"),
    [
        (
            {},
            {
                "name": NAMED,
                "status": "failed",
                "message": "The check failed; see the prerequisites in the guide.",
                "result": [],
            },
            {"name": "Validate Automatic Bootstrap User Grants", "status": "passed", "result": []},
        ),
        (
            {NAMED: "no route", "Another test": "broken"},
            {"name": NAMED, "status": "failed", "message": "no route", "result": []},
            {"name": "Another test", "status": "failed", "message": "broken", "result": []},
        ),
    ],
)
def test_invalid_fault_answers_with_failed_validation_tests(
    client: Client, snowflake: dict[str, Any], failed: dict[str, str], first: Any, last: Any
) -> None:
    add(client, {"kind": "invalid", "failed": failed})

    status, answer = client.ask("POST", "/integrations", snowflake)

    tests = answer["validationResults"]["validationTests"]
    message = "Validation of prerequisite setup failed. Unable to create integration."
    results = {"status": "failed", "validationTests": tests}
    assert (status, answer) == refusal(422, "Unprocessable entity", message, validationResults=results)
    assert (tests[0], tests[-1]) == (first, last)
    assert stored(client) == []


@pytest.mark.parametrize("after_work", [False, True])
def test_an_answer_can_be_delayed_before_or_after_the_work(client: Client, after_work: bool) -> None:
    add(client, {"kind": "delay", "seconds": 2.5, "after_work": after_work})
    add(client, {"kind": "delay", "seconds": 0.5})
    client.control.change_settings({"transition_seconds": 1})

    assert client.ask("POST", "/integrations", TRINO) == CREATED
    assert client.time.slept == ([0.5, 2.5] if after_work else [2.5, 0.5])
    # With the delay after the work, the set-up has had the time to end.
    assert client.status("1") == ("enabled" if after_work else "creating")


ENDS = ["createError", "recurringValidationError", "disabled", "migrateError", "something new"]
STUCK = ["creating", "migrating"]


@pytest.mark.parametrize(
    ("fault", "statuses"),
    [
        *(({"status": status}, ["creating", status, status]) for status in ENDS),
        *(({"status": status}, [status] * 20) for status in STUCK),
        ({"status": "enabled", "polls": 3}, ["creating"] * 3 + ["enabled"]),
    ],
    ids=[*ENDS, *STUCK, "slow"],
)
def test_a_create_ends_as_its_fault_says(client: Client, fault: dict[str, Any], statuses: list[str]) -> None:
    add(client, {"kind": "outcome", **fault})

    assert client.ask("POST", "/integrations", TRINO)[1]["status"] == statuses[0]
    assert [client.status("1") for _ in statuses] == statuses


@pytest.mark.parametrize(
    ("outcome", "rolled_back"),
    [("editError", True), ("migrateError", True), ("recurringValidationError", False), ("disabled", False)],
)
def test_an_update_ends_as_its_fault_says_and_may_be_rolled_back(
    client: Client, snowflake: dict[str, Any], outcome: str, rolled_back: bool
) -> None:
    client.create(snowflake)
    before = client.control.held_one("integrations", "1")
    add(client, outcome, match={"operation": "update"})
    new = {**snowflake, "config": {**snowflake["config"], "warehouse": "NEW"}}

    assert client.ask("PUT", "/integrations/1", new)[1]["status"] == "editing"
    assert client.config("1")["warehouse"] == "NEW"
    assert client.status("1") == outcome

    after = client.control.held_one("integrations", "1")
    assert after["config"]["warehouse"] == ("IMMUTA_WH" if rolled_back else "NEW")
    assert after["sent"] == (before["sent"] if rolled_back else new)


@pytest.mark.parametrize("outcome", ["deleteError", "stuck-deleting", "disabled"])
def test_a_delete_ends_as_its_fault_says(client: Client, outcome: str) -> None:
    client.create(TRINO)
    add(client, outcome)
    client.ask("DELETE", "/integrations/1")

    end = "deleting" if outcome == "stuck-deleting" else outcome
    assert [client.status("1") for _ in range(3)] == ["deleting", end, end]
    assert stored(client) == ["1"]


def test_a_token_can_expire_once_or_always(client: Client) -> None:
    token = client.ask("POST", "/bim/apikey/authenticate")[1]["token"]
    add(client, "expire-tokens", call=2, match={"operation": "list"})

    answers = [client.ask("GET", "/integrations", key=f"Bearer {token}")[0] for _ in range(3)]
    token = client.ask("POST", "/bim/apikey/authenticate")[1]["token"]
    again = client.ask("GET", "/integrations", key=f"Bearer {token}")[0]

    assert (answers, again) == ([200, 401, 401], 200)


MATCHES: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [418, 418, 418, 418, 418]),
    ({"method": "GET"}, [200, 200, 418, 418, 200]),
    ({"method": "P(OS|U)T"}, [418, 418, 200, 200, 418]),
    ({"method": "P"}, [200, 200, 200, 200, 200]),
    ({"path": "/status$"}, [200, 200, 200, 418, 200]),
    ({"path": "integrations"}, [418, 418, 418, 418, 418]),
    ({"operation": "create"}, [418, 418, 200, 200, 200]),
    ({"operation": ["list", "status", "update"]}, [200, 200, 418, 418, 418]),
    ({"type": "Snowflake"}, [200, 418, 200, 200, 418]),
    ({"type": "Trino"}, [418, 200, 200, 418, 200]),
    ({"id": "7"}, [200, 200, 200, 200, 418]),
    ({"id": "7", "method": "GET"}, [200, 200, 200, 200, 200]),
]


@pytest.mark.parametrize(("match", "expected"), MATCHES)
def test_fault_affects_the_requests_that_match(
    client: Client, snowflake: dict[str, Any], match: dict[str, Any], expected: list[int]
) -> None:
    client.control.plant("integrations", TRINO, "3")
    client.control.plant("integrations", {**snowflake, "config": {**snowflake["config"], "host": "b"}}, "7")
    add(client, {"kind": "respond", "status": 418}, match=match, times=None)
    moved = {**snowflake, "config": {**snowflake["config"], "host": "b", "port": 443}}
    client.control.alter("integrations", "7", {"config": {"port": 443}})

    assert [
        client.ask("POST", "/integrations", TRINO)[0],
        client.ask("POST", "/integrations", snowflake)[0],
        client.ask("GET", "/integrations")[0],
        client.ask("GET", "/integrations/3/status")[0],
        client.ask("PUT", "/integrations/7", moved)[0],
    ] == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({}, [418, 200, 200, 200]),
        ({"call": 3}, [200, 200, 418, 200]),
        ({"times": 2}, [418, 418, 200, 200]),
        ({"call": 2, "times": 2}, [200, 418, 418, 200]),
        ({"times": None}, [418, 418, 418, 418]),
        ({"call": 3, "times": None}, [200, 200, 418, 418]),
    ],
)
def test_fault_affects_the_calls_that_it_counts(
    client: Client, rule: dict[str, Any], expected: list[int]
) -> None:
    add(client, {"kind": "respond", "status": 418}, **rule)

    assert [client.ask("GET", "/integrations")[0] for _ in range(4)] == expected
    fault = client.control.faults()[0]
    assert (fault["seen"], fault["hits"]) == (4, expected.count(418))


def test_only_the_oldest_answering_fault_acts_and_others_add_to_it(client: Client) -> None:
    add(client, {"kind": "delay", "seconds": 1}, times=None)
    add(client, "unavailable")
    add(client, "rate-limited")
    add(client, "createError", match={"operation": "create"})

    statuses = [client.ask("GET", "/integrations")[0] for _ in range(3)]
    client.create(TRINO)

    assert statuses == [503, 429, 200]
    assert client.status("1") == "createError"
    assert [(f["seen"], f["hits"]) for f in client.control.faults()] == [(7, 7), (7, 1), (7, 1), (1, 1)]


def test_a_fault_can_hide_a_missing_credential(client: Client) -> None:
    add(client, "unavailable")

    assert client.ask("GET", "/integrations", key=None)[0] == 503


def test_the_work_behind_a_late_fault_is_still_authorized(client: Client) -> None:
    add(client, "server-error-after")

    client.ask("POST", "/integrations", TRINO, key=None)

    assert stored(client) == []


def test_faults_leave_the_simulators_own_routes_alone(client: Client) -> None:
    add(client, "unavailable", times=None)

    assert client.ask("GET", "/_simulator/integrations") == (200, [])
    assert client.ask("GET", "/openapi.json")[0] == 200


def test_in_process_a_cut_connection_is_an_exception(client: Client) -> None:
    for preset in ("reset-before", "close-after", "truncated"):
        add(client, preset)
        with pytest.raises(ConnectionDropped):
            client.ask("POST", "/integrations", TRINO)

    assert stored(client) == ["1", "2"]


WRONG: list[tuple[Any, str]] = [
    ({}, "action: Field required"),
    (
        {"action": "nonsense"},
        f"action: Value error, no such preset; there are {', '.join(PRESETS)}",
    ),
    ({"action": {"kind": "drop", "how": "gently"}}, "action.drop.how: Input should be 'reset' or 'close'"),
    ({"action": "busy", "match": {"verb": "GET"}}, "match.verb: Extra inputs are not permitted"),
    ({"action": "busy", "times": 0}, "times: Input should be greater than or equal to 1"),
    (
        {"action": "busy", "match": {"path": "("}},
        "match.path: Value error, not a regular expression: missing ), unterminated subpattern at position 0",
    ),
    (
        {"action": "busy", "match": {"path": "a{99999999999999}"}},
        "match.path: Value error, not a regular expression: the repetition number is too large",
    ),
    (
        {"action": {"kind": "respond", "headers": {"Content-Length": "1"}}},
        "action.respond.headers: Value error, content-length would contradict the body; `truncate` makes it too short",
    ),
    (
        {"action": {"kind": "respond", "content_type": "x\ny"}},
        r"action.respond.content_type: String should match pattern '^[\t\x20-\x7e\u{80}-\u{ff}]*$'",
    ),
]


@pytest.mark.parametrize(("fault", "message"), WRONG)
def test_a_malformed_fault_is_refused(client: Client, fault: Any, message: str) -> None:
    answer = client.ask("POST", "/_simulator/faults", fault)

    assert answer == refusal(400, "Bad Request", message)
    assert client.control.faults() == []
