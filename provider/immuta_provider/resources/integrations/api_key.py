"""Regenerating the API key that Immuta makes for an integration: when `rotation_trigger` changes, and by an action."""

from __future__ import annotations

from .. import lives, report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...api.http.client import HttpClient
    from ...model.integrations.type import IntegrationType
    from ...plugin.diagnostics import Diagnostics
    from ...plugin.interfaces import Object, Stored

TRIGGER = "rotation_trigger"


def due(prior: Object, planned: Object) -> bool:
    """Returns whether the trigger changed from one text to another. A first text, as after an import, regenerates nothing, since
    the text of the last rotation is unknown."""
    was, now = (state.get(TRIGGER) for state in (prior, planned))
    return was is not None and now is not None and was != now


def rotate(
    client: HttpClient,
    stored: Stored,
    prior: Object,
    integration: IntegrationType,
    timeout: float,
    diagnostics: Diagnostics,
) -> None:
    """Regenerate the key. When that fails, `stored` gets the old trigger back, so that the next apply tries again."""
    from ...api.http.errors import ImmutaError
    from ...api.integrations import api_key

    try:
        api_key.regenerate(lives.integrations(client), prior["id"], timeout=timeout)
    except ImmutaError as error:
        report.failed(error, integration, diagnostics, prior["id"])
        if stored.state is not None:
            stored.state = {**stored.state, TRIGGER: prior[TRIGGER]}
