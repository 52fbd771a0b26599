"""Fields and objects that mean the same on several platforms."""

from __future__ import annotations

from typing import Annotated, Any

from immuta_provider.model.fields import When
from immuta_provider.model.spec import Object, Spec

ALWAYS_EXPECTED = When({}, strict=False)
"""Required by what is known of the API, without a page that says so: its absence warns."""

HOST_PATTERN: dict[str, Any] = {
    "pattern": "[^/:@? ]+",
    "pattern_hint": "a bare host name, without a scheme, a port or a path",
}


def a_host(key: str, description: str, **facts: Any) -> Spec:
    """A host name. That it comes without scheme and path is how every sample shows it, so anything else warns."""
    return Spec(
        key, description, equivalence="hostname", **{**HOST_PATTERN, "pattern_strict": False, **facts}
    )


def a_port(description: str, default: str, **facts: Any) -> Spec:
    """A TCP port."""
    return Spec("port", description, default=default, minimum=0, maximum=65535, **facts)


class Audit(Object):
    """Collecting the platform's own query log."""

    enabled: Annotated[
        bool | None,
        Spec(
            "enabled",
            "true: Immuta collects the platform's query log as audit events.",
            default="Off, as far as is known.",
            computed=True,
            computed_as=False,
        ),
    ] = None


class Impersonation(Object):
    """Users querying as another user; a platform adds its `role`, whose default differs."""

    enabled: Annotated[
        bool | None,
        Spec(
            "enabled",
            "true: users may query as another user.",
            default="Off.",
            computed=True,
            computed_as=False,
        ),
    ] = None
