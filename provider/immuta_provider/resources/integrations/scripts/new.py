"""The script for an integration that Immuta does not have: not yet, or because its set-up failed."""

from __future__ import annotations

from functools import cached_property

from ....model.integrations.questions import NEW, having, new_script
from ....plugin.schema import ReadSchema
from ... import lives, reads
from ...configured import OPENED_LATER, READ_LATER
from . import content as contents
from .settings import Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ....model.integrations.type import IntegrationType
    from ....plugin.diagnostics import Diagnostics
    from ....plugin.interfaces import Object
    from ...configured import Configured


class NewScript:
    """`immuta_integration_script` (Immuta's `POST /integrations/scripts/...`).

    `secrets`: it takes the real ones, and its content is sensitive (for what is not stored). Otherwise it takes none, and
    tells which placeholders Immuta was sent.
    """

    def __init__(
        self,
        integrations: tuple[IntegrationType, ...],
        configured: Callable[[], Configured],
        *,
        secrets: bool,
    ) -> None:
        self._settings = Settings(new_script(integrations), having(integrations, NEW), secrets=secrets)
        self._configured = configured
        self._secrets = secrets
        self._when = OPENED_LATER if secrets else READ_LATER

    @cached_property
    def schema(self) -> ReadSchema:
        return ReadSchema(
            (
                *self._settings.attributes,
                contents.content_attribute(sensitive=self._secrets),
                *(() if self._secrets else (contents.placeholders_attribute(),)),
            ),
            description="The script that sets up a platform, or cleans it up after a set-up that failed, if Immuta has no "
            "privileged credentials (`auto_bootstrap = false`). Set exactly one platform's settings.",
        )

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """Checks that need no request."""
        self._settings.check(config, diagnostics)

    def written(self, config: Object, diagnostics: Diagnostics) -> Object | None:
        """The configuration, with what Immuta wrote; None beside an error."""
        self._settings.check(config, diagnostics, warn=False)
        integration, script = self._settings.configured(config), config["script"]
        client = self._configured().connected(diagnostics, self._when)
        if client is None or integration is None or diagnostics.has_error:
            return None
        from ....api.http.errors import ImmutaError
        from ....api.integrations import scripts

        about = f"the {script} script of a {integration.title} integration"
        request, sent = self._settings.request(integration, config)
        try:
            content = scripts.write(lives.integrations(client), script, request)
        except ImmutaError as error:
            reads.failed(error, diagnostics, f"The request was for {about}.")
            return None
        result = {**config, "content": content}
        if self._secrets:
            return result
        kept = contents.check_kept(content, about, "immuta_integration_script", diagnostics)
        return {**result, "placeholders": sent} if kept else None
