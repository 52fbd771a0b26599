"""The attributes that integrations share and that stand outside Immuta's `config` object, as the same plain data."""

from __future__ import annotations

from immuta_provider.model.fields import BOOL, STRING, Choices, Field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from immuta_provider.model.fields import IntegrationType

AUTO_BOOTSTRAP = {
    "required": Field(
        "auto_bootstrap",
        "autoBootstrap",
        BOOL,
        required=True,
        replace=True,
        description=(
            "Who sets up Immuta's objects on the platform. true: Immuta does, with the credentials given here. "
            "false: the set-up script of Immuta has been run there before."
        ),
    ),
    "only_false": Field(
        "auto_bootstrap",
        "autoBootstrap",
        BOOL,
        replace=True,
        choices=Choices(False),
        description="Whether Immuta sets up its objects on the platform itself, which it does not offer here.",
        default="It is sent as false, the only value that Immuta accepts for this platform.",
    ),
}

ADDITIONAL_CONFIG = Field(
    "additional_config",
    "",
    STRING,
    description=(
        "JSON text of an object with further keys for Immuta's config object, merged into it at every depth after "
        "the attributes of this resource. It may hold no key that has an attribute of its own, and no secret."
    ),
    default="Nothing is added.",
)

ROTATION_TRIGGER = Field(
    "rotation_trigger",
    "",
    STRING,
    description=(
        "Any text, for example a date: when it changes to another one, Immuta regenerates the API key of the integration, in "
        "place, and the old key stops working at once. It is kept in the state, and never sent to Immuta. Setting it for the "
        "first time (at creation, after an import, or later) and taking it away regenerate nothing."
    ),
    default="The key stays as it is.",
)


def common_fields(integration: IntegrationType) -> tuple[Field, ...]:
    """`auto_bootstrap` and `rotation_trigger`, as far as the type has them, and `additional_config`."""
    auto_bootstrap = AUTO_BOOTSTRAP.get(integration.auto_bootstrap)
    rotation_trigger = ROTATION_TRIGGER if integration.rotates_api_key else None
    return tuple(f for f in (auto_bootstrap, rotation_trigger, ADDITIONAL_CONFIG) if f is not None)
