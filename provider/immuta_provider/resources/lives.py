"""The life of each resource type in a tenant, made when it is first asked for."""

from __future__ import annotations

from ..model.fields import Routes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..api.http.client import HttpClient
    from ..api.integrations.routes import Integrations
    from ..api.life import Life
    from ..api.records import RecordsLife
    from ..model.fields import ResourceType


def of(type: ResourceType, client: HttpClient) -> Life:
    """Returns the life of objects of this type in the client's tenant.

    There is one for each client. It remembers the objects that this run listed and created. Raises a LookupError if the model
    names a life that does not exist.
    """
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
    return _adapter(adapter).reads


def _made(type: ResourceType, client: HttpClient) -> Life:
    routes = type.life
    if isinstance(routes, Routes):
        life = _adapter(routes.adapter)
        fields = [type.field(name) for name in type.unique_by]
        places = [field.read_at or field.key for field in fields if field is not None]
        return life(client, routes, noun=type.noun, plural=type.plural, word=type.type, keys=places)
    if routes == "integrations":
        from ..api.integrations.life import IntegrationsLife

        return IntegrationsLife(integrations(client))
    raise LookupError(f"{type.resource}: the life {routes!r} does not exist")


def _adapter(name: str) -> type[RecordsLife]:
    """The life by routes with the name that a type's routes have for theirs. Only its module is imported."""
    match name:
        case "attributes":
            from ..api.people.attributes import AttributesLife

            return AttributesLife
        case "external_ids":
            from ..api.people.external_ids import ExternalIdsLife

            return ExternalIdsLife
        case "members":
            from ..api.people.members import MembersLife

            return MembersLife
        case "users":
            from ..api.people.users import UsersLife

            return UsersLife
        case "policies":
            from ..api.governance.policies import PoliciesLife

            return PoliciesLife
        case "projects":
            from ..api.governance.projects import ProjectsLife

            return ProjectsLife
        case "s3":
            from ..api.metadata.s3 import S3DataSourcesLife

            return S3DataSourcesLife
        case "":
            from ..api.records import RecordsLife

            return RecordsLife
        case _:
            raise LookupError(f"the life by routes {name!r} does not exist")
