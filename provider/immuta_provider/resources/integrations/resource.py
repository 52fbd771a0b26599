"""The managed resource of an integration type: the credentials of a destroy, types without an update, and API keys."""

from __future__ import annotations

from ...plugin.values import is_unknown
from .. import additional_config_drift, lives
from .. import report as texts
from ..resource import Resource
from . import api_key, report, teardown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ...api.found import Found
    from ...api.http.client import HttpClient
    from ...model.integrations.type import IntegrationType
    from ...plugin.diagnostics import Diagnostics
    from ...plugin.interfaces import Object, Stored
    from ...plugin.paths import Path
    from ..configured import Configured


class IntegrationResource(Resource):
    """`immuta_*_integration` (Immuta's integrations API: POST, GET, PUT and DELETE on `/integrations`)."""

    type: IntegrationType

    def __init__(self, type: IntegrationType, configured: Callable[[], Configured]) -> None:
        super().__init__(type, configured)
        self.mendable = report.MENDABLE

    def plan_of_destroy(self, prior: Object | None, diagnostics: Diagnostics) -> None:
        """Warn that its credentials are missing or cannot work."""
        configured = self._configured()
        if prior is None or configured.client is None or not teardown.needed(self.type, prior):
            return
        self._teardown(prior, diagnostics.warning)

    def plan_without_update(
        self, prior: Object, config: Object, diagnostics: Diagnostics
    ) -> tuple[Path, ...]:
        """Plans a replacement, unless Immuta has the configured values already, as after an import: then only the state
        changes."""
        there = self._is_there(prior["id"], config, diagnostics)
        return () if there else (("additional_config",),)

    def delete_body(self, prior: Object, diagnostics: Diagnostics) -> dict[str, Any] | None:
        """The credentials, where Immuta wants some."""
        if not teardown.needed(self.type, prior):
            return None
        credentials = self._teardown(prior, diagnostics.error)
        return None if credentials is None else teardown.body(self.type, credentials, prior)

    def acts(self, prior: Object | None, planned: Object) -> bool:
        return prior is not None and api_key.due(prior, planned)

    def after_write(
        self,
        client: HttpClient,
        prior: Object,
        planned: Object,
        stored: Stored,
        timeout: float,
        diagnostics: Diagnostics,
    ) -> None:
        """Regenerate the API key when its trigger changed."""
        if api_key.due(prior, planned):
            api_key.rotate(client, stored, prior, self.type, timeout, diagnostics)

    def after_read(self, client: HttpClient, diagnostics: Diagnostics) -> None:
        report.strangers(self._configured().teardown.strangers(lives.integrations(client).list), diagnostics)

    def warn_of(self, found: Found, client: HttpClient, diagnostics: Diagnostics) -> None:
        report.health(found, self.type, client.quote_stored, diagnostics)

    def _teardown(self, prior: Object, tell: Callable[[str, str], None]) -> teardown.Credentials | None:
        """The credentials to remove an integration with; None where none can work, which `tell` reports."""
        credentials = self._configured().teardown.find(self.type, prior)
        if credentials is None:
            report.teardown_missing(self.type, prior, tell)
            return None
        wrong = teardown.wrong(self.type, credentials, prior)
        if wrong:
            report.teardown_wrong(self.type, prior, wrong, tell)
            return None
        return credentials

    def _is_there(self, id: str, config: Object, diagnostics: Diagnostics) -> bool:
        """Returns whether Immuta has what is configured of an integration that it cannot change."""
        client = self._configured().client
        if client is None or is_unknown(config["additional_config"]):
            return False
        from ...api.http.errors import ImmutaError

        try:
            found = self.life(client).read(id, warnings=[], values=config)
        except ImmutaError as error:
            texts.failed(error, self.type, diagnostics, id)
            return True
        body = {} if found is None else found.body or {}
        return additional_config_drift.is_at_server(config["additional_config"], body.get("config") or {})
