"""The Terraform schema of a resource type, derived from the model."""

from __future__ import annotations

from ..model import fields as model
from ..model.derived import ADDITIONAL_CONFIG, derived_fields
from ..plugin.schema import Attribute, Nested, Schema
from ..plugin.types import BOOL, NUMBER, STRING, ListOf, MapOf, SetOf
from . import equivalence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..model.fields import Field, ResourceType
    from ..plugin.types import Type

DEFAULT_TIMEOUT = 600.0

TYPES: dict[str, Type] = {
    model.STRING: STRING,
    model.NUMBER: NUMBER,
    model.BOOL: BOOL,
    model.STRINGS: ListOf(STRING),
    model.STRING_SET: SetOf(STRING),
    model.STRING_MAP: MapOf(STRING),
    model.STRINGS_MAP: MapOf(ListOf(STRING)),
}


_made: dict[str, tuple[ResourceType, Schema]] = {}


def resource_schema(type: ResourceType) -> Schema:
    """The schema of a resource type. Every call with the same type returns the same object, whose codec is built once, too."""
    made = _made.get(type.resource)
    # A dictionary of types would hash every field at start-up, and two types may share a name.
    if made is None or made[0] is not type:
        made = _made[type.resource] = (type, _schema(type))
    return made[1]


def _schema(type: ResourceType) -> Schema:
    """Immuta's own keys as attributes, and what every resource has beside them as far as its life gives that a meaning."""
    return Schema(
        (
            Attribute(
                "id",
                STRING,
                description=f"{type.id_meaning}.",
                computed=True,
                use_state_for_unknown=True,
            ),
            *(attribute(f, type.noun) for f in type.fields),
            *(_derived(f, type) for f in derived_fields(type)),
            *_status(type),
            *_edited(type),
            *_credentials_revision(type),
            *_timeouts(type),
        ),
        description=type.description,
    )


def _derived(field: Field, type: ResourceType) -> Attribute:
    """`additional_config` and its like. What a type without an update cannot change replaces it."""
    return Attribute(
        field.name,
        TYPES[field.kind],
        description=described(field, type.noun),
        optional=True,
        requires_replace=not (field.state_only or type.updatable),
        state_only=field.state_only,
        semantic_equality=equivalence.json_text if field is ADDITIONAL_CONFIG else None,
    )


def _status(type: ResourceType) -> tuple[Attribute, ...]:
    if not type.has_status:
        return ()
    description = (
        f"Immuta's status of the {type.noun}, for example `enabled`. If an update can repair an unhealthy {type.noun}, the "
        "plan shows that update."
    )
    return (Attribute("status", STRING, description=description, computed=True),)


def _edited(type: ResourceType) -> tuple[Attribute, ...]:
    if not type.digested:
        return ()
    description = (
        f"The time and the author of an edit of the {type.noun} in Immuta since Terraform's last write, if Immuta shows "
        "them; null if there was none. After an edit the plan shows one update, which writes the configured values."
    )
    return (Attribute("edited", STRING, description=description, computed=True),)


def _credentials_revision(type: ResourceType) -> tuple[Attribute, ...]:
    if not type.has_secrets:
        return ()
    description = (
        f"Number of requests that sent this {type.noun}'s secrets to Immuta, 1 at creation. Unknown in a plan that sends them "
        "again."
    )
    return (Attribute("credentials_revision", NUMBER, description=description, computed=True),)


def _timeouts(type: ResourceType) -> tuple[Attribute, ...]:
    if not type.settles:
        return ()

    def one(name: str, what: str) -> Attribute:
        return Attribute(
            name,
            STRING,
            description=f"Longest wait for Immuta to {what} the {type.noun}, for example `90s` or `1h30m`. Default: `10m`.",
            optional=True,
        )

    return (
        Attribute(
            "timeouts",
            nested=Nested(
                (one("create", "set up"), one("update", "change"), one("delete", "remove")), "single"
            ),
            description="Longest waits for Immuta. A change here changes the state only.",
            optional=True,
            state_only=True,
        ),
    )


def attribute(field: Field, noun: str) -> Attribute:
    """A field of the model as an attribute of a resource; `noun` is what is replaced where the field is frozen."""
    nested = None
    if field.fields:
        nesting = "list" if field.kind == model.OBJECTS else "single"
        nested = Nested(
            tuple(attribute(f, noun) for f in field.fields), nesting, element_key=field.element_key
        )
    return Attribute(
        field.name,
        None if nested else TYPES[field.kind],
        nested=nested,
        description=described(field, noun),
        required=field.required,
        optional=not (field.required or field.read_only),
        # The value that is sent when it is not set is the one that Immuta holds then.
        computed=field.computed or field.read_only or field.unset_as is not None,
        use_state_for_unknown=field.read_only or field.unset_as is not None,
        sensitive=field.secret,
        write_only=field.secret,
        requires_replace=field.replace,
        state_only=field.state_only,
        semantic_equality=equivalence.BY_NAME.get(field.equivalence),
    )


def argument(field: Field, *, computed: bool = False) -> Attribute:
    """An argument of a data source, an ephemeral resource or an action. `computed`: it is read where it is not set."""
    return Attribute(
        field.name,
        TYPES[field.kind],
        description=described(field, ""),
        required=field.required,
        optional=not field.required,
        computed=computed,
    )


def described(field: Field, noun: str) -> str:
    """A field's description, its default and what is special about it."""
    parts = [field.description]
    if field.default:
        parts.append(f"Default: {field.default}")
    if field.secret:
        parts.append("Write-only: never stored in the state.")
    if field.replace:
        parts.append(f"Changing it replaces the {noun}.")
    return " ".join(parts)
