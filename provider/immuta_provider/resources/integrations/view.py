"""An integration as the data sources tell it: what Immuta says, and no secret."""

from __future__ import annotations

from ...model import payload
from ...plugin.schema import Attribute, Nested
from ...plugin.types import BOOL, STRING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...api.http.quoting import Quote
    from ...api.integrations.integration import Integration
    from ...model.integrations.type import IntegrationType
    from ...plugin.interfaces import Object


def attributes() -> tuple[Attribute, ...]:
    """The attributes of an integration beside its id, type and host."""
    return (
        Attribute(
            "auto_bootstrap",
            BOOL,
            description="true: Immuta set the platform up itself. Null if Immuta does not return it.",
            computed=True,
        ),
        Attribute(
            "status",
            STRING,
            description="Immuta's status of the integration, for example `enabled`.",
            computed=True,
        ),
        Attribute(
            "validation",
            nested=Nested(
                (
                    Attribute(
                        "status",
                        STRING,
                        description="Result of all tests: passed, failed, warning or skipped.",
                        computed=True,
                    ),
                    Attribute(
                        "tests",
                        nested=Nested(
                            (
                                Attribute("name", STRING, description="Name of the test.", computed=True),
                                Attribute(
                                    "status",
                                    STRING,
                                    description="Result of the test: passed, failed, warning or skipped.",
                                    computed=True,
                                ),
                                Attribute(
                                    "message",
                                    STRING,
                                    description="The reason for the failure, with possible secrets removed; null if the test "
                                    "did not fail.",
                                    computed=True,
                                ),
                            ),
                            "list",
                        ),
                        description="The tests, in Immuta's order.",
                        computed=True,
                    ),
                )
            ),
            description="The results of the tests that Immuta last ran on the platform. Null if Immuta returns none.",
            computed=True,
        ),
        Attribute(
            "config_json",
            STRING,
            description="The settings as JSON text of an object: the attributes of the type's resource that Immuta returns, "
            "without secrets. Null if Immuta returns no settings, or for a type that this provider does not know.",
            computed=True,
        ),
    )


def view(found: Integration, types: dict[str, IntegrationType], quote: Quote) -> Object:
    """The value of every attribute, `id`, `type` and `host` included. `quote`: as the client's, for a text about stored
    objects."""
    integration = types.get(found.type)
    settings = None
    if integration is not None and found.config is not None:
        settings = _json(payload.read_fields(integration.settings, found.config))
    return {
        "id": found.id,
        "type": found.type or None,
        "host": host(found, integration),
        "auto_bootstrap": found.auto_bootstrap,
        "status": found.status or None,
        "validation": _validation(found, quote),
        "config_json": settings,
    }


def host(found: Integration, integration: IntegrationType | None) -> str | None:
    """The host that the integration is on; None where its type has none, or Immuta does not return it."""
    if integration is None or not integration.host_field:
        return None
    name: str | None = payload.read_fields(integration.settings, found.config or {})[integration.host_field]
    return name


def _validation(found: Integration, quote: Quote) -> Object | None:
    from ...api.http.quoting import quoted

    validation = found.validation
    if not validation.status and not validation.tests:
        return None
    return {
        "status": quoted(validation.status, quote) or None,
        "tests": [
            {
                "name": quoted(test.name, quote) or None,
                "status": quoted(test.status, quote) or None,
                "message": quoted(test.message, quote) or None,
            }
            for test in validation.tests
        ],
    }


def _json(settings: dict[str, Any]) -> str:
    import json

    return json.dumps(_known(settings), ensure_ascii=False)


def _known(value: Any) -> Any:
    """Returns the value without nulls, at every depth."""
    if isinstance(value, dict):
        return {name: _known(each) for name, each in value.items() if each is not None}
    return [_known(each) for each in value] if isinstance(value, list) else value
