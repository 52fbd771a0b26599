"""`immuta_integration`: one integration that Immuta has, whoever made it."""

from __future__ import annotations

from functools import cached_property

from ...plugin.schema import Attribute, ReadSchema
from ...plugin.types import STRING
from .. import reads
from ..equivalence import bare_host
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
        self._configured = configured

    @cached_property
    def schema(self) -> ReadSchema:
        hosts = ", ".join(f"`{i.host_field}` of {i.title}" for i in self._types.values() if i.host_field)
        return ReadSchema(
            (
                Attribute(
                    "id",
                    STRING,
                    description="Immuta's id of the integration. Default: it is found by `type` and `host`.",
                    optional=True,
                    computed=True,
                ),
                Attribute(
                    "type",
                    STRING,
                    description=f"Immuta's name of the type: {', '.join(self._types)}. Default: it is found by `id`.",
                    optional=True,
                    computed=True,
                ),
                Attribute(
                    "host",
                    STRING,
                    description=f"The host that the integration is on, as it is or in a URL: {hosts}; null for the other types. "
                    "Default: the only integration of that type is meant.",
                    optional=True,
                    computed=True,
                ),
                *attributes(),
            ),
            description="One integration that Immuta has, whoever made it: by `id`, or by `type` and `host`.",
        )

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """Whether there is enough, and not too much, to find an integration by."""
        id, type, host = config["id"], config["type"], config["host"]
        if id is not None and (type is not None or host is not None):
            names = " and ".join(name for name in ("type", "host") if config[name] is not None)
            diagnostics.error(
                "An integration is found by one way",
                f"`id` is set, and so is {names}. Set either `id`, or `type` and, where there are several of that type, `host`.",
            )
        elif id is None and type is None:
            diagnostics.error(
                "Nothing to find the integration by",
                "set either `id`, or `type` and, where there are several of that type, `host`.",
            )
        elif isinstance(id, str) and not id.strip():
            diagnostics.error(
                "No integration id", "`id` is empty; give Immuta's id of it, for example `7`.", ("id",)
            )
        elif isinstance(type, str) and host is not None:
            known = self._types.get(type)
            if known is not None and not known.host_field:
                diagnostics.error(
                    f"{known.title} integrations have no host",
                    f"`host` is set, and integrations of type {type!r} have none. Find the integration by `id`, or by `type` "
                    "alone where it is the only one.",
                    ("host",),
                )

    def read(self, config: Object, diagnostics: Diagnostics) -> Object | None:
        client = reads.client_of(self._configured(), diagnostics)
        if client is None:
            return None
        from ...api.http.errors import ImmutaError

        try:
            found = (
                reads.found(client, config["id"].strip())
                if config["id"]
                else self._by_type(client, config, diagnostics)
            )
        except ImmutaError as error:
            reads.failed(error, diagnostics)
            return None
        if found is None:
            return None
        given = {name: value for name, value in config.items() if value is not None}
        return {**view(found, self._types, client.quote_held), **given}

    def _by_type(self, client: HttpClient, config: Object, diagnostics: Diagnostics) -> Integration | None:
        type, wanted = config["type"], config["host"]
        of_type = [i for i in reads.listed(client, type) if i.status != "deleted"]
        found = [i for i in of_type if wanted is None or self._is_on(i, wanted)]
        # One that was switched off by force goes on being listed beside its successor.
        found = [i for i in found if i.status != "disabled"] or found
        if len(found) == 1:
            return found[0]
        where = f" on {wanted!r}" if wanted is not None else ""
        if found:
            narrow = "Set `host` to one of theirs, or `id` instead" if wanted is None else "Set `id` instead"
            diagnostics.error(
                "Several integrations fit",
                f"Immuta has {len(found)} integrations of type {type!r}{where}:{self._listed(found, client)}\n{narrow}.",
            )
            return None
        others = f" It has:{self._listed(of_type, client)}\n" if of_type else " "
        known = ""
        if type not in self._types:
            known = f" The types that this provider knows: {', '.join(self._types)}."
        diagnostics.error(
            "No such integration",
            f"Immuta has no integration of type {type!r}{where}.{others}Correct `type` or `host`, or make the integration "
            f"first.{known}",
        )
        return None

    def _is_on(self, found: Integration, wanted: str) -> bool:
        own = host(found, self._types.get(found.type))
        return own is not None and bare_host(own) == bare_host(wanted)

    def _listed(self, found: list[Integration], client: HttpClient) -> str:
        from ...api.http.quoting import quoted

        lines = []
        for each in found:
            own = quoted(host(each, self._types.get(each.type)) or "", client.quote)
            lines.append(
                f"\n  - id {each.id}{f', host {own}' if own else ''}, status {each.status or 'unknown'}"
            )
        return "".join(lines)
