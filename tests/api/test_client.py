from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from immuta_provider.api.http import single_flight
from immuta_provider.api.http.errors import (
    ApiError,
    AuthenticationError,
    ConfigurationError,
    ConnectError,
    ImmutaError,
    NoToken,
    ProtocolError,
    RateLimitedError,
    RedirectError,
    RequestTimeout,
    ServerError,
    Stopped,
)
from immuta_provider.api.http.exchange import Request, Response
from immuta_provider.api.integrations import api_key, life, scripts
from immuta_provider.api.integrations.integration import Integration
from immuta_provider.api.integrations.routes import KIND
from immuta_provider.api.life import Outcome
from support.fake_transport import FakeTransport, error, page, reply
from support.scripted import (
    CREATED,
    DELETE,
    EMPTY,
    EXCHANGE,
    GET,
    LIST,
    POST,
    PUT,
    REFUSED,
    RESET,
    SILENT,
    STATUS,
    MakeClient,
)
from support.threads import Threads, wait_for_waiters

UNAUTHORIZED = error(401, "expired")
TOKEN = reply(200, {"authenticated": True, "token": "fresh-token"})
ENABLED = reply(200, {"id": "5", "status": "enabled"})
NO_RETRIES = {"api_key": "k", "max_retries": 0}


def test_each_operation_has_its_route(make_client: MakeClient) -> None:
    one = {"id": 5, "status": "enabled", "type": "Trino", "config": {}}
    client, transport, _ = make_client(
        {
            LIST: reply(200, [one]),
            POST: reply(201, {"id": "6", "status": "creating"}),
            GET: reply(200, one),
            STATUS: reply(200, {"id": 5, "status": "enabled"}),
            PUT: reply(202, {"id": "5", "status": "editing"}),
            DELETE: reply(200, {"id": "5", "status": "deleting"}),
        }
    )
    enabled = Integration("5", "Trino", "enabled", None, {})
    assert client.list() == (enabled,)
    assert client.find("5") == enabled
    assert client.find("7") is None
    assert client.get("5") == enabled
    assert client.status("5") == Integration("5", status="enabled")
    assert client.post({"type": "Trino"}) == Integration("6", status="creating")
    assert client.put("5", {"type": "Trino"}) == Integration("5", status="editing")
    assert client.delete("5", {"username": "x"}) == Integration("5", status="deleting")
    assert [(r.method, r.url, r.body) for r in transport.requests] == [
        ("GET", "https://immuta.example/integrations", None),
        ("GET", "https://immuta.example/integrations/5", None),
        ("GET", "https://immuta.example/integrations/5/status", None),
        ("POST", "https://immuta.example/integrations", b'{"type":"Trino"}'),
        ("PUT", "https://immuta.example/integrations/5", b'{"type":"Trino"}'),
        ("DELETE", "https://immuta.example/integrations/5", b'{"username":"x"}'),
    ]


@pytest.mark.parametrize("answer", [reply(204), reply(200), Response(200, {}, b" \n")])
def test_an_empty_answer_to_a_delete_is_accepted(make_client: MakeClient, answer: Response) -> None:
    client, transport, _ = make_client({DELETE: answer})
    assert client.delete("5") == Integration("5")
    assert transport.bodies(DELETE) == [None]


@pytest.mark.parametrize("answer", [reply(204), reply(200, {}), reply(200, []), page(200)])
def test_an_answer_without_an_id_to_a_post_is_an_error(make_client: MakeClient, answer: Response) -> None:
    client, transport, _ = make_client({POST: answer})
    with pytest.raises(ProtocolError):
        client.post({"type": "Trino"})
    assert transport.calls == [POST]


@pytest.mark.parametrize(
    "answer", [reply(404), error(404, "No route"), error(405, "x"), reply(200, {"id": 5}), reply(200, {})]
)
def test_without_a_status_route_the_integration_is_read(make_client: MakeClient, answer: Response) -> None:
    client, _, _ = make_client({STATUS: answer, GET: ENABLED})
    assert client.status("5") == Integration("5", status="enabled")


@pytest.mark.parametrize("id", ["5", "0", "a.b", "0b6e2c1e-6f1e-4d6b-9d56-0d8b3a1f7c11", "x_1"])
def test_an_id_is_a_segment_of_a_path(make_client: MakeClient, id: str) -> None:
    client, transport, _ = make_client({f"GET /integrations/{id}": reply(200, {"status": "enabled"})})
    client.get(id)
    assert transport.calls == [f"GET /integrations/{id}"]


@pytest.mark.parametrize(
    "call",
    [
        lambda client, id: client.get(id),
        lambda client, id: client.status(id),
        lambda client, id: client.put(id, {}),
        lambda client, id: client.delete(id),
        lambda client, id: scripts.write_for(client, id, "delete"),
        lambda client, id: api_key.regenerate(client, id, timeout=60),
    ],
    ids=["get", "status", "put", "delete", "script", "regenerate"],
)
def test_a_request_with_an_invalid_id_is_not_sent(make_client: MakeClient, call: Any) -> None:
    client, transport, _ = make_client({})
    with pytest.raises(ConfigurationError):
        call(client, "..")
    assert transport.calls == []


@pytest.mark.parametrize(
    ("credential", "header"),
    [
        ({"api_key": "key"}, "key"),
        ({"api_key": "Bearer token"}, "Bearer token"),
        ({"bearer_token": "token"}, "Bearer token"),
        ({"bearer_token": "Bearer token"}, "Bearer token"),
        ({"bearer_token": "bearer token"}, "bearer token"),
    ],
)
def test_the_credential_is_sent_in_its_header(
    make_client: MakeClient, credential: dict[str, str], header: str
) -> None:
    settings = {**credential, "http_headers": {"X-Gateway": "1", "accept": "*/*"}, "user_agent": "tests"}
    client, transport, _ = make_client({POST: CREATED}, settings)
    client.post({"type": "Trino"})
    assert transport.requests[0].headers == {
        "User-Agent": "tests",
        "Content-Type": "application/json",
        "X-Gateway": "1",
        "accept": "*/*",
        "Authorization": header,
    }


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, object()])
def test_a_value_that_json_cannot_express_is_not_sent(make_client: MakeClient, value: Any) -> None:
    client, transport, _ = make_client({})
    with pytest.raises(ConfigurationError):
        client.post({"config": value})
    assert transport.calls == []


# Answers, the calls that follow, and the waits between them.
RETRIES: list[tuple[str, list[Any], int, list[float]]] = [
    ("GET", [RESET, SILENT, REFUSED, reply(200, {})], 4, [0.5, 1.0, 2.0]),
    ("GET", [error(500, "x"), page(502), page(503), page(504), reply(200, {})], 5, [0.5, 1.0, 2.0, 4.0]),
    ("GET", [error(408, "x"), reply(200, {})], 2, [0.5]),
    ("GET", [reply(429, {}, Retry_After="9"), reply(200, {})], 2, [9.0]),
    ("GET", [reply(429, {}, Retry_After="Tue, 14 Nov 2023 22:13:50 GMT"), reply(200, {})], 2, [30.0]),
    ("GET", [reply(503, {}, Retry_After="3"), reply(200, {})], 2, [3.0]),
    ("PUT", [RESET, page(502), reply(200, {})], 3, [0.5, 1.0]),
    ("DELETE", [RESET, page(502), reply(204)], 3, [0.5, 1.0]),
    ("POST", [REFUSED, CREATED], 2, [0.5]),
    ("POST", [reply(429, {}), reply(429, {}), CREATED], 3, [0.5, 1.0]),
]


@pytest.mark.parametrize(("method", "answers", "calls", "waits"), RETRIES)
def test_a_transient_failure_is_retried(
    make_client: MakeClient, method: str, answers: list[Any], calls: int, waits: list[float]
) -> None:
    path = "/integrations" if method == "POST" else "/integrations/5"
    client, transport, clock = make_client({f"{method} {path}": answers})
    client.http.call(method, path, None if method == "GET" else {}, kind=KIND)
    assert (transport.calls, clock.waits) == ([f"{method} {path}"] * calls, waits)


NOT_SENT_AGAIN: list[tuple[str, Any, type[ImmutaError]]] = [
    ("POST", RESET, ConnectError),
    ("POST", SILENT, RequestTimeout),
    ("POST", error(500, "x"), ServerError),
    ("POST", page(502), ServerError),
    ("POST", reply(503, {}, Retry_After="1"), ServerError),
    ("POST", error(408, "x"), ApiError),
    ("POST", page(200), ProtocolError),
    ("GET", page(200), ProtocolError),
    ("GET", Response(302, {"location": "https://login.example"}), RedirectError),
    ("GET", error(400, "x"), ApiError),
    ("GET", reply(429, {}, Retry_After="121"), RateLimitedError),
]


@pytest.mark.parametrize(("method", "answer", "kind"), NOT_SENT_AGAIN)
def test_any_other_failure_is_not_retried(
    make_client: MakeClient, method: str, answer: Any, kind: type[ImmutaError]
) -> None:
    client, transport, clock = make_client({f"{method} /integrations": answer})
    with pytest.raises(kind):
        client.http.call(method, "/integrations", {}, kind=KIND)
    assert (len(transport.calls), clock.waits) == (1, [])


def test_retries_end_after_max_retries(make_client: MakeClient) -> None:
    client, transport, clock = make_client({GET: page(503)}, {"api_key": "k", "max_retries": 6})
    with pytest.raises(ServerError):
        client.get("5")
    assert (len(transport.calls), clock.waits) == (7, [0.5, 1.0, 2.0, 4.0, 8.0, 10.0])


def test_no_wait_ends_after_the_deadline(make_client: MakeClient) -> None:
    client, transport, clock = make_client({GET: [page(503), reply(429, {}, Retry_After="60")]})
    with pytest.raises(RateLimitedError) as caught:
        client.get("5", deadline=clock.now() + 30)
    assert (len(transport.calls), clock.waits, caught.value.retry_after) == (2, [0.5], 60.0)


def test_a_stop_ends_the_wait_for_a_retry(make_client: MakeClient) -> None:
    stop = threading.Event()
    client, transport, clock = make_client({GET: [*[page(503)] * 3, ENABLED]}, stop=stop)
    clock.at(2, stop.set)
    with pytest.raises(Stopped) as caught:
        client.get("5")
    assert (len(transport.calls), clock.waits) == (3, [0.5, 1.0, 2.0])
    assert caught.value.detail == (
        "the run was stopped before a request could be retried: apply again. The last attempt failed: Immuta failed to answer: "
        "GET /integrations/5 was answered with 503 and a body that is not JSON. Try again. If it happens again, check "
        "Immuta's logs."
    )
    stop.clear()
    assert client.get("5").status == "enabled"


def test_a_limit_in_seconds_is_waited_for(make_client: MakeClient) -> None:
    """No request waits for as long as this, but the next run after those seconds is answered."""
    limited = reply(429, {"statusCode": 429, "message": "Too many"}, retry_after="7200")
    client, _, clock = make_client({LIST: [limited, EMPTY]}, NO_RETRIES)
    with pytest.raises(RateLimitedError) as caught:
        client.list()
    advised = re.search(r"Try again in (\d+) seconds, or lower `max_concurrency`", caught.value.detail)
    assert advised is not None
    clock.advance(float(advised[1]))
    assert client.list() == ()


def test_host_is_set_to_where_a_redirect_points(make_client: MakeClient) -> None:
    redirect = reply(307, None, location="https://acme.hosted.example/integrations")
    client, _, _ = make_client({LIST: redirect})
    with pytest.raises(RedirectError) as caught:
        client.list()
    assert "pointing to acme.hosted.example." in caught.value.detail
    assert caught.value.detail.endswith("Set `host` (IMMUTA_HOST) to Immuta's own URL.")
    own, transport, _ = make_client({LIST: EMPTY}, host="acme.hosted.example")
    assert own.list() == ()
    assert transport.requests[0].url == "https://acme.hosted.example/integrations"


@pytest.mark.parametrize("answer", [[], "", 0, False, {"unexpected": 1}])
@pytest.mark.parametrize("call", ["put", "delete"])
def test_an_answer_without_an_integration_is_an_error(
    make_client: MakeClient, call: str, answer: object
) -> None:
    client, _, _ = make_client({f"{call.upper()} /integrations/5": reply(200, answer)})
    with pytest.raises(ProtocolError):
        getattr(client, call)("5", {})


def test_requests_get_less_time_near_a_deadline(make_client: MakeClient) -> None:
    client, transport, clock = make_client({GET: ENABLED, PUT: reply(200, {})})
    for seconds in (100, 30, 0):
        client.get("5", deadline=clock.now() + seconds)
    client.put("5", {}, deadline=clock.now() + 30)
    assert [request.timeout for request in transport.requests] == [60.0, 30.0, 1.0, 60.0]


def headers(transport: FakeTransport) -> list[tuple[str, str | None]]:
    return [(r.method + r.url[22:], r.headers.get("Authorization")) for r in transport.requests]


def test_a_refused_key_is_exchanged_once(make_client: MakeClient) -> None:
    learned: list[str] = []
    client, transport, _ = make_client({POST: [UNAUTHORIZED, CREATED], EXCHANGE: TOKEN}, learn=learned.append)
    client.post({"type": "Trino"})
    client.post({"type": "Trino"})
    assert headers(transport) == [
        ("POST/integrations", "key-of-tests"),
        ("POST/bim/apikey/authenticate", None),
        ("POST/integrations", "Bearer fresh-token"),
        ("POST/integrations", "Bearer fresh-token"),
    ]
    assert transport.bodies(EXCHANGE) == [{"apikey": "key-of-tests"}]
    assert learned == ["fresh-token"]


def test_an_expired_token_is_exchanged_again(make_client: MakeClient) -> None:
    client, transport, _ = make_client(
        {
            GET: [UNAUTHORIZED, ENABLED] * 2,
            EXCHANGE: [reply(200, {"token": "one"}), reply(200, {"token": "Bearer two"})],
        }
    )
    client.get("5")
    client.get("5")
    assert [header for _, header in headers(transport)] == [
        "key-of-tests",
        None,
        "Bearer one",
        "Bearer one",
        None,
        "Bearer two",
    ]


def test_a_refused_fresh_token_is_an_error(make_client: MakeClient) -> None:
    client, transport, _ = make_client({GET: UNAUTHORIZED, EXCHANGE: TOKEN})
    with pytest.raises(AuthenticationError) as caught:
        client.get("5")
    assert transport.calls == [GET, EXCHANGE, GET]
    assert caught.value.detail == (
        'GET /integrations/5 was answered with 401 Error: "expired". Check `api_key` (IMMUTA_API_KEY): it may be wrong, '
        "revoked, "
        "expired, or of another tenant than `host`."
    )


@pytest.mark.parametrize("credential", [{"bearer_token": "token"}, {"api_key": "Bearer token"}])
def test_a_bearer_token_cannot_be_renewed(make_client: MakeClient, credential: dict[str, str]) -> None:
    client, transport, _ = make_client({GET: UNAUTHORIZED}, credential)
    with pytest.raises(AuthenticationError):
        client.get("5")
    assert transport.calls == [GET] * 2


@pytest.mark.parametrize(
    "answer",
    [error(401, "no"), error(403, "no"), error(404, "no"), reply(200, {"token": ""}), reply(200, [])],
)
def test_a_refused_exchange_is_not_tried_again(make_client: MakeClient, answer: Response) -> None:
    client, transport, _ = make_client({GET: UNAUTHORIZED, EXCHANGE: answer})
    for _ in range(3):
        with pytest.raises(AuthenticationError) as caught:
            client.get("5")
        assert "`api_key` (IMMUTA_API_KEY)" in caught.value.detail
    assert transport.calls.count(EXCHANGE) == 1


@pytest.mark.parametrize(
    "answer",
    [
        RESET,
        SILENT,
        REFUSED,
        error(500, "no"),
        page(502),
        error(408, "no"),
        reply(429, {}),
        page(200),
        page(401),
        page(403),
        page(404),
        Response(302, {"location": "https://login.example"}),
    ],
)
def test_a_transient_failure_of_an_exchange_is_retried(make_client: MakeClient, answer: Any) -> None:
    client, transport, clock = make_client(
        {POST: [UNAUTHORIZED, UNAUTHORIZED, CREATED], EXCHANGE: [answer, TOKEN]}, NO_RETRIES
    )
    with pytest.raises(NoToken) as caught:
        client.post({})
    assert caught.value.detail.startswith(
        "a request was answered with 401, and exchanging `api_key` (IMMUTA_API_KEY) for a token failed: "
    )
    clock.advance(31)
    assert client.post({}) == Integration("5", status="creating")
    assert transport.calls == [POST, EXCHANGE] * 2 + [POST]


def test_an_exchange_is_bounded_by_the_deadline(make_client: MakeClient) -> None:
    client, transport, clock = make_client({PUT: UNAUTHORIZED, EXCHANGE: page(503)})
    with pytest.raises(NoToken):
        client.put("5", {}, deadline=clock.now() + 5)
    assert clock.waits == [0.5, 1.0, 2.0]
    assert [request.timeout for request in transport.requests] == [60.0, 5.0, 4.5, 3.5, 1.5]


def test_a_wait_continues_after_a_transient_failure_of_an_exchange(make_client: MakeClient) -> None:
    enabled = reply(200, {"id": "5", "status": "enabled", "config": {}})
    client, _, _ = make_client(
        {
            PUT: reply(200, {"id": "5", "status": "editing"}),
            GET: [UNAUTHORIZED, UNAUTHORIZED, enabled],
            EXCHANGE: [page(503), TOKEN],
        },
        NO_RETRIES,
    )
    outcome = life.update(client, "5", {"type": "Trino"}, timeout=600)
    assert outcome == Outcome(Integration("5", "Trino", "enabled", None, {}))


@pytest.mark.parametrize(
    ("answer", "retries", "left", "out_of_time"),
    [
        (SILENT, 0, 5, True),
        (SILENT, 0, 100, False),
        (SILENT, 0, None, False),
        (RESET, 0, 5, False),
        (page(503), 0, 5, False),
        (page(503), 4, 5, True),
        (page(503), 4, 100, False),
        (reply(429, {}, Retry_After="121"), 4, None, False),
        (error(400, "no"), 4, 5, False),
    ],
)
def test_out_of_time_is_set_if_only_the_deadline_ended_the_call(
    make_client: MakeClient, answer: Any, retries: int, left: float | None, out_of_time: bool
) -> None:
    client, _, clock = make_client({GET: answer}, {"api_key": "k", "max_retries": retries})
    with pytest.raises(ImmutaError) as caught:
        client.get("5", deadline=None if left is None else clock.now() + left)
    assert caught.value.out_of_time is out_of_time


def test_ten_threads_share_one_exchange(make_client: MakeClient) -> None:
    together = threading.Barrier(10)

    def answer(request: Request) -> Response:
        if request.headers["Authorization"] == "key-of-tests":
            together.wait(5)
            return UNAUTHORIZED
        return ENABLED

    client, transport, _ = make_client({GET: answer, EXCHANGE: TOKEN})
    found = Threads(*[partial(client.get, "5")] * 10).results()
    assert [integration.status for integration in found] == ["enabled"] * 10
    assert transport.calls.count(EXCHANGE) == 1


def wait_for_threads(client: Any, number: int) -> None:
    """Returns once that many threads wait for an exchange that is under way."""
    wait_for_waiters(client.http._authorization._changed, number)


def test_ten_threads_share_one_exchange_that_fails(make_client: MakeClient) -> None:
    together = threading.Barrier(10)

    def refuse(request: Request) -> Response:
        together.wait(5)
        return UNAUTHORIZED

    def fail(request: Request) -> Response:
        wait_for_threads(client, 9)
        return page(503)

    client, transport, _ = make_client({GET: refuse, EXCHANGE: fail}, NO_RETRIES)
    failures = Threads(*[partial(client.get, "5")] * 10).results()
    assert [type(failure) for failure in failures] == [NoToken] * 10
    assert transport.calls.count(EXCHANGE) == 1


def test_a_thread_waits_for_an_exchange_until_its_own_deadline(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single_flight, "SHORTEST_TIMEOUT", 0.02)
    started, go = threading.Event(), threading.Event()

    def hang(request: Request) -> Response:
        started.set()
        go.wait(5)
        return TOKEN

    client, _, clock = make_client({GET: [UNAUTHORIZED, UNAUTHORIZED, ENABLED], EXCHANGE: hang})
    first = Threads(partial(client.get, "5"))
    assert started.wait(5)
    (expired,) = Threads(partial(client.get, "5", deadline=clock.now())).results()
    go.set()
    assert [integration.status for integration in first.results()] == ["enabled"]
    assert str(expired) == (
        "Immuta needs longer than the timeout: the time was up while a token was requested, for this and other resources. "
        "Apply again, or raise the resource's `timeouts`."
    )


def test_a_thread_with_more_time_makes_another_exchange(make_client: MakeClient) -> None:
    started = threading.Event()
    exchanges: list[Callable[[], Response]] = []

    def fail_late() -> Response:
        started.set()
        wait_for_threads(client, 1)
        return page(503)

    exchanges[:] = [lambda: TOKEN, fail_late]
    client, transport, clock = make_client(
        {GET: [UNAUTHORIZED, UNAUTHORIZED, ENABLED], EXCHANGE: lambda _: exchanges.pop()()}
    )
    first = Threads(partial(client.get, "5", deadline=clock.now() + 0.1))
    assert started.wait(5)
    assert client.get("5", deadline=clock.now() + 60).status == "enabled"
    assert [type(failure) for failure in first.results()] == [NoToken]
    assert transport.calls.count(EXCHANGE) == 2


def log_of(make_client: MakeClient, **more: Any) -> list[tuple[str, str, dict[str, Any]]]:
    lines: list[tuple[str, str, dict[str, Any]]] = []
    trino = {"id": 5, "config": {"apiKey": "trino-secret", "password": "hunter2"}}
    client, _, _ = make_client(
        {PUT: [RESET, UNAUTHORIZED, reply(200, trino)], EXCHANGE: TOKEN},
        log=lambda level, message, **fields: lines.append((level, message, fields)),
        **more,
    )
    client.put("5", {"config": {"password": "hunter2", "host": "acme.example"}})
    return lines


def test_the_log_names_each_exchange_and_no_body(make_client: MakeClient) -> None:
    lines = log_of(make_client)
    assert [(level, message) for level, message, _ in lines] == [
        ("debug", "PUT /integrations/5: ConnectError"),
        ("debug", "PUT /integrations/5: 401"),
        ("debug", "POST /bim/apikey/authenticate: 200"),
        ("debug", "PUT /integrations/5: 200"),
    ]
    assert lines[3][2] == {
        "method": "PUT",
        "path": "/integrations/5",
        "outcome": 200,
        "milliseconds": 0.0,
        "bytes_sent": 55,
        "bytes_received": 70,
        "attempt": 2,
    }


def test_the_log_shows_bodies_only_through_mask(make_client: MakeClient) -> None:
    def mask(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: "(secret)" if key == "password" else mask(item) for key, item in value.items()}
        return value

    lines = log_of(make_client, mask=mask)
    assert [fields for level, _, fields in lines if level == "trace"] == [
        {
            "method": "PUT",
            "path": "/integrations/5",
            "direction": "sent",
            "body": '{"config": {"password": "(secret)", "host": "acme.example"}}',
        },
        {
            "method": "PUT",
            "path": "/integrations/5",
            "direction": "received",
            "body": '{"id": 5, "config": {"password": "(secret)"}}',
        },
    ]
    text = json.dumps(lines)
    assert [s for s in ("hunter2", "trino-secret", "key-of-tests", "fresh-token") if s in text] == []
