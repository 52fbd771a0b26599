"""The life of each resource type in a tenant, made when it is first asked for."""

from __future__ import annotations

from ..model.fields import Routes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..api.http.client import HttpClient
    from ..api.integrations.routes import Integrations
    from ..api.life import Life
    from ..api.records import RecordsLife
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
    routes = type.life
    if isinstance(routes, Routes):
        life = ADAPTERS[routes.adapter]()
        fields = [field for field in type.fields if field.name in type.unique_by]
        places = [field.read_at or field.key for field in fields]
        return life(client, routes, noun=type.noun, plural=type.plural, word=type.type, keys=places)
    from ..api.integrations.life import IntegrationsLife

    return IntegrationsLife(integrations(client))


def _records() -> type[RecordsLife]:
    from ..api.records import RecordsLife

    return RecordsLife


def _domains() -> type[RecordsLife]:
    from ..api.governance.domains import DomainsLife

    return DomainsLife


def _projects() -> type[RecordsLife]:
    from ..api.governance.projects import ProjectsLife

    return ProjectsLife


ADAPTERS: dict[str, Callable[[], type[RecordsLife]]] = {
    "": _records,
    "domains": _domains,
    "projects": _projects,
}
"""The lives by routes, by the name that a type's routes have for theirs; each is imported when it is first needed."""
