"""The integrations of one type that Immuta has, for `terraform query`."""

from __future__ import annotations

from ...model.integrations import questions
from ...model.questions import Question
from .. import lives, reads
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

        status = questions.integrations((), tuple(sorted(KNOWN - GONE))).argument("status")
        reads.check(Question(self.type.resource, status), config, diagnostics)

    def objects(self, client: HttpClient) -> Iterable[Found]:
        from ...api.integrations.statuses import GONE

        return (
            found for found in lives.integrations(client).every(self.type.type) if found.status not in GONE
        )
