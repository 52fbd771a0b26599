"""Values as Terraform writes and reads them; in messages, by the msgpack library alone."""

from __future__ import annotations

from typing import Any

import msgpack
from immuta_provider.plugin.values import UNKNOWN, Unknown


def pack(value: Any) -> bytes:
    packed: bytes = msgpack.packb(value, default=_extension)
    return packed


def unpack(data: bytes) -> Any:
    return msgpack.unpackb(data, ext_hook=_unknown, strict_map_key=False)


def without_nulls(value: Any) -> Any:
    """The value as it is configured: a state has every attribute of an object, null if it is not set."""
    if isinstance(value, dict):
        return {key: without_nulls(each) for key, each in value.items() if each is not None}
    return [without_nulls(each) for each in value] if isinstance(value, list) else value


def _extension(value: Any) -> msgpack.ExtType:
    if not isinstance(value, Unknown):
        raise TypeError(value)
    return (
        msgpack.ExtType(12, msgpack.packb(value.refinements))
        if value.refinements
        else msgpack.ExtType(0, b"\0")
    )


def _unknown(code: int, data: bytes) -> Unknown:
    return Unknown(msgpack.unpackb(data, strict_map_key=False)) if code == 12 else UNKNOWN
