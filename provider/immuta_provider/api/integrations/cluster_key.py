"""The API key with which a Trino cluster asks Immuta: the one thing that every other answer is stripped of."""

from __future__ import annotations

from ..client import path_of
from ..http.error_response import quoted
from ..http.errors import ImmutaError
from . import responses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..client import Client


class NoApiKey(ImmutaError):
    """The integration's answer holds no key: it is of a type that has none, or this Immuta does not tell it."""


def read(client: Client, id: str) -> str:
    """`GET /integrations/{id}`, and of it the key alone, in `config` or beside it.

    The answer is not written to the log, and the client's `learn` is told of the key before anybody else. NotFoundError when
    there is no such integration; NoApiKey when it has none.
    """
    value = responses.decode(client.exchange("GET", path_of(id)).body)
    key = responses.api_key(value)
    if key is not None:
        client.learn(key)
    found = responses.integration(value, id=id, screen=client.screen)
    if key is not None:
        return key
    kind = f'of type "{quoted(found.type, client.quote)}"' if found.type else "of unknown type"
    raise NoApiKey(
        "The integration has no API key",
        f"integration {found.id} is {kind}, and Immuta's answer holds no API key for it, or not in clear. Only Starburst "
        "(Trino) integrations have one: use the id of such an integration, or copy the key from Immuta's app settings page.",
    )
