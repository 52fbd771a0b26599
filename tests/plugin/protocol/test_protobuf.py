"""The message tables against google.protobuf: the same fields and the same bytes, in both directions."""

from __future__ import annotations

from collections.abc import Iterator
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
    Malformed,
    Map,
    Message,
    Present,
    varint,
)

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
    outer: Any = pb
    for part in message.name.split("."):
        outer = getattr(outer, part)
    return outer.DESCRIPTOR


def ours(message: Message) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in message.fields:
        if field.map is not None:
            value = next(f for f in field.map.fields if f.name == "value")
            what: Any = ("map", value.message.name if value.message else value.kind)
        else:
            what = field.message.name if field.message else field.kind
        found[field.name] = (field.number, what, field.repeated, field.present)
    return found


def theirs(kind: Descriptor) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in kind.fields:
        what: Any = _what(field)
        is_map = field.message_type is not None and field.message_type.GetOptions().map_entry
        if is_map:
            what = ("map", _what(field.message_type.fields_by_name["value"]))
        present = field.has_presence and field.message_type is None
        found[field.name] = (field.number, what, field.is_repeated and not is_map, present)
    return found


def _what(field: FieldDescriptor) -> Any:
    if field.message_type is None:
        return KINDS[field.type]
    return field.message_type.full_name.removeprefix("tfplugin6.")


def test_every_message_has_the_fields_of_the_protocol(pb: ModuleType) -> None:
    assert {m.name: ours(m) for m in every_message()} == {
        m.name: theirs(descriptor(pb, m)) for m in every_message()
    }


def test_every_call_of_the_protocol_has_its_messages(pb: ModuleType) -> None:
    calls = {m.name: m.server_streaming for m in pb.DESCRIPTOR.services_by_name["Provider"].methods}
    del calls["LockState"]
    assert {name: (rpc.path, rpc.streams) for name, rpc in RPCS.items()} == {
        name: (f"/tfplugin6.Provider/{name}", streams) for name, streams in calls.items()
    }


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
            value = next(f for f in field.map.fields if f.name == "value")
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
    built = kind()
    for name, value in fields.items():
        field = kind.DESCRIPTOR.fields_by_name[name]
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            for key, each in value.items():
                if isinstance(each, dict):
                    entry = getattr(built, name)[key]
                    entry.CopyFrom(build(type(entry), each))
                else:
                    getattr(built, name)[key] = each
        elif field.message_type is None:
            if field.is_repeated:
                getattr(built, name).extend(value)
            else:
                setattr(built, name, value)
        elif field.is_repeated:
            for each in value:
                item = getattr(built, name).add()
                item.CopyFrom(build(type(item), each))
        else:
            part = getattr(built, name)
            part.SetInParent()
            part.CopyFrom(build(type(part), value))
    return built


def complete(message: Message, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields as the decoder returns them, with the zero value of every absent one."""
    whole: dict[str, Any] = {}
    for field in message.fields:
        value = fields.get(field.name)
        if value is None:
            whole[field.name] = field.zero()
        elif field.map is not None:
            inner = next(f for f in field.map.fields if f.name == "value").message
            whole[field.name] = {k: complete(inner, v) if inner else v for k, v in value.items()}
        elif field.message is not None:
            part = field.message
            whole[field.name] = (
                [complete(part, v) for v in value] if field.repeated else complete(part, value)
            )
        else:
            whole[field.name] = value
    return whole


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


def test_unknown_fields_of_every_wire_type_are_skipped() -> None:
    inside_a_group = varint(90 << 3) + b"\x05"
    group = (
        varint(99 << 3 | 3) + inside_a_group + varint(97 << 3 | 3) + varint(97 << 3 | 4) + varint(99 << 3 | 4)
    )
    unknown = (
        varint(100 << 3)
        + varint(-1)
        + varint(101 << 3 | 1)
        + b"12345678"
        + varint(102 << 3 | 2)
        + b"\x03abc"
        + varint(103 << 3 | 5)
        + b"1234"
        + group
    )
    # Field 1 with the wire type of a varint is not the text field 1.
    data = unknown + b"\x08\x07" + b"\x0a\x01t" + unknown
    assert messages.VALIDATE_RESOURCE_CONFIG.request.decode(data) == {
        "type_name": "t",
        "config": None,
        "client_capabilities": None,
    }


def test_a_message_in_parts_is_merged_and_the_last_scalar_wins() -> None:
    request = messages.VALIDATE_RESOURCE_CONFIG.request
    data = request.encode({"type_name": "first", "config": {"msgpack": b"m"}}) + request.encode(
        {"type_name": "last", "config": {"json": b"j"}}
    )
    assert request.decode(data) == {
        "type_name": "last",
        "config": {"msgpack": b"m", "json": b"j"},
        "client_capabilities": None,
    }


@pytest.mark.parametrize(
    "data",
    [
        b"\x0a",
        b"\x0a\x05abc",
        b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        b"\x0a\x02\xff\xfe",
        b"\x02\x01a",
        b"\x80",
        b"\x0b",
        b"\x0b\x14",
        b"\x0c",
        b"\x0f",
        b"\x09123",
        b"\x0b" * 10_000,
        b"\x12\x02\x0a\x05",
    ],
)
def test_malformed_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        messages.VALIDATE_RESOURCE_CONFIG.request.decode(data)


def test_characters_that_utf8_cannot_encode_become_question_marks() -> None:
    data = messages.DIAGNOSTIC.encode({"summary": "a\ud800b"})
    assert messages.DIAGNOSTIC.decode(data) == {
        "severity": 0,
        "summary": "a?b",
        "detail": "",
        "attribute": None,
    }


def test_encoding_a_field_that_is_not_in_the_message_is_an_error() -> None:
    with pytest.raises(ValueError, match="DynamicValue has no field yaml"):
        messages.DYNAMIC_VALUE.encode({"yaml": b""})


def test_zeros_with_presence_and_empty_messages_are_encoded() -> None:
    message = Message(
        "m", {"a": (1, Present(INT)), "b": (2, INT), "c": (3, messages.DYNAMIC_VALUE), "d": (4, Map(INT))}
    )
    assert message.encode({"a": 0, "b": 0, "c": {}, "d": {}}) == b"\x08\x00\x1a\x00"
