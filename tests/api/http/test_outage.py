"""An outage of the tenant is detected by one series of tries, and a request is sent again after a while."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from immuta_provider.api.http.errors import (
    ConnectError,
    ImmutaError,
    NoToken,
    RequestTimeout,
    ServerError,
    Unasked,
)
from support.fake_transport import error, page, reply
from support.scripted import EMPTY, EXCHANGE, GET, LIST, POST, REFUSED, SILENT, MakeClient

OTHER, PUT = "GET /integrations/6", "PUT /integrations/6"
ONE = reply(200, {"id": 5, "status": "enabled"})
AWAY = [REFUSED, SILENT, page(502), page(503), page(504), error(408, "no"), reply(429, {})]


def error_of(call: Callable[[], Any]) -> type[ImmutaError] | None:
    try:
        call()
    except ImmutaError as failure:
        return type(failure)
    return None


@pytest.mark.parametrize("answer", [*AWAY, error(500, "no")])
def test_a_failed_list_detects_an_outage(make_client: MakeClient, answer: Any) -> None:
    client, transport, clock = make_client({LIST: answer})
    with pytest.raises(ImmutaError) as first:
        client.list()
    calls: list[Callable[[], Any]] = [
        lambda: client.find("5"),
        client.list,
        lambda: client.get("5"),
        lambda: client.put("6", {}),
    ]
    assert [error_of(call) for call in calls] == [Unasked] * 4
    assert transport.calls == [LIST] * 5
    with pytest.raises(Unasked) as again:
        client.list()
    assert (again.value.summary, again.value.detail) == (
        first.value.summary,
        f"{first.value.detail}\n\nThe error was found for another resource, so no request was sent for this one. Run it "
        "again when Immuta can be reached.",
    )
    clock.advance(31)
    assert error_of(client.list) is type(first.value)
    assert transport.calls == [LIST] * 10


@pytest.mark.parametrize("answer", AWAY)
@pytest.mark.parametrize("path", [GET, PUT])
def test_a_failed_read_or_write_detects_an_outage(make_client: MakeClient, path: str, answer: Any) -> None:
    client, transport, _ = make_client({path: answer})
    calls: dict[str, Callable[[], Any]] = {GET: lambda: client.get("5"), PUT: lambda: client.put("6", {})}
    failures = [error_of(call) for call in (calls[path], client.list, lambda: client.get("6"))]
    assert failures[1:] == [Unasked] * 2
    assert transport.calls == [path] * 5


@pytest.mark.parametrize(
    ("path", "answer"),
    [(GET, error(500, "no")), (GET, error(403, "no")), (PUT, error(500, "no")), (PUT, error(409, "no"))],
)
def test_a_failure_of_one_integration_does_not_affect_others(
    make_client: MakeClient, path: str, answer: Any
) -> None:
    client, _, _ = make_client({path: answer, LIST: EMPTY})
    assert error_of(lambda: client.get("5") if path == GET else client.put("6", {})) is not None
    assert error_of(client.list) is None


def test_a_create_without_retries_does_not_detect_an_outage(make_client: MakeClient) -> None:
    client, _, _ = make_client({POST: SILENT, LIST: EMPTY})
    assert [error_of(lambda: client.post({})), error_of(client.list)] == [RequestTimeout, None]


def test_any_answer_ends_the_outage(make_client: MakeClient) -> None:
    """A wait sends its requests during an outage as well, and one is answered."""
    client, transport, _ = make_client({LIST: [*[REFUSED] * 5, EMPTY], GET: ONE})
    calls: list[Callable[[], Any]] = [client.list, lambda: client.get("5", attempts=1), client.list]
    assert [error_of(call) for call in calls] == [ConnectError, None, None]
    assert transport.calls == [*[LIST] * 5, GET, LIST]


def test_a_series_with_a_concurrent_answer_is_not_an_outage(make_client: MakeClient) -> None:
    def refuse(_: Any) -> Any:
        client.get("5", attempts=1)
        return page(503)

    client, _, _ = make_client({OTHER: refuse, GET: ONE, LIST: EMPTY})
    assert [error_of(lambda: client.get("6")), error_of(client.list)] == [ServerError, None]


def test_a_search_for_a_lost_create_is_sent_during_an_outage(make_client: MakeClient) -> None:
    client, transport, _ = make_client({LIST: REFUSED})
    assert [error_of(client.fresh_list), error_of(client.fresh_list)] == [ConnectError] * 2
    assert transport.calls == [LIST] * 10


def test_a_series_with_too_little_time_is_not_an_outage(make_client: MakeClient) -> None:
    client, _, clock = make_client({LIST: [page(503), page(503), EMPTY]})
    assert error_of(lambda: client.list(deadline=clock.now() + 1)) is ServerError
    assert error_of(client.list) is None


def test_a_failed_exchange_detects_an_outage(make_client: MakeClient) -> None:
    client, transport, _ = make_client({GET: reply(401), EXCHANGE: page(503)})
    assert [error_of(partial(client.get, id)) for id in ("5", "6")] == [NoToken, Unasked]
    assert transport.calls == [GET, *[EXCHANGE] * 5]
