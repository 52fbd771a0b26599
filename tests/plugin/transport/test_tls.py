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

import pytest
from immuta_provider.plugin.transport import bounds
from immuta_provider.plugin.transport.certificate import Certificate
from immuta_provider.plugin.transport.channel import Channel, ChannelError
from immuta_provider.plugin.transport.handshake import HandshakeError
from immuta_provider.plugin.transport.tls import server_context
from support.plugin_process import (
    ClientCertificate,
    client_certificate,
    environment,
    interpreters,
    parse_handshake,
    tls_client,
    tls_context,
    toy_plugin,
)
from support.rawh2 import ACK, PREFACE, SETTINGS, RawClient, message, ok

ECHO = "/toy.Toy/Echo"
MEGABYTE = 1 << 20


@pytest.mark.parametrize("network", ["unix", "tcp"])
@pytest.mark.parametrize("python", list(interpreters().values()), ids=list(interpreters()))
def test_only_the_announced_client_is_served(python: str, network: str, tmp_path: Path) -> None:
    right = client_certificate()
    arguments = ["--tcp"] if network == "tcp" else []
    with toy_plugin(*arguments, python=python, variables=environment(right, TMPDIR=str(tmp_path))) as plugin:
        handshake = parse_handshake(plugin.line)
        assert handshake[:3] + handshake[4:5] == (1, 6, network, "grpc")
        # The key is not on disk.
        assert sorted(file.name for file in tmp_path.glob("tf-plugin-*/*")) == ["s"] * (network == "unix")
        refusals = [
            refusal(plugin.connect(), handshake.certificate, certificate, tmp_path)
            for certificate in (client_certificate(), None)
        ]
        assert refusals == ["TLSV1_ALERT_UNKNOWN_CA", "TLSV13_ALERT_CERTIFICATE_REQUIRED"]
        # A client without TLS, and one that leaves at once.
        connection = plugin.connect()
        connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        assert ends(connection)
        plugin.connect().close()
        tls = tls_client(plugin.connect(), handshake.certificate, right, tmp_path)
        assert (tls.version(), tls.selected_alpn_protocol()) == ("TLSv1.3", "h2")
        client = RawClient(tls)
        client.read_until(SETTINGS)
        data = os.urandom(MEGABYTE) * 8
        stream = client.open(ECHO)
        client.upload(stream, message(data))
        assert client.answer(stream) == ok(data)
        assert client.call("/plugin.GRPCController/Shutdown") == ok(b"")
        assert plugin.wait() == 0
        client.close()
    lines = plugin.errors.decode().splitlines()
    assert len([line for line in lines if "a connection was refused" in line]) == len(lines) == 3
    assert list(tmp_path.iterdir()) == []


def test_an_expired_certificate_is_refused(tmp_path: Path) -> None:
    expired = client_certificate(valid_from=-7200, valid_to=-3600)
    with toy_plugin(variables=environment(expired)) as plugin:
        server = parse_handshake(plugin.line).certificate
        assert refusal(plugin.connect(), server, expired, tmp_path) == "SSLV3_ALERT_CERTIFICATE_EXPIRED"


def test_tls_1_2_is_served_too(tmp_path: Path) -> None:
    right = client_certificate()
    with toy_plugin(variables=environment(right)) as plugin:
        handshake = parse_handshake(plugin.line)
        tls = tls_client(
            plugin.connect(), handshake.certificate, right, tmp_path, newest=ssl.TLSVersion.TLSv1_2
        )
        assert tls.version() == "TLSv1.2"
        client = RawClient(tls)
        assert client.call(ECHO, bytes(MEGABYTE)) == ok(bytes(MEGABYTE))
        client.close()


@pytest.mark.parametrize("closing", [False, True], ids=["goes on", "ends"])
def test_data_in_one_packet_with_the_end_of_the_handshake_is_read(tmp_path: Path, closing: bool) -> None:
    """The client's preface may be in the same packet, and only the end of TLS may follow."""
    right = client_certificate()
    context, certificate = server_context(str(tmp_path), right.certificate)
    ours, theirs = socket.socketpair()
    channel = Channel(socket.socket(fileno=theirs.detach()), context)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = tls_context(certificate, right, tmp_path).wrap_bio(incoming, outgoing, server_hostname="localhost")
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


def test_the_client_may_end_tls_during_a_request(tmp_path: Path) -> None:
    right = client_certificate()
    with toy_plugin(variables=environment(right)) as plugin:
        handshake = parse_handshake(plugin.line)
        client = RawClient(tls_client(plugin.connect(), handshake.certificate, right, tmp_path))
        client.open(ECHO)
        client.read_until(SETTINGS, ACK)
        tls = client.socket
        assert isinstance(tls, ssl.SSLSocket)
        with suppress(ssl.SSLError):  # The client closes the connection.
            tls.unwrap()
        assert ends(tls)
        client = RawClient(tls_client(plugin.connect(), handshake.certificate, right, tmp_path))
        assert client.call(ECHO, b"next") == ok(b"next")
        # Bytes that are not TLS end the connection.
        with socket.socket(fileno=os.dup(client.socket.fileno())) as raw:
            raw.sendall(b"these bytes are no record")
        assert ends(client.socket)
        client = RawClient(tls_client(plugin.connect(), handshake.certificate, right, tmp_path))
        assert client.call("/plugin.GRPCController/Shutdown") == ok(b"")
        assert plugin.wait() == 0
        client.close()
    assert "Traceback" not in plugin.errors.decode()


class Dripping:
    """A peer that sends one byte of `data` whenever the channel looks at the clock, a second apart."""

    def __init__(self, data: bytes) -> None:
        self.ours, theirs = socket.socketpair()
        self.theirs = socket.socket(fileno=theirs.detach())
        self.sent = 0
        self._data = data

    def clock(self) -> float:
        self.ours.send(self._data[self.sent : self.sent + 1])
        self.sent += 1
        return float(self.sent)


def test_a_slow_handshake_has_one_time_limit_in_total(tmp_path: Path) -> None:
    context, _ = server_context(str(tmp_path), client_certificate().certificate)
    peer = Dripping(bytes.fromhex("16030100c8010000c40303") + bytes(200))
    channel = Channel(peer.theirs, context, peer.clock)
    with pytest.raises(ChannelError) as error:
        channel.handshake()
    assert (str(error.value), peer.sent) == ("the client did not begin within 10 seconds", 11)
    channel.close()
    peer.ours.close()


def test_the_preface_has_the_same_time_limit() -> None:
    peer = Dripping(PREFACE)
    channel = Channel(peer.theirs, None, peer.clock)
    assert channel.handshake()
    # The first look at the clock was the beginning.
    heard = [channel.read() for _ in range(9)]
    assert b"".join(heard) == PREFACE[:10]
    with pytest.raises(ChannelError) as error:
        channel.read()
    assert str(error.value) == "the client did not begin within 10 seconds"
    channel.close()
    peer.ours.close()


def test_a_client_that_leaves_at_once_is_not_logged() -> None:
    ours, theirs = socket.socketpair()
    channel = Channel(socket.socket(fileno=theirs.detach()))
    ours.close()
    with channel.lock:
        channel.write(b"for nobody")
    assert (channel.broken, channel.read()) == (True, b"")
    channel.close()


def test_the_last_bytes_have_a_time_limit_even_if_the_peer_sends_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bounds, "LINGER_SECONDS", 5.0)
    peer = Dripping(bytes(100))
    channel = Channel(peer.theirs, None, peer.clock)
    channel.end()
    # The third look at the clock set the limit, at the eighth it was over.
    assert peer.sent == 8
    channel.close()
    peer.ours.close()


def test_an_established_client_may_be_silent() -> None:
    peer = Dripping(PREFACE)
    channel = Channel(peer.theirs, None, peer.clock)
    assert channel.read()
    channel.begun()
    peer.ours.send(b"late")
    assert (channel.read(), peer.sent, peer.theirs.gettimeout()) == (b"late", 2, None)
    channel.close()
    peer.ours.close()


def test_the_key_file_is_private_and_removed_at_once(tmp_path: Path) -> None:
    directory = tmp_path / "private"
    directory.mkdir(mode=0o700)
    with watched(directory) as seen:
        server_context(str(directory), client_certificate().certificate)
    key = str(directory / "k")
    assert seen == [("open", key, None), ("os.remove", key, 0o600)]
    assert list(directory.iterdir()) == []


def test_the_key_is_only_in_memory_if_the_system_supports_it() -> None:
    right = client_certificate()
    with watched(Path("/")) as seen:
        server_context("", right.certificate)
    assert seen == []


def test_the_key_file_is_removed_after_a_failure_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(HandshakeError) as error:
        server_context(str(tmp_path), "no certificate")
    assert (
        str(error.value)
        == "PLUGIN_CLIENT_CERT does not hold a PEM certificate; use Terraform or OpenTofu 1.11 or newer"
    )
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(
        "immuta_provider.plugin.transport.tls.self_signed", lambda: Certificate(b"", b"no key")
    )
    with pytest.raises(ssl.SSLError):
        server_context(str(tmp_path), client_certificate().certificate)
    assert list(tmp_path.iterdir()) == []


def refusal(
    connection: socket.socket, server: bytes, client: ClientCertificate | None, directory: Path
) -> str:
    """The alert that ends the connection before the first byte of HTTP/2. In TLS 1.3 it comes when reading only."""
    with tls_client(connection, server, client, directory) as tls:
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
