"""A real HTTP(S) server on the loopback interface, for what can only be seen on a socket."""

from __future__ import annotations

import datetime
import ipaddress
import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from immuta_provider.api.http.exchange import Request


class Exchange(BaseHTTPRequestHandler):
    """One request. A test's handler reads it and answers with `answer`, or writes to `wfile` itself."""

    protocol_version = "HTTP/1.1"
    server: LocalServer

    def handle_one_request(self) -> None:
        self.close_connection = True
        try:
            super().handle_one_request()
        except (ConnectionError, ssl.SSLError):
            self.close_connection = True

    def do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with self.server.lock:
            self.server.received.append(
                Received(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            )
            self.server.ports.append(self.client_address[1])
        self.server.handle(self)

    do_GET = do_POST = do_PUT = do_DELETE = do_CONNECT = do

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@dataclass
class Received:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Authority:
    """A private certificate authority with one certificate for localhost, 127.0.0.1 and immuta.example."""

    ca_file: Path
    certificate_file: Path
    key_file: Path = field(repr=False)


class LocalServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, handle: Callable[[Exchange], None], authority: Authority | None, address: str) -> None:
        super().__init__((address, 0), Exchange)
        self.handle = handle
        self.lock = threading.Lock()
        self.received: list[Received] = []
        self.ports: list[int] = []
        self.scheme = "http" if authority is None else "https"
        if authority is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(authority.certificate_file, authority.key_file)
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    @property
    def url(self) -> str:
        return "{}://{}:{}".format(self.scheme, *self.server_address[:2])

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that refuses a certificate is what some tests are about."""


@contextmanager
def local_server(
    handle: Callable[[Exchange], None], authority: Authority | None = None, *, address: str = "127.0.0.1"
) -> Iterator[LocalServer]:
    server = LocalServer(handle, authority, address)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def make_authority(folder: Path, *, valid_from: float = -1, valid_to: float = 1) -> Authority:
    """A new authority, whose certificate for Immuta is valid from and to these hours from now."""
    now = datetime.datetime.now(datetime.UTC)
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Test authority {folder.name}")])

    def builder(
        subject: x509.Name, public_key: ec.EllipticCurvePublicKey, since: float = -1, to: float = 1
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(ca_name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + datetime.timedelta(hours=since))
            .not_valid_after(now + datetime.timedelta(hours=to))
        )

    ca = (
        builder(ca_name, ca_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(ca_key, hashes.SHA256())
    )
    leaf = (
        builder(
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "immuta")]),
            key.public_key(),
            valid_from,
            valid_to,
        )
        .add_extension(
            x509.SubjectAlternativeName(
                [
                    x509.DNSName("localhost"),
                    x509.DNSName("immuta.example"),
                    x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
                ]
            ),
            critical=False,
        )
        .sign(ca_key, hashes.SHA256())
    )
    authority = Authority(folder / "ca.pem", folder / "immuta.pem", folder / "immuta.key")
    authority.ca_file.write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    authority.certificate_file.write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
    authority.key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return authority


def ok(exchange: Exchange) -> None:
    exchange.answer(200, b"[]", Content_Type="application/json")


def hang_up(exchange: Exchange) -> None:
    exchange.close_connection = True


def dripping(start: bytes, drop: bytes, done: threading.Event) -> Callable[[Exchange], None]:
    """Answers of which every single read is quick, and only the whole takes too long."""

    def drip(exchange: Exchange) -> None:
        exchange.wfile.write(start)
        while not done.wait(0.02):
            exchange.wfile.write(drop)

    return drip


def tunnel_to(server: LocalServer) -> Callable[[Exchange], None]:
    """A proxy's answer to CONNECT: a way to the server, not to the named destination."""

    def tunnel(exchange: Exchange) -> None:
        exchange.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        with socket.create_connection(server.server_address[:2]) as onward:  # type: ignore[arg-type]
            other = {exchange.connection: onward, onward: exchange.connection}
            while all(_passed_on(side, other[side]) for side in _readable(other)):
                pass
        exchange.close_connection = True

    return tunnel


def _readable(sides: dict[socket.socket, socket.socket]) -> list[socket.socket]:
    # A TLS socket may hold what it has decrypted already, of which select knows nothing.
    held: list[socket.socket] = [s for s in sides if isinstance(s, ssl.SSLSocket) and s.pending()]
    return held or select.select(list(sides), [], [], 5)[0]


def _passed_on(source: socket.socket, sink: socket.socket) -> bool:
    data = source.recv(65536)
    sink.sendall(data)
    return bool(data)


def get(url: str, *, timeout: float = 5.0, **headers: str) -> Request:
    return Request("GET", f"{url}/integrations", {"Authorization": "key", **headers}, None, timeout)
