"""The attributes that a resource type has because of how it lives, beside its own."""

from __future__ import annotations

from immuta_provider.model.fields import BOOL, STRING, Field, Routes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from immuta_provider.model.fields import ResourceType

ADDITIONAL_CONFIG = Field(
    "additional_config",
    "",
    STRING,
    description=(
        "JSON text of an object. Its keys are added to the request at every depth, after the attributes; for an integration, "
        "to its `config`. Secrets are not allowed, nor keys that have an attribute. Exception: a key whose attribute is not "
        "set may be null."
    ),
    default="Nothing is added.",
)

FORCE_DESTROY = Field(
    "force_destroy",
    "",
    BOOL,
    description=(
        "true: a destroy also deletes everything that the object contains in Immuta, including objects that others created. "
        "false: a destroy fails while the object contains others."
    ),
    default="false.",
    state_only=True,
)


def derived_fields(type: ResourceType) -> tuple[Field, ...]:
    """`additional_config` where a type's JSON is open for it, and `force_destroy` where one object may contain others."""
    contains = isinstance(type.life, Routes) and bool(type.life.tree) and not type.life.nested
    return (
        *((ADDITIONAL_CONFIG,) if type.open_at is not None else ()),
        *((FORCE_DESTROY,) if contains else ()),
    )
