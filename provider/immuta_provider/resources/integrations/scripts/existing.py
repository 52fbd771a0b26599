"""The script for an integration that Immuta has."""

from __future__ import annotations

from functools import cached_property

from ....model.integrations.questions import EDIT, existing_script, having, script_of
from ....plugin.schema import ReadSchema
from ... import lives, reads, report
from ...configured import OPENED_LATER, READ_LATER
from . import content as contents
from .settings import Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ....api.integrations.integration import Integration
    from ....model.integrations.type import IntegrationType
    from ....plugin.diagnostics import Diagnostics
    from ....plugin.interfaces import Object
    from ...configured import Configured


class ExistingScript:
    """`immuta_existing_integration_script` (Immuta's `POST /integrations/{id}/scripts/...`); `secrets` as in `NewScript`."""

    def __init__(
        self,
        integrations: tuple[IntegrationType, ...],
        configured: Callable[[], Configured],
        *,
        secrets: bool,
    ) -> None:
        self._types = {i.type: i for i in integrations}
        self._question = existing_script(integrations)
        self._settings = Settings(self._question, having(integrations, (EDIT,)), secrets=secrets)
        self._configured = configured
        self._secrets = secrets
        self._when = OPENED_LATER if secrets else READ_LATER

    @cached_property
    def schema(self) -> ReadSchema:
        return ReadSchema(
            (
                *self._settings.attributes,
                # Immuta holds secrets of an existing integration, and nothing says that none of them is in its scripts.
                contents.content_attribute(sensitive=True),
                *(() if self._secrets else (contents.placeholders_attribute(),)),
            ),
            description="The script that changes or removes what Immuta manages in a platform, if Immuta has no privileged "
            "credentials (`auto_bootstrap = false`). `edit` needs all new settings of the integration; `delete` takes none.",
        )

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """Checks that need no request."""
        self._settings.check(config, diagnostics)

    def written(self, config: Object, diagnostics: Diagnostics) -> Object | None:
        """The configuration, with what Immuta wrote; None beside an error."""
        self._settings.check(config, diagnostics, warn=False)
        client = self._configured().connected(diagnostics, self._when)
        if client is None or diagnostics.has_error:
            return None
        from ....api.http.errors import ImmutaError
        from ....api.integrations import scripts

        id, script = config["integration_id"].strip(), config["script"]
        configured = self._settings.configured(config)
        found = None
        try:
            found = lives.integrations(client).whole(id)
            if not self._fits(found, config, configured, diagnostics):
                return None
            request, sent = self._settings.request(configured, config) if configured else (None, {})
            content = scripts.write_for(lives.integrations(client), id, script, request)
        except ImmutaError as error:
            reads.failed(error, diagnostics, self._about(id, script, found))
            return None
        result = {**config, "content": content}
        if self._secrets:
            return result
        about = f"the {script} script of integration {id}"
        kept = contents.check_kept(content, about, "immuta_existing_integration_script", diagnostics)
        return {**result, "placeholders": sent} if kept else None

    def _fits(
        self,
        found: Integration,
        config: Object,
        configured: IntegrationType | None,
        diagnostics: Diagnostics,
    ) -> bool:
        """Returns whether the integration's type has the script, and the settings are of that type."""
        own = self._types.get(found.type)
        if own is None:
            return True
        if own.scripts.strict and not own.scripts.values:
            diagnostics.error(
                f"{own.title} has no scripts",
                f"Immuta's integration {found.id} is of type {found.type!r}, and Immuta writes no scripts for "
                f"{own.title} integrations. Set `integration_id` to the id of an integration of another type.",
                ("integration_id",),
            )
            return False
        if configured is not None and configured is not own:
            diagnostics.error(
                "Settings of another type",
                f"Immuta's integration {found.id} is of type {found.type!r}, but {configured.platform} is set. Set "
                f"{own.platform} instead, or set `integration_id` to the id of a {configured.title} integration.",
            )
            return False
        for finding in script_of(self._question, own, config):
            report.finding(own, finding, finding.path, diagnostics)
        return not diagnostics.has_error

    def _about(self, id: str, script: str, found: Integration | None) -> str:
        own = self._types.get(found.type) if found is not None else None
        kind = f"of the {own.title} integration {id}" if own else f"of integration {id}"
        by_immuta = (
            " Immuta set that integration up itself (`auto_bootstrap = true`), and changes and removes it without a script."
            if found is not None and found.auto_bootstrap
            else ""
        )
        return f"The request was for the {script} script {kind}.{by_immuta}"
