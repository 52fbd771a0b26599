"""`immuta_integration`: one integration that Immuta has, whoever made it."""

from __future__ import annotations

from functools import cached_property

from ...model.integrations import questions
from ...plugin.schema import ReadSchema
from .. import lives, reads
from ..configured import READ_LATER
from ..equivalence import bare_host
from ..schema import argument
from .view import attributes, host, view

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ...api.http.client import HttpClient
    from ...api.integrations.integration import Integration
    from ...model.integrations.type import IntegrationType
    from ...plugin.diagnostics import Diagnostics
    from ...plugin.interfaces import Object
    from ..configured import Configured


class IntegrationData:
    """One integration by its id, or by its type and host (Immuta's `GET /integrations` and `GET /integrations/{id}`)."""

    def __init__(
        self, integrations: tuple[IntegrationType, ...], configured: Callable[[], Configured]
    ) -> None:
        self._types = {i.type: i for i in integrations}
        self._question = questions.integration(integrations)
        self._configured = configured

    @cached_property
    def schema(self) -> ReadSchema:
        return ReadSchema(
            (
                *(argument(field, computed=True) for field in self._question.arguments),
                *attributes(),
            ),
            description="One integration that exists in Immuta: by `id`, or by `type` and `host`.",
        )

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """Either the id, or the type and perhaps the host."""
        reads.check(self._question, config, diagnostics)

    def read(self, config: Object, diagnostics: Diagnostics) -> Object | None:
        client = self._configured().connected(diagnostics, READ_LATER)
        if client is None:
            return None
        from ...api.http.errors import ImmutaError

        try:
            found = (
                lives.integrations(client).whole(config["id"].strip())
                if config["id"]
                else self._by_type(client, config, diagnostics)
            )
        except ImmutaError as error:
            reads.failed(error, diagnostics)
            return None
        if found is None:
            return None
        configured = {name: value for name, value in config.items() if value is not None}
        return {**view(found, self._types, client.quote_stored), **configured}

    def _by_type(self, client: HttpClient, config: Object, diagnostics: Diagnostics) -> Integration | None:
        type, host_name = config["type"], config["host"]
        of_type = [i for i in lives.integrations(client).every(type) if i.status != "deleted"]
        found = [i for i in of_type if host_name is None or self._is_on(i, host_name)]
        # One that was switched off by force goes on being listed beside its successor.
        found = [i for i in found if i.status != "disabled"] or found
        if len(found) == 1:
            return found[0]
        where = f" on {host_name!r}" if host_name is not None else ""
        if found:
            narrow = (
                "Set `host` to one of these hosts, or set `id` instead"
                if host_name is None
                else "Set `id` instead"
            )
            diagnostics.error(
                "Several integrations fit",
                f"Immuta has {len(found)} integrations of type {type!r}{where}:{self._listed(found, client)}\n{narrow}.",
            )
            return None
        others = f" Those of that type are:{self._listed(of_type, client)}\n" if of_type else " "
        diagnostics.error(
            "No such integration",
            f"Immuta has no integration of type {type!r}{where}.{others}Correct `type` or `host`, or create the integration "
            "first.",
        )
        return None

    def _is_on(self, found: Integration, host_name: str) -> bool:
        own = host(found, self._types.get(found.type))
        return own is not None and bare_host(own) == bare_host(host_name)

    def _listed(self, found: list[Integration], client: HttpClient) -> str:
        from ...api.http.quoting import quoted

        lines = []
        for each in found:
            own = quoted(host(each, self._types.get(each.type)) or "", client.quote)
            lines.append(
                f"\n  - id {each.id}{f', host {own}' if own else ''}, status {each.status or 'unknown'}"
            )
        return "".join(lines)
