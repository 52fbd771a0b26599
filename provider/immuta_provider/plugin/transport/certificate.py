"""Makes a self-signed certificate for one process. No library is used, because importing one takes too long at start-up.

The certificate has the form of go-plugin's (`mtls.go`): CA and server at once, for the name `localhost`. So Terraform can verify
it with the certificate itself as the only root. Sources: RFC 5280, X.690 (DER) and RFC 5915 (key).
"""

from __future__ import annotations

import os
import time
from binascii import b2a_base64

from .p256 import new_key, sign

# One millisecond faster than `_hashlib`. Python 3.12 renamed the module.
try:
    from _sha2 import sha256  # type: ignore[import-not-found]
except ImportError:
    from _sha256 import sha256  # type: ignore[import-not-found]

LIFETIME = 365 * 86400
CLOCK_SKEW = 300


def _tlv(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    size = len(body)
    if size < 128:
        return bytes((tag, size)) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 128 | len(length))) + length + body


def _sequence(*parts: bytes) -> bytes:
    return _tlv(0x30, *parts)


def _integer(value: int) -> bytes:
    return _tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _oid(encoded: str) -> bytes:
    return _tlv(0x06, bytes.fromhex(encoded))


def _bits(body: bytes, unused: int = 0) -> bytes:
    return _tlv(0x03, bytes((unused,)), body)


def _time(moment: float) -> bytes:
    when = time.gmtime(moment)
    # Two-digit years end with 2049 (RFC 5280 4.1.2.5).
    if when.tm_year < 2050:
        return _tlv(0x17, time.strftime("%y%m%d%H%M%SZ", when).encode())
    return _tlv(0x18, time.strftime("%Y%m%d%H%M%SZ", when).encode())


def _extension(oid: str, value: bytes, critical: bool = False) -> bytes:
    return _sequence(_oid(oid), b"\x01\x01\xff" if critical else b"", _tlv(0x04, value))


_EC_PUBLIC_KEY = _oid("2a8648ce3d0201")
_PRIME256V1 = _oid("2a8648ce3d030107")
_ECDSA_SHA256 = _sequence(_oid("2a8648ce3d040302"))
_COMMON_NAME = _oid("550403")
_SERVER_AUTH = _oid("2b06010505070301")
_CLIENT_AUTH = _oid("2b06010505070302")


def _pem(label: str, der: bytes) -> bytes:
    text = b2a_base64(der, newline=False).decode()
    lines = "\n".join(text[start : start + 64] for start in range(0, len(text), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n".encode()


class Certificate:
    """A certificate in DER, and `pem`, which is the certificate and its private key in one file for OpenSSL."""

    __slots__ = ("der", "pem")

    def __init__(self, der: bytes, pem: bytes) -> None:
        self.der = der
        self.pem = pem


def self_signed(now: float | None = None) -> Certificate:
    """Makes a new ECDSA P-256 key and its certificate, valid for a year from `now` (seconds since 1970; default: the clock)."""
    moment = time.time() if now is None else now
    private, public = new_key()
    point = _bits(public)
    name = _sequence(_tlv(0x31, _sequence(_COMMON_NAME, _tlv(0x0C, b"localhost"))))
    extensions = _sequence(
        _extension("551d13", _sequence(b"\x01\x01\xff"), critical=True),  # basic constraints: a CA
        # Key usage: digital signature, key encipherment, key agreement, certificate signing.
        _extension("551d0f", _bits(b"\xac", unused=2), critical=True),
        _extension("551d25", _sequence(_SERVER_AUTH, _CLIENT_AUTH)),  # extended key usage
        _extension("551d0e", _tlv(0x04, sha256(public).digest()[:20])),  # subject key id, RFC 7093 method 1
        _extension("551d11", _sequence(_tlv(0x82, b"localhost"))),  # subject alternative name
    )
    body = _sequence(
        _tlv(0xA0, _integer(2)),
        _integer(int.from_bytes(os.urandom(15), "big") + 1),
        _ECDSA_SHA256,
        name,
        _sequence(_time(moment - CLOCK_SKEW), _time(moment + LIFETIME)),
        name,
        _sequence(_sequence(_EC_PUBLIC_KEY, _PRIME256V1), point),
        _tlv(0xA3, extensions),
    )
    r, s = sign(private, sha256(body).digest())
    der = _sequence(body, _ECDSA_SHA256, _bits(_sequence(_integer(r), _integer(s))))
    key = _sequence(
        _integer(1), _tlv(0x04, private.to_bytes(32, "big")), _tlv(0xA0, _PRIME256V1), _tlv(0xA1, point)
    )
    return Certificate(der, _pem("EC PRIVATE KEY", key) + _pem("CERTIFICATE", der))
