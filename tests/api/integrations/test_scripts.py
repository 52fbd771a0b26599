"""The scripts that Immuta writes for a platform."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_provider.api.http.errors import (
    ApiError,
    NotFoundError,
    ProtocolError,
    RouteMissing,
)
from immuta_provider.api.http.exchange import Response
from immuta_provider.api.integrations import scripts
from support.fake_transport import Answer, error, page, reply
from support.scripted import MISSING as UNKNOWN
from support.scripted import RESET, MakeClient

CREATE = "POST /integrations/scripts/create"
EDIT = "POST /integrations/5/scripts/edit"
DELETE = "POST /integrations/5/scripts/delete"
PAYLOAD = {"type": "Snowflake", "autoBootstrap": False, "config": {"password": "a-secret"}}
NO_SCRIPT = "it contains no script, either as a text or under one of script, content, sql"

MISSING = (
    "This Immuta does not provide the script: POST {} was answered with {}: not every release of Immuta has this route. Copy "
    "the "
    "script from Immuta's app settings page, or update Immuta. If this release has the route, check `host` (IMMUTA_HOST), "
    "including its path."
)


def text(body: str, content_type: str = "text/plain; charset=utf-8") -> Response:
    return Response(200, {"Content-Type": content_type}, body.encode())


def test_each_script_has_its_route(make_client: MakeClient) -> None:
    client, transport, _ = make_client({CREATE: text("CREATE;"), EDIT: text("ALTER;"), DELETE: text("DROP;")})
    assert scripts.write(client, "create", PAYLOAD) == "CREATE;"
    assert scripts.write_for(client, "5", "edit", PAYLOAD) == "ALTER;"
    assert scripts.write_for(client, "5", "delete") == "DROP;"
    assert transport.calls == [CREATE, EDIT, DELETE]
    assert (transport.bodies(CREATE), transport.bodies(EDIT), transport.bodies(DELETE)) == (
        [PAYLOAD],
        [PAYLOAD],
        [None],
    )


@pytest.mark.parametrize(
    "answer",
    [
        text("-- one\nTWO; 'ü'\n"),
        text("-- one\nTWO; 'ü'\n", ""),
        text("\ufeff-- one\nTWO; 'ü'\n"),
        reply(200, "-- one\nTWO; 'ü'\n"),
        reply(200, {"script": "-- one\nTWO; 'ü'\n", "sql": "other"}),
        reply(200, {"id": 5, "script": None, "content": "-- one\nTWO; 'ü'\n"}),
        reply(200, {"sql": "-- one\nTWO; 'ü'\n"}),
        text('{"script": "-- one\\nTWO; \'ü\'\\n"}'),
        text("\"-- one\\nTWO; 'ü'\\n\""),
    ],
)
def test_a_script_is_read_in_each_form(make_client: MakeClient, answer: Response) -> None:
    client, _, _ = make_client({CREATE: answer})
    assert scripts.write(client, "create", PAYLOAD) == "-- one\nTWO; 'ü'\n"


@pytest.mark.parametrize("script", ['"DB"."S"."P"();', "{{ template }} SELECT 1;"])
def test_a_script_that_resembles_json_is_not_decoded(make_client: MakeClient, script: str) -> None:
    client, _, _ = make_client({CREATE: text(script)})
    assert scripts.write(client, "create", PAYLOAD) == script


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (page(200), "it is an HTML or XML page, not a script"),
        (text("<!DOCTYPE html><html>Sign in</html>"), "it is an HTML or XML page, not a script"),
        (text(" \n"), "the script is empty"),
        (reply(200), "it is not valid JSON (0 bytes)"),
        (reply(200, {"script": ""}), "the script is empty"),
        (reply(200, {"script": 1, "id": "5"}), NO_SCRIPT),
        (reply(200, ["CREATE;"]), NO_SCRIPT),
        (text('{"error": "x"}'), NO_SCRIPT),
        (text('{"script": "CRE', "application/json"), "it is not valid JSON (15 bytes)"),
        (Response(200, {}, b"\xff\xfe"), "the script is not UTF-8 text"),
    ],
)
def test_an_answer_without_a_script_is_an_error(make_client: MakeClient, answer: Response, what: str) -> None:
    client, _, _ = make_client({CREATE: answer})
    with pytest.raises(ProtocolError) as caught:
        scripts.write(client, "create", PAYLOAD)
    assert str(caught.value) == (
        f"Immuta's answer cannot be understood: {what}. Check that `host` is Immuta itself and that no proxy or gateway "
        "answers in its place."
    )


def test_script_is_requested_again_after_every_lost_answer(make_client: MakeClient) -> None:
    answers: list[Answer] = [
        RESET,
        error(503, "busy"),
        error(408, "slow"),
        error(429, "often"),
        text("DROP;"),
    ]
    client, transport, clock = make_client({DELETE: answers})
    assert scripts.write_for(client, "5", "delete") == "DROP;"
    assert transport.calls == [DELETE] * 5
    assert clock.waits == [0.5, 1.0, 2.0, 4.0]


@pytest.mark.parametrize("status", [404, 405, 501])
def test_an_immuta_without_the_route_is_an_error(make_client: MakeClient, status: int) -> None:
    answer = (page(status), error(status, "Not Found", "Not Found"))[status % 2]
    client, _, _ = make_client({CREATE: answer, DELETE: answer}, {"api_key": "k", "max_retries": 0})
    with pytest.raises(RouteMissing) as caught:
        scripts.write(client, "create", PAYLOAD)
    assert str(caught.value) == MISSING.format("/integrations/scripts/create", status)
    with pytest.raises(RouteMissing) as caught:
        scripts.write_for(client, "5", "delete")
    assert str(caught.value) == MISSING.format("/integrations/5/scripts/delete", status)


def test_an_id_that_immuta_does_not_know_is_an_error(make_client: MakeClient) -> None:
    client, _, _ = make_client({DELETE: UNKNOWN})
    with pytest.raises(NotFoundError):
        scripts.write_for(client, "5", "delete")


def test_a_refused_script_is_an_error(make_client: MakeClient) -> None:
    client, _, _ = make_client({CREATE: error(400, "There is none.", "Bad request")})
    with pytest.raises(ApiError) as caught:
        scripts.write(client, "create", PAYLOAD)
    assert str(caught.value) == (
        "Immuta refused the request: POST /integrations/scripts/create was answered with 400 Bad request: "
        '"There is none". Correct the cause that it names and try again. If it names none, check Immuta\'s logs.'
    )


def test_no_script_is_written_to_the_log(make_client: MakeClient) -> None:
    lines: list[tuple[str, dict[str, Any]]] = []
    client, _, _ = make_client(
        {CREATE: reply(200, {"script": "ALTER USER x PASSWORD = 'a-secret';"})},
        log=lambda level, message, **fields: lines.append((message, fields)),
        mask=lambda value: {**value, "config": "masked"},
    )
    scripts.write(client, "create", PAYLOAD)
    assert [message for message, _ in lines] == [f"{CREATE}: sent", f"{CREATE}: 200"]
    assert "a-secret" not in repr(lines)
