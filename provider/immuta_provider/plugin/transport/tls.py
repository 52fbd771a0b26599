"""Mutual TLS on `_ssl`, because `import ssl` takes three times as long before the handshake line.

Terraform's one-time certificate is ECDSA P-521, the plugin's is P-256. Each side trusts only the other's certificate.
"""

from __future__ import annotations

import os

try:
    import _ssl
except ImportError:
    from .handshake import HandshakeError

    raise HandshakeError(
        "its Python was built without OpenSSL, and Terraform is served over TLS; install a Python 3.11 or newer that has ssl"
    ) from None

from .certificate import self_signed
from .handshake import HandshakeError

CERT_REQUIRED = 2
TLS_1_2 = 0x0303


def server_context(directory: str, client_pem: str) -> tuple[_ssl._SSLContext, bytes]:
    """Returns a context that accepts only the client of `client_pem`, and the server's new certificate in DER.

    OpenSSL loads a private key only from a file. The file is in `directory`, which has to be private, and is removed at once. If
    `directory` is empty, the file is in memory (Linux only). Raises `OSError` if the file cannot be written, and
    `HandshakeError` if `client_pem` is not a certificate.
    """
    certificate = self_signed()
    context = _ssl._SSLContext(_ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = TLS_1_2
    # Sessions are never resumed, so tickets are not needed.
    context.options |= _ssl.OP_NO_TICKET | _ssl.OP_NO_RENEGOTIATION
    context.num_tickets = 0
    _load_key(context, certificate.pem, directory)
    context.verify_mode = CERT_REQUIRED
    try:
        context.load_verify_locations(None, None, client_pem)
    except (_ssl.SSLError, ValueError) as error:
        raise HandshakeError(
            "PLUGIN_CLIENT_CERT does not hold a PEM certificate; use Terraform or OpenTofu 1.11 or newer"
        ) from error
    context._set_alpn_protocols(b"\x02h2")  # type: ignore[attr-defined]
    return context, certificate.der


def _load_key(context: _ssl._SSLContext, pem: bytes, directory: str) -> None:
    if directory:
        path = os.path.join(directory, "k")
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    else:
        descriptor = os.memfd_create("k")
        path = f"/proc/self/fd/{descriptor}"
    try:
        try:
            os.write(descriptor, pem)
            context.load_cert_chain(path)
        finally:
            os.close(descriptor)
    finally:
        if directory:
            os.unlink(path)
