"""The MessagePack codec against the msgpack library: the same bytes for each value of any type, in both directions."""

from __future__ import annotations

import itertools
import json
from typing import Any

import msgpack as library
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from immuta_provider.plugin.protocol import msgpack
from immuta_provider.plugin.protocol.msgpack import Misfit
from immuta_provider.plugin.protocol.protobuf import Malformed
from immuta_provider.plugin.types import (
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
from immuta_provider.plugin.values import UNKNOWN, Dynamic, Unknown

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
LONG = st.sampled_from([31, 32, 255, 256, 65_535, 65_536]).map(lambda n: "x" * n)
NAMES = st.text("abcdefgh_", min_size=1, max_size=8)
EDGES = [
    sign * (1 << bits) + step
    for bits in (5, 7, 8, 15, 16, 31, 32, 63, 64, 80)
    for sign in (1, -1)
    for step in (-1, 0, 1)
]
NUMBERS = st.one_of(
    st.integers(-(1 << 100), 1 << 100),
    st.sampled_from(EDGES),
    st.floats(allow_nan=False),
    st.sampled_from(["0.1", "-3.14159265358979323846", "1e400", "123456789.000000000000000001"]),
)
BOUNDS = st.one_of(st.integers(-(1 << 63), (1 << 64) - 1), st.floats(allow_nan=False), st.just("0.1"))
REFINEMENTS = st.one_of(
    st.fixed_dictionaries({1: st.just(False)}, optional={2: TEXTS}),
    st.fixed_dictionaries({3: st.tuples(BOUNDS, st.booleans()).map(list)}, optional={4: st.just([9, True])}),
    st.fixed_dictionaries({5: st.integers(0, 99)}, optional={6: st.integers(100, 1 << 40)}),
)

PRIMITIVES: dict[Type, st.SearchStrategy[Any]] = {
    STRING: st.one_of(TEXTS, LONG),
    NUMBER: NUMBERS,
    BOOL: st.booleans(),
}
TYPES = st.recursive(
    st.sampled_from([STRING, NUMBER, BOOL]),
    lambda inner: st.one_of(
        inner.map(ListOf),
        inner.map(SetOf),
        inner.map(MapOf),
        st.dictionaries(NAMES, inner, max_size=20).map(ObjectOf),
        st.lists(inner, max_size=3).map(TupleOf),
        st.just(DYNAMIC),
    ),
    max_leaves=12,
)


def values(type: Type) -> st.SearchStrategy[Any]:
    known: st.SearchStrategy[Any]
    if isinstance(type, (ListOf, SetOf)):
        known = st.lists(values(type.element), max_size=18)
    elif isinstance(type, MapOf):
        known = st.dictionaries(TEXTS, values(type.element), max_size=18)
    elif isinstance(type, ObjectOf):
        known = st.fixed_dictionaries({name: values(each) for name, each in type.attributes.items()})
    elif isinstance(type, TupleOf):
        known = st.tuples(*map(values, type.elements)).map(list)
    elif type == DYNAMIC:
        inner = st.sampled_from([STRING, ListOf(NUMBER), ObjectOf({"a": BOOL})])
        known = inner.flatmap(lambda t: values(t).map(lambda v: Dynamic(t, v)))
        return st.one_of(st.none(), st.just(UNKNOWN), known)
    else:
        known = PRIMITIVES[type]
    return st.one_of(st.none(), st.just(UNKNOWN), REFINEMENTS.map(Unknown), known, known, known)


TYPED = TYPES.flatmap(lambda t: values(t).map(lambda v: (t, v)))


def as_library(type: Type | None, value: Any) -> Any:
    """The argument for the library that makes it encode this value as Terraform does."""
    if value is None:
        return None
    if isinstance(value, Unknown):
        if not value.refinements or type == DYNAMIC:
            return library.ExtType(0, b"\0")
        known = library.packb({k: as_library(None, v) for k, v in value.refinements.items()})
        return library.ExtType(12, known)
    if isinstance(value, Dynamic):
        return [value.type.to_json().encode(), as_library(value.type, value.value)]
    if isinstance(type, ObjectOf):
        return {name: as_library(type.attributes[name], value[name]) for name in sorted(type.attributes)}
    if isinstance(type, MapOf):
        return {key: as_library(type.element, each) for key, each in value.items()}
    if isinstance(type, (ListOf, SetOf)):
        return [as_library(type.element, each) for each in value]
    if isinstance(type, TupleOf):
        return [as_library(t, each) for t, each in zip(type.elements, value, strict=True)]
    if isinstance(value, list):
        return [as_library(None, each) for each in value]
    if isinstance(value, int) and not isinstance(value, bool) and not -(1 << 63) <= value < 1 << 64:
        return str(value)
    return value


WIDE = {f"attribute_{number}": number for number in range(70_000)}


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(TYPED)
def test_any_value_is_encoded_as_by_the_library(typed: tuple[Type, Any]) -> None:
    type, value = typed
    data = library.packb(as_library(type, value))
    assert msgpack.encoder(type)(value) == data
    assert msgpack.decoder(type)(data) == value


@settings(max_examples=100, deadline=None)
@given(
    st.permutations(["a", "bb", "c" * 40]),
    st.sampled_from([library.packb, library.Packer(use_single_float=True).pack]),
)
def test_attributes_come_in_any_order(names: list[str], pack: Any) -> None:
    decode = msgpack.decoder(ObjectOf(dict.fromkeys(names, NUMBER)))
    assert decode(pack(dict.fromkeys(names, 0.5))) == dict.fromkeys(names, 0.5)


def test_missing_attributes_are_null_both_ways() -> None:
    type = ListOf(ObjectOf({"a": STRING, "b": ObjectOf({"c": NUMBER})}))
    whole = [{"a": None, "b": None}, {"a": None, "b": {"c": None}}]
    assert library.unpackb(msgpack.encoder(type)([{}, {"b": {}}])) == whole
    assert msgpack.decoder(type)(library.packb([{}, {"b": {}}])) == whole


@pytest.mark.parametrize(
    ("type", "value"),
    [(ObjectOf(dict.fromkeys(WIDE, NUMBER)), WIDE), (ListOf(NUMBER), list(range(70_000)))],
    ids=["object", "list"],
)
def test_wide_values_use_the_long_headers(type: Type, value: Any) -> None:
    data = library.packb(as_library(type, value))
    assert msgpack.encoder(type)(value) == data
    assert msgpack.decoder(type)(data) == value


def test_write_only_values_decode_and_encode_to_null() -> None:
    configured = ObjectOf({"name": STRING, "token": ObjectOf({"secret": STRING})})
    stored = ObjectOf({"name": STRING, "token": WriteOnly(ObjectOf({"secret": STRING}))})
    data = library.packb({"name": "n", "token": {"secret": "s"}})
    assert msgpack.decoder(configured)(data) == {"name": "n", "token": {"secret": "s"}}
    assert msgpack.decoder(stored)(data) == {"name": "n", "token": None}
    encoded = msgpack.encoder(stored)({"name": "n", "token": {"secret": "s"}})
    assert library.unpackb(encoded) == {"name": "n", "token": None}


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"\xd4\x00\x00", UNKNOWN),
        (b"\xd4\x63\x00", UNKNOWN),
        (b"\xc7\x00\x00", UNKNOWN),
        (b"\xc7\x00\x0c", UNKNOWN),
        (b"\xd5\x07ab", UNKNOWN),
        (b"\xc8\x00\x02\x05ab", UNKNOWN),
        (b"\xc9\x00\x00\x00\x02\x05ab", UNKNOWN),
        (b"\xd5\x0c\x80\x00", UNKNOWN),
        (b"\xc7\x03\x0c\x81\x01\xc2", Unknown({1: False})),
        # Refinements that a future Terraform may add are kept and returned.
        (b"\xc7\x05\x0c\x81\x09\x81\x01\xc0", Unknown({9: {1: None}})),
        (b"\xc7\x04\x0c\x81\x01\xc2\xff", Unknown({1: False})),
    ],
)
def test_every_extension_is_an_unknown_value(data: bytes, value: Unknown) -> None:
    assert msgpack.decoder(STRING)(data) == value


@pytest.mark.parametrize("value", [Unknown({}), Unknown({2: "x" * 1100}), UNKNOWN])
def test_an_empty_or_oversized_refinement_is_left_out(value: Unknown) -> None:
    assert msgpack.encoder(STRING)(value) == b"\xd4\x00\x00"


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (library.packb("0.1"), "0.1"),
        (library.packb("0.50"), 0.5),
        (library.packb("18446744073709551616"), 1 << 64),
        (library.packb(-1), -1),
        (library.packb(-1.5), -1.5),
        (library.packb(float("inf")), float("inf")),
        (library.packb("1e400"), "1e400"),
        (library.packb("9" * 5000), "9" * 5000),
    ],
)
def test_numbers_lose_no_digits(data: bytes, value: Any) -> None:
    decoded = msgpack.decoder(NUMBER)(data)
    assert (decoded, type(decoded)) == (value, type(value))


def deep(depth: int) -> bytes:
    """The type of lists in lists."""
    return b'["list",' * depth + b'"string"' + b"]" * depth


OBJECT = ObjectOf({"a": STRING})
MALFORMED: list[tuple[str, Type, list[bytes]]] = [
    ("a text that is cut off", STRING, [b"", b"\xa5abc", b"\xd9\x05abc", b"\xdb\xff\xff\xff\xffabc"]),
    ("a text that is not UTF-8", STRING, [b"\xa2\xff\xfe"]),
    ("bytes after a text", STRING, [b"\xa1aa"]),
    ("not a text", STRING, [b"\x01", b"\xc1"]),
    ("an extension that is cut off", STRING, [b"\xd4", b"\xd8\x00123"]),
    ("refinements that are not a map", STRING, [b"\xd5\x0c\x01\x02", b"\xc7\x40\x0c" + b"\x91" * 64]),
    ("refinements that are cut off", STRING, [b"\xc7\x03\x0c\x81\xa1a", b"\xc7\x04\x0c\x81\x01\xa9a"]),
    ("a number that is cut off", NUMBER, [b"\xcb\x00", b"\xcd\x00"]),
    ("not a number", NUMBER, [b"\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00", b"\xa3nan", b"\xa3abc", b"\xc2"]),
    ("not a bool", BOOL, [b"\x01"]),
    ("a list that is cut off", ListOf(STRING), [b"\x92\xa1a", b"\xdd\xff\xff\xff\xff"]),
    ("not a list", ListOf(STRING), [b"\x80"]),
    (
        "a key that is not a text",
        MapOf(STRING),
        [b"\x81\x01\xa1a", b"\x81\xd4\x00\x00\xa1a", b"\x81\xc0\xa1a"],
    ),
    ("a map that is cut off", MapOf(STRING), [b"\xdf\xff\xff\xff\xff"]),
    ("not this object", OBJECT, [b"\x81\xa1b\xa1x", b"\x81\xc0\xa1x", b"\xa1a"]),
    ("a tuple of another length", TupleOf([STRING]), [b"\x92\xa1a\xa1b"]),
    ("not a value with its type", DYNAMIC, [b"\x91\xa1a", b"\xa1a"]),
    ("not a type", DYNAMIC, [library.packb([t, 1]) for t in (b"nonsense", b'"dynamic"', b'["list"]')]),
    ("not a type of a set", DYNAMIC, [library.packb([b'["set",["list","text"]]', []])]),
    ("a type that is too deep", DYNAMIC, [library.packb([deep(depth), []]) for depth in (100_000, 70)]),
]


@pytest.mark.parametrize(
    ("type", "data"),
    [pytest.param(type, each, id=reason) for reason, type, data in MALFORMED for each in data],
)
def test_malformed_bytes_are_refused(type: Type, data: bytes) -> None:
    with pytest.raises(Malformed):
        msgpack.decoder(type)(data)


@settings(max_examples=500, deadline=None)
@given(TYPES, st.binary(max_size=60))
def test_random_bytes_are_decoded_or_refused(type: Type, data: bytes) -> None:
    try:
        value = msgpack.decoder(type)(data)
    except Malformed:
        return
    assert msgpack.decoder(type)(msgpack.encoder(type)(value)) == value


def test_dynamic_nested_in_dynamic_is_bounded() -> None:
    data = library.packb([b'"string"', "end"])
    for _ in range(5_000):
        data = b"\x92" + library.packb(b'["list","dynamic"]') + b"\x91" + data
    with pytest.raises(Malformed, match="nested too deeply"):
        msgpack.decoder(DYNAMIC)(data)


@pytest.mark.parametrize(
    ("type", "value", "message"),
    [
        (STRING, 1, "a text was expected, not int"),
        (STRING, "\ud800", "a text has a lone surrogate, which UTF-8 cannot hold"),
        (NUMBER, True, "a number was expected, not bool"),
        (NUMBER, float("nan"), "a number was expected, not NaN"),
        (NUMBER, "hunter2", "a number was expected, not a text that is not a number"),
        (NUMBER, 1 << 50_000, "a number has too many digits"),
        (BOOL, 1, "true or false was expected, not int"),
        (ListOf(STRING), "ab", "a list was expected, not str"),
        (MapOf(STRING), {1: "a"}, "a map's key is a text"),
        (TupleOf([STRING]), [], "a tuple of 1 was expected"),
        (DYNAMIC, "a", "a value with its type (a Dynamic) was expected"),
        (
            ObjectOf({"a": STRING}),
            {"b": "hunter2"},
            "an object has an attribute that its schema does not have",
        ),
        (
            ObjectOf({"owner": ListOf(ObjectOf({"name": STRING}))}),
            {"owner": [{"name": 5}]},
            "owner: name: a text was expected, not int",
        ),
    ],
    ids=itertools.count(),
)
def test_a_value_of_another_type_is_an_error_that_does_not_quote_it(
    type: Type, value: Any, message: str
) -> None:
    with pytest.raises(Misfit) as caught:
        msgpack.encoder(type)(value)
    assert str(caught.value) == message


@settings(max_examples=100, deadline=None)
@given(TYPES)
def test_types_are_written_as_compact_sorted_json_and_read_back(type: Type) -> None:
    assert json.dumps(json.loads(type.to_json()), separators=(",", ":"), sort_keys=True) == type.to_json()
    assert from_json(json.loads(type.to_json())) == type
