"""The facts that integration types share: their life, and the attributes that stand outside Immuta's `config` object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from immuta_provider.model.fields import Choices, ResourceType, Routes
from immuta_provider.model.integrations.type import NO_SCRIPTS, IntegrationType
from immuta_provider.model.spec import About, Resource, Spec


@dataclass(frozen=True, kw_only=True)
class AboutIntegration(About):
    """The facts of one integration type. Each name means what it means in `IntegrationType`."""

    family: str = "integrations"
    noun: str = "integration"
    life: Routes | str = "integrations"
    key_ignores_case: bool = True
    root: str = "config"
    open_at: str | None = "config"
    settles: bool = True
    host_field: str = ""
    teardown_platform: str = ""
    teardown_fields: tuple[str, ...] = ()
    scripts: Choices = NO_SCRIPTS
    rotates_api_key: bool = False

    plain_type: ClassVar[type[ResourceType]] = IntegrationType


class Integration(Resource):
    """One integration type of Immuta."""


SET_UP_BY = Spec(
    "autoBootstrap",
    "Who sets up Immuta's objects on the platform. true: Immuta does, with the configured credentials. false: Immuta's "
    "set-up script has been run there before.",
    replace=True,
    places="autoBootstrap",
)

SET_UP_BEFOREHAND = Spec(
    "autoBootstrap",
    "true: Immuta sets up its objects on the platform itself, which Immuta does not offer here.",
    default="It is sent as false, the only value that Immuta accepts for this platform.",
    replace=True,
    places="autoBootstrap",
    unset_as=False,
    choices=Choices(False),
)

ROTATION_TRIGGER = Spec(
    "",
    "Any text, for example a date: when it changes to another one, Immuta regenerates the API key of the integration, in "
    "place, and the old key stops working at once. It is kept in the state, and never sent to Immuta. Setting it for the "
    "first time (at creation, after an import, or later) and taking it away regenerate nothing.",
    default="The key stays as it is.",
    state_only=True,
)
