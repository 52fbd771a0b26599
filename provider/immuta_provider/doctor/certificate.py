"""Reads the two facts of a certificate that the doctor shows: its authority and the end of its validity.

Python shows them only of a certificate that it trusts, and the authority of another one is what its reader has to know. The
encoding is DER, and the place of both in a certificate is that of RFC 5280, section 4.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

_VERSION = 0xA0
_UTC_TIME = 0x17
_UTF_16 = 0x1E
# Object identifiers 2.5.4.3 and 2.5.4.10.
_COMMON_NAME, _ORGANIZATION = b"\x55\x04\x03", b"\x55\x04\x0a"


class Certificate(NamedTuple):
    """`authority` is the common name of the issuer, else its organization, else "". `ends` is the end of the validity."""

    authority: str
    ends: datetime


def read(der: bytes) -> Certificate:
    """Raises ValueError for bytes that are not a certificate."""
    try:
        (_, whole), *_ = _items(der)
        (_, body), *_ = _items(whole)
        items = [item for item in _items(body) if item[0] != _VERSION]
        _, _, (_, issuer), (_, validity), *_ = items
        _, (tag, ends) = _items(validity)
        return Certificate(_name(issuer), _time(tag, ends))
    except (IndexError, ValueError) as error:
        raise ValueError("not a certificate") from error


def _items(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        tag, length = data[at], data[at + 1]
        at += 2
        if length & 0x80:
            size = length & 0x7F
            length = int.from_bytes(data[at : at + size], "big")
            at += size
        yield tag, data[at : at + length]
        at += length


def _name(issuer: bytes) -> str:
    parts: dict[bytes, str] = {}
    for _, relative in _items(issuer):
        for _, pair in _items(relative):
            (_, identifier), (tag, text) = _items(pair)
            parts[identifier] = text.decode("utf-16-be" if tag == _UTF_16 else "utf-8", "replace")
    return parts.get(_COMMON_NAME) or parts.get(_ORGANIZATION) or ""


def _time(tag: int, text: bytes) -> datetime:
    shape = "%y%m%d%H%M%SZ" if tag == _UTC_TIME else "%Y%m%d%H%M%SZ"
    return datetime.strptime(text.decode("ascii"), shape).replace(tzinfo=UTC)
