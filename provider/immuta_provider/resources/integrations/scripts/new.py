"""The script for an integration that Immuta does not have: not yet, or because its set-up failed."""

from __future__ import annotations

from functools import cached_property

from ....plugin.schema import ReadSchema
from ....plugin.values import is_unknown
from ... import lives, reads
from . import routes
from .routes import NEW
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
        self._integrations = integrations
        self._without = tuple(i for i in integrations if not routes.having((i,), NEW))
        self._settings = Settings(routes.having(integrations, NEW), secrets=secrets)
        self._configured = configured
        self._secrets = secrets

    @cached_property
    def schema(self) -> ReadSchema:
        return ReadSchema(
            (
                routes.script_attribute(self._integrations, NEW),
                *self._settings.attributes,
                routes.content_attribute(sensitive=self._secrets),
                *(() if self._secrets else (routes.placeholders_attribute(),)),
            ),
            description="The script that sets up a platform, or cleans it up after a set-up that failed, where Immuta is given "
            "no privileged credentials (`auto_bootstrap = false`). Set exactly one platform's settings.",
        )

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """Everything that can be known before Immuta is asked."""
        script = config["script"]
        named = routes.check_name(script, NEW, diagnostics)
        integration = self._one(config, diagnostics)
        if integration is not None:
            if named:
                routes.check_exists(integration, script, NEW, diagnostics)
            self._settings.check(integration, config, diagnostics)

    def written(self, config: Object, diagnostics: Diagnostics) -> Object | None:
        """The configuration, with what Immuta wrote; None beside an error."""
        integration, script = self._one(config, diagnostics), config["script"]
        if integration is None or not routes.check_name(script, NEW, diagnostics):
            return None
        routes.check_exists(integration, script, NEW, diagnostics, warn=False)
        self._settings.check(integration, config, diagnostics, warn=False)
        client = reads.client_of(self._configured(), diagnostics, ephemeral=self._secrets)
        if client is None or diagnostics.has_error:
            return None
        from ....api.http.errors import ImmutaError
        from ....api.integrations import scripts

        request, sent = self._settings.request(integration, config)
        try:
            content = scripts.write(lives.integrations(client), script, request)
        except ImmutaError as error:
            about = f"Immuta was asked for the {script} script of a {integration.title} integration."
            reads.failed(error, diagnostics, about)
            return None
        result = {**config, "content": content}
        if self._secrets:
            return result
        about = f"the {script} script of a {integration.title} integration"
        ephemeral = "immuta_integration_script"
        return (
            {**result, "placeholders": sent}
            if routes.check_kept(content, about, ephemeral, diagnostics)
            else None
        )

    def _one(self, config: Object, diagnostics: Diagnostics) -> IntegrationType | None:
        """The type whose settings are given; None beside an error, or while it is not known."""
        given = self._settings.given(config)
        known = [i for i in given if not is_unknown(config[i.platform])]
        if len(known) > 1:
            diagnostics.error(
                "A script is for one integration",
                f"{' and '.join(i.platform for i in known)} are set. Set one of them, and have a script for each integration.",
            )
            return None
        if not given:
            without = " and ".join(i.title for i in self._without)
            diagnostics.error(
                "The script's integration is missing",
                f"set one of {self._settings.names} to the settings of the integration that the script is for. {without} "
                "have no scripts.",
            )
            return None
        return known[0] if known else None
