"""Answers that would fill this machine's memory, and those of a large tenant, which do not."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from immuta_provider.api.http import bounds, json_body
from immuta_provider.api.http.bounds import LIST, ONE, Bounds
from immuta_provider.api.http.errors import ProtocolError, TooLarge
from immuta_provider.api.http.exchange import Request, Response
from support import hungry_client
from support.fake_transport import reply
from support.local_server import Exchange, local_server
from support.scripted import CREATED, EMPTY, GET, POST, MakeClient
from support.scripted import LIST as LISTS

WIDE = {
    "id": "1",
    "type": "Snowflake",
    "status": "enabled",
    "autoBootstrap": True,
    "config": {
        "host": "acme.eu-central-1.snowflakecomputing.com",
        "audit": {"enabled": True},
        "workspaces": {"enabled": True, "warehouses": [f"WH_{n}" for n in range(60)]},
        "userRolePattern": {"exclude": [f"ROLE_{n}" for n in range(210)]},
    },
    "validationResults": {
        "status": "passed",
        "validationTests": [{"name": f"Test number {n}", "status": "passed"} for n in range(40)],
    },
}
DENSE = {
    "{}": b"{},",
    "[]": b"[],",
    "[0]": b"[0],",
    '{"a":1}': b'{"a":1},',
    '{"a":{}}': b'{"a":{}},',
    "0.1": b"0.1,",
    '"ab"': b'"ab",',
    "deep": b'{"a":' * 50 + b"1" + b"}" * 50 + b",",
}


def array_of(element: bytes, size: int) -> bytes:
    return b"[" + element * (size // len(element)) + b"0]"


def test_a_list_of_ten_thousand_wide_integrations_is_taken() -> None:
    each = json.dumps(WIDE, separators=(",", ":")).encode()
    body = b"[" + b",".join([each] * 10_000) + b"]"
    bounds.check_body(len(body), LIST)
    bounds.check_decoded(body, LIST)
    assert 44 * 10**6 < len(body) < 50 * 10**6


@pytest.mark.parametrize("element", DENSE.values(), ids=DENSE)
def test_no_json_takes_more_memory_than_is_estimated(element: bytes) -> None:
    body = array_of(element, 200_000)
    tracemalloc.start()
    value = json_body.decode(body, LIST)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(value) > 500
    assert taken <= bounds.memory_of(body)
    assert taken <= bounds.MOST_A_BYTE * len(body)


def test_a_body_with_too_many_values_is_refused(make_client: MakeClient) -> None:
    body = array_of(b"{},", ONE.body)
    client, _, _ = make_client({GET: [Response(200, {}, body), reply(200, {"id": "5"})]})
    with pytest.raises(TooLarge) as caught:
        client.get("5")
    assert str(caught.value) == (
        f"Immuta's answer is too large: the answer to GET /integrations/5: its {len(body)} bytes hold more values than fit into "
        "32 MiB of memory. Check that `host` is Immuta itself."
    )
    assert client.get("5").id == "5"


def test_an_answer_is_decoded_with_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: Any, **__: Any) -> None:
        raise MemoryError

    with monkeypatch.context() as limited:
        limited.setattr(json, "loads", exhausted)
        with pytest.raises(ProtocolError) as caught:
            json_body.decode(b"{}")
    assert caught.value.summary == "Immuta's answer is too large"
    assert caught.value.detail.startswith("the provider has no memory left to decode it. ")
    assert "Raise the memory limit of the shell (`ulimit -v`) or of the container" in caught.value.detail
    assert json_body.decode(b"{}") == {}


def test_only_a_list_may_be_long(make_client: MakeClient) -> None:
    client, transport, _ = make_client({LISTS: EMPTY, POST: CREATED, GET: CREATED})
    client.list()
    client.post({})
    client.get("5")
    assert [request.bounds for request in transport.requests] == [LIST, ONE, ONE]


@pytest.mark.parametrize("encode", [bytes, gzip.compress])
def test_a_body_is_bounded(open_transport: Any, encode: Any) -> None:
    body = encode(b" " * (2**20 + 1))
    headers = {"Content_Encoding": "gzip"} if encode is gzip.compress else {}
    with local_server(lambda exchange: exchange.answer(200, body, **headers)) as server:
        request = Request("GET", f"{server.url}/integrations", {}, bounds=Bounds(2**20, 2**25))
        with pytest.raises(ProtocolError) as caught:
            open_transport(server.url).send(request)
    assert str(caught.value) == (
        "Immuta's answer is too large: the response has more than 1 MiB. Check that `host` is Immuta itself."
    )


TOO_LARGE = "Immuta's answer is too large"


@pytest.mark.parametrize(
    ("call", "number", "body", "most", "outcome"),
    [
        # Decoded, each of these is 24 times as large.
        ("list", 1, array_of(b"{},", LIST.body - 10), 200, TOO_LARGE),
        ("get", 10, array_of(b"{},", 2 * ONE.body), 150, TOO_LARGE),
        ("get", 10, array_of(b"{},", ONE.body - 10), 150, TOO_LARGE),
        ("get", 10, gzip.compress(b" " * 2**26), 150, TOO_LARGE),
        # The most that is let through.
        (
            "get",
            2,
            b'{"type":"x","config":{"x":' + array_of(b'{"a":1},', 900_000) + b"}}",
            100,
            "no error",
        ),
    ],
    ids=["a list", "ten long answers", "ten short ones", "ten compressed ones", "two just inside"],
)
def test_the_memory_of_answers_is_bounded(
    call: str, number: int, body: bytes, most: int, outcome: str
) -> None:
    first = b'{"id":"0","type":"x","config":{}}' if call == "get" else b"[]"
    compressed = {"Content_Encoding": "gzip"} if body.startswith(b"\x1f\x8b") else {}

    def answer(exchange: Exchange) -> None:
        if len(server.received) == 1:
            exchange.answer(200, first)
        else:
            exchange.answer(200, body, **compressed)

    with local_server(answer) as server:
        done = subprocess.run(
            [sys.executable, hungry_client.__file__, server.url, call, str(number)],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(hungry_client.__file__).parent,
        )
    taken, *outcomes = done.stdout.splitlines()
    assert (outcomes, int(taken) < most) == ([outcome], True)
