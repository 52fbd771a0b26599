"""`RequestsTransport` against real sockets."""

from __future__ import annotations

import gzip
import os
import select
import socket
import struct
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from immuta_provider.api import transport as transport_module
from immuta_provider.api.errors import (
    ConfigurationError,
    ConnectError,
    ImmutaError,
    ProtocolError,
    RequestTimeout,
    Stopped,
)
from immuta_provider.api.settings import Settings
from immuta_provider.api.transport import Request, RequestsTransport, Response
from support.local_server import Authority, Exchange, local_server, make_authority
from urllib3.util import connection

PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        *PROXY_VARIABLES,
        "REQUESTS_CA_BUNDLE",
        "CURL_CA_BUNDLE",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "NETRC",
    ):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def transports() -> Iterator[list[RequestsTransport]]:
    made: list[RequestsTransport] = []
    yield made
    for transport in made:
        transport.close()


@pytest.fixture
def open_transport(transports: list[RequestsTransport]) -> Any:
    def make(host: str, **settings: Any) -> RequestsTransport:
        transports.append(RequestsTransport(Settings(host, api_key="key", **settings)))
        return transports[-1]

    return make


def ok(exchange: Exchange) -> None:
    exchange.answer(200, b"[]", Content_Type="application/json")


def get(url: str, *, timeout: float = 5.0, **headers: str) -> Request:
    return Request("GET", f"{url}/integrations", {"Authorization": "key", **headers}, None, timeout)


def test_what_is_asked_is_what_is_sent(open_transport: Any) -> None:
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


def test_one_connection_serves_requests_after_one_another(open_transport: Any) -> None:
    with local_server(ok) as server:
        transport = open_transport(server.url)
        for _ in range(5):
            transport.send(get(server.url))
    assert len(set(server.ports)) == 1


def test_netrc_does_not_win(open_transport: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with local_server(ok) as server:
        open_transport(server.url).send(get(server.url))
    assert server.received[0].headers["authorization"] == "key"


def test_cookies_are_not_kept(open_transport: Any) -> None:
    with local_server(lambda exchange: exchange.answer(200, b"[]", Set_Cookie="session=1; Path=/")) as server:
        transport = open_transport(server.url)
        transport.send(get(server.url))
        transport.send(get(server.url))
    assert "cookie" not in server.received[1].headers


def test_redirects_are_not_followed(open_transport: Any) -> None:
    with local_server(ok) as other:

        def redirect(exchange: Exchange) -> None:
            exchange.answer(307, Location=f"{other.url}/integrations")

        with local_server(redirect) as server:
            answer = open_transport(server.url).send(get(server.url))
    assert (answer.status, len(other.received)) == (307, 0)


def test_ca_file_is_trusted(open_transport: Any, authority: Authority) -> None:
    with local_server(ok, authority) as server:
        answer = open_transport(server.url, ca_file=str(authority.ca_file)).send(get(server.url))
    assert (answer.status, answer.body) == (200, b"[]")


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_variables_of_requests_say_nothing_about_trust(
    open_transport: Any, authority: Authority, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(authority.ca_file))
    with local_server(ok, authority) as server, pytest.raises(ConnectError) as caught:
        open_transport(server.url).send(get(server.url))
    assert (caught.value.summary, caught.value.kind, caught.value.maybe_sent) == (
        "Immuta's certificate is not trusted",
        "tls",
        False,
    )
    assert server.received == []


def test_the_system_store_is_the_default(
    open_transport: Any, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca_file))
    with local_server(ok, authority) as server:
        assert open_transport(server.url).send(get(server.url)).status == 200


def test_ca_file_is_trusted_alone(
    open_transport: Any, authority: Authority, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca_file))
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(authority.ca_file))
    other = make_authority(tmp_path)
    with local_server(ok, authority) as server, pytest.raises(ConnectError):
        open_transport(server.url, ca_file=str(other.ca_file)).send(get(server.url))


def test_without_a_system_store_certifis_bundle_stands_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
    context = transport_module._tls_context(Settings("immuta.example", api_key="key"))
    assert context.cert_store_stats()["x509_ca"] > 50


def test_a_system_store_in_a_folder_is_enough(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "0123abcd.0").write_text("")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    context = transport_module._tls_context(Settings("immuta.example", api_key="key"))
    assert context.cert_store_stats()["x509_ca"] == 0


def test_an_untrusted_certificate_is_explained(open_transport: Any, authority: Authority) -> None:
    with local_server(ok, authority) as server, pytest.raises(ConnectError) as caught:
        open_transport(server.url).send(get(server.url))
    host = server.url.removeprefix("https://")
    assert caught.value.detail == (
        f"the certificate of {host} was refused: unable to get local issuer certificate. If a private authority signed it, "
        "set `ca_file` (IMMUTA_CA_FILE) to that authority's certificate in PEM form."
    )


def test_a_useless_ca_file_is_a_configuration_error(open_transport: Any, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")
    with pytest.raises(ConfigurationError) as caught:
        open_transport("https://127.0.0.1:1", ca_file=str(empty)).send(get("https://127.0.0.1:1"))
    assert (caught.value.option, caught.value.summary) == ("ca_file", "Invalid ca_file")
    assert caught.value.detail.startswith(f'"{empty}" cannot be used: ')


def test_verification_can_be_switched_off_without_a_warning_on_stderr(
    open_transport: Any, authority: Authority
) -> None:
    with warnings.catch_warnings(), local_server(ok, authority) as server:
        answer = open_transport(server.url, insecure_skip_tls_verify=True).send(get(server.url))
    assert answer.status == 200


def test_plain_http_on_a_tls_port_is_explained(open_transport: Any) -> None:
    with local_server(ok) as server:
        url = server.url.replace("http:", "https:")
        with pytest.raises(ConnectError) as caught:
            open_transport(url).send(get(url))
    assert (caught.value.summary, caught.value.kind, caught.value.maybe_sent) == (
        "No TLS connection to Immuta",
        "tls",
        False,
    )
    assert caught.value.detail == (
        f"{url.removeprefix('https://')} did not speak TLS as expected: wrong version number. Check the scheme and the port of "
        "`host` (IMMUTA_HOST)."
    )


def test_a_proxy_of_the_environment_is_used(open_transport: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with local_server(ok) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        answer = open_transport("http://immuta.example").send(get("http://immuta.example"))
    assert (answer.status, proxy.received[0].path) == (200, "http://immuta.example/integrations")


def test_no_proxy_wins_over_a_proxy(open_transport: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with local_server(ok) as proxy, local_server(ok) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        open_transport(server.url).send(get(server.url))
    assert (len(proxy.received), len(server.received)) == (0, 1)


def test_a_tunnel_through_a_proxy_carries_no_credential(
    open_transport: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with local_server(lambda exchange: exchange.answer(407)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("http://", "http://me:proxy-password@"))
        with pytest.raises(ConnectError) as caught:
            open_transport("https://immuta.example").send(get("https://immuta.example"))
    assert (proxy.received[0].method, proxy.received[0].path) == ("CONNECT", "immuta.example:443")
    assert "authorization" not in proxy.received[0].headers
    assert (caught.value.summary, caught.value.kind, caught.value.maybe_sent) == (
        "The proxy could not be used",
        "proxy",
        False,
    )
    assert caught.value.detail == (
        "immuta.example was to be reached through the proxy that HTTPS_PROXY or HTTP_PROXY names, which failed: it refused the "
        "tunnel with status 407. Check that variable, or name immuta.example in NO_PROXY if it needs no proxy."
    )


UNUSABLE_PROXIES = [
    ("socks5://me:pass-word@127.0.0.1:1", "its scheme is neither http nor https"),
    ("ftp://proxy.example:3128", "its scheme is neither http nor https"),
    ("http://me:pass-word@127.0.0.1:port", "its port is no number from 1 to 65535"),
    ("http://me:pass-word@127.0.0.1:99999", "its port is no number from 1 to 65535"),
    ("127.0.0.1:0", "its port is no number from 1 to 65535"),
    ("http://[::1", "it is no URL"),
    ("http://", "it has no valid host name"),
    ("http://proxy..example", "it has no valid host name"),
    ("http://pröxy.example:3128", "it holds a character that may stand in no URL"),
    ("http://me:pass-wörd@127.0.0.1:1", "it holds a character that may stand in no URL"),
    (
        "http://me:pass-word%E2%82%AC@127.0.0.1:1",
        "its user or password holds a character that no HTTP header can carry",
    ),
]


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
@pytest.mark.parametrize(("proxy", "why"), UNUSABLE_PROXIES)
def test_an_unusable_proxy_is_explained(
    open_transport: Any, monkeypatch: pytest.MonkeyPatch, variable: str, proxy: str, why: str
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv(variable, proxy)
    with pytest.raises(ConfigurationError) as caught:
        open_transport("https://immuta.example").send(get("https://immuta.example"))
    assert str(caught.value) == (
        f"The proxy could not be used: immuta.example was to be reached through the proxy that {variable} names, which cannot be "
        f"used: {why}. Nothing was sent. Change it to the URL of an http or https proxy, for example "
        '"http://proxy.example:3128", or name immuta.example in NO_PROXY if it needs no proxy.'
    )


def test_an_unusable_proxy_for_others_is_no_matter(
    open_transport: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:1")
    with local_server(ok) as server:
        assert open_transport(server.url).send(get(server.url)).status == 200


def test_nobody_listening_is_explained(open_transport: Any) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(ConnectError) as caught:
            open_transport(url).send(get(url))
    assert (caught.value.summary, caught.value.kind, caught.value.maybe_sent) == (
        "Immuta could not be reached",
        "refused",
        False,
    )
    assert caught.value.detail.startswith(
        f"no connection to {url.removeprefix('http://')}: connection refused."
    )


def test_an_unknown_name_is_explained(open_transport: Any) -> None:
    with pytest.raises(ConnectError) as caught:
        open_transport("http://immuta.invalid").send(get("http://immuta.invalid"))
    assert (caught.value.summary, caught.value.kind, caught.value.maybe_sent) == (
        "Immuta's host was not found",
        "name",
        False,
    )


def reset(exchange: Exchange) -> None:
    exchange.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(exchange.connection.detach())
    exchange.close_connection = True


def hang_up(exchange: Exchange) -> None:
    exchange.close_connection = True


def half_a_body(exchange: Exchange) -> None:
    exchange.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[")
    exchange.close_connection = True


def no_http(exchange: Exchange) -> None:
    exchange.wfile.write(b"220 mail.example ESMTP\r\n\r\n")
    exchange.close_connection = True


@pytest.mark.parametrize(
    ("how", "why"),
    [
        (reset, "connection reset by peer"),
        (hang_up, "it hung up without an answer"),
        (half_a_body, "the answer was cut off"),
        (no_http, "its answer was not HTTP"),
    ],
)
def test_a_broken_connection_may_have_carried_the_request(open_transport: Any, how: Any, why: str) -> None:
    with local_server(how) as server, pytest.raises(ConnectError) as caught:
        open_transport(server.url).send(get(server.url))
    assert (caught.value.summary, caught.value.kind, caught.value.maybe_sent) == (
        "The connection to Immuta broke off",
        "broken",
        True,
    )
    assert caught.value.detail == (
        f"{server.url.removeprefix('http://')} closed the connection before its answer was complete: {why}. Apply again; if it "
        "stays, look at what stands between this machine and Immuta."
    )


def test_a_connection_that_breaks_while_tls_is_set_up_was_sent_nothing(open_transport: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closing:
        url = f"https://127.0.0.1:{closing.getsockname()[1]}"

        def close() -> None:
            connection, _ = closing.accept()
            connection.recv(1)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()

        server = threading.Thread(target=close)
        server.start()
        with pytest.raises(ConnectError) as caught:
            open_transport(url).send(get(url))
        server.join()
    assert (caught.value.summary, caught.value.kind, caught.value.maybe_sent) == (
        "The connection to Immuta broke off",
        "broken",
        False,
    )
    assert caught.value.detail == (
        f"{url.removeprefix('https://')} closed the connection while it was being made: connection reset by peer. Apply again; "
        "if it stays, look at what stands between this machine and Immuta."
    )


def test_a_silent_server_times_out(open_transport: Any) -> None:
    done = threading.Event()

    def say_nothing(exchange: Exchange) -> None:
        done.wait(10)

    with local_server(say_nothing) as server:
        with pytest.raises(RequestTimeout) as caught:
            open_transport(server.url).send(get(server.url, timeout=0.2))
        done.set()
    assert caught.value.maybe_sent is True
    assert caught.value.detail == (
        "no complete answer came within 0.2 seconds. If Immuta is merely slow, raise `request_timeout` (IMMUTA_REQUEST_TIMEOUT)."
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


def dripping(start: bytes, drop: bytes, done: threading.Event) -> Callable[[Exchange], None]:
    """Answers of which every single read is quick, and only the whole takes too long."""

    def drip(exchange: Exchange) -> None:
        exchange.wfile.write(start)
        while not done.wait(0.02):
            exchange.wfile.write(drop)

    return drip


@pytest.mark.parametrize(
    ("name", "encrypted"), [*((name, False) for name in DRIPS), ("a header", True), ("a chunk", True)]
)
def test_a_dripping_server_times_out(
    open_transport: Any, authority: Authority, name: str, encrypted: bool
) -> None:
    done = threading.Event()
    with local_server(dripping(*DRIPS[name], done), authority if encrypted else None) as server:
        transport = open_transport(server.url, ca_file=str(authority.ca_file))
        began = time.monotonic()
        with pytest.raises(RequestTimeout) as caught:
            transport.send(get(server.url, timeout=0.2))
        took = time.monotonic() - began
        done.set()
    assert (caught.value.maybe_sent, took < 1) == (True, True)


def test_interim_answers_without_a_pause_time_out(open_transport: Any) -> None:
    def flood(exchange: Exchange) -> None:
        while True:
            exchange.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)

    with local_server(flood) as server:
        transport = open_transport(server.url)
        began = time.monotonic()
        with pytest.raises(RequestTimeout):
            transport.send(get(server.url, timeout=0.2))
        assert time.monotonic() - began < 1


@pytest.mark.parametrize("drop", [b"", b"X: y\r\n"])
def test_a_proxy_that_makes_no_tunnel_in_time_was_sent_nothing(
    open_transport: Any, monkeypatch: pytest.MonkeyPatch, drop: bytes
) -> None:
    done = threading.Event()
    with local_server(dripping(OK if drop else b"", drop, done)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        transport = open_transport("https://immuta.example")
        began = time.monotonic()
        with pytest.raises(RequestTimeout) as caught:
            transport.send(get("https://immuta.example", timeout=0.2))
        took = time.monotonic() - began
        done.set()
    assert (caught.value.maybe_sent, took < 1) == (False, True)
    assert caught.value.detail == (
        "no connection was made within 0.2 seconds. If Immuta is merely slow, raise `request_timeout` (IMMUTA_REQUEST_TIMEOUT)."
    )


def test_a_server_that_does_not_answer_tls_was_sent_nothing(open_transport: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(RequestTimeout) as caught:
            open_transport(url).send(get(url, timeout=0.2))
    assert caught.value.maybe_sent is False


def test_a_tunnel_takes_its_time_off_the_request(
    open_transport: Any, monkeypatch: pytest.MonkeyPatch, authority: Authority
) -> None:
    """Half of the time for the tunnel leaves half of it for the answer."""
    done = threading.Event()

    def tunnel(exchange: Exchange) -> None:
        done.wait(0.4)
        exchange.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        relay(exchange.connection, server.server_address)
        exchange.close_connection = True

    with local_server(dripping(b"", b"", done), authority) as server, local_server(tunnel) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        transport = open_transport(server.url, ca_file=str(authority.ca_file))
        began = time.monotonic()
        with pytest.raises(RequestTimeout) as caught:
            transport.send(get(server.url, timeout=0.8))
        took = time.monotonic() - began
        done.set()
    assert (caught.value.maybe_sent, len(server.received), took < 1.1) == (True, 1, True)


def relay(client: socket.socket, address: Any) -> None:
    """What one says to the other, until one of them hangs up."""
    with socket.create_connection(address) as server:
        other = {client: server, server: client}
        while True:
            for side in select.select(list(other), [], [], 5)[0]:
                data = side.recv(65536)
                if not data:
                    return
                other[side].sendall(data)


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
        began = time.monotonic()
        with pytest.raises(RequestTimeout):
            open_transport(url).send(get(url, timeout=0.6))
        assert time.monotonic() - began < 0.9


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


@pytest.mark.parametrize("encode", [bytes, gzip.compress])
def test_a_body_is_bounded(open_transport: Any, monkeypatch: pytest.MonkeyPatch, encode: Any) -> None:
    monkeypatch.setattr(transport_module, "LARGEST_BODY", 2**20)
    body = encode(b" " * (2**20 + 1))
    headers = {"Content_Encoding": "gzip"} if encode is gzip.compress else {}
    with local_server(lambda exchange: exchange.answer(200, body, **headers)) as server:
        transport = open_transport(server.url)
        with pytest.raises(ProtocolError) as caught:
            transport.send(get(server.url))
    assert str(caught.value) == (
        "Immuta's answer is too large: more than 1 MiB came. Check that `host` is Immuta itself."
    )


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
        answers: list[Response | ImmutaError] = []
        threads = [
            threading.Thread(target=lambda: answers.append(transport.send(get(server.url))))
            for _ in range(12)
        ]
        for thread in threads:
            thread.start()
        assert three.wait(5)
        release.set()
        for thread in threads:
            thread.join()
    assert (most, len(answers), len(set(server.ports))) == (3, 12, 3)


def test_what_waits_for_its_turn_is_not_sent_after_a_stop(open_transport: Any) -> None:
    stop, arrived, release = threading.Event(), threading.Event(), threading.Event()

    def slow(exchange: Exchange) -> None:
        arrived.set()
        release.wait(5)
        ok(exchange)

    def send() -> None:
        try:
            outcomes.append(
                transport.send(Request("POST", f"{server.url}/integrations", {}, b"{}", 5.0, stop)).status
            )
        except Stopped as error:
            outcomes.append(str(error))

    outcomes: list[int | str] = []
    with local_server(slow) as server:
        transport = open_transport(server.url, max_concurrency=1)
        threads = [threading.Thread(target=send) for _ in range(3)]
        for thread in threads:
            thread.start()
        assert arrived.wait(5)
        stop.set()
        release.set()
        for thread in threads:
            thread.join()
        assert len(server.received) == 1
    refused = "Interrupted: the run was stopped before a POST had its turn; it was not sent. Apply again to send it."
    assert outcomes == [200, refused, refused]


def test_nothing_of_a_request_shows() -> None:
    request = Request("POST", "https://immuta.example/integrations", {"Authorization": "key"}, b"password")
    assert repr(request) == "Request(method='POST', url='https://immuta.example/integrations')"
    assert repr(Response(200, {"x": "y"}, b"body")) == "Response(status=200)"
