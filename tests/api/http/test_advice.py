"""Advice about connections, followed on real sockets: what is said leads to an answer."""

from __future__ import annotations

import base64
import json
import re
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from immuta_provider.api.http import json_body, proxies
from immuta_provider.api.http.bounds import ONE
from immuta_provider.api.http.errors import (
    ConfigurationError,
    ImmutaError,
    ProtocolError,
    RequestTimeout,
    Stopped,
    TooLarge,
)
from immuta_provider.api.http.exchange import Response
from support.fake_transport import page, reply
from support.local_server import (
    Authority,
    Exchange,
    get,
    hang_up,
    local_server,
    make_authority,
    ok,
    tunnel_to,
)

LIST = "GET /integrations"
IMMUTA = "https://immuta.example"


def said(open_transport: Any, url: str, /, *, timeout: float = 5.0, **settings: Any) -> str:
    """The detail of the error of one request."""
    with pytest.raises(ImmutaError) as caught:
        open_transport(url, **settings).send(get(url, timeout=timeout))
    return caught.value.detail


def assert_answered(open_transport: Any, url: str, **settings: Any) -> None:
    assert open_transport(url, **settings).send(get(url)).status == 200


@pytest.fixture
def free_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
    return port


def test_a_private_authority_is_set_as_ca_file(open_transport: Any, authority: Authority) -> None:
    with local_server(ok, authority) as server:
        detail = said(open_transport, server.url)
        assert "set `ca_file` (IMMUTA_CA_FILE) to that authority's certificate in PEM form." in detail
        assert_answered(open_transport, server.url, ca_file=str(authority.ca_file))


def test_a_name_that_the_certificate_is_for_is_used(open_transport: Any, authority: Authority) -> None:
    with local_server(ok, authority, address="0.0.0.0") as server:
        port = server.server_address[1]
        trusted: dict[str, Any] = {"ca_file": str(authority.ca_file)}
        assert said(open_transport, f"https://127.0.0.2:{port}", **trusted).endswith(
            "Use a name that the certificate is for."
        )
        for name in ("127.0.0.1", "localhost"):
            assert_answered(open_transport, f"https://{name}:{port}", **trusted)


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "advice"),
    [
        (-2, -1, "Renew it, or correct the clock of this machine if it is wrong."),
        (1, 2, "Check the clock of this machine."),
    ],
    ids=["expired", "not yet valid"],
)
def test_a_certificate_of_the_present_is_trusted(
    open_transport: Any, tmp_path: Path, valid_from: float, valid_to: float, advice: str
) -> None:
    """The clock of the server stands for that of this machine: either one brings both together."""
    wrong, right = tmp_path / "wrong", tmp_path / "right"
    for folder in (wrong, right):
        folder.mkdir()
    another = make_authority(wrong, valid_from=valid_from, valid_to=valid_to)
    with local_server(ok, another) as server:
        assert said(open_transport, server.url, ca_file=str(another.ca_file)).endswith(advice)
    renewed = make_authority(right)
    with local_server(ok, renewed) as server:
        assert_answered(open_transport, server.url, ca_file=str(renewed.ca_file))


def test_the_scheme_and_the_port_of_host_are_checked(open_transport: Any, authority: Authority) -> None:
    with local_server(ok) as plain, local_server(ok, authority) as secure:
        detail = said(open_transport, plain.url.replace("http:", "https:"))
        assert detail.endswith("Check the scheme and the port of `host` (IMMUTA_HOST).")
        assert_answered(open_transport, plain.url)
        assert_answered(open_transport, secure.url, ca_file=str(authority.ca_file))


def test_host_is_checked_where_nobody_listens(open_transport: Any, free_port: int) -> None:
    assert "Check `host` (IMMUTA_HOST)," in said(open_transport, f"http://127.0.0.1:{free_port}")
    with local_server(ok) as server:
        assert_answered(open_transport, server.url)


def test_host_is_checked_where_no_url_can_hold_it(open_transport: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        open_transport(IMMUTA).send(get(f"http://{'a' * 64}.example"))
    assert caught.value.detail.endswith("Check `host` (IMMUTA_HOST).")
    with local_server(ok) as server:
        assert_answered(open_transport, server.url)


def test_host_is_set_to_where_a_redirect_points(make_client: Any) -> None:
    redirect = reply(307, None, location="https://acme.hosted.example/integrations")
    client, transport, _ = make_client({LIST: [redirect, reply(200, [])]})
    with pytest.raises(ImmutaError) as caught:
        client.list()
    assert "pointing to acme.hosted.example." in caught.value.detail
    assert caught.value.detail.endswith("Set `host` (IMMUTA_HOST) to Immuta's own URL.")
    own, transport, _ = make_client({LIST: reply(200, [])}, {"api_key": "key"}, host="acme.hosted.example")
    assert own.list() == ()
    assert transport.requests[0].url == "https://acme.hosted.example/integrations"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_proxy_variable_that_is_named_is_set(
    open_transport: Any, monkeypatch: pytest.MonkeyPatch, authority: Authority, scheme: str
) -> None:
    """A host that no name server knows is reached through a proxy that knows it."""
    url = f"{scheme}://immuta.example"
    trusted: dict[str, Any] = {"ca_file": str(authority.ca_file)}
    asked = re.search(r"if a proxy must be set \((\w+)\)", said(open_transport, url, **trusted))
    assert asked is not None

    def serve(exchange: Exchange) -> None:
        (tunnel if exchange.command == "CONNECT" else ok)(exchange)

    with local_server(ok, authority) as server, local_server(serve) as proxy:
        tunnel = tunnel_to(server)
        monkeypatch.setenv(asked[1], proxy.url)
        assert_answered(open_transport, url, **trusted)
        assert len(proxy.received) == 1


def password_wanted(tunnel: Callable[[Exchange], None]) -> Callable[[Exchange], None]:
    credential = f"Basic {base64.b64encode(b'user:password').decode()}"

    def serve(exchange: Exchange) -> None:
        if exchange.headers.get("Proxy-Authorization") != credential:
            exchange.answer(407)
        elif exchange.command == "CONNECT":
            tunnel(exchange)
        else:
            ok(exchange)

    return serve


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_gets_the_password_that_it_requires(
    open_transport: Any, monkeypatch: pytest.MonkeyPatch, authority: Authority, scheme: str
) -> None:
    url, variable = f"{scheme}://immuta.example", f"{scheme.upper()}_PROXY"
    trusted: dict[str, Any] = {"ca_file": str(authority.ca_file)}
    with (
        local_server(ok, authority) as server,
        local_server(password_wanted(tunnel_to(server))) as proxy,
    ):
        monkeypatch.setenv(variable, proxy.url)
        asked = re.search(
            r"as in (http://user:password@)proxy\.example:3128", said(open_transport, url, **trusted)
        )
        assert asked is not None
        monkeypatch.setenv(variable, proxy.url.replace("http://", asked[1]))
        assert_answered(open_transport, url, **trusted)


def test_the_scheme_of_a_proxy_that_does_not_use_tls_is_http(
    open_transport: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with local_server(ok) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.replace("http:", "https:"))
        detail = said(open_transport, "http://immuta.example")
        assert "If the proxy does not use TLS, its scheme has to be http." in detail
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        assert_answered(open_transport, "http://immuta.example")


def test_a_variable_that_names_a_proxy_that_is_away_is_checked(
    open_transport: Any, monkeypatch: pytest.MonkeyPatch, free_port: int
) -> None:
    """Without the proxy the connection is direct: `test_the_advice_of_an_unusable_proxy_works` has each form of a host."""
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port}")
    detail = said(open_transport, "http://immuta.example")
    asked = re.search(r"Check that variable, or add (\S+) to NO_PROXY if no proxy is needed\.", detail)
    assert asked is not None
    assert proxies.of_environment("http://immuta.example", {"HTTP_PROXY": "x", "NO_PROXY": asked[1]}) is None
    with local_server(ok) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        assert_answered(open_transport, "http://immuta.example")


def test_request_method_is_removed(open_transport: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with local_server(ok) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("REQUEST_METHOD", "GET")
        assert "Remove REQUEST_METHOD from the environment" in said(open_transport, "http://immuta.example")
        monkeypatch.delenv("REQUEST_METHOD")
        assert_answered(open_transport, "http://immuta.example")


def test_a_request_to_a_slow_immuta_gets_more_time(open_transport: Any) -> None:
    late = threading.Event()

    def slow(exchange: Exchange) -> None:
        late.wait(0.3)
        ok(exchange)

    with local_server(slow) as server:
        detail = said(open_transport, server.url, timeout=0.05)
        assert detail.endswith("If Immuta is only slow, raise `request_timeout` (IMMUTA_REQUEST_TIMEOUT).")
        assert_answered(open_transport, server.url)


def test_a_connection_that_broke_is_made_again(open_transport: Any) -> None:
    broken = iter([hang_up])

    with local_server(lambda exchange: next(broken, ok)(exchange)) as server:
        detail = said(open_transport, server.url)
        assert "Apply again. If it happens again, check the network" in detail
        assert_answered(open_transport, server.url)


TRANSIENT = {
    "Try again. If it happens again, check Immuta's logs.": reply(500, {"statusCode": 500, "message": "no"}),
    "Try again later": reply(429, {"statusCode": 429, "message": "Too many"}),
    "Check that `host` is Immuta itself and that no proxy or gateway answers in its place.": page(200),
    "It may come from a gateway or firewall before Immuta": page(403),
    "check `host` (IMMUTA_HOST), its path included.": page(404),
}


@pytest.mark.parametrize("advice", TRANSIENT)
def test_a_run_against_an_immuta_that_answers_leads_out(make_client: Any, advice: str) -> None:
    """The world is mended, and the same command is run again."""
    client, _, _ = make_client({LIST: TRANSIENT[advice]}, {"api_key": "key", "max_retries": 0})
    with pytest.raises(ImmutaError) as caught:
        client.list()
    assert advice in caught.value.detail
    again, _, _ = make_client({LIST: reply(200, [])})
    assert again.list() == ()


def test_a_limit_in_seconds_is_waited_for(make_client: Any) -> None:
    """As long as a whole run waits for none: the next run after so many seconds is answered."""
    limited = reply(429, {"statusCode": 429, "message": "Too many"}, retry_after="7200")
    client, _, clock = make_client({LIST: [limited, reply(200, [])]}, {"api_key": "key", "max_retries": 0})
    with pytest.raises(ImmutaError) as caught:
        client.list()
    asked = re.search(r"Try again in (\d+) seconds, or lower `max_concurrency`", caught.value.detail)
    assert asked is not None
    clock.advance(float(asked[1]))
    assert client.list() == ()


@pytest.mark.parametrize(("max_concurrency", "statuses"), [(2, [200, 429]), (1, [200, 200])])
def test_a_limit_of_requests_at_once_is_kept_with_a_lower_max_concurrency(
    open_transport: Any, max_concurrency: int, statuses: list[int]
) -> None:
    under_way = threading.Semaphore(1)
    second = threading.Event()

    def one_at_once(exchange: Exchange) -> None:
        if not under_way.acquire(blocking=False):
            second.set()
            exchange.answer(429)
            return
        second.wait(0.2)
        under_way.release()
        ok(exchange)

    found: list[int] = []
    with local_server(one_at_once) as server:
        transport = open_transport(server.url, max_concurrency=max_concurrency)
        asking = [
            threading.Thread(target=lambda: found.append(transport.send(get(server.url)).status))
            for _ in range(2)
        ]
        for each in asking:
            each.start()
        for each in asking:
            each.join()
    assert sorted(found) == statuses


def test_a_stopped_request_is_sent_by_the_next_run(make_client: Any) -> None:
    """The stop came before a retry."""
    stop = threading.Event()

    def fail(request: Any) -> Any:
        stop.set()
        return page(502)

    client, _, _ = make_client({LIST: fail}, stop=stop)
    with pytest.raises(Stopped) as caught:
        client.list()
    assert "apply again" in caught.value.detail
    again, _, _ = make_client({LIST: reply(200, [])})
    assert again.list() == ()


def test_request_timeout_is_named_for_a_proxy_too(
    open_transport: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = threading.Event()

    def slow(exchange: Exchange) -> None:
        late.wait(0.3)
        ok(exchange)

    with local_server(slow) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        with pytest.raises(RequestTimeout):
            open_transport("http://immuta.example").send(get("http://immuta.example", timeout=0.05))
        assert_answered(open_transport, "http://immuta.example")


def test_an_answer_is_decoded_with_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: Any, **__: Any) -> None:
        raise MemoryError

    with monkeypatch.context() as limited:
        limited.setattr(json, "loads", exhausted)
        with pytest.raises(ProtocolError) as caught:
            json_body.decode(b"{}")
    assert "Raise the memory limit of the shell (`ulimit -v`) or of the container" in caught.value.detail
    assert json_body.decode(b"{}") == {}


def test_host_is_checked_where_an_answer_is_too_large(make_client: Any) -> None:
    huge = Response(200, {}, b"[" + b"{}," * (ONE.body // 3) + b"{}]")
    client, _, _ = make_client({"GET /integrations/7": huge})
    with pytest.raises(TooLarge) as caught:
        client.get("7")
    assert caught.value.detail.endswith("Check that `host` is Immuta itself.")
    itself, _, _ = make_client({"GET /integrations/7": reply(200, {"id": "7"})})
    assert itself.get("7").id == "7"
