"""Plugins as processes: the interpreters of this machine, the start of the toy plugin, Terraform's half of the handshake."""

from __future__ import annotations

import base64
import datetime
import functools
import os
import select
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID
from documentation.requirements import TESTED_PYTHONS
from support.pythons import PYTHONS
from support.rawh2 import RawClient
from support.terraform import clean_environment

TOY = Path(__file__).with_name("toy_plugin.py")
COOKIE = {"TF_PLUGIN_MAGIC_COOKIE": "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"}
PATIENCE = 20.0


@functools.cache
def interpreters() -> dict[str, str]:
    """Those of Python 3.11 to 3.13 that this machine has, and the running one, by version."""
    running = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return {version: path for version, path in PYTHONS.items() if version in (*TESTED_PYTHONS, running)}


class ClientCertificate(NamedTuple):
    """A one-time certificate as go-plugin makes it for its client (ECDSA P-521), and its key, both PEM."""

    certificate: str
    key: bytes


def client_certificate(valid_from: float = -30, valid_to: float = 3600) -> ClientCertificate:
    """`valid_from` and `valid_to` are seconds from now."""
    key = ec.generate_private_key(ec.SECP521R1())
    name = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost"),
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "HashiCorp"),
        ]
    )
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + datetime.timedelta(seconds=valid_from))
        .not_valid_after(now + datetime.timedelta(seconds=valid_to))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(True, False, True, False, True, True, False, False, False), critical=True
        )
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH]),
            critical=False,
        )
        .sign(key, hashes.SHA512())
    )
    return ClientCertificate(
        certificate.public_bytes(serialization.Encoding.PEM).decode(),
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        ),
    )


class Handshake(NamedTuple):
    """The line that a plugin writes, and the certificate in it as DER."""

    core: int
    protocol: int
    network: str
    address: str
    transport: str
    certificate: bytes


def parse_handshake(line: str) -> Handshake:
    core, protocol, network, address, transport, encoded = line.removesuffix("\n").split("|")
    assert "=" not in encoded
    padded = encoded + "=" * (-len(encoded) % 4)
    return Handshake(
        int(core), int(protocol), network, address, transport, base64.b64decode(padded, validate=True)
    )


def tls_context(server_certificate: bytes, client: ClientCertificate | None) -> ssl.SSLContext:
    """TLS as Terraform does it: the plugin's certificate is the only root."""
    context = ssl.create_default_context(cadata=server_certificate)
    context.set_alpn_protocols(["h2"])
    if client is not None:
        with tempfile.NamedTemporaryFile() as file:
            file.write(client.key + client.certificate.encode())
            file.flush()
            context.load_cert_chain(file.name)
    return context


def tls_client(
    connection: socket.socket,
    server_certificate: bytes,
    client: ClientCertificate | None,
    newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3,
) -> ssl.SSLSocket:
    """A connection to the plugin, whose name is localhost wherever it listens."""
    context = tls_context(server_certificate, client)
    context.maximum_version = newest
    try:
        return context.wrap_socket(connection, server_hostname="localhost")
    except BaseException:
        connection.close()
        raise


class Plugin:
    """A running toy plugin, from its first line on. Its clients are closed with it."""

    def __init__(self, process: subprocess.Popen[bytes], certificate: ClientCertificate | None) -> None:
        self.process = process
        self.line = self.read_line()
        self.errors = b""
        self.clients = ExitStack()
        self._certificate = certificate

    @property
    def handshake(self) -> Handshake:
        return parse_handshake(self.line)

    def read_line(self, containing: str = "") -> str:
        """The next line on stdout that has this text."""
        assert self.process.stdout is not None
        return read_line(self.process.stdout.fileno(), containing)

    def connect(self) -> socket.socket:
        """A plain connection to it."""
        return connect(self.handshake.network, self.handshake.address)

    def tls(self, newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> ssl.SSLSocket:
        """A connection with the announced certificate."""
        return tls_client(self.connect(), self.handshake.certificate, self._certificate, newest)

    def client(self, connection: socket.socket | None = None) -> RawClient:
        """A client, by default over a new connection as the plugin expects it."""
        if connection is None:
            connection = self.connect() if self._certificate is None else self.tls()
        client = RawClient(connection)
        self.clients.callback(client.close)
        return client

    def wait(self, seconds: float = PATIENCE) -> int:
        """Waits for its end, and stores its stderr in `errors`."""
        _, self.errors = self.process.communicate(timeout=seconds)
        return self.process.returncode


class Gate:
    """Delays the toy's `UntilReleased` calls, in a folder of its own."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / "gate"
        self.message = str(self.path).encode()
        self.path.mkdir()
        for name in ("began", "release"):
            os.mkfifo(self.path / name)
        # Open for writing as well: a pipe without a writer would look as if something were to be read.
        self._began = os.open(self.path / "began", os.O_RDWR | os.O_NONBLOCK)
        self._release = os.open(self.path / "release", os.O_RDWR | os.O_NONBLOCK)

    def wait_for(self, calls: int) -> None:
        """Waits until this number of further calls has begun."""
        while calls:
            ready, _, _ = select.select([self._began], [], [], PATIENCE)
            assert ready, f"{calls} calls have not begun"
            calls -= len(os.read(self._began, calls))

    def release(self) -> None:
        """Lets one call continue."""
        os.write(self._release, b".")

    @property
    def done(self) -> bool:
        """True once a call has run to its end."""
        return (self.path / "done").exists()

    def close(self) -> None:
        os.close(self._began)
        os.close(self._release)


def connect(network: str, address: str) -> socket.socket:
    if network == "unix":
        connection = socket.socket(socket.AF_UNIX)
        target: str | tuple[str, int] = address
    else:
        connection = socket.socket()
        host, port = address.split(":")
        target = (host, int(port))
    connection.settimeout(PATIENCE)
    connection.connect(target)
    return connection


def environment(client: ClientCertificate | None = None, **more: str) -> dict[str, str]:
    """The environment of a plugin that Terraform starts."""
    variables = {**COOKIE, "PLUGIN_PROTOCOL_VERSIONS": "5,6", "PYTHONDONTWRITEBYTECODE": "1", **more}
    if client is not None:
        variables["PLUGIN_CLIENT_CERT"] = client.certificate
    return variables


ALTERED = f"""
import os, runpy, sys
{{}}
sys.argv[:] = [{str(TOY)!r}, *sys.argv[1:]]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def altered(alteration: str, *arguments: str) -> list[str]:
    """The toy plugin's command line, with something about the process altered before it starts."""
    path = f"sys.path.insert(0, {str(TOY.parents[2] / 'provider')!r})"
    return [sys.executable, "-I", "-S", "-c", ALTERED.format(f"{path}\n{alteration}"), *arguments]


NO_RESORTS = "from immuta_provider.plugin.transport import listener\nlistener.LAST_RESORTS = ()"
"""An alteration: no directory is tried but those that the environment names."""


@contextmanager
def toy_plugin(
    *arguments: str,
    python: str = sys.executable,
    certificate: ClientCertificate | None = None,
    alteration: str | None = None,
    **variables: str,
) -> Iterator[Plugin]:
    """Starts the toy plugin, reads its first line, and ends it with its temporary folder."""
    script = [python, "-I", "-S", str(TOY), *arguments]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            script if alteration is None else altered(alteration, *arguments),
            env={"TMPDIR": folder, **environment(certificate, **variables)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process,
    ):
        try:
            plugin = Plugin(process, certificate)
            with plugin.clients:
                yield plugin
        finally:
            process.kill()


def read_line(descriptor: int, containing: str = "") -> str:
    """The first line from a pipe that has `containing` in it."""
    deadline = time.monotonic() + PATIENCE
    line = b""
    while True:
        octet = _read(descriptor, 1, deadline, line)
        assert octet, f"the pipe ended after {line!r}"
        line += octet
        if octet == b"\n":
            if containing in line.decode():
                return line.decode()
            line = b""


def read_to_end(descriptor: int) -> bytes:
    """All bytes until the other end of the pipe is closed in every process."""
    deadline = time.monotonic() + PATIENCE
    data = b""
    while part := _read(descriptor, 65536, deadline, data):
        data += part
    return data


def _read(descriptor: int, size: int, deadline: float, before: bytes) -> bytes:
    ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
    assert ready, f"nothing came after {before!r}"
    return os.read(descriptor, size)


def first_line(plugin: Path, **more: str) -> str:
    """The first line that a plugin file prints, started as Terraform starts it; `more` are further variables."""
    environment = {**clean_environment(), **COOKIE, "PLUGIN_PROTOCOL_VERSIONS": "6", **more}
    with subprocess.Popen(
        [plugin],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.terminate()
    return line
