"""Encodes and decodes values in MessagePack, as Terraform does (cty's msgpack package).

Each type has a decoder and an encoder, which are built once. A number is an integer, a float or a decimal text. An
attribute of type dynamic is `[type, value]`. An object has all of its attributes. Any extension is an unknown value;
one of code 12 has the value's refinements as a map.

Format: https://github.com/msgpack/msgpack/blob/master/spec.md
"""

from __future__ import annotations

from struct import Struct
from struct import error as StructError

from ..types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListOf,
    MapOf,
    ObjectOf,
    SetOf,
    TupleOf,
    Type,
    WriteOnly,
    from_json,
)
from ..values import UNKNOWN, Dynamic, Unknown, number
from .failures import SafeError
from .protobuf import Malformed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Final

    Decode = Callable[[bytes, int], tuple[Any, int]]
    Encode = Callable[[Any, bytearray], None]

_REFINED_UNKNOWN: Final = 12
_DEEPEST_REFINEMENT: Final = 4
_LONGEST_REFINEMENT: Final = 1024
_UNKNOWN_BYTES: Final = b"\xd4\0\0"

_double = Struct(">d")
_single = Struct(">f")


class Misfit(SafeError, TypeError):
    """A value of the provider is not of its type, which is a bug in the provider. The text names attributes and
    quotes no values."""


def decoder(type: Type) -> Callable[[bytes], Any]:
    """Returns a function that decodes values of this type. It raises `Malformed` for invalid bytes."""
    decode = _decode(type)

    def run(data: bytes) -> Any:
        try:
            value, end = decode(data, 0)
        except (IndexError, StructError):
            raise Malformed("a value ends too early") from None
        except UnicodeDecodeError:
            raise Malformed("a text is not UTF-8") from None
        except RecursionError:
            raise Malformed("a value is nested too deeply") from None
        # A slice beyond the end raises no error, so the end is checked here.
        if end != len(data):
            raise Malformed(
                "a value ends too early" if end > len(data) else "more bytes follow a value's end"
            )
        return value

    return run


def encoder(type: Type) -> Callable[[Any], bytes]:
    """Returns a function that encodes values of this type. Missing attributes are encoded as null. It raises `Misfit`
    for an attribute that is not in the type and for a value of another type."""
    encode = _encode(type)

    def run(value: Any) -> bytes:
        out = bytearray()
        encode(value, out)
        return bytes(out)

    return run


def _decode(type: Type) -> Decode:
    if isinstance(type, ObjectOf):
        return _decode_object(type)
    if isinstance(type, (ListOf, SetOf)):
        return _decode_list(_decode(type.element))
    if isinstance(type, MapOf):
        return _decode_map(_decode(type.element))
    if isinstance(type, TupleOf):
        return _decode_tuple([_decode(each) for each in type.elements])
    if isinstance(type, WriteOnly):
        return _decode_write_only(_decode(type.type))
    return _DECODE[type.to_json()]


def _decode_string(data: bytes, at: int) -> tuple[Any, int]:
    head = data[at]
    if 0xA0 <= head < 0xC0:
        end = at + head - 0x9F
        return str(data[at + 1 : end], "utf-8"), end
    if head == 0xD9:
        end = at + 2 + data[at + 1]
        return str(data[at + 2 : end], "utf-8"), end
    if head == 0xDA or head == 0xDB:
        start = at + 3 if head == 0xDA else at + 5
        end = start + int.from_bytes(data[at + 1 : start], "big")
        return str(data[start:end], "utf-8"), end
    return _decode_null_or_unknown(data, at, head, "a text")


def _decode_bool(data: bytes, at: int) -> tuple[Any, int]:
    head = data[at]
    if head == 0xC2 or head == 0xC3:
        return head == 0xC3, at + 1
    return _decode_null_or_unknown(data, at, head, "true or false")


def _decode_number(data: bytes, at: int) -> tuple[Any, int]:
    head = data[at]
    if head < 0x80:
        return head, at + 1
    if head >= 0xE0:
        return head - 256, at + 1
    if head == 0xCB:
        return _finite(_double.unpack_from(data, at + 1)[0]), at + 9
    if head == 0xCA:
        return _finite(_single.unpack_from(data, at + 1)[0]), at + 5
    if 0xCC <= head <= 0xD3:
        end = at + 1 + (1 << (head & 3))
        return int.from_bytes(data[at + 1 : end], "big", signed=head >= 0xD0), end
    if 0xA0 <= head < 0xC0 or 0xD9 <= head <= 0xDB:
        text, end = _decode_string(data, at)
        try:
            return number(text), end
        except ValueError:
            raise Malformed("a number is not a number") from None
    return _decode_null_or_unknown(data, at, head, "a number")


def _finite(value: float) -> float:
    if value != value:
        raise Malformed("a number is not a number")
    return value


def _decode_list(element: Decode) -> Decode:
    def decode(data: bytes, at: int) -> tuple[Any, int]:
        head = data[at]
        if not (0x90 <= head < 0xA0 or head == 0xDC or head == 0xDD):
            return _decode_null_or_unknown(data, at, head, "a list")
        count, at = _array_head(data, at, head)
        values = []
        for _ in range(count):
            value, at = element(data, at)
            values.append(value)
        return values, at

    return decode


def _decode_tuple(elements: list[Decode]) -> Decode:
    def decode(data: bytes, at: int) -> tuple[Any, int]:
        head = data[at]
        if not (0x90 <= head < 0xA0 or head == 0xDC or head == 0xDD):
            return _decode_null_or_unknown(data, at, head, "a tuple")
        count, at = _array_head(data, at, head)
        if count != len(elements):
            raise Malformed("a tuple of the wrong length")
        values = []
        for element in elements:
            value, at = element(data, at)
            values.append(value)
        return values, at

    return decode


def _decode_map(element: Decode) -> Decode:
    def decode(data: bytes, at: int) -> tuple[Any, int]:
        head = data[at]
        if not (0x80 <= head < 0x90 or head == 0xDE or head == 0xDF):
            return _decode_null_or_unknown(data, at, head, "a map")
        count, at = _map_head(data, at, head)
        values = {}
        for _ in range(count):
            key, at = _decode_string(data, at)
            values[_key(key)], at = element(data, at)
        return values, at

    return decode


def _decode_object(type: ObjectOf) -> Decode:
    by_name = {name: _decode(each) for name, each in type.attributes.items()}
    # Terraform writes the attributes in the order of their names, so the keys are compared without decoding.
    expected = []
    for name in sorted(by_name):
        key = _packed_text(name)
        expected.append((key, len(key), name, by_name[name]))
    total = len(expected)

    def decode(data: bytes, at: int) -> tuple[Any, int]:
        head = data[at]
        if not (0x80 <= head < 0x90 or head == 0xDE or head == 0xDF):
            return _decode_null_or_unknown(data, at, head, "an object")
        count, at = _map_head(data, at, head)
        values: dict[str, Any] = {}
        if count == total:
            for key, width, name, one in expected:
                if not data.startswith(key, at):
                    break
                at += width
                if data[at] == 0xC0:
                    values[name] = None
                    at += 1
                else:
                    values[name], at = one(data, at)
        for _ in range(count - len(values)):
            text, at = _decode_string(data, at)
            known = by_name.get(_key(text))
            if known is None:
                raise Malformed("an object has an attribute that its schema does not have")
            values[text], at = known(data, at)
        if len(values) < total:
            for name in by_name:
                values.setdefault(name)
        return values, at

    return decode


def _decode_write_only(inner: Decode) -> Decode:
    def decode(data: bytes, at: int) -> tuple[Any, int]:
        return None, inner(data, at)[1]

    return decode


def _decode_dynamic(data: bytes, at: int) -> tuple[Any, int]:
    head = data[at]
    if not (0x90 <= head < 0xA0 or head == 0xDC or head == 0xDD):
        if head == 0xC0:
            return None, at + 1
        # An unknown value of an unknown type has no refinements.
        return UNKNOWN, _decode_unknown(data, at, head, "a value with its type")[1]
    count, at = _array_head(data, at, head)
    if count != 2:
        raise Malformed("a dynamic value does not have two parts, its type and its value")
    head = data[at]
    if 0xC4 <= head <= 0xC6:
        start = at + 1 + (1 << (head - 0xC4))
        at = start + int.from_bytes(data[at + 1 : start], "big")
        raw = data[start:at]
    else:
        text, at = _decode_string(data, at)
        raw = _key(text).encode()
    from ..json_text import parse

    try:
        type = from_json(parse(raw))
    except ValueError:
        raise Malformed("the type of a dynamic value is not a type") from None
    value, at = _decode(type)(data, at)
    return Dynamic(type, value), at


def _decode_null_or_unknown(data: bytes, at: int, head: int, expected_kind: str) -> tuple[Any, int]:
    if head == 0xC0:
        return None, at + 1
    return _decode_unknown(data, at, head, expected_kind)


def _decode_unknown(data: bytes, at: int, head: int, expected_kind: str) -> tuple[Unknown, int]:
    if 0xD4 <= head <= 0xD8:
        length, start = 1 << (head - 0xD4), at + 2
    elif 0xC7 <= head <= 0xC9:
        width = 1 << (head - 0xC7)
        length, start = int.from_bytes(data[at + 1 : at + 1 + width], "big"), at + 2 + width
    else:
        raise Malformed(f"{expected_kind} was expected")
    code, end = data[start - 1], start + length
    if code != _REFINED_UNKNOWN or length <= 1:
        return UNKNOWN, end
    if end > len(data):
        raise Malformed("a value ends too early")
    known, used = _decode_any(data[start:end], 0, 0)
    if type(known) is not dict or used > length:
        raise Malformed("the refinements of an unknown value are not a map")
    return (Unknown(known) if known else UNKNOWN), end


def _decode_any(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    """Decodes a refinement of an unknown value, by the type in its own head."""
    head = data[at]
    if depth > _DEEPEST_REFINEMENT:
        raise Malformed("the refinements of an unknown value are nested too deeply")
    if 0x90 <= head < 0xA0 or head == 0xDC or head == 0xDD:
        count, at = _array_head(data, at, head)
        values = []
        for _ in range(count):
            value, at = _decode_any(data, at, depth + 1)
            values.append(value)
        return values, at
    if 0x80 <= head < 0x90 or head == 0xDE or head == 0xDF:
        count, at = _map_head(data, at, head)
        known = {}
        for _ in range(count):
            key, at = _decode_number(data, at)
            if type(key) is not int:
                raise Malformed("the refinements of an unknown value have a key that is not a number")
            known[key], at = _decode_any(data, at, depth + 1)
        return known, at
    if head == 0xC2 or head == 0xC3:
        return head == 0xC3, at + 1
    if 0xA0 <= head < 0xC0 or 0xD9 <= head <= 0xDB:
        return _decode_string(data, at)
    return _decode_number(data, at)


def _key(key: Any) -> str:
    if type(key) is not str:
        raise Malformed("a key is not a text")
    return key


def _array_head(data: bytes, at: int, head: int) -> tuple[int, int]:
    if head < 0xA0:
        return head & 15, at + 1
    end = at + 3 if head == 0xDC else at + 5
    return int.from_bytes(data[at + 1 : end], "big"), end


def _map_head(data: bytes, at: int, head: int) -> tuple[int, int]:
    if head < 0x90:
        return head & 15, at + 1
    end = at + 3 if head == 0xDE else at + 5
    return int.from_bytes(data[at + 1 : end], "big"), end


def _encode(type: Type) -> Encode:
    if isinstance(type, ObjectOf):
        return _encode_object(type)
    if isinstance(type, (ListOf, SetOf)):
        return _encode_list(_encode(type.element))
    if isinstance(type, MapOf):
        return _encode_map(_encode(type.element))
    if isinstance(type, TupleOf):
        return _encode_tuple([_encode(each) for each in type.elements])
    if isinstance(type, WriteOnly):
        return _encode_null
    return _ENCODE[type.to_json()]


def _encode_null(value: Any, out: bytearray) -> None:
    out.append(0xC0)


def _encode_string(value: Any, out: bytearray) -> None:
    if not isinstance(value, str):
        _encode_null_or_unknown(value, out, "a text")
        return
    try:
        data = value.encode()
    except UnicodeEncodeError:
        raise Misfit("a text has a lone surrogate, which UTF-8 cannot hold") from None
    length = len(data)
    if length < 32:
        out.append(0xA0 | length)
    elif length < 256:
        out.append(0xD9)
        out.append(length)
    else:
        _encode_head(length, out, 0xDA, 0xDB)
    out += data


def _encode_bool(value: Any, out: bytearray) -> None:
    if value is True:
        out.append(0xC3)
    elif value is False:
        out.append(0xC2)
    else:
        _encode_null_or_unknown(value, out, "true or false")


def _encode_number(value: Any, out: bytearray) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        _encode_null_or_unknown(value, out, "a number")
    elif isinstance(value, int):
        _encode_int(value, out)
    elif isinstance(value, float):
        if value != value:
            raise Misfit("a number was expected, not NaN")
        out.append(0xCB)
        out += _double.pack(value)
    else:
        try:
            number(value)
        except ValueError:
            raise Misfit("a number was expected, not a text that is not a number") from None
        _encode_string(value, out)


def _encode_int(value: int, out: bytearray) -> None:
    if -32 <= value < 128:
        out.append(value & 0xFF)
    elif 0 <= value < 1 << 64:
        power = (value.bit_length() > 8) + (value.bit_length() > 16) + (value.bit_length() > 32)
        out.append(0xCC + power)
        out += value.to_bytes(1 << power, "big")
    elif -(1 << 63) <= value < 0:
        bits = (~value).bit_length() + 1
        power = (bits > 8) + (bits > 16) + (bits > 32)
        out.append(0xD0 + power)
        out += value.to_bytes(1 << power, "big", signed=True)
    else:
        _encode_string(_digits(value), out)


def _digits(value: int) -> str:
    try:
        return str(value)
    except ValueError:  # Python's limit on the digits of one number
        raise Misfit("a number has too many digits") from None


def _encode_list(element: Encode) -> Encode:
    def encode(value: Any, out: bytearray) -> None:
        if not isinstance(value, (list, tuple)):
            _encode_null_or_unknown(value, out, "a list")
            return
        _encode_array_head(len(value), out)
        for each in value:
            element(each, out)

    return encode


def _encode_tuple(elements: list[Encode]) -> Encode:
    def encode(value: Any, out: bytearray) -> None:
        if not isinstance(value, (list, tuple)):
            _encode_null_or_unknown(value, out, "a tuple")
            return
        if len(value) != len(elements):
            raise Misfit(f"a tuple of {len(elements)} was expected")
        _encode_array_head(len(value), out)
        for element, each in zip(elements, value, strict=True):
            element(each, out)

    return encode


def _encode_map(element: Encode) -> Encode:
    def encode(value: Any, out: bytearray) -> None:
        if not isinstance(value, dict):
            _encode_null_or_unknown(value, out, "a map")
            return
        _encode_map_head(len(value), out)
        for key, each in value.items():
            if not isinstance(key, str):
                raise Misfit("a map's key is a text")
            _encode_string(key, out)
            element(each, out)

    return encode


def _encode_object(type: ObjectOf) -> Encode:
    attributes = [
        (_packed_text(name), name, _encode(type.attributes[name])) for name in sorted(type.attributes)
    ]
    names = type.attributes.keys()
    opening = bytearray()
    _encode_map_head(len(attributes), opening)

    def encode(value: Any, out: bytearray) -> None:
        if not isinstance(value, dict):
            _encode_null_or_unknown(value, out, "an object")
            return
        if not value.keys() <= names:
            raise Misfit("an object has an attribute that its schema does not have")
        out += opening
        get = value.get
        name = ""
        try:
            for key, name, one in attributes:
                out += key
                each = get(name)
                if each is None:
                    out.append(0xC0)
                else:
                    one(each, out)
        except Misfit as error:
            raise Misfit(f"{name}: {error}") from None

    return encode


def _encode_dynamic(value: Any, out: bytearray) -> None:
    if isinstance(value, Dynamic):
        data = value.type.to_json().encode()
        out.append(0x92)
        if len(data) < 256:
            out += bytes((0xC4, len(data)))
        else:
            _encode_head(len(data), out, 0xC5, 0xC6)
        out += data
        _encode(value.type)(value.value, out)
    elif value is None:
        out.append(0xC0)
    elif type(value) is Unknown:
        out += _UNKNOWN_BYTES
    else:
        raise Misfit("a value with its type (a Dynamic) was expected")


def _encode_null_or_unknown(value: Any, out: bytearray, expected_kind: str) -> None:
    if value is None:
        out.append(0xC0)
        return
    if type(value) is not Unknown:
        raise Misfit(f"{expected_kind} was expected, not {type(value).__name__}")
    known = bytearray()
    if value.refinements:
        _encode_any(dict(value.refinements), known)
    # Terraform refuses longer refinements. Leaving them out is always allowed.
    if not 1 < len(known) <= _LONGEST_REFINEMENT:
        out += _UNKNOWN_BYTES
        return
    length = len(known)
    if length in (2, 4, 8, 16):
        out.append(0xD3 + length.bit_length())
    elif length < 256:
        out += bytes((0xC7, length))
    else:
        _encode_head(length, out, 0xC8, 0xC9)
    out.append(_REFINED_UNKNOWN)
    out += known


def _encode_any(value: Any, out: bytearray) -> None:
    if isinstance(value, dict):
        _encode_map_head(len(value), out)
        for key, each in value.items():
            _encode_int(key, out)
            _encode_any(each, out)
    elif isinstance(value, (list, tuple)):
        _encode_array_head(len(value), out)
        for each in value:
            _encode_any(each, out)
    elif isinstance(value, bool) or value is None:
        _encode_bool(value, out)
    elif isinstance(value, str):
        _encode_string(value, out)
    else:
        _encode_number(value, out)


def _encode_array_head(length: int, out: bytearray) -> None:
    if length < 16:
        out.append(0x90 | length)
    else:
        _encode_head(length, out, 0xDC, 0xDD)


def _encode_map_head(length: int, out: bytearray) -> None:
    if length < 16:
        out.append(0x80 | length)
    else:
        _encode_head(length, out, 0xDE, 0xDF)


def _encode_head(length: int, out: bytearray, short: int, long: int) -> None:
    if length < 1 << 16:
        out.append(short)
        out += length.to_bytes(2, "big")
    else:
        out.append(long)
        out += length.to_bytes(4, "big")


def _packed_text(text: str) -> bytes:
    out = bytearray()
    _encode_string(text, out)
    return bytes(out)


_DECODE: Final[dict[str, Decode]] = {
    STRING.to_json(): _decode_string,
    NUMBER.to_json(): _decode_number,
    BOOL.to_json(): _decode_bool,
    DYNAMIC.to_json(): _decode_dynamic,
}
_ENCODE: Final[dict[str, Encode]] = {
    STRING.to_json(): _encode_string,
    NUMBER.to_json(): _encode_number,
    BOOL.to_json(): _encode_bool,
    DYNAMIC.to_json(): _encode_dynamic,
}
