"""Connections that fail: how each is explained, and which are tried again. The advice in each text is followed."""

from __future__ import annotations

import errno
import os
import socket
import struct
import threading
from pathlib import Path
from typing import Any

import pytest
from immuta_provider.api.http import failures
from immuta_provider.api.http.errors import ConfigurationError, ConnectError
from immuta_provider.api.http.exchange import Request
from immuta_provider.api.integrations.routes import KIND
from support.local_server import Authority, Exchange, get, hang_up, local_server, make_authority, ok
from urllib3.connection import HTTPConnection
from urllib3.exceptions import NameResolutionError, NewConnectionError


def described(error: ConnectError) -> tuple[str, str, bool]:
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


def test_the_authority_of_an_untrusted_certificate_is_to_be_set_as_ca_file(
    ask: Any, fail: Any, authority: Authority, trusted: dict[str, Any]
) -> None:
    with local_server(ok, authority) as server:
        error = fail(server.url)
        assert ask(server.url, **trusted).status == 200
    assert described(error) == ("Immuta's certificate is not trusted", "certificate", False)
    assert error.detail == (
        f"the certificate of {server.url.removeprefix('https://')} was refused: unable to get local issuer certificate. If a "
        "private authority signed it, set `ca_file` (IMMUTA_CA_FILE) to that authority's certificate in PEM form."
    )


def test_a_name_that_the_certificate_is_for_is_to_be_used(
    ask: Any, fail: Any, authority: Authority, trusted: dict[str, Any]
) -> None:
    with local_server(ok, authority, address="0.0.0.0") as server:
        port = server.server_address[1]
        error = fail(f"https://127.0.0.2:{port}", **trusted)
        for name in ("127.0.0.1", "localhost"):
            assert ask(f"https://{name}:{port}", **trusted).status == 200
    assert described(error) == ("Immuta's certificate is not trusted", "certificate", False)
    assert error.detail == (
        f"the certificate of 127.0.0.2:{port} was refused: IP address mismatch, certificate is not valid for '127.0.0.2'. Use "
        "a name that the certificate is for."
    )


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "advice"),
    [
        (-2, -1, "Renew it, or correct the clock of this machine if it is wrong."),
        (1, 2, "Check the clock of this machine."),
    ],
    ids=["expired", "not yet valid"],
)
def test_a_certificate_of_the_present_is_trusted(
    ask: Any, fail: Any, tmp_path: Path, valid_from: float, valid_to: float, advice: str
) -> None:
    """The clock of the server stands for that of this machine: either one brings both together."""
    for folder in ("wrong", "right"):
        (tmp_path / folder).mkdir()
    another = make_authority(tmp_path / "wrong", valid_from=valid_from, valid_to=valid_to)
    with local_server(ok, another) as server:
        assert fail(server.url, ca_file=str(another.ca_file)).detail.endswith(advice)
    renewed = make_authority(tmp_path / "right")
    with local_server(ok, renewed) as server:
        assert ask(server.url, ca_file=str(renewed.ca_file)).status == 200


def test_https_to_a_plain_port_is_explained(ask: Any, fail: Any) -> None:
    with local_server(ok) as server:
        url = server.url.replace("http:", "https:")
        error = fail(url)
        assert ask(server.url).status == 200
    assert described(error) == ("No TLS connection to Immuta", "tls", False)
    assert error.detail == (
        f"{url.removeprefix('https://')} did not speak TLS as expected: wrong version number. Check the scheme and the port of "
        "`host` (IMMUTA_HOST)."
    )


def test_plain_http_to_a_tls_port_is_explained(
    ask: Any, fail: Any, authority: Authority, trusted: dict[str, Any]
) -> None:
    with local_server(ok, authority) as server:
        url = server.url.replace("https:", "http:")
        error = fail(url)
        assert ask(server.url, **trusted).status == 200
    assert described(error) == ("Immuta speaks TLS only", "plain", False)
    assert error.detail == (
        f"{url.removeprefix('http://')} requires TLS, but the scheme of `host` is http. Set `host` (IMMUTA_HOST) to the same "
        "URL with https."
    )


@pytest.mark.parametrize(
    ("tls", "kind"), [(True, "plain"), (False, "")], ids=["before TLS", "no TLS there at all"]
)
def test_a_tls_port_may_refuse_plain_http_in_words(ask: Any, tls: bool, kind: str) -> None:
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
        serving = threading.Thread(target=serve)
        serving.start()
        try:
            found = str(ask(f"http://127.0.0.1:{listener.getsockname()[1]}").status)
        except ConnectError as error:
            found = error.kind
        serving.join()
    assert found == (kind or "400")


def test_a_refused_connection_is_explained(ask: Any, fail: Any) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        error = fail(url)
    assert described(error) == ("Immuta could not be reached", "refused", False)
    assert error.detail == (
        f"no connection to {url.removeprefix('http://')}: connection refused. Check `host` (IMMUTA_HOST), and that the server "
        "runs, for example `cdktf-immuta simulator`."
    )
    with local_server(ok) as server:
        assert ask(server.url).status == 200


def test_a_refused_connection_to_another_machine_may_need_a_proxy() -> None:
    refused = NewConnectionError(HTTPConnection("immuta.example"), "refused")
    refused.__cause__ = ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")
    error = failures.explain(refused, get("https://immuta.example"), None)
    assert isinstance(error, ConnectError)
    assert described(error) == ("Immuta could not be reached", "refused", False)
    assert error.detail == (
        "no connection to immuta.example: connection refused. Check `host` (IMMUTA_HOST), and if a proxy must be set "
        "(HTTPS_PROXY)."
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
    assert (described(error), error.detail) == {
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


def test_an_unknown_name_is_explained(fail: Any) -> None:
    assert described(fail("http://immuta.invalid"))[1:] == ("name", False)


def test_a_host_that_no_url_can_hold_is_a_configuration_error(ask: Any, open_transport: Any) -> None:
    long = "a" * 64
    with pytest.raises(ConfigurationError) as caught:
        open_transport("https://immuta.example").send(get(f"http://{long}.example"))
    assert (caught.value.option, str(caught.value)) == (
        "host",
        f'Invalid host: "{long}.example" cannot be part of a URL; nothing was sent. Check `host` (IMMUTA_HOST).',
    )
    with local_server(ok) as server:
        assert ask(server.url).status == 200


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
def test_a_broken_connection_may_have_carried_the_request(ask: Any, fail: Any, how: Any, why: str) -> None:
    broken = iter([how])
    with local_server(lambda exchange: next(broken, ok)(exchange)) as server:
        error = fail(server.url)
        assert ask(server.url).status == 200
    assert described(error) == ("The connection to Immuta broke", "broken", True)
    assert error.detail == (
        f"{server.url.removeprefix('http://')} closed the connection before its answer was complete: {why}. Apply again. If it "
        "happens again, check the network between this machine and Immuta."
    )


@pytest.mark.parametrize("greeting", [b"", b"\x15\x03\x03\x00\x02\x02\x50"], ids=["reset", "internal error"])
def test_a_connection_that_breaks_while_tls_is_set_up_was_sent_nothing(fail: Any, greeting: bytes) -> None:
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
        error = fail(url)
        server.join()
    why = "tlsv1 alert internal error" if greeting else "connection reset by peer"
    assert described(error) == ("The connection to Immuta broke", "broken", False)
    assert error.detail == (
        f"{url.removeprefix('https://')} closed the connection while it was being made: {why}. Apply again. If it happens "
        "again, check the network between this machine and Immuta."
    )


def test_no_probe_is_sent_to_a_proxy(fail: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with local_server(hang_up) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        error = fail("http://immuta.example")
    assert (error.kind, [one.method for one in proxy.received]) == ("broken", ["GET"])


def test_errors_show_no_text_of_a_library() -> None:
    request = Request("GET", "https://immuta.example/integrations", {})
    error = failures.explain(OSError("proxy-password"), request, None)
    assert "proxy-password" not in str(error)
