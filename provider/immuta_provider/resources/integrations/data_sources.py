"""`immuta_integrations`: the integrations that Immuta has, whoever made them."""

from __future__ import annotations

from functools import cached_property

from ...plugin.schema import Attribute, Nested, ReadSchema
from ...plugin.types import STRING
from .. import reads
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
                Attribute(
                    "type",
                    STRING,
                    description=f"Immuta's name of the type that is wanted: {', '.join(self._types)}. Default: all types.",
                    optional=True,
                ),
                Attribute(
                    "status",
                    STRING,
                    description="The status that is wanted, for example `enabled`. Default: all but `deleted`.",
                    optional=True,
                ),
                Attribute(
                    "integrations",
                    nested=Nested(each, "list"),
                    description="The integrations, in Immuta's order; empty where none is as wanted.",
                    computed=True,
                ),
            ),
            description="The integrations that Immuta has, whoever made them.",
        )

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """A type or a status that is not known warns: Immuta may know more of them than this provider."""
        from ...api.integrations.statuses import KNOWN

        for name, known in (("type", list(self._types)), ("status", sorted(KNOWN))):
            value = config[name]
            if isinstance(value, str) and value not in known:
                diagnostics.warning(
                    f"Unfamiliar {name}",
                    f"`{name}` is {value!r}; known are {', '.join(known)}. If it is misspelt, the list will be empty.",
                    (name,),
                )

    def read(self, config: Object, diagnostics: Diagnostics) -> Object | None:
        client = reads.client_of(self._configured(), diagnostics)
        if client is None:
            return None
        from ...api.http.errors import ImmutaError

        type, status = config["type"], config["status"]
        try:
            listed = list(reads.listed(client, type))
        except ImmutaError as error:
            reads.failed(error, diagnostics)
            return None
        wanted = [i for i in listed if (i.status != "deleted" if status is None else i.status == status)]
        return {**config, "integrations": [view(i, self._types, client.quote_held) for i in wanted]}
