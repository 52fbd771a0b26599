"""Reads the API key with which a Trino cluster authenticates to Immuta. Every other read removes it from the response."""

from __future__ import annotations

from ..http import json_body
from ..http.errors import NoApiKey
from ..http.quoting import quoted
from . import responses
from .routes import KIND, path_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .routes import Integrations


def read(api: Integrations, id: str) -> str:
    """Returns only the key from `GET /integrations/{id}`, which has it in `config` or beside it.

    The response is not logged, and the key is first passed to the client's `learn`. Raises NotFoundError if there is no such
    integration, and NoApiKey if it has no key.
    """
    value = json_body.decode(api.http.exchange("GET", path_of(id), kind=KIND).body)
    key = responses.api_key(value)
    if key is not None:
        api.http.learn(key)
    found = responses.integration(value, id=id, screen=api.http.screen)
    if key is not None:
        return key
    kind = f'of type "{quoted(found.type, api.http.quote)}"' if found.type else "of unknown type"
    raise NoApiKey(
        "The integration has no API key",
        f"integration {found.id} is {kind}, and Immuta's answer contains no API key for it, or only a masked one. Only Starburst "
        "(Trino) integrations have one. Use the id of such an integration, or copy the key from Immuta's app settings page.",
    )
