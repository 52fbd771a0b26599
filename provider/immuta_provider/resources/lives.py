"""The life of each resource type in a tenant, made when it is first asked for."""

from __future__ import annotations

from ..model.fields import Routes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..api.http.client import HttpClient
    from ..api.integrations.routes import Integrations
    from ..api.life import Life
    from ..model.fields import ResourceType


def of(type: ResourceType, client: HttpClient) -> Life:
    """The life of objects of this type in the client's tenant. There is one a client, which remembers what the run listed and "
    "made."""
    known: Life = client.memory.get(type.resource) or client.memory.setdefault(
        type.resource, _made(type, client)
    )
    return known


def integrations(client: HttpClient) -> Integrations:
    """The integrations of the client's tenant, and what this run remembers of them."""
    from ..api.integrations import routes

    return routes.of(client)


def _made(type: ResourceType, client: HttpClient) -> Life:
    if isinstance(type.life, Routes):
        from ..api.records import RecordsLife

        (key,) = type.unique_by if len(type.unique_by) == 1 else ("",)
        field = type.field(key)
        place = "" if field is None else field.read_at or field.key
        return RecordsLife(client, type.life, noun=type.noun, plural=type.plural, word=type.type, key=place)
    from ..api.integrations.life import IntegrationsLife

    return IntegrationsLife(integrations(client))
