"""Encodes and decodes values of one schema, and finds a provider's types by name."""

from __future__ import annotations

from .. import json_text, secrecy
from ..redaction import REDACTOR
from ..refusal import Refusal
from ..values import contains_unknown
from . import json_values, msgpack
from .msgpack import Misfit
from .protobuf import Malformed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from ..schema import IdentitySchema, Schema
    from ..types import Type

    Fields = dict[str, Any]


class Codec:
    """Decodes configurations of one schema, and decodes and encodes states (write-only attributes are null)."""

    __slots__ = ("_configured", "_stored", "_to_stored", "schema")

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._configured = msgpack.decoder(schema.object_type)
        self._stored = msgpack.decoder(schema.stored_type)
        self._to_stored = msgpack.encoder(schema.stored_type)

    def config(self, message: Fields | None) -> Any:
        """Decodes a configuration. The redactor learns its secrets."""
        return self._learned(dynamic(message, self._configured, self.schema.object_type))

    def state(self, message: Fields | None) -> Any:
        """Decodes a prior, proposed, planned or current state. The redactor learns its secrets."""
        return self._learned(dynamic(message, self._stored, self.schema.stored_type))

    def encode(self, state: Any) -> Fields:
        return {"msgpack": self._to_stored(state)}

    def encode_valid(self, state: Any) -> Fields:
        """Encodes the state with null for each attribute whose value is not of its type."""
        valid = {}
        for attribute in self.schema.attributes:
            try:
                msgpack.encoder(attribute.stored_type)(state[attribute.name])
                valid[attribute.name] = state[attribute.name]
            except (Misfit, KeyError):
                pass
        return self.encode(valid)

    def encode_read(self, value: Any) -> Fields:
        """Encodes a value that was read or listed. The redactor learns its secrets."""
        secrecy.learn_secrets(self.schema, value, REDACTOR.learn_read)
        return self.encode(value)

    def _learned(self, value: Any) -> Any:
        secrecy.learn_secrets(self.schema, value, REDACTOR.learn)
        return value


_codecs: dict[Schema, Codec] = {}


def codec(schema: Schema) -> Codec:
    """The codec of a schema. Every call with the same schema returns the same object."""
    cached = _codecs.get(schema)
    if cached is None:
        cached = _codecs[schema] = Codec(schema)
    return cached


class IdentityCodec:
    """Encodes and decodes the identities of one resource type."""

    __slots__ = ("_decode", "_encode", "schema")

    def __init__(self, schema: IdentitySchema) -> None:
        self.schema = schema
        self._decode = msgpack.decoder(schema.object_type)
        self._encode = msgpack.encoder(schema.object_type)

    def decode(self, message: Fields | None) -> Any:
        """The identity, or None if there is none."""
        data = message["identity_data"] if message is not None else None
        return dynamic(data, self._decode, self.schema.object_type)

    def encode(self, identity: Any) -> Fields | None:
        """The message of an identity, or None if there is none. Raises `Misfit` if a part of the identity is unknown."""
        if contains_unknown(identity):
            raise Misfit("the identity of a resource that exists is unknown")
        return None if identity is None else {"identity_data": {"msgpack": self._encode(identity)}}


class Registry:
    """A provider's types of one kind, such as its data sources, by their names in Terraform, each with its codec."""

    __slots__ = ("_kind", "_types")

    def __init__(self, kind: str, types: Mapping[str, Any]) -> None:
        self._kind = kind
        self._types = types

    def find(self, name: str) -> tuple[Any, Codec]:
        """The type and its codec. Raises `Refusal` if the provider has no type of that name."""
        found = self._types.get(name)
        if found is None:
            raise unknown_name(self._kind, name, self._types)
        return found, codec(found.schema)

    def schema(self, name: str) -> Schema | None:
        found = self._types.get(name)
        schema: Schema | None = found.schema if found is not None else None
        return schema


def dynamic(message: Fields | None, decode: Callable[[bytes], Any], type: Type) -> Any:
    """The value of a DynamicValue in MessagePack or JSON. An empty or absent one is null."""
    if message is None:
        return None
    if message["msgpack"]:
        return decode(message["msgpack"])
    return json_values.fit(type, json_text.parse(message["json"])) if message["json"] else None


def whole(value: Any) -> Any:
    """Returns the value. Raises `Malformed` if the value is not an object."""
    if not isinstance(value, dict):
        raise Malformed("a configuration or a state is not an object")
    return value


def unknown_name(kind: str, name: str, known: Mapping[str, object]) -> Refusal:
    """The exception for a name that the provider does not have."""
    has = f"It has {', '.join(sorted(known))}." if known else "It has none."
    return Refusal(
        f"Unknown {kind}",
        f"this provider has no {kind} {name}. {has} Correct the name, or use a provider version that has it.",
    )
