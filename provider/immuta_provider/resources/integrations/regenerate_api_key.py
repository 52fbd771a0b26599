"""The action that has Immuta regenerate an integration's API key."""

from __future__ import annotations

from ...model.integrations import questions
from ...model.text import a
from ...plugin.schema import Schema
from .. import lives, reads
from ..schema import DEFAULT_TIMEOUT, argument

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ...model.integrations.type import IntegrationType
    from ...plugin.diagnostics import Diagnostics
    from ...plugin.interfaces import Object
    from ..configured import Configured


class RegenerateApiKey:
    """`action "immuta_regenerate_api_key"` (Immuta's `POST /integrations/{id}/regenerate`)."""

    def __init__(
        self, integrations: tuple[IntegrationType, ...], configured: Callable[[], Configured]
    ) -> None:
        self._types = {each.type: each for each in integrations}
        self._configured = configured
        self._question = questions.regenerate_api_key(integrations)
        titles = " or ".join(each.title for each in integrations if each.rotates_api_key)
        self.schema = Schema(
            (argument(self._question.argument("id")),),
            description=f"Has Immuta regenerate the API key of a {titles} integration. The old key stops working at once, and "
            "the new one is in no plan, no state and no log.",
        )

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        reads.check(self._question, config, diagnostics)

    def plan(self, config: Object, diagnostics: Diagnostics) -> None:
        """Checks that there is such an integration, and that it has a key; nothing while the id is unknown."""
        client, id = self._configured().client, config["id"]
        if client is None or not isinstance(id, str):
            return
        from ...api.http.errors import ImmutaError
        from ...api.integrations import life

        try:
            found = life.read(lives.integrations(client), id.strip())
        except ImmutaError as error:
            diagnostics.error(error.summary, error.detail)
            return
        if found is None:
            diagnostics.error(
                "No such integration", f"Immuta has no integration {id}. Correct `id`.", ("id",)
            )
            return
        known = self._types.get(found.type)
        if known is not None and not known.rotates_api_key:
            allowed = ", ".join(each.title for each in self._types.values() if each.rotates_api_key)
            diagnostics.error(
                "An integration without an API key",
                f"integration {found.id} is {a(known.label)}, for which Immuta makes no API key. Set `id` to the id of "
                f"an integration of another type: {allowed}.",
                ("id",),
            )

    def invoke(self, config: Object, progress: Callable[[str], None], diagnostics: Diagnostics) -> None:
        client = self._configured().connected(diagnostics)
        if client is None:
            return
        from ...api.http.errors import ImmutaError
        from ...api.integrations import api_key

        id = config["id"].strip()
        progress(f"The request to regenerate the API key of integration {id} is sent.")
        try:
            api_key.regenerate(lives.integrations(client), id, timeout=DEFAULT_TIMEOUT)
        except ImmutaError as error:
            diagnostics.error(error.summary, error.detail)
            return
        progress(
            f"Integration {id} has a new API key, and the old one does not work any more: put the new one on the cluster."
        )
