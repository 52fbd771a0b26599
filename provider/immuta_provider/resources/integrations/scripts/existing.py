"""The script for an integration that Immuta has."""

from __future__ import annotations

from functools import cached_property

from ....plugin.schema import Attribute, ReadSchema
from ....plugin.types import STRING
from ....plugin.values import is_unknown
from ... import lives, reads
from . import routes
from .routes import EXISTING
from .settings import Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ....api.integrations.integration import Integration
    from ....model.integrations.type import IntegrationType
    from ....plugin.diagnostics import Diagnostics
    from ....plugin.interfaces import Object
    from ...configured import Configured

EDIT = "edit"


class ExistingScript:
    """`immuta_existing_integration_script` (Immuta's `POST /integrations/{id}/scripts/...`); `secrets` as in `NewScript`."""

    def __init__(
        self,
        integrations: tuple[IntegrationType, ...],
        configured: Callable[[], Configured],
        *,
        secrets: bool,
    ) -> None:
        self._integrations = integrations
        self._types = {i.type: i for i in integrations}
        self._settings = Settings(routes.having(integrations, (EDIT,)), secrets=secrets)
        self._configured = configured
        self._secrets = secrets

    @cached_property
    def schema(self) -> ReadSchema:
        return ReadSchema(
            (
                Attribute(
                    "integration_id",
                    STRING,
                    description="Immuta's id of the integration.",
                    required=True,
                ),
                routes.script_attribute(self._integrations, EXISTING),
                *self._settings.attributes,
                # Immuta holds secrets of an existing integration, and nothing says that none of them is in its scripts.
                routes.content_attribute(sensitive=True),
                *(() if self._secrets else (routes.placeholders_attribute(),)),
            ),
            description="The script that changes or removes what Immuta manages in a platform, where Immuta is given no "
            "privileged credentials (`auto_bootstrap = false`). `edit` takes the new settings of the integration, whole; "
            "`delete` takes none.",
        )

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """Everything that can be known before Immuta is asked."""
        script = config["script"]
        routes.check_name(script, EXISTING, diagnostics)
        self._check_id(config["integration_id"], diagnostics)
        given = self._settings.given(config)
        self._check_settings(script, given, config, diagnostics)
        for integration in given:
            if script == EDIT:
                routes.check_exists(integration, script, EXISTING, diagnostics)
            self._settings.check(integration, config, diagnostics)

    def written(self, config: Object, diagnostics: Diagnostics) -> Object | None:
        """The configuration, with what Immuta wrote; None beside an error."""
        script, given = config["script"], self._settings.given(config)
        routes.check_name(script, EXISTING, diagnostics)
        self._check_id(config["integration_id"], diagnostics)
        self._check_settings(script, given, config, diagnostics)
        for integration in given:
            self._settings.check(integration, config, diagnostics, warn=False)
        client = reads.client_of(self._configured(), diagnostics, ephemeral=self._secrets)
        if client is None or diagnostics.has_error:
            return None
        from ....api.http.errors import ImmutaError
        from ....api.integrations import scripts

        id = config["integration_id"].strip()
        found = None
        try:
            found = reads.found(client, id)
            if not self._fits(found, script, given, diagnostics):
                return None
            request, sent = self._settings.request(given[0], config) if given else (None, {})
            content = scripts.write_for(lives.integrations(client), id, script, request)
        except ImmutaError as error:
            reads.failed(error, diagnostics, self._about(id, script, found))
            return None
        result = {**config, "content": content}
        if self._secrets:
            return result
        about = f"the {script} script of integration {id}"
        ephemeral = "immuta_existing_integration_script"
        return (
            {**result, "placeholders": sent}
            if routes.check_kept(content, about, ephemeral, diagnostics)
            else None
        )

    def _check_id(self, id: object, diagnostics: Diagnostics) -> None:
        if isinstance(id, str) and not id.strip():
            diagnostics.error(
                "No integration id",
                "`integration_id` is empty; give Immuta's id of the integration, for example `7`.",
                ("integration_id",),
            )

    def _check_settings(
        self, script: object, given: list[IntegrationType], config: Object, diagnostics: Diagnostics
    ) -> None:
        """Whether there are as many settings as the script takes."""
        names = " and ".join(i.platform for i in given)
        if script == EDIT and not given:
            diagnostics.error(
                "The new settings are missing",
                f"the edit script leads to new settings. Set one of {self._settings.names} to all settings that the integration "
                "is to have.",
            )
        elif script == EDIT and sum(not is_unknown(config[i.platform]) for i in given) > 1:
            diagnostics.error(
                "A script is for one integration",
                f"{names} are set. Set the one of the integration's type.",
            )
        elif isinstance(script, str) and script != EDIT and given:
            diagnostics.error(
                "Settings that are not used",
                f"the {script} script takes no settings, and {names} is set. Remove it, or set `script` to {EDIT!r}.",
            )

    def _fits(
        self, found: Integration, script: str, given: list[IntegrationType], diagnostics: Diagnostics
    ) -> bool:
        """Whether the integration's type has the script, and the settings are of that type."""
        integration = self._types.get(found.type)
        if integration is None:
            return True
        if not routes.check_exists(integration, script, EXISTING, diagnostics):
            return False
        if given and given[0] is not integration:
            diagnostics.error(
                "Settings of another type",
                f"Immuta's integration {found.id} is of type {found.type!r}, and {given[0].platform} is set. Set "
                f"{integration.platform} instead, or `integration_id` to the id of a {given[0].title} integration.",
            )
            return False
        return True

    def _about(self, id: str, script: str, found: Integration | None) -> str:
        integration = self._types.get(found.type) if found is not None else None
        kind = f"of the {integration.title} integration {id}" if integration else f"of integration {id}"
        by_immuta = (
            " Immuta set that one up itself (`auto_bootstrap = true`): it changes and removes what it manages there by itself, "
            "without a script."
            if found is not None and found.auto_bootstrap
            else ""
        )
        return f"Immuta was asked for the {script} script {kind}.{by_immuta}"
