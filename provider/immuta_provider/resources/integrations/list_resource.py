"""The integrations of one type that Immuta has, for `terraform query`: one instance for each type of the model."""

from __future__ import annotations

from ...model import payload
from ...plugin.interfaces import Listed
from ...plugin.schema import Attribute, Schema
from ...plugin.types import STRING
from .. import equivalence, reads, report
from .. import identity as identities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from ...api.client import Client
    from ...api.integrations.integration import Integration
    from ...model.fields import Field
    from ...model.integrations.type import IntegrationType
    from ...plugin.diagnostics import Diagnostics
    from ...plugin.interfaces import Object
    from ..configured import Configured
    from .resource import IntegrationResource


class IntegrationList:
    """`list "immuta_*_integration"` (Immuta's `GET /integrations`). It takes a status, and what integrations of this type are
    told apart by."""

    def __init__(self, resource: IntegrationResource, configured: Callable[[], Configured]) -> None:
        self.integration = resource.type
        self.schema = _schema(self.integration)
        self._resource = resource
        self._configured = configured

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        from ...api.integrations.statuses import GONE, KNOWN

        status = config["status"]
        if isinstance(status, str) and status not in KNOWN - GONE:
            diagnostics.warning(
                "Unknown status",
                f"{status!r} is no status that Immuta is known to give an integration; those are "
                f"{', '.join(sorted(KNOWN - GONE))}. Without one that has it, the list is empty.",
                ("status",),
            )

    def list(
        self, config: Object, limit: int, include_resource: bool, diagnostics: Diagnostics
    ) -> Iterator[Listed]:
        """The integrations that a refresh would find, in Immuta's order."""
        client = self._configured().connected(diagnostics)
        if client is None:
            return
        from ...api.http.errors import ImmutaError
        from ...api.integrations.statuses import GONE

        try:
            for found in reads.listed(client, self.integration.type):
                if found.status in GONE or not self._wanted(found, config):
                    continue
                yield Listed(
                    identities.of(client, found.id),
                    self._name(client, found),
                    self._resource.refreshed(self._resource.imported(found.id), found)
                    if include_resource
                    else None,
                )
        except ImmutaError as error:
            report.failed(error, self.integration, diagnostics)

    def _wanted(self, found: Integration, config: Mapping[str, Any]) -> bool:
        if config["status"] not in (None, found.status):
            return False
        actual = payload.read_fields(self.integration.settings, found.config or {})
        for field in self.integration.settings:
            wanted = config.get(field.name)
            if wanted is not None and not _same(field, wanted, actual[field.name]):
                return False
        return True

    def _name(self, client: Client, found: Integration) -> str:
        """The platform and what tells the integration apart there; the id where nothing visible does."""
        from ...api.http.error_response import quoted

        actual = payload.read_fields(self.integration.settings, found.config or {})
        parts = [str(actual[name]) for name in self.integration.unique_by if actual[name] is not None]
        return f"{self.integration.title}: {quoted(' / '.join(parts), client.quote) or f'integration {found.id}'}"


def _same(field: Field, wanted: str, actual: Any) -> bool:
    if field.equivalence == "hostname" and isinstance(actual, str):
        return equivalence.bare_host(wanted) == equivalence.bare_host(actual)
    return bool(wanted == actual)


def _schema(integration: IntegrationType) -> Schema:
    told_apart = [field for field in integration.fields if field.name in integration.unique_by]
    return Schema(
        (
            Attribute(
                "status",
                STRING,
                description="List only the integrations with this status, for example `enabled`. Default: with any.",
                optional=True,
            ),
            *(
                Attribute(
                    field.name,
                    STRING,
                    description=f"List only the integrations with this value. {field.description} Default: with any.",
                    optional=True,
                )
                for field in told_apart
            ),
        ),
        description=f"The {integration.title} integrations that Immuta has.",
    )
