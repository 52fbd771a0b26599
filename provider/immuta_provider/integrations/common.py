"""The attributes that integrations share and that stand outside Immuta's `config` object, as the same plain data."""

from __future__ import annotations

from immuta_provider.integrations.fields import BOOL, STRING, Choices, Field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from immuta_provider.integrations.fields import IntegrationType

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


def common_fields(integration: IntegrationType) -> tuple[Field, ...]:
    """`auto_bootstrap`, as far as the type has it, and `additional_config`."""
    auto_bootstrap = AUTO_BOOTSTRAP.get(integration.auto_bootstrap)
    return (auto_bootstrap, ADDITIONAL_CONFIG) if auto_bootstrap else (ADDITIONAL_CONFIG,)
