"""The message tables against google.protobuf: the same fields and the same bytes, in both directions."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from types import ModuleType
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from immuta_provider.plugin.protocol import messages
from immuta_provider.plugin.protocol.protobuf import (
    BOOL,
    BYTES,
    INT,
    TEXT,
    Field,
    Malformed,
    Map,
    Message,
    Present,
    varint,
)
from immuta_provider.plugin.protocol.service import Service

KINDS = {
    FieldDescriptor.TYPE_STRING: TEXT,
    FieldDescriptor.TYPE_BYTES: BYTES,
    FieldDescriptor.TYPE_INT64: INT,
    FieldDescriptor.TYPE_INT32: INT,
    FieldDescriptor.TYPE_ENUM: INT,
    FieldDescriptor.TYPE_BOOL: BOOL,
}

RPCS = {value.name: value for value in vars(messages).values() if isinstance(value, messages.Rpc)}
SHARED = [value for value in vars(messages).values() if isinstance(value, Message)]


def every_message() -> Iterator[Message]:
    yield from SHARED
    for rpc in RPCS.values():
        yield rpc.request
        yield rpc.response
        for field in rpc.response.fields:
            if field.message is not None and field.map is None and field.message not in SHARED:
                yield field.message


def descriptor(pb: ModuleType, message: Message) -> Descriptor:
    if message.name == "google.protobuf.Timestamp":
        return pb.OpenEphemeralResource.Response.DESCRIPTOR.fields_by_name["renew_at"].message_type
    return attrgetter(message.name)(pb).DESCRIPTOR


def value_of_map(field: Field) -> Field:
    assert field.map is not None
    return next(each for each in field.map.fields if each.name == "value")


def is_map(field: FieldDescriptor) -> bool:
    return field.message_type is not None and bool(field.message_type.GetOptions().map_entry)


def ours(message: Message) -> dict[str, Any]:
    """Of each field the number, the kind or the message, and whether it is repeated and has presence."""
    found: dict[str, Any] = {}
    for field in message.fields:
        value = value_of_map(field) if field.map is not None else field
        kind: Any = value.message.name if value.message else value.kind
        found[field.name] = (field.number, field.map is not None, kind, field.repeated, field.present)
    return found


def theirs(kind: Descriptor) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in kind.fields:
        value = field.message_type.fields_by_name["value"] if is_map(field) else field
        message = value.message_type
        what = message.full_name.removeprefix("tfplugin6.") if message else KINDS[value.type]
        repeated = field.is_repeated and not is_map(field)
        present = field.has_presence and field.message_type is None
        found[field.name] = (field.number, is_map(field), what, repeated, present)
    return found


def test_every_message_has_the_fields_of_the_protocol(pb: ModuleType) -> None:
    assert {m.name: ours(m) for m in every_message()} == {
        m.name: theirs(descriptor(pb, m)) for m in every_message()
    }


def test_every_rpc_of_the_protocol_but_locks_has_messages_and_a_handler(
    pb: ModuleType, service: Service
) -> None:
    rpcs = {m.name: m.server_streaming for m in pb.DESCRIPTOR.services_by_name["Provider"].methods}
    del rpcs["LockState"]
    streams = {f"/tfplugin6.Provider/{name}": streaming for name, streaming in rpcs.items()}
    assert {name: rpc.path for name, rpc in RPCS.items()} == dict(zip(rpcs, streams, strict=True))
    assert {rpc.path: rpc.streams for rpc in RPCS.values()} == streams
    assert dict.fromkeys(service.handlers, False) | dict.fromkeys(service.streams, True) == streams


TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
SCALARS = {
    TEXT: TEXTS,
    BYTES: st.binary(max_size=200),
    INT: st.integers(-(1 << 63), (1 << 63) - 1),
    BOOL: st.booleans(),
}
ENUMS = {"severity": 2, "nesting": 4, "description_kind": 1, "reason": 3}


def fields_of(message: Message, depth: int = 0) -> st.SearchStrategy[dict[str, Any]]:
    """Random fields of a message for the encoder and google.protobuf's constructors. At most one member of a `oneof`."""
    chosen: dict[str, st.SearchStrategy[Any]] = {}
    for field in message.fields:
        if field.map is not None:
            value = value_of_map(field)
            inner = fields_of(value.message, depth + 1) if value.message else SCALARS[value.kind]
            chosen[field.name] = st.dictionaries(TEXTS, inner, max_size=2)
            continue
        if field.message is not None and depth > 3:
            continue
        if field.name in ENUMS:
            one: st.SearchStrategy[Any] = st.integers(0, ENUMS[field.name])
        else:
            one = fields_of(field.message, depth + 1) if field.message else SCALARS[field.kind]
        chosen[field.name] = st.lists(one, max_size=2) if field.repeated else one
    if message in (messages.STEP, messages.INVOKE_ACTION.response):
        return st.one_of(*(st.fixed_dictionaries({name: each}) for name, each in chosen.items()))
    if message is messages.TIMESTAMP:
        chosen["nanos"] = st.integers(0, 999_999_999)
    return st.fixed_dictionaries({}, optional=chosen)


def build(kind: Any, fields: dict[str, Any]) -> Any:
    """A google.protobuf message. (Its constructor does not accept a map of messages as dicts.)"""
    plain = dict(fields)
    maps = {
        each.name: plain.pop(each.name)
        for each in kind.DESCRIPTOR.fields
        if is_map(each) and each.name in plain
    }
    built = kind(**plain)
    for name, entries in maps.items():
        for key, value in entries.items():
            entry = getattr(built, name)
            if isinstance(value, dict):
                entry[key].CopyFrom(build(type(entry[key]), value))
            else:
                entry[key] = value
    return built


def complete(message: Message, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields as the decoder returns them, with the zero value of every absent one."""

    def whole(field: Field, value: Any) -> Any:
        if field.map is not None:
            return {key: whole(value_of_map(field), each) for key, each in value.items()}
        if field.repeated and isinstance(value, list):
            return [whole(field, each) for each in value]
        return complete(field.message, value) if field.message is not None else value

    return {
        field.name: field.zero() if fields.get(field.name) is None else whole(field, fields[field.name])
        for field in message.fields
    }


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_each_side_decodes_what_the_other_encodes(pb: ModuleType, data: st.DataObject) -> None:
    rpc = data.draw(st.sampled_from(list(RPCS.values())))
    message = data.draw(st.sampled_from([rpc.request, rpc.response]))
    fields = data.draw(fields_of(message))
    kind = getattr(getattr(pb, rpc.name), message.name.split(".")[1])
    built = build(kind, fields)
    assert kind.FromString(message.encode(fields)) == built
    assert message.decode(built.SerializeToString()) == complete(message, fields)


VALIDATE = messages.VALIDATE_RESOURCE_CONFIG.request
NOTHING = {"type_name": "", "config": None, "client_capabilities": None}


def test_unknown_fields_of_every_wire_type_are_skipped() -> None:
    inside = (
        varint(90 << 3)
        + b"\x05"
        + varint(91 << 3 | 2)
        + b"\x03abc"
        + varint(97 << 3 | 3)
        + varint(97 << 3 | 4)
    )
    unknown = b"".join(
        [
            varint(100 << 3) + varint(-1),
            varint(101 << 3 | 1) + b"12345678",
            varint(102 << 3 | 2) + b"\x03abc",
            varint(103 << 3 | 5) + b"1234",
            varint(99 << 3 | 3) + inside + varint(99 << 3 | 4),
        ]
    )
    # Field 1 with the wire type of a varint is not the text field 1.
    data = unknown + b"\x08\x07" + b"\x0a\x01t" + unknown
    assert VALIDATE.decode(data) == {**NOTHING, "type_name": "t"}


def test_a_message_in_parts_is_merged_and_the_last_scalar_wins() -> None:
    first = VALIDATE.encode({"type_name": "first", "config": {"msgpack": b"m"}})
    last = VALIDATE.encode({"type_name": "last", "config": {"json": b"j"}})
    config = {"msgpack": b"m", "json": b"j"}
    assert VALIDATE.decode(first + last) == {**NOTHING, "type_name": "last", "config": config}


MALFORMED = {
    "no value": b"\x0a",
    "a text that is cut off": b"\x0a\x05abc",
    "a length of more than 64 bits": b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
    "a text that is not UTF-8": b"\x0a\x02\xff\xfe",
    "field 0": b"\x02\x01a",
    "a tag that is cut off": b"\x80",
    "a group without its end": b"\x0b",
    "a group with the end of another": b"\x0b\x14",
    "the end of a group alone": b"\x0c",
    "an unknown wire type": b"\x0f",
    "64 bits that are cut off": b"\x09123",
    "groups that are too deep": b"\x0b" * 10_000,
    "an inner message that is cut off": b"\x12\x02\x0a\x05",
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED)
def test_malformed_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        VALIDATE.decode(data)


def test_characters_that_utf8_cannot_encode_become_question_marks() -> None:
    decoded = messages.DIAGNOSTIC.decode(messages.DIAGNOSTIC.encode({"summary": "a\ud800b"}))
    assert decoded == {"severity": 0, "summary": "a?b", "detail": "", "attribute": None}


def test_encoding_a_field_that_is_not_in_the_message_is_an_error() -> None:
    with pytest.raises(ValueError, match="DynamicValue has no field yaml"):
        messages.DYNAMIC_VALUE.encode({"yaml": b""})


def test_zeros_with_presence_and_empty_messages_are_encoded() -> None:
    message = Message(
        "m", {"a": (1, Present(INT)), "b": (2, INT), "c": (3, messages.DYNAMIC_VALUE), "d": (4, Map(INT))}
    )
    assert message.encode({"a": 0, "b": 0, "c": {}, "d": {}}) == b"\x08\x00\x1a\x00"
