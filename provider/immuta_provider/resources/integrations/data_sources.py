"""`immuta_integrations`: the integrations that exist in Immuta."""

from __future__ import annotations

from functools import cached_property

from ...model.integrations import questions
from ...plugin.schema import Attribute, Nested, ReadSchema
from ...plugin.types import STRING
from .. import lives, reads
from ..configured import READ_LATER
from ..schema import argument
from .view import attributes, view

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ...model.integrations.type import IntegrationType
    from ...plugin.diagnostics import Diagnostics
    from ...plugin.interfaces import Object
    from ..configured import Configured


class IntegrationsData:
    """All integrations, or those of one type, or with one status (Immuta's `GET /integrations`)."""

    def __init__(
        self, integrations: tuple[IntegrationType, ...], configured: Callable[[], Configured]
    ) -> None:
        self._types = {i.type: i for i in integrations}
        self._configured = configured

    @cached_property
    def schema(self) -> ReadSchema:
        each = (
            Attribute("id", STRING, description="Immuta's id of the integration.", computed=True),
            Attribute("type", STRING, description="Immuta's name of its type.", computed=True),
            Attribute(
                "host",
                STRING,
                description="The host that it is on; null for a type without one.",
                computed=True,
            ),
            *attributes(),
        )
        return ReadSchema(
            (
                *map(argument, questions.integrations(tuple(self._types.values())).arguments),
                Attribute(
                    "integrations",
                    nested=Nested(each, "list"),
                    description="The integrations, in Immuta's order; empty if none matches.",
                    computed=True,
                ),
            ),
            description="The integrations that exist in Immuta.",
        )

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """A type or a status that is not known warns: Immuta may know more of them than this provider."""
        from ...api.integrations.statuses import KNOWN

        question = questions.integrations(tuple(self._types.values()), tuple(sorted(KNOWN)))
        reads.check(question, config, diagnostics)

    def read(self, config: Object, diagnostics: Diagnostics) -> Object | None:
        client = self._configured().connected(diagnostics, READ_LATER)
        if client is None:
            return None
        from ...api.http.errors import ImmutaError

        type, status = config["type"], config["status"]
        try:
            listed = list(lives.integrations(client).every(type))
        except ImmutaError as error:
            reads.failed(error, diagnostics)
            return None
        matching = [i for i in listed if (i.status != "deleted" if status is None else i.status == status)]
        return {**config, "integrations": [view(i, self._types, client.quote_stored) for i in matching]}
