"""Connections that fail: how each is explained, and which are tried again."""

from __future__ import annotations

import os
import socket
import struct
import threading
from typing import Any

import pytest
from immuta_provider.api.http import failures
from immuta_provider.api.http.errors import ConfigurationError, ConnectError
from immuta_provider.api.http.exchange import Request
from immuta_provider.api.integrations.routes import KIND
from support.local_server import Authority, Exchange, get, hang_up, local_server, ok
from urllib3.exceptions import LocationParseError, NameResolutionError


def refused(open_transport: Any, url: str, **settings: Any) -> ConnectError:
    with pytest.raises(ConnectError) as caught:
        open_transport(url, **settings).send(get(url))
    return caught.value


def told(error: ConnectError) -> tuple[str, str, bool]:
    return error.summary, error.kind, error.maybe_sent


@pytest.mark.parametrize(
    "kind", ["name", "lookup", "refused", "certificate", "tls", "plain", "denied", "broken"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_only_transient_failures_are_retried(make_client: Any, kind: str, method: str) -> None:
    failure = ConnectError("No connection", "it failed.", kind=kind, maybe_sent=False)
    client, transport, _ = make_client({f"{method} /integrations": failure})
    with pytest.raises(ConnectError):
        client.http.call(method, "/integrations", attempts=3, kind=KIND)
    assert len(transport.calls) == (3 if kind in ("lookup", "refused", "broken") else 1)


def test_an_untrusted_certificate_is_explained(open_transport: Any, authority: Authority) -> None:
    with local_server(ok, authority) as server:
        error = refused(open_transport, server.url)
    assert told(error) == ("Immuta's certificate is not trusted", "certificate", False)
    assert error.detail == (
        f"the certificate of {server.url.removeprefix('https://')} was refused: unable to get local issuer certificate. If a "
        "private authority signed it, set `ca_file` (IMMUTA_CA_FILE) to that authority's certificate in PEM form."
    )


def test_a_certificate_for_another_name_is_explained(open_transport: Any, authority: Authority) -> None:
    with local_server(ok, authority, address="127.0.0.2") as server:
        error = refused(open_transport, server.url, ca_file=str(authority.ca_file))
    assert told(error) == ("Immuta's certificate is not trusted", "certificate", False)
    assert error.detail == (
        f"the certificate of {server.url.removeprefix('https://')} was refused: IP address mismatch, certificate is not valid "
        "for '127.0.0.2'. Use a name that the certificate is for."
    )


def test_https_to_a_plain_port_is_explained(open_transport: Any) -> None:
    with local_server(ok) as server:
        url = server.url.replace("http:", "https:")
        error = refused(open_transport, url)
    assert told(error) == ("No TLS connection to Immuta", "tls", False)
    assert error.detail == (
        f"{url.removeprefix('https://')} did not speak TLS as expected: wrong version number. Check the scheme and the port of "
        "`host` (IMMUTA_HOST)."
    )


def test_plain_http_to_a_tls_port_is_explained(open_transport: Any, authority: Authority) -> None:
    with local_server(ok, authority) as server:
        url = server.url.replace("https:", "http:")
        error = refused(open_transport, url)
        advised = open_transport(server.url, ca_file=str(authority.ca_file)).send(get(server.url))
    assert told(error) == ("Immuta speaks TLS only", "plain", False)
    assert error.detail == (
        f"{url.removeprefix('http://')} requires TLS, but the scheme of `host` is http. Set `host` (IMMUTA_HOST) to the same "
        f"URL "
        "with https."
    )
    assert advised.status == 200


@pytest.mark.parametrize(
    ("tls", "kind"), [(True, "plain"), (False, "")], ids=["before TLS", "no TLS there at all"]
)
def test_a_tls_port_may_refuse_plain_http_in_words(open_transport: Any, tls: bool, kind: str) -> None:
    """As nginx and Go do, on the port that speaks TLS otherwise."""
    page = b"<html>The plain HTTP request was sent to HTTPS port</html>"

    def serve() -> None:
        for _ in range(2):
            with listener.accept()[0] as connection:
                if connection.recv(65536).startswith(b"GET "):
                    connection.sendall(b"HTTP/1.1 400 Bad\r\nContent-Length: %d\r\n\r\n" % len(page) + page)
                elif tls:
                    connection.sendall(b"\x15\x03\x01\x00\x02\x02\x28")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        serving = threading.Thread(target=serve)
        serving.start()
        try:
            found = str(open_transport(url).send(get(url)).status)
        except ConnectError as error:
            found = error.kind
        serving.join()
    assert found == (kind or "400")


def test_a_refused_connection_is_explained(open_transport: Any) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        error = refused(open_transport, url)
    assert told(error) == ("Immuta could not be reached", "refused", False)
    assert error.detail == (
        f"no connection to {url.removeprefix('http://')}: connection refused. Check `host` (IMMUTA_HOST), and if a proxy must "
        "be set (HTTP_PROXY)."
    )


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (socket.EAI_NONAME, "name"),
        (socket.EAI_NODATA, "name"),
        (socket.EAI_FAIL, "name"),
        (socket.EAI_AGAIN, "lookup"),
        (socket.EAI_MEMORY, "lookup"),
    ],
)
def test_a_name_that_is_not_known_differs_from_one_that_nobody_could_look_up(number: int, kind: str) -> None:
    reason = socket.gaierror(number, "Of The Resolver")
    wrapped = NameResolutionError("immuta.example", None, reason)  # type: ignore[arg-type]
    wrapped.__cause__ = reason
    error = failures.explain(wrapped, get("https://immuta.example"), None)
    assert isinstance(error, ConnectError)
    assert (told(error), error.detail) == {
        "name": (
            ("Immuta's host was not found", "name", False),
            "the name immuta.example could not be resolved: of the resolver. Check `host` (IMMUTA_HOST), and if a proxy must "
            "be set (HTTPS_PROXY).",
        ),
        "lookup": (
            ("Immuta's host could not be looked up", "lookup", False),
            "no name server answered for immuta.example: of the resolver. Check this machine's network, and if a proxy must be "
            "set (HTTPS_PROXY).",
        ),
    }[kind]


def test_an_unknown_name_is_explained(open_transport: Any) -> None:
    assert told(refused(open_transport, "http://immuta.invalid"))[1:] == ("name", False)


def test_a_host_that_no_url_can_hold_is_a_configuration_error() -> None:
    error = failures.explain(LocationParseError("x"), get("https://immuta.example"), None)
    assert isinstance(error, ConfigurationError)
    assert (error.option, str(error)) == (
        "host",
        'Invalid host: "immuta.example" cannot be part of a URL; nothing was sent. Check `host` (IMMUTA_HOST).',
    )


def reset(exchange: Exchange) -> None:
    exchange.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(exchange.connection.detach())
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
        (hang_up, "it closed the connection without an answer"),
        (half_a_body, "the answer was incomplete"),
        (no_http, "its answer was not HTTP"),
    ],
)
def test_a_broken_connection_may_have_carried_the_request(open_transport: Any, how: Any, why: str) -> None:
    with local_server(how) as server:
        error = refused(open_transport, server.url)
    assert told(error) == ("The connection to Immuta broke", "broken", True)
    assert error.detail == (
        f"{server.url.removeprefix('http://')} closed the connection before its answer was complete: {why}. Apply again. If it "
        "happens again, check the network between this machine and Immuta."
    )


@pytest.mark.parametrize("greeting", [b"", b"\x15\x03\x03\x00\x02\x02\x50"], ids=["reset", "internal error"])
def test_a_connection_that_breaks_while_tls_is_set_up_was_sent_nothing(
    open_transport: Any, greeting: bytes
) -> None:
    def close() -> None:
        connection, _ = listener.accept()
        connection.recv(1)
        connection.sendall(greeting)
        if not greeting:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            connection.recv(65536)
        connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        server = threading.Thread(target=close)
        server.start()
        error = refused(open_transport, url)
        server.join()
    why = "tlsv1 alert internal error" if greeting else "connection reset by peer"
    assert told(error) == ("The connection to Immuta broke", "broken", False)
    assert error.detail == (
        f"{url.removeprefix('https://')} closed the connection while it was being made: {why}. Apply again. If it happens "
        f"again, "
        "check the network between this machine and Immuta."
    )


def test_no_proxy_is_asked_for_a_probe(open_transport: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a proxy only the proxy is spoken to."""
    with local_server(hang_up) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        error = refused(open_transport, "http://immuta.example")
    assert (error.kind, [one.method for one in proxy.received]) == ("broken", ["GET"])


def test_errors_show_no_text_of_a_library() -> None:
    request = Request("GET", "https://immuta.example/integrations", {})
    error = failures.explain(OSError("proxy-password"), request, None)
    assert "proxy-password" not in str(error)
