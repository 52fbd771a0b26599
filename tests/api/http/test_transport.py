"""`RequestsTransport` against real sockets."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import warnings
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from immuta_provider.api.http import transport as transport_module
from immuta_provider.api.http.errors import ConfigurationError, ProtocolError, RequestTimeout
from immuta_provider.api.http.exchange import Request, Response
from immuta_provider.api.http.settings import Settings
from support.local_server import Authority, Exchange, dripping, get, local_server, make_authority, ok
from support.threads import Threads
from urllib3.util import connection


def test_a_request_is_sent_unchanged(open_transport: Any) -> None:
    with local_server(ok) as server:
        answer = open_transport(server.url).send(
            Request(
                "DELETE",
                f"{server.url}/integrations/a%2Fb",
                {"Authorization": "key", "Content-Type": "application/json", "User-Agent": "tests"},
                b'{"username":"x"}',
            )
        )
    sent = server.received[0]
    assert (sent.method, sent.path, sent.body) == ("DELETE", "/integrations/a%2Fb", b'{"username":"x"}')
    assert sent.headers == {
        "host": server.url.removeprefix("http://"),
        "accept-encoding": "identity",
        "authorization": "key",
        "content-type": "application/json",
        "content-length": "16",
        "user-agent": "tests",
    }
    assert (answer.status, answer.body, answer.headers["content-type"]) == (200, b"[]", "application/json")


def test_sequential_requests_share_a_connection(open_transport: Any) -> None:
    with local_server(ok) as server:
        transport = open_transport(server.url)
        for _ in range(5):
            transport.send(get(server.url))
    assert len(set(server.ports)) == 1


def test_an_answer_for_which_no_memory_is_left_is_too_large(
    open_transport: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(*_: Any) -> None:
        raise MemoryError

    with local_server(ok) as server:
        transport = open_transport(server.url)
        monkeypatch.setattr(transport, "_read", exhausted)
        with pytest.raises(ProtocolError, match="Immuta's answer is too large"):
            transport.send(get(server.url))


def test_netrc_is_not_read(ask: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with local_server(ok) as server:
        ask(server.url)
    assert server.received[0].headers["authorization"] == "key"


def test_cookies_are_not_kept(open_transport: Any) -> None:
    with local_server(lambda exchange: exchange.answer(200, b"[]", Set_Cookie="session=1; Path=/")) as server:
        transport = open_transport(server.url)
        transport.send(get(server.url))
        transport.send(get(server.url))
    assert "cookie" not in server.received[1].headers


def test_redirects_are_not_followed(ask: Any) -> None:
    def redirect(exchange: Exchange) -> None:
        exchange.answer(307, Location=f"{other.url}/integrations")

    with local_server(ok) as other, local_server(redirect) as server:
        assert (ask(server.url).status, len(other.received)) == (307, 0)


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_variables_of_requests_do_not_change_trust(
    fail: Any, authority: Authority, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(authority.ca_file))
    with local_server(ok, authority) as server:
        assert fail(server.url).kind == "certificate"
    assert server.received == []


def test_the_system_store_is_the_default(
    ask: Any, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca_file))
    with local_server(ok, authority) as server:
        assert ask(server.url).status == 200


def test_ca_file_is_trusted_alone(
    fail: Any, authority: Authority, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca_file))
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(authority.ca_file))
    other = make_authority(tmp_path)
    with local_server(ok, authority) as server:
        assert fail(server.url, ca_file=str(other.ca_file)).kind == "certificate"


def test_certifis_bundle_is_trusted_without_a_system_store(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
    context = transport_module.tls_context(Settings("immuta.example", api_key="key"))
    assert context.cert_store_stats()["x509_ca"] > 50


def test_certifis_bundle_is_not_trusted_with_a_system_store_in_a_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "0123abcd.0").write_text("")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    context = transport_module.tls_context(Settings("immuta.example", api_key="key"))
    assert context.cert_store_stats()["x509_ca"] == 0


def test_a_ca_file_without_a_certificate_is_a_configuration_error(fail: Any, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")
    error = fail("https://127.0.0.1:1", ca_file=str(empty))
    assert isinstance(error, ConfigurationError)
    assert (error.option, error.summary) == ("ca_file", "Invalid ca_file")
    assert error.detail.startswith(f'"{empty}" cannot be used: ')


def test_verification_can_be_switched_off_without_a_warning_on_stderr(ask: Any, authority: Authority) -> None:
    with warnings.catch_warnings(), local_server(ok, authority) as server:
        assert ask(server.url, insecure_skip_tls_verify=True).status == 200


@pytest.mark.parametrize("through_a_proxy", [False, True])
def test_a_request_to_a_slow_immuta_gets_more_time(
    ask: Any, fail: Any, monkeypatch: pytest.MonkeyPatch, through_a_proxy: bool
) -> None:
    late = threading.Event()

    def slow(exchange: Exchange) -> None:
        late.wait(0.3)
        ok(exchange)

    with local_server(slow) as server:
        url = "http://immuta.example" if through_a_proxy else server.url
        monkeypatch.setenv("HTTP_PROXY", server.url)
        error = fail(url, timeout=0.05)
        assert ask(url).status == 200
    assert isinstance(error, RequestTimeout)
    assert error.maybe_sent is True
    assert error.detail == (
        "no complete answer came within 0.05 seconds. If Immuta is only slow, raise `request_timeout` (IMMUTA_REQUEST_TIMEOUT)."
    )


OK = b"HTTP/1.1 200 OK\r\n"
DRIPS = {
    "a status line": (b"HTTP/1.1 200 ", b"O"),
    "a header": (OK + b"X-Long: ", b"x"),
    "headers": (OK, b"X: y\r\n"),
    "a body": (OK + b"Content-Length: 1000\r\n\r\n", b" "),
    "a body without an end": (OK + b"\r\n", b" "),
    "the size of a chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
    "a chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\n400\r\n", b" "),
    "what follows the chunks": (OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"),
    "interim answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
}


def timed_out(transport: Any, url: str, timeout: float) -> tuple[RequestTimeout, float]:
    """The error of a request that times out, and the seconds after which it came."""
    began = time.monotonic()
    with pytest.raises(RequestTimeout) as caught:
        transport.send(get(url, timeout=timeout))
    return caught.value, time.monotonic() - began


@pytest.mark.parametrize(
    ("name", "encrypted"), [*((name, False) for name in DRIPS), ("a header", True), ("a chunk", True)]
)
def test_a_dripping_server_times_out(
    open_transport: Any, authority: Authority, trusted: dict[str, Any], name: str, encrypted: bool
) -> None:
    done = threading.Event()
    with local_server(dripping(*DRIPS[name], done), authority if encrypted else None) as server:
        error, seconds = timed_out(open_transport(server.url, **trusted), server.url, 0.2)
        done.set()
    assert (error.maybe_sent, seconds < 1) == (True, True)


def test_interim_answers_without_a_pause_time_out(open_transport: Any) -> None:
    def flood(exchange: Exchange) -> None:
        while True:
            exchange.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)

    with local_server(flood) as server:
        assert timed_out(open_transport(server.url), server.url, 0.2)[1] < 1


def test_a_server_that_does_not_answer_tls_was_sent_nothing(fail: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        error = fail(f"https://127.0.0.1:{silent.getsockname()[1]}", timeout=0.2)
    assert (type(error), error.maybe_sent) == (RequestTimeout, False)


def test_a_request_has_its_own_time_on_a_connection_that_was_late(open_transport: Any) -> None:
    """The one before it used up nearly all of its time, and this one is too large to be taken at once."""

    def late(exchange: Exchange) -> None:
        if exchange.command == "GET":
            time.sleep(0.35)
            exchange.wfile.write(OK + b"Content-Length: 2\r\n\r\n")
            time.sleep(0.01)
            exchange.wfile.write(b"[]")
            time.sleep(0.3)
        else:
            ok(exchange)

    with local_server(late) as server:
        transport = open_transport(server.url)
        transport.send(get(server.url, timeout=0.5))
        large = Request("PUT", f"{server.url}/integrations/5", {}, b" " * 30_000_000, 5.0)
        assert transport.send(large).status == 200
        assert len(set(server.ports)) == 1


def test_a_slow_connection_takes_its_time_off_what_follows(
    open_transport: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = connection.create_connection

    def slow(*arguments: Any, **named: Any) -> socket.socket:
        made = real(*arguments, **named)
        time.sleep(0.5)
        return made

    monkeypatch.setattr(connection, "create_connection", slow)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        transport = open_transport(url)
        # Only the first request imports requests and reads the system's authorities, outside of its time.
        transport._open()
        assert timed_out(transport, url, 0.6)[1] < 0.9


def chunked(exchange: Exchange) -> None:
    exchange.wfile.write(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[1\r\n3\r\n,2]\r\n0\r\n\r\n"
    )


def compressed(exchange: Exchange) -> None:
    exchange.answer(200, gzip.compress(b"[1,2]"), Content_Encoding="gzip")


@pytest.mark.parametrize("how", [chunked, compressed])
def test_bodies_are_read_in_every_form(open_transport: Any, how: Any) -> None:
    with local_server(how) as server:
        transport = open_transport(server.url)
        bodies = [transport.send(get(server.url)).body for _ in range(2)]
    assert bodies == [b"[1,2]", b"[1,2]"]
    assert len(set(server.ports)) == 1


def test_no_more_requests_run_at_once_than_allowed(open_transport: Any) -> None:
    lock, running, most, release = threading.Lock(), 0, 0, threading.Event()
    three = threading.Event()

    def slow(exchange: Exchange) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
            if running == 3:
                three.set()
        release.wait(5)
        with lock:
            running -= 1
        ok(exchange)

    with local_server(slow) as server:
        transport = open_transport(server.url, max_concurrency=3)
        threads = Threads(*[partial(transport.send, get(server.url))] * 12)
        assert three.wait(5)
        release.set()
        answers = threads.results()
    assert (most, len(answers), len(set(server.ports))) == (3, 12, 3)


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

    with local_server(one_at_once) as server:
        transport = open_transport(server.url, max_concurrency=max_concurrency)
        answers = Threads(*[partial(transport.send, get(server.url))] * 2).results()
    assert sorted(answer.status for answer in answers) == statuses


def test_a_queued_request_is_not_sent_after_a_stop(open_transport: Any) -> None:
    stop, arrived, release = threading.Event(), threading.Event(), threading.Event()

    def slow(exchange: Exchange) -> None:
        arrived.set()
        release.wait(5)
        ok(exchange)

    with local_server(slow) as server:
        transport = open_transport(server.url, max_concurrency=1)
        post = Request("POST", f"{server.url}/integrations", {}, b"{}", 5.0, stop)
        threads = Threads(*[partial(transport.send, post)] * 3)
        assert arrived.wait(5)
        stop.set()
        release.set()
        results = [each.status if isinstance(each, Response) else str(each) for each in threads.results()]
        assert len(server.received) == 1
    refused = "Interrupted: the run was stopped while a POST was queued, so it was not sent. Apply again to send it."
    assert sorted(results, key=str) == [200, refused, refused]


def test_transport_errors_show_nothing_of_the_request() -> None:
    request = Request("POST", "https://immuta.example/integrations", {"Authorization": "key"}, b"password")
    assert repr(request) == "Request(method='POST', url='https://immuta.example/integrations')"
    assert repr(Response(200, {"x": "y"}, b"body")) == "Response(status=200)"
