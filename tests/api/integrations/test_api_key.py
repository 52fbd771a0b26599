"""Regenerating an API key: once, and with a clear word on what is not known."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_provider.api.http.errors import (
    ApiError,
    ConnectError,
    ImmutaError,
    NotFoundError,
    RegenerateLost,
    RegenerateUnavailable,
    WaitTimeout,
)
from immuta_provider.api.http.exchange import Response
from immuta_provider.api.integrations import api_key
from support.fake_transport import error, page, reply
from support.scripted import EMPTY, GET, LIST, REFUSED, RESET, SILENT, STATUS, MakeClient

ROUTE = "POST /integrations/5/regenerate"
ONE = reply(200, {"id": "5", "type": "Trino", "status": "enabled", "config": {"apiKey": "the-new-key"}})
UNKNOWN = error(404, "No Integration found with ID 5.")


@pytest.mark.parametrize(
    "answer",
    [
        ONE,
        reply(204),
        reply(200, "the-new-key"),
        Response(200, {"content-type": "text/plain"}, b"the-new-key"),
    ],
    ids=["object", "empty", "text in JSON", "bare text"],
)
def test_any_answer_is_accepted_and_not_kept(make_client: MakeClient, answer: Response) -> None:
    lines: list[Any] = []
    client, transport, _ = make_client(
        {ROUTE: answer, LIST: EMPTY},
        log=lambda level, message, **fields: lines.append((message, fields)),
        mask=lambda value: value,
    )
    client.list()
    api_key.regenerate(client, "5", timeout=60)
    client.list()
    assert transport.calls == [LIST, ROUTE, LIST]
    assert transport.requests[1].body is None
    assert "the-new-key" not in repr(lines)


def test_a_request_that_was_not_carried_out_is_retried(make_client: MakeClient) -> None:
    busy = error(409, "Integration is busy.")
    client, transport, _ = make_client(
        {
            ROUTE: [REFUSED, error(429, "slower"), busy, ONE],
            STATUS: [
                reply(200, {"id": 5, "status": "editing"}),
                reply(200, {"id": 5, "status": "enabled"}),
            ],
        }
    )
    api_key.regenerate(client, "5", timeout=60)
    assert transport.calls == [ROUTE, ROUTE, ROUTE, *[STATUS] * 2, ROUTE]


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (RESET, "The connection to Immuta broke: reset."),
        (SILENT, "Immuta did not answer in time: silent."),
        (
            error(500, "it broke"),
            f'Immuta failed to answer: {ROUTE} was answered with 500 Error: "it broke". Try again. ',
        ),
        (
            page(502),
            f"Immuta failed to answer: {ROUTE} was answered with 502 and a body that is not JSON. Try again. ",
        ),
        (
            page(200),
            "Immuta's answer cannot be understood: it is an HTML or XML page, not JSON. Check that `host` is ",
        ),
        (
            page(404),
            f"Immuta's API was not found: {ROUTE} was answered with 404 and a body that is not JSON. It does ",
        ),
        (
            error(408, "late"),
            f'Immuta refused the request: {ROUTE} was answered with 408 Error: "late". Try again. ',
        ),
    ],
    ids=["reset", "silent", "500", "502", "page", "404 of a gateway", "408"],
)
def test_a_lost_answer_is_reported_and_nothing_is_sent_twice(
    make_client: MakeClient, answer: Response | Exception, cause: str
) -> None:
    client, transport, _ = make_client({ROUTE: answer})
    with pytest.raises(RegenerateLost) as raised:
        api_key.regenerate(client, "5", timeout=60)
    assert raised.value.summary == "It is not known whether the API key was regenerated"
    assert raised.value.detail.startswith(
        "the answer to the request for a new key of integration 5 was lost, and the request is not sent again automatically. "
        "If Immuta carried it out, the old key no longer works. Compare Immuta's current key with the one on the cluster, or "
        f"run this again to get another key. The error was: {cause}"
    )
    assert transport.calls == [ROUTE]


@pytest.mark.parametrize("status", [404, 405, 501])
def test_an_older_immuta_without_the_route_is_an_error(make_client: MakeClient, status: int) -> None:
    client, transport, _ = make_client({ROUTE: error(status, "no"), GET: [ONE, UNKNOWN]})
    with pytest.raises(RegenerateUnavailable) as unavailable:
        api_key.regenerate(client, "5", timeout=60)
    assert (unavailable.value.summary, unavailable.value.detail) == (
        "This Immuta cannot regenerate API keys",
        f"integration 5 exists, but POST /integrations/5/regenerate was answered with {status}: this version of Immuta does not "
        "have that route, and the key has not changed. Update Immuta, or replace the integration to get a new key.",
    )
    assert transport.calls == [ROUTE, GET]
    with pytest.raises(NotFoundError) as unknown:
        api_key.regenerate(client, "5", timeout=60)
    assert unknown.value.detail.startswith("GET /integrations/5 was answered with 404 Error")


def test_regeneration_of_a_busy_integration_times_out(make_client: MakeClient) -> None:
    client, _, _ = make_client(
        {
            ROUTE: error(409, "Integration is busy."),
            STATUS: reply(200, {"id": 5, "status": "editing"}),
        }
    )
    with pytest.raises(WaitTimeout) as raised:
        api_key.regenerate(client, "5", timeout=60)
    assert (raised.value.summary, raised.value.detail) == (
        "Immuta needs longer than the timeout",
        "integration 5 was busy until the timeout, so no new key was requested and the key has not changed. Run this again, "
        "or raise the resource's `timeouts` if its `rotation_trigger` requested the key.",
    )


@pytest.mark.parametrize(
    ("answer", "kind", "text"),
    [
        (
            UNKNOWN,
            NotFoundError,
            'GET /integrations/5 was answered with 404 Error: "No Integration found with ID 5"',
        ),
        (error(400, "no key"), ApiError, f'{ROUTE} was answered with 400 Error: "no key"'),
        (REFUSED, ConnectError, "refused"),
    ],
    ids=["no such integration", "refused", "not connected"],
)
def test_any_other_error_leaves_the_key_unchanged(
    make_client: MakeClient, answer: Response | Exception, kind: type[ImmutaError], text: str
) -> None:
    client, _, _ = make_client({ROUTE: answer, GET: UNKNOWN})
    with pytest.raises(kind) as raised:
        api_key.regenerate(client, "5", timeout=60)
    assert type(raised.value) is kind
    assert raised.value.detail.startswith(f"{text}.")
