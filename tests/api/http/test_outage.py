"""A tenant that is away is found out by one series of tries, and asked again after a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from immuta_provider.api.http.errors import ConnectError, ImmutaError, RequestTimeout, ServerError, Unasked
from support.fake_transport import error, page, reply

MakeClient = Callable[..., Any]
LIST, GET, OTHER = "GET /integrations", "GET /integrations/5", "GET /integrations/6"
PUT, POST = "PUT /integrations/6", "POST /integrations"
REFUSED = ConnectError("Immuta could not be reached", "refused.", kind="refused", maybe_sent=False)
SILENT = RequestTimeout("Immuta did not answer in time", "silent.", maybe_sent=True)
ONE = reply(200, {"id": 5, "status": "enabled"})
AWAY = [REFUSED, SILENT, page(502), page(503), page(504), error(408, "no"), reply(429, {})]


def ask(call: Callable[[], Any]) -> type[ImmutaError] | None:
    try:
        call()
    except ImmutaError as failure:
        return type(failure)
    return None


@pytest.mark.parametrize("answer", [*AWAY, error(500, "no")])
def test_a_failed_list_is_asked_for_once(make_client: MakeClient, answer: Any) -> None:
    client, transport, clock = make_client({LIST: answer})
    with pytest.raises(ImmutaError) as first:
        client.list()
    calls = [lambda: client.find("5"), client.list, lambda: client.get("5"), lambda: client.put("6", {})]
    assert [ask(call) for call in calls] == [Unasked] * 4
    assert transport.calls == [LIST] * 5
    with pytest.raises(Unasked) as again:
        client.list()
    assert (again.value.summary, again.value.detail) == (
        first.value.summary,
        f"{first.value.detail}\n\nThe error was found for another resource, so no request was sent for this one. Run it "
        "again when Immuta can be reached.",
    )
    clock.advance(31)
    assert ask(client.list) is type(first.value)
    assert transport.calls == [LIST] * 10


@pytest.mark.parametrize("answer", AWAY)
def test_a_failed_read_of_one_is_asked_for_once(make_client: MakeClient, answer: Any) -> None:
    client, transport, _ = make_client({GET: answer})
    assert [ask(lambda: client.get("5")), ask(lambda: client.get("6"))][1] is Unasked
    assert transport.calls == [GET] * 5


@pytest.mark.parametrize(
    ("path", "answer"),
    [(GET, error(500, "no")), (GET, error(403, "no")), (PUT, error(500, "no")), (PUT, error(409, "no"))],
)
def test_a_failure_of_one_integration_does_not_affect_others(
    make_client: MakeClient, path: str, answer: Any
) -> None:
    client, _, _ = make_client({path: answer, LIST: reply(200, [])})
    assert ask(lambda: client.get("5") if path == GET else client.put("6", {})) is not None
    assert ask(client.list) is None


@pytest.mark.parametrize("answer", AWAY)
def test_a_failed_write_detects_an_outage(make_client: MakeClient, answer: Any) -> None:
    client, transport, _ = make_client({PUT: answer})
    assert [ask(lambda: client.put("6", {})), ask(client.list)][1] is Unasked
    assert transport.calls == [PUT] * 5


def test_a_create_without_retries_does_not_detect_an_outage(make_client: MakeClient) -> None:
    client, _, _ = make_client({POST: SILENT, LIST: reply(200, [])})
    assert [ask(lambda: client.post({})), ask(client.list)] == [RequestTimeout, None]


def test_any_answer_ends_the_outage(make_client: MakeClient) -> None:
    """A wait looks all the same, and finds the tenant there."""
    client, transport, _ = make_client({LIST: [*[REFUSED] * 5, reply(200, [])], GET: ONE})
    calls = [client.list, lambda: client.get("5", attempts=1), client.list]
    assert [ask(call) for call in calls] == [ConnectError, None, None]
    assert transport.calls == [*[LIST] * 5, GET, LIST]


def test_a_series_with_a_concurrent_answer_is_not_an_outage(make_client: MakeClient) -> None:
    def refuse(_: Any) -> Any:
        client.get("5", attempts=1)
        return page(503)

    client, _, _ = make_client({OTHER: refuse, GET: ONE, LIST: reply(200, [])})
    assert [ask(lambda: client.get("6")), ask(client.list)] == [ServerError, None]


def test_a_search_for_a_lost_create_asks_all_the_same(make_client: MakeClient) -> None:
    client, transport, _ = make_client({LIST: REFUSED})
    assert [ask(client.fresh_list), ask(client.fresh_list)] == [ConnectError] * 2
    assert transport.calls == [LIST] * 10


def test_a_series_with_too_little_time_is_not_an_outage(make_client: MakeClient) -> None:
    client, _, clock = make_client({LIST: [page(503), page(503), reply(200, [])]})
    assert ask(lambda: client.list(deadline=clock.now() + 1)) is ServerError
    assert ask(client.list) is None


def test_an_exchange_that_fails_is_tried_once(make_client: MakeClient) -> None:
    client, transport, _ = make_client({GET: reply(401), "POST /bim/apikey/authenticate": page(503)})
    assert ask(lambda: client.get("5")) is not None
    assert ask(lambda: client.get("6")) is Unasked
    assert transport.calls == [GET, *["POST /bim/apikey/authenticate"] * 5]
