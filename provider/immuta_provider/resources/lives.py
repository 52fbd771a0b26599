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


def keys_read(adapter: str) -> tuple[str, ...]:
    """The keys of a listed record that the life of this name reads beside the model's."""
    return ADAPTERS[adapter]().reads


def _made(type: ResourceType, client: HttpClient) -> Life:
    routes = type.life
    if isinstance(routes, Routes):
        life = ADAPTERS[routes.adapter]()
        fields = [type.field(name) for name in type.unique_by]
        places = [field.read_at or field.key for field in fields if field is not None]
        return life(client, routes, noun=type.noun, plural=type.plural, word=type.type, keys=places)
    from ..api.integrations.life import IntegrationsLife

    return IntegrationsLife(integrations(client))


def _records() -> type[RecordsLife]:
    from ..api.records import RecordsLife

    return RecordsLife


def _attributes() -> type[RecordsLife]:
    from ..api.people.attributes import AttributesLife

    return AttributesLife


def _external_ids() -> type[RecordsLife]:
    from ..api.people.external_ids import ExternalIdsLife

    return ExternalIdsLife


def _members() -> type[RecordsLife]:
    from ..api.people.members import MembersLife

    return MembersLife


def _users() -> type[RecordsLife]:
    from ..api.people.users import UsersLife

    return UsersLife


def _domains() -> type[RecordsLife]:
    from ..api.governance.domains import DomainsLife

    return DomainsLife


def _projects() -> type[RecordsLife]:
    from ..api.governance.projects import ProjectsLife

    return ProjectsLife


def _s3() -> type[RecordsLife]:
    from ..api.metadata.s3 import S3DataSourcesLife

    return S3DataSourcesLife


ADAPTERS: dict[str, Callable[[], type[RecordsLife]]] = {
    "": _records,
    "attributes": _attributes,
    "external_ids": _external_ids,
    "members": _members,
    "users": _users,
    "domains": _domains,
    "projects": _projects,
    "s3": _s3,
}
"""The lives by routes, by the name that a type's routes have for theirs; each is imported when it is first needed."""
