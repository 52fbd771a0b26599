"""The integrations of one type that Immuta has, for `terraform query`."""

from __future__ import annotations

from .. import lives
from ..list_resource import TypeList

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...api.found import Found
    from ...api.http.client import HttpClient
    from ...plugin.diagnostics import Diagnostics
    from ...plugin.interfaces import Object


class IntegrationList(TypeList):
    """`list "immuta_*_integration"` (Immuta's `GET /integrations`)."""

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        from ...api.integrations.statuses import GONE, KNOWN

        status = config["status"]
        if isinstance(status, str) and status not in KNOWN - GONE:
            diagnostics.warning(
                "Unknown status",
                f"{status!r} is not a status that Immuta is known to give an integration; those are "
                f"{', '.join(sorted(KNOWN - GONE))}. If none has it, the list is empty.",
                ("status",),
            )

    def objects(self, client: HttpClient) -> Iterable[Found]:
        from ...api.integrations.statuses import GONE

        return (
            found for found in lives.integrations(client).every(self.type.type) if found.status not in GONE
        )
