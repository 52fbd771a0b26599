"""The Terraform schema of an integration type, derived from the model."""

from __future__ import annotations

from ..model import fields as model
from ..model.integrations.base import ADDITIONAL_CONFIG, AUTO_BOOTSTRAP, ROTATION_TRIGGER
from ..plugin.schema import Attribute, Nested, Schema
from ..plugin.types import BOOL, NUMBER, STRING, ListOf
from . import equivalence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..model.fields import Field, IntegrationType
    from ..plugin.types import Type

DEFAULT_TIMEOUT = 600.0

TYPES: dict[str, Type] = {
    model.STRING: STRING,
    model.NUMBER: NUMBER,
    model.BOOL: BOOL,
    model.STRINGS: ListOf(STRING),
}


def integration_schema(integration: IntegrationType) -> Schema:
    """Immuta's own keys as attributes, and what every integration resource has beside them."""
    return Schema(
        (
            Attribute(
                "id",
                STRING,
                description="Immuta's id of the integration, as text.",
                computed=True,
                use_state_for_unknown=True,
            ),
            *_auto_bootstrap(integration),
            *(_attribute(f) for f in integration.fields),
            Attribute(
                ADDITIONAL_CONFIG.name,
                STRING,
                description=_described(ADDITIONAL_CONFIG),
                optional=True,
                requires_replace=not integration.updatable,
                semantic_equality=equivalence.json_text,
            ),
            Attribute(
                "status",
                STRING,
                description="Immuta's status of the integration, for example `enabled`. An unhealthy one that an update can "
                "mend plans that update.",
                computed=True,
            ),
            *_credentials_revision(integration),
            *_rotation_trigger(integration),
            _timeouts(),
        ),
        description=integration.description,
    )


def _auto_bootstrap(integration: IntegrationType) -> tuple[Attribute, ...]:
    field = AUTO_BOOTSTRAP.get(integration.auto_bootstrap)
    if field is None:
        return ()
    return (
        Attribute(
            field.name,
            BOOL,
            description=_described(field),
            required=field.required,
            optional=not field.required,
            computed=not field.required,
            use_state_for_unknown=not field.required,
            requires_replace=field.replace,
        ),
    )


def _credentials_revision(integration: IntegrationType) -> tuple[Attribute, ...]:
    if not integration.has_secrets:
        return ()
    description = (
        "How often Immuta was sent this integration's secrets: 1 at creation, one more each time they were sent again. It is "
        "unknown in a plan that will send them."
    )
    return (Attribute("credentials_revision", NUMBER, description=description, computed=True),)


def _rotation_trigger(integration: IntegrationType) -> tuple[Attribute, ...]:
    if not integration.rotates_api_key:
        return ()
    return (
        Attribute(
            ROTATION_TRIGGER.name,
            STRING,
            description=_described(ROTATION_TRIGGER),
            optional=True,
            state_only=True,
        ),
    )


def _timeouts() -> Attribute:
    def one(name: str, what: str) -> Attribute:
        return Attribute(
            name,
            STRING,
            description=f"How long to wait for Immuta to {what} the integration, for example `90s` or `1h30m`. Default: `10m`.",
            optional=True,
        )

    return Attribute(
        "timeouts",
        nested=Nested((one("create", "set up"), one("update", "change"), one("delete", "remove")), "single"),
        description="How long to wait for Immuta. A change here changes the state only.",
        optional=True,
        state_only=True,
    )


def _attribute(field: Field) -> Attribute:
    nested = None
    if field.fields:
        nesting = "list" if field.kind == model.OBJECTS else "single"
        nested = Nested(tuple(_attribute(f) for f in field.fields), nesting, element_key=field.element_key)
    return Attribute(
        field.name,
        None if nested else TYPES[field.kind],
        nested=nested,
        description=_described(field),
        required=field.required,
        optional=not field.required,
        computed=field.server_filled,
        sensitive=field.secret,
        write_only=field.secret,
        requires_replace=field.replace,
        semantic_equality=equivalence.BY_NAME.get(field.equivalence),
    )


def _described(field: Field) -> str:
    parts = [field.description]
    if field.default:
        parts.append(f"Default: {field.default}")
    if field.secret:
        parts.append("Write-only: never stored in the state.")
    if field.replace:
        parts.append("Changing it replaces the integration.")
    return " ".join(parts)
