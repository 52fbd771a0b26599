"""How the values of one schema come and go, and where what a provider offers is found by its name."""

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
    """How the values of one schema come and go: as configured, or as planned and stored (write-only
    attributes null)."""

    __slots__ = ("_configured", "_stored", "_to_stored", "schema")

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._configured = msgpack.decoder(schema.object_type)
        self._stored = msgpack.decoder(schema.stored_type)
        self._to_stored = msgpack.encoder(schema.stored_type)

    def config(self, message: Fields | None) -> Any:
        """A configuration; its secrets are learned before anything else happens."""
        return self._learned(dynamic(message, self._configured, self.schema.object_type))

    def state(self, message: Fields | None) -> Any:
        """A prior, proposed, planned or current state."""
        return self._learned(dynamic(message, self._stored, self.schema.stored_type))

    def encode(self, state: Any) -> Fields:
        return {"msgpack": self._to_stored(state)}

    def encode_what_fits(self, state: Any) -> Fields:
        """The state with null for each attribute whose value is not of its type: better than to lose the
        whole."""
        fitting = {}
        for attribute in self.schema.attributes:
            try:
                msgpack.encoder(attribute.stored_type)(state[attribute.name])
                fitting[attribute.name] = state[attribute.name]
            except (Misfit, KeyError):
                pass
        return self.encode(fitting)

    def encode_found(self, value: Any) -> Fields:
        """What was read or listed; its secrets are learned first."""
        secrecy.teach(self.schema, value, REDACTOR.learn_found)
        return self.encode(value)

    def _learned(self, value: Any) -> Any:
        secrecy.teach(self.schema, value, REDACTOR.learn)
        return value


_made: dict[Schema, Codec] = {}


def codec(schema: Schema) -> Codec:
    """The codec of a schema. Every call with the same schema returns the same object."""
    made = _made.get(schema)
    if made is None:
        made = _made[schema] = Codec(schema)
    return made


class IdentityCodec:
    """How the identities of one resource type come and go."""

    __slots__ = ("_decode", "_encode", "schema")

    def __init__(self, schema: IdentitySchema) -> None:
        self.schema = schema
        self._decode = msgpack.decoder(schema.object_type)
        self._encode = msgpack.encoder(schema.object_type)

    def decode(self, message: Fields | None) -> Any:
        """The identity, None where there is none."""
        given = message["identity_data"] if message is not None else None
        return dynamic(given, self._decode, self.schema.object_type)

    def encode(self, identity: Any) -> Fields | None:
        """The message of an identity, None where there is none. Raises `Misfit` where it is not wholly known."""
        if contains_unknown(identity):
            raise Misfit("the identity of a resource that exists is unknown")
        return None if identity is None else {"identity_data": {"msgpack": self._encode(identity)}}


class Registry:
    """Things of one kind (whatever has a `schema`) by their names in Terraform, each with its codec."""

    __slots__ = ("_kind", "_things")

    def __init__(self, kind: str, things: Mapping[str, Any]) -> None:
        self._kind = kind
        self._things = things

    def find(self, name: str) -> tuple[Any, Codec]:
        """The thing and its codec. Raises `Refusal` where there is none of that name."""
        thing = self._things.get(name)
        if thing is None:
            raise no_such(self._kind, name, self._things)
        return thing, codec(thing.schema)

    def schema(self, name: str) -> Schema | None:
        thing = self._things.get(name)
        schema: Schema | None = thing.schema if thing is not None else None
        return schema


def dynamic(message: Fields | None, decode: Callable[[bytes], Any], type: Type) -> Any:
    """The value of a DynamicValue: MessagePack, or JSON, or null where there is none."""
    if message is None:
        return None
    if message["msgpack"]:
        return decode(message["msgpack"])
    return json_values.fit(type, json_text.parse(message["json"])) if message["json"] else None


def whole(value: Any) -> Any:
    """The value, which has to be an object."""
    if not isinstance(value, dict):
        raise Malformed("a configuration or a state is no object")
    return value


def no_such(kind: str, name: str, known: Mapping[str, object]) -> Refusal:
    """The refusal of a name that the provider does not have."""
    has = f"It has {', '.join(sorted(known))}." if known else "It has none."
    return Refusal(
        f"Unknown {kind}",
        f"this provider has no {kind} {name}. {has} Correct the name, or use a provider version that has it.",
    )
