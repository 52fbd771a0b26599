"""Encodes and decodes Protobuf's wire format by tables. A `Message` has a name, and the number and kind of each field.

Encoding: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from .failures import SafeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Final, TypeAlias

    Kind: TypeAlias = "str | Message | Present | Map | list[Any]"

TEXT: Final = "text"
BYTES: Final = "bytes"
INT: Final = "int"
"""int32, int64 and enums, negative numbers included."""
BOOL: Final = "bool"

_ZERO: Final[dict[str, Any]] = {TEXT: "", BYTES: b"", INT: 0, BOOL: False}
_DEEPEST: Final = 32


class Malformed(SafeError, ValueError):
    """Bytes that violate the protocol. The text names the fault and quotes no bytes."""


class Present:
    """A scalar field with presence (`optional`, or a member of a `oneof`): None = absent."""

    __slots__ = ("kind",)

    def __init__(self, kind: str) -> None:
        self.kind = kind


class Map:
    """A `map<string, value>` field: a dict."""

    __slots__ = ("value",)

    def __init__(self, value: str | Message) -> None:
        self.value = value


class Field:
    """One field of a message."""

    __slots__ = ("kind", "map", "message", "name", "number", "present", "repeated", "tag", "wire")

    def __init__(self, name: str, number: int, kind: Kind) -> None:
        self.name = name
        self.number = number
        self.repeated = isinstance(kind, list)
        self.map: Message | None = None
        self.present = isinstance(kind, Present)
        if isinstance(kind, Map):
            self.map = Message(f"{name} entry", {"key": (1, TEXT), "value": (2, kind.value)})
            inner: str | Message = self.map
        else:
            inner = kind[0] if isinstance(kind, list) else kind.kind if isinstance(kind, Present) else kind
        self.message = inner if isinstance(inner, Message) else None
        self.kind = "" if isinstance(inner, Message) else inner
        self.wire = 0 if self.kind in (INT, BOOL) else 2
        self.tag = varint(number << 3 | self.wire)

    def zero(self) -> Any:
        if self.repeated:
            return []
        if self.map is not None:
            return {}
        return None if self.message is not None or self.present else _ZERO[self.kind]


class Message:
    """A message type. `fields` maps each field's name to its number and kind: TEXT, BYTES, INT, BOOL or a
    Message, one of them in a list (repeated), in `Present` or in `Map`."""

    __slots__ = ("_built", "_by_number", "_containers", "_specs", "_zeros", "name")

    _built: list[Field]
    _by_number: dict[int, Field]
    _containers: list[Field]
    _zeros: dict[str, Any]

    def __init__(self, name: str, fields: Mapping[str, tuple[int, Kind]] | None = None) -> None:
        self.name = name
        self.define(fields or {})

    def define(self, fields: Mapping[str, tuple[int, Kind]]) -> None:
        """Sets the fields, for messages that refer to each other."""
        self._specs = fields

    @property
    def fields(self) -> list[Field]:
        """The fields in the order of their numbers."""
        try:
            return self._built
        except AttributeError:
            # Built at first use, because many processes decode only a few of the messages.
            built = sorted((Field(name, *spec) for name, spec in self._specs.items()), key=lambda f: f.number)
            self._by_number = {f.number: f for f in built}
            self._zeros = {f.name: f.zero() for f in built}
            self._containers = [f for f in built if f.repeated or f.map is not None]
            self._built = built
            return built

    def __contains__(self, name: str) -> bool:
        return name in self._specs

    def __repr__(self) -> str:
        return f"Message({self.name!r})"

    def decode(self, data: bytes, into: dict[str, Any] | None = None) -> dict[str, Any]:
        """Decodes all fields, by name. An absent field has its zero value, an absent message is None. Unknown fields are
        skipped. Raises `Malformed`."""
        self.fields  # noqa: B018 (builds the tables)
        values = into
        if values is None:
            values = self._zeros.copy()
            for field in self._containers:
                values[field.name] = field.zero()
        at, end = 0, len(data)
        by_number = self._by_number
        while at < end:
            tag = data[at]
            at += 1
            if tag > 127:
                tag, at = _varint(data, at - 1)
            kind = tag & 7
            if kind == 2:
                length, at = _varint(data, at)
                start, at = at, at + length
                if at > end:
                    raise Malformed(f"{self.name}: a field goes beyond the end of its message")
                raw: Any = data[start:at]
            elif kind == 0:
                raw, at = _varint(data, at)
            else:
                at = _skip(data, at, tag, 0)
                continue
            if tag < 8:
                raise Malformed(f"{self.name}: field number 0")
            known = by_number.get(tag >> 3)
            if known is not None and known.wire == kind:
                _decode_field(known, raw, values)
        if at > end:
            raise Malformed(f"{self.name}: a field goes beyond the end of its message")
        return values

    def encode(self, values: Mapping[str, Any]) -> bytes:
        """Encodes the message. A nested message is a dict or encoded bytes. Zero values and None are left out."""
        if not values.keys() <= self._specs.keys():
            raise ValueError(
                f"{self.name} has no field {', '.join(sorted(values.keys() - self._specs.keys()))}"
            )
        out = bytearray()
        for field in self.fields:
            value = values.get(field.name)
            if value is None:
                continue
            if field.repeated:
                for each in value:
                    _encode_field(field, each, out)
            elif field.map is not None:
                for key, each in value.items():
                    _encode_field(field, {"key": key, "value": each}, out)
            elif value or field.present or field.message is not None:
                _encode_field(field, value, out)
        return bytes(out)


def varint(value: int) -> bytes:
    """The variable-length encoding of a number. A negative one is its two's complement of 64 bits."""
    if value < 0:
        value += 1 << 64
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    try:
        byte = data[at]
        if byte < 128:
            return byte, at + 1
        value = byte & 127
        for shift in range(7, 70, 7):
            at += 1
            byte = data[at]
            value |= (byte & 127) << shift
            if byte < 128:
                return value & 0xFFFF_FFFF_FFFF_FFFF, at + 1
    except IndexError:
        raise Malformed("a number goes beyond the end of its message") from None
    raise Malformed("a number of more than ten bytes")


def _skip(data: bytes, at: int, tag: int, depth: int) -> int:
    """The position after an unknown field of a wire type that no message here uses."""
    kind = tag & 7
    if kind == 0:
        return _varint(data, at)[1]
    if kind == 1:
        return at + 8
    if kind == 5:
        return at + 4
    if kind == 2:
        length, at = _varint(data, at)
        return at + length
    if kind == 3 and depth < _DEEPEST:
        while True:
            inner, at = _varint(data, at)
            if inner & 7 == 4:
                if inner >> 3 != tag >> 3:
                    break
                return at
            at = _skip(data, at, inner, depth + 1)
    raise Malformed("a field of a kind that does not exist")


def _decode_field(field: Field, raw: Any, values: dict[str, Any]) -> None:
    kind = field.kind
    value: Any
    if field.message is not None:
        if field.map is not None:
            entry = field.map.decode(raw)
            values[field.name][entry["key"]] = entry["value"]
            return
        # Protobuf merges a message that occurs more than once.
        value = field.message.decode(raw, None if field.repeated else values[field.name])
    elif kind == BYTES:
        value = raw
    elif kind == TEXT:
        try:
            value = str(raw, "utf-8")
        except UnicodeDecodeError:
            raise Malformed(f"{field.name}: not UTF-8") from None
    elif kind == BOOL:
        value = raw != 0
    else:
        value = raw if raw < 1 << 63 else raw - (1 << 64)
    if field.repeated:
        values[field.name].append(value)
    else:
        values[field.name] = value


def _encode_field(field: Field, value: Any, out: bytearray) -> None:
    out += field.tag
    if field.wire == 0:
        out += varint(int(value))
        return
    if field.message is not None and type(value) is not bytes:
        value = field.message.encode(value)
    elif field.kind == TEXT:
        # Terraform's decoder refuses the whole message if one text is not UTF-8.
        value = value.encode("utf-8", "replace")
    length = len(value)
    if length < 128:
        out.append(length)
    else:
        out += varint(length)
    out += value
