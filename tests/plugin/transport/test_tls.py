"""The server accepts only Terraform's announced certificate. The client side is OpenSSL."""

from __future__ import annotations

import os
import socket
import ssl
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import pytest
from immuta_provider.plugin.transport import bounds
from immuta_provider.plugin.transport.certificate import Certificate
from immuta_provider.plugin.transport.channel import Channel, ChannelError
from immuta_provider.plugin.transport.handshake import HandshakeError
from immuta_provider.plugin.transport.tls import server_context
from support.plugin_process import (
    ClientCertificate,
    client_certificate,
    interpreters,
    tls_client,
    tls_context,
    toy_plugin,
)
from support.rawh2 import ACK, PREFACE, SETTINGS, message, ok

ECHO = "/toy.Toy/Echo"
MEGABYTE = 1 << 20
SHUTDOWN = "/plugin.GRPCController/Shutdown"


@pytest.mark.parametrize("network", ["unix", "tcp"])
@pytest.mark.parametrize("python", list(interpreters().values()), ids=list(interpreters()))
def test_only_the_announced_client_is_served(python: str, network: str, tmp_path: Path) -> None:
    right = client_certificate()
    arguments = ["--tcp"] if network == "tcp" else []
    with toy_plugin(*arguments, python=python, certificate=right, TMPDIR=str(tmp_path)) as plugin:
        server = plugin.handshake.certificate
        assert plugin.handshake[:3] + plugin.handshake[4:5] == (1, 6, network, "grpc")
        # The key is not on disk.
        assert sorted(file.name for file in tmp_path.glob("tf-plugin-*/*")) == ["s"] * (network == "unix")
        refusals = [refusal(plugin.connect(), server, other) for other in (client_certificate(), None)]
        assert refusals == ["TLSV1_ALERT_UNKNOWN_CA", "TLSV13_ALERT_CERTIFICATE_REQUIRED"]
        # A client without TLS, and one that leaves at once.
        connection = plugin.connect()
        connection.sendall(PREFACE)
        assert ends(connection)
        plugin.connect().close()
        tls = plugin.tls()
        assert (tls.version(), tls.selected_alpn_protocol()) == ("TLSv1.3", "h2")
        client = plugin.client(tls)
        client.read_until(SETTINGS)
        data = os.urandom(MEGABYTE) * 8
        stream = client.open(ECHO)
        client.upload(stream, message(data))
        assert client.answer(stream) == ok(data)
        assert client.call(SHUTDOWN) == ok(b"")
        assert plugin.wait() == 0
    lines = plugin.errors.decode().splitlines()
    assert len([line for line in lines if "a connection was refused" in line]) == len(lines) == 3
    assert list(tmp_path.iterdir()) == []


def test_an_expired_certificate_is_refused() -> None:
    expired = client_certificate(valid_from=-7200, valid_to=-3600)
    with toy_plugin(certificate=expired) as plugin:
        alert = refusal(plugin.connect(), plugin.handshake.certificate, expired)
    assert alert == "SSLV3_ALERT_CERTIFICATE_EXPIRED"


def test_tls_1_2_is_served_too() -> None:
    with toy_plugin(certificate=client_certificate()) as plugin:
        tls = plugin.tls(newest=ssl.TLSVersion.TLSv1_2)
        assert tls.version() == "TLSv1.2"
        assert plugin.client(tls).call(ECHO, bytes(MEGABYTE)) == ok(bytes(MEGABYTE))


@pytest.mark.parametrize("closing", [False, True], ids=["continues", "ends"])
def test_data_in_one_packet_with_the_end_of_the_handshake_is_read(tmp_path: Path, closing: bool) -> None:
    """The client's preface may be in the same packet, and only the end of TLS may follow."""
    right = client_certificate()
    context, certificate = server_context(str(tmp_path), right.certificate)
    ours, theirs = socket.socketpair()
    channel = Channel(socket.socket(fileno=theirs.detach()), context)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = tls_context(certificate, right).wrap_bio(incoming, outgoing, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    ours.sendall(outgoing.read())
    heard: list[bytes] = []

    def listen() -> None:
        assert channel.handshake()
        heard.append(channel.read())
        if closing:
            heard.append(channel.read())

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    while True:
        incoming.write(ours.recv(65536))
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            continue
        break
    tls.write(b"first words")
    if closing:
        with pytest.raises(ssl.SSLWantReadError):
            tls.unwrap()
    ours.sendall(outgoing.read())
    thread.join(20)
    assert heard == ([b"first words", b""] if closing else [b"first words"])
    channel.close()
    ours.close()


def test_the_client_may_end_tls_during_a_request() -> None:
    with toy_plugin(certificate=client_certificate()) as plugin:
        client = plugin.client()
        client.open(ECHO)
        client.read_until(SETTINGS, ACK)
        tls = client.socket
        assert isinstance(tls, ssl.SSLSocket)
        with suppress(ssl.SSLError):  # The client closes the connection.
            tls.unwrap()
        assert ends(tls)
        client = plugin.client()
        assert client.call(ECHO, b"next") == ok(b"next")
        # Bytes that are not TLS end the connection.
        with socket.socket(fileno=os.dup(client.socket.fileno())) as raw:
            raw.sendall(b"these bytes are no record")
        assert ends(client.socket)
        assert plugin.client().call(SHUTDOWN) == ok(b"")
        assert plugin.wait() == 0
    assert "Traceback" not in plugin.errors.decode()


class Dripping:
    """A channel, and its peer that sends one byte of `data` whenever the channel looks at the clock, a second apart."""

    def __init__(self, data: bytes = b"", context: Any = None) -> None:
        self.ours, theirs = socket.socketpair()
        self.theirs = socket.socket(fileno=theirs.detach())
        self.sent = 0
        self._data = data
        self.channel = Channel(self.theirs, context, self.clock)

    def clock(self) -> float:
        self.ours.send(self._data[self.sent : self.sent + 1])
        self.sent += 1
        return float(self.sent)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.channel.close()
        self.ours.close()


TOO_LATE = "^the client did not begin within 10 seconds$"


def test_a_slow_handshake_has_one_time_limit_in_total(tmp_path: Path) -> None:
    context, _ = server_context(str(tmp_path), client_certificate().certificate)
    with Dripping(bytes.fromhex("16030100c8010000c40303") + bytes(200), context) as peer:
        with pytest.raises(ChannelError, match=TOO_LATE):
            peer.channel.handshake()
        assert peer.sent == 11


def test_the_preface_has_the_same_time_limit() -> None:
    with Dripping(PREFACE) as peer:
        assert peer.channel.handshake()
        # The first look at the clock was the beginning.
        assert b"".join(peer.channel.read() for _ in range(9)) == PREFACE[:10]
        with pytest.raises(ChannelError, match=TOO_LATE):
            peer.channel.read()


def test_a_client_that_leaves_at_once_is_not_logged(capfd: pytest.CaptureFixture[str]) -> None:
    with Dripping() as peer:
        peer.ours.close()
        channel = Channel(peer.theirs)
        with channel.lock:
            channel.write(b"for nobody")
        assert (channel.broken, channel.read()) == (True, b"")
    assert capfd.readouterr().err == ""


def test_the_last_bytes_have_a_time_limit_even_if_the_peer_sends_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bounds, "LINGER_SECONDS", 5.0)
    with Dripping(bytes(100)) as peer:
        peer.channel.end()
        # The third look at the clock set the limit, at the eighth it was over.
        assert peer.sent == 8


def test_an_established_client_may_be_silent() -> None:
    with Dripping(PREFACE) as peer:
        assert peer.channel.read()
        peer.channel.begun()
        peer.ours.send(b"late")
        assert (peer.channel.read(), peer.sent, peer.theirs.gettimeout()) == (b"late", 2, None)


def test_the_key_file_is_private_and_removed_at_once(tmp_path: Path) -> None:
    directory = tmp_path / "private"
    directory.mkdir(mode=0o700)
    with watched(directory) as seen:
        server_context(str(directory), client_certificate().certificate)
    key = str(directory / "k")
    assert seen == [("open", key, None), ("os.remove", key, 0o600)]
    assert list(directory.iterdir()) == []


def test_the_key_is_only_in_memory_if_the_system_supports_it() -> None:
    with watched(Path("/")) as seen:
        server_context("", client_certificate().certificate)
    assert seen == []


def test_the_key_file_is_removed_after_a_failure_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(HandshakeError, match="PLUGIN_CLIENT_CERT does not hold a PEM certificate"):
        server_context(str(tmp_path), "no certificate")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(
        "immuta_provider.plugin.transport.tls.self_signed", lambda: Certificate(b"", b"no key")
    )
    with pytest.raises(ssl.SSLError):
        server_context(str(tmp_path), client_certificate().certificate)
    assert list(tmp_path.iterdir()) == []


def refusal(connection: socket.socket, server: bytes, client: ClientCertificate | None) -> str:
    """The alert that ends the connection before the first byte of HTTP/2. In TLS 1.3 it comes when reading only."""
    with tls_client(connection, server, client) as tls:
        with pytest.raises(ssl.SSLError) as error:
            tls.recv(1)
        with socket.socket(fileno=os.dup(tls.fileno())) as plain:
            plain.settimeout(20)
            # The client has closed the connection.
            assert plain.recv(1) == b""
    return error.value.reason


def ends(connection: socket.socket) -> bool:
    """Closes the connection. True if it ended without another byte."""
    with connection:
        try:
            return connection.recv(1000) == b""
        except (ssl.SSLError, ConnectionResetError):
            return True


Event = tuple[str, str, int | None]
_watchers: dict[str, list[Event]] = {}


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if _watchers and event in ("open", "os.remove"):
        path = str(arguments[0])
        for directory, seen in _watchers.items():
            if path.startswith(directory):
                mode = stat.S_IMODE(os.stat(path).st_mode) if event == "os.remove" else None
                seen.append((event, path, mode))


sys.addaudithook(_audit)


@contextmanager
def watched(directory: Path) -> Iterator[list[Event]]:
    """Every opening and removal of a file in `directory`, with its permissions when it is removed."""
    seen = _watchers[str(directory)] = []
    try:
        yield seen
    finally:
        del _watchers[str(directory)]
