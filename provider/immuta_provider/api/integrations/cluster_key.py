"""The API key with which a Trino cluster asks Immuta: the one thing that every other answer is stripped of."""

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
    """`GET /integrations/{id}`, and of it the key alone, in `config` or beside it.

    The answer is not written to the log, and the client's `learn` is told of the key before anybody else. NotFoundError when
    there is no such integration; NoApiKey when it has none.
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
        f"integration {found.id} is {kind}, and Immuta's answer holds no API key for it, or not in clear. Only Starburst "
        "(Trino) integrations have one: use the id of such an integration, or copy the key from Immuta's app settings page.",
    )
