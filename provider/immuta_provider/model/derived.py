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
        "JSON text of an object with further keys for what Immuta is sent, merged into it at every depth after the "
        "attributes of this resource: for an integration, into its config object. It may hold no secret, and no key that "
        "has an attribute of its own, other than one that is not set for a null."
    ),
    default="Nothing is added.",
)

FORCE_DESTROY = Field(
    "force_destroy",
    "",
    BOOL,
    description=(
        "true: deleting it deletes what it contains in Immuta as well, whoever made that. false: as long as it contains "
        "anything it is not deleted, and the destroy fails."
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
