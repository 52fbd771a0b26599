"""Any input to Immuta's routes and to the simulator's own gets an answer in JSON that names the fault, and never crashes it.

The client is in-process, so an exception that no route catches ends the test.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from immuta_simulator.app import create_app
from immuta_simulator.connection import ConnectionDropped
from immuta_simulator.integrations.samples import SAMPLES
from support.simulator_client import Client, refusal

NINES = "9" * 5000
DEEP = "[" * 300 + "]" * 300
TYPES = list(SAMPLES)
LONG_IDS = ["9" * 18, "9" * 19, NINES]
IDS = st.sampled_from(["1", "2", "7", "0", "00", "x", "-1", "1.5", "٣", "%0A", "%FF", "%20", *LONG_IDS])
# As they stand in the text of a body, since some have no value in Python, or json does not write them.
INTEGERS = ["-1", "0", "1", "2", "65536", NINES, "9" * 4000]
NUMBERS = [*INTEGERS, "0.5", "1.0", "1e300", "1e999", "-1e999", "NaN", "Infinity"]
ODD = [
    *NUMBERS,
    "null",
    "true",
    "false",
    '""',
    '"\\ud800"',
    '"\\u0000"',
    '"x\\r\\ny: z"',
    "[]",
    "{}",
    '{"":[null]}',
    DEEP,
]
STATUSES = ["enabled", "deleted", "creating", "deleting", "disabled"]
WORDS = [*STATUSES, "keyPair", "userPassword", "respond", "drop", *TYPES]
VALUES = st.one_of(
    st.sampled_from(ODD), st.sampled_from(WORDS).map(json.dumps), st.text(max_size=8).map(json.dumps)
)
NAMES = ["type", "config", "status", "then", "polls", "autoBootstrap", "validationResults", "apikey"]
BODIES = st.one_of(
    VALUES,
    st.dictionaries(
        st.sampled_from(NAMES),
        VALUES,
        max_size=4,
    ).map(lambda parts: "{" + ",".join(f"{json.dumps(name)}:{value}" for name, value in parts.items()) + "}"),
    st.text(max_size=20),
)
UNREADABLE = "Invalid request payload format"
ODD_YAML = [
    "!!int ''",
    "!!bool x",
    "!!timestamp x",
    "!!binary '?'",
    "!!binary aGk=",
    "!!set {a, b}",
    ".inf",
    ".nan",
    "{? [a]: b}",
    "&a [*a]",
    "a: [",
    "!!python/object/apply:len [[a]]",
    "=",
    "<<: 1",
    "0x" + "f" * 5000,
    "- " * 300,
]
GOOD_YAML = ["2024-01-01", "!!omap [a: 1]", "{1: a, null: b}", "type: &t Trino\nconfig: {a: *t}"]
YAML = st.one_of(BODIES, st.sampled_from(ODD_YAML + GOOD_YAML))
MEDIA = {"application/json": BODIES, "application/x-yaml": YAML}
CONTENT = st.sampled_from(list(MEDIA)).flatmap(lambda media: st.tuples(st.just(media), MEDIA[media]))

ROUTES = [
    (method.upper(), re.sub(r"\{\w+\}", "{id}", path.replace("{collection}", "tags")))
    for path, methods in create_app().openapi()["paths"].items()
    for method in methods
]
IMMUTA = [route for route in ROUTES if route[1].startswith(("/integrations", "/bim/apikey"))]
RECORDS = [route for route in ROUTES if route not in IMMUTA and not route[1].startswith("/_simulator")]
ADMIN = [route for route in ROUTES if route[1].startswith("/_simulator")]
ADMIN += [("GET", "/_simulator/requests?operation={id}")]
WITH_PAYLOAD = [
    ("POST", "/integrations"),
    ("PUT", "/integrations/1"),
    ("DELETE", "/integrations/1"),
    ("POST", "/integrations/scripts/create"),
    ("POST", "/integrations/1/scripts/edit"),
]
LOOKS = [
    ("GET", "/integrations/{id}"),
    ("POST", "/integrations/{id}/scripts/delete"),
    ("DELETE", "/integrations/{id}"),
]
AFTER_A_FAULT = [each for each in IMMUTA if each[1] in ("/integrations", "/integrations/{id}")]
ANSWERS = {200, 204, 400, 401, 404, 409, 422}

FAULTS: list[dict[str, Any]] = [
    {"action": {"kind": "respond", "status": 500, "message": "{request_url}", "body": None}},
    {"action": {"kind": "respond", "headers": {"a": "b"}}},
    {"action": {"kind": "respond", "body": "x", "content_type": "text/plain", "after_work": True}},
    {
        "action": {"kind": "truncate", "keep": 3},
        "match": {"operation": "list", "id": "1", "path": "i", "method": "GET"},
    },
    {"action": {"kind": "patch", "patch": {"status": "odd"}}, "call": 1, "times": 2},
    {"action": {"kind": "invalid", "failed": {"a test": "{request}"}}},
    {"action": {"kind": "delay", "seconds": 1}, "match": {"operation": ["list", "create"]}},
    {"action": {"kind": "outcome", "status": "enabled", "polls": 2}},
    {"action": "busy"},
]
SETTINGS = {
    "polls": 1,
    "transition_seconds": 1,
    "token_seconds": 60,
    "mask": "x",
    "created_status": 201,
    "secrets": "omit",
}
ENABLED = {"status": "enabled", "validationResults": {}}
PLANTED = {"type": "Snowflake", "autoBootstrap": True, "config": {"host": "a"}, **ENABLED}
CHANGE = {"config": {"host": "b"}, **ENABLED, "then": "deleted", "polls": 1}
CREDENTIALS = {"authenticationType": "userPassword", "username": "u", "password": "p"}
WHOLE = {
    ("POST", "/_simulator/integrations"): [PLANTED],
    ("PUT", "/_simulator/integrations/{id}"): [PLANTED],
    ("PATCH", "/_simulator/integrations/{id}"): [CHANGE],
    ("POST", "/_simulator/faults"): FAULTS,
    ("PATCH", "/_simulator/settings"): [SETTINGS],
}


def places(value: Any) -> Iterator[tuple[Any, ...]]:
    """The path of every value inside another."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in parts:
        yield (step,)
        for path in places(part):
            yield (step, *path)


def spoilt(value: Any, place: int, odd: str) -> str:
    """The JSON of a value with something odd at one of its places."""
    copy = deepcopy(value)
    paths = list(places(copy))
    *parents, last = paths[place % len(paths)]
    target = copy
    for step in parents:
        target = target[step]
    target[last] = "the odd one"
    return json.dumps(copy).replace('"the odd one"', odd)


def spoil(wholes: list[Any]) -> st.SearchStrategy[tuple[str, str]]:
    texts = st.builds(spoilt, st.sampled_from(wholes), st.integers(0, 60), VALUES)
    return texts.map(lambda text: ("application/json", text))


def sent(client: Client, method: str, path: str, content: tuple[str, str]) -> tuple[int, Any]:
    """Returns the response to a request, which has to be JSON unless it is a script or empty."""
    media, text = content
    response = client.send(
        method, path, content=text.encode(errors="replace"), headers={"content-type": media}
    )
    kind = response.headers.get("content-type", "").partition(";")[0]
    if response.status_code >= 400:
        answer = response.json()
        assert (answer["statusCode"], kind) == (response.status_code, "application/json")
        assert isinstance(answer["message"], str)
        assert answer["message"]
    return response.status_code, kind


def fine(client: Client) -> None:
    """Shows that everything can still be read after an input that was accepted."""
    for path in ("integrations", "faults", "requests", "settings"):
        assert sent(client, "GET", f"/_simulator/{path}", ("", "")) == (200, "application/json")
    client.control.clear_faults()
    assert sent(client, "GET", "/integrations", ("", ""))[0] == 200
    for stored in client.control.held("integrations"):
        # Its own number may be one that no path may have.
        for method, path in LOOKS:
            assert sent(client, method, path.format(id=stored["id"]), ("", ""))[0] in ANSWERS


def begin(client: Client, type_name: str) -> None:
    client.time.reset()
    client.control.reset()
    client.create(SAMPLES[type_name])


QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUIET
@given(type_name=st.sampled_from(TYPES), route=st.sampled_from(IMMUTA), id=IDS, content=CONTENT)
def test_immutas_routes_answer_any_input(
    client: Client, type_name: str, route: tuple[str, str], id: str, content: tuple[str, str]
) -> None:
    begin(client, type_name)
    method, path = route

    assert sent(client, method, path.format(id=id), content)[0] in ANSWERS
    fine(client)


@QUIET
@given(
    route=st.sampled_from(RECORDS),
    id=IDS,
    query=st.sampled_from(["size", "offset", "limit", "noLimit", "searchText", "iamid"]),
    content=CONTENT,
)
def test_routes_of_records_answer_any_input(
    client: Client, route: tuple[str, str], id: str, query: str, content: tuple[str, str]
) -> None:
    begin(client, "Trino")
    method, path = route

    assert sent(client, method, f"{path.format(id=id)}?{query}={id}", content)[0] in ANSWERS
    fine(client)


@QUIET
@given(
    type_name=st.sampled_from(TYPES),
    other=st.booleans(),
    route=st.sampled_from(WITH_PAYLOAD),
    place=st.integers(0, 60),
    odd=VALUES,
)
def test_routes_of_integrations_answer_a_payload_with_one_odd_value(
    client: Client, type_name: str, other: bool, route: tuple[str, str], place: int, odd: str
) -> None:
    begin(client, "Trino" if other else type_name)
    whole = CREDENTIALS if route[0] == "DELETE" else {**SAMPLES[type_name], "x": 1}

    assert sent(client, *route, ("application/json", spoilt(whole, place, odd)))[0] in ANSWERS
    fine(client)


@QUIET
@given(type_name=st.sampled_from(TYPES), route=st.sampled_from([*ADMIN, *WHOLE]), id=IDS, data=st.data())
def test_own_routes_answer_any_input(
    client: Client, type_name: str, route: tuple[str, str], id: str, data: st.DataObject
) -> None:
    begin(client, type_name)
    method, path = route
    content = data.draw(st.one_of(CONTENT, *([spoil(WHOLE[route])] * 3 if route in WHOLE else [])))

    status, _ = sent(client, method, path.format(id=id), content)

    assert status in ANSWERS
    if route == ("POST", "/_simulator/faults") and status == 200:
        for method, path in AFTER_A_FAULT:
            with suppress(ConnectionDropped):
                client.send(method, path.format(id="1"), content='{"type":"Trino","x":"\\ud800"}')
    fine(client)


ODD_REQUESTS = [
    ("GET", "/bim/user?size=x", None, 400, '"size" must be a number'),
    ("GET", f"/bim/user?offset={NINES}", None, 400, '"offset" must be a number'),
    ("GET", f"/native-s3/handler/{NINES}", None, 404, "Data source not found"),
    ("DELETE", f"/_simulator/records/tags/{NINES}", None, 404, f"there is no record {NINES} in tags"),
    ("GET", f"/_simulator/integrations/{NINES}", None, 404, f"there is no integration {NINES}"),
    ("PUT", f"/_simulator/integrations/{2**53}", '{"type":"Trino"}', 400, '"id" must be a number'),
    ("POST", "/integrations", '{"type":"Trino","x":1e999}', 400, UNREADABLE),
    ("POST", "/integrations", '{"type":"Trino","x":' + DEEP + "}", 400, UNREADABLE),
    ("POST", "/bim/apikey/authenticate", '{"apikey":"\\ud800"}', 401, "Invalid API key"),
    ("POST", "/_simulator/integrations", '{"type":[]}', 400, "type: Input should be a valid string"),
    (
        "POST",
        "/_simulator/integrations",
        '{"type":"Trino","config":"x"}',
        400,
        "config: Input should be a valid dictionary",
    ),
    (
        "PATCH",
        "/_simulator/integrations/1",
        '{"config":null}',
        400,
        "config: Input should be a valid dictionary",
    ),
    (
        "PATCH",
        "/_simulator/integrations/1",
        '{"then":"enabled","polls":"2"}',
        400,
        "polls: Input should be a valid integer",
    ),
    ("PATCH", "/_simulator/integrations/1", '{"colour":1}', 400, "colour: Extra inputs are not permitted"),
]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "message"), ODD_REQUESTS, ids=[m[:60] for *_, m in ODD_REQUESTS]
)
def test_odd_requests_have_immutas_error_messages(
    client: Client, method: str, path: str, body: str | None, status: int, message: str
) -> None:
    begin(client, "Snowflake")

    answered, answer = client.ask(method, path, content=body)

    assert (answered, answer["message"]) == (status, message)
    fine(client)


@pytest.mark.parametrize("text", ODD_YAML, ids=lambda text: text[:20])
def test_yaml_without_a_value_in_json_is_refused(client: Client, text: str) -> None:
    headers = {"content-type": "application/x-yaml"}

    answer = client.ask("POST", "/integrations", content=f"type: Trino\nx:\n  {text}", headers=headers)

    assert answer == refusal(400, "Bad Request", UNREADABLE)
