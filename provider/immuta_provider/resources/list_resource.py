"""The objects of one type that Immuta has, for `terraform query`."""

from __future__ import annotations

from ..model import payload
from ..plugin.interfaces import Listed
from ..plugin.schema import Attribute, Schema
from ..plugin.types import STRING
from . import equivalence, report
from . import identity as identities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ..api.found import Found
    from ..api.http.client import HttpClient
    from ..model.fields import ResourceType
    from ..plugin.diagnostics import Diagnostics
    from ..plugin.interfaces import Object
    from .configured import Configured
    from .resource import Resource


class TypeList:
    """`list "immuta_*"`: the objects of the type that a refresh would find. It takes the attributes of the natural key, and a
    status where the type has statuses."""

    def __init__(self, resource: Resource, configured: Callable[[], Configured]) -> None:
        self.type = resource.type
        self.schema = _schema(self.type)
        self._resource = resource
        self._configured = configured

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """Accepts every value: if no object has it, the list is empty."""

    def objects(self, client: HttpClient) -> Iterable[Found]:
        """The objects of this type that exist, with their bodies, in Immuta's order. Raises ImmutaError."""
        return self._resource.life(client).list()

    def list(
        self, config: Object, limit: int, include_resource: bool, diagnostics: Diagnostics
    ) -> Iterator[Listed]:
        client = self._configured().connected(diagnostics)
        if client is None:
            return
        from ..api.http.errors import ImmutaError

        try:
            for found in self.objects(client):
                if self._resource.is_reserved(found) or not _fits(self.type, found, config):
                    continue
                state = None
                if include_resource:
                    detailed = self._resource.life(client).detailed(found)
                    state = self._resource.refreshed(self._resource.imported(found.id), detailed)
                yield Listed(identities.of(client, found.id), _name(self.type, client, found), state)
        except ImmutaError as error:
            report.failed(error, self.type, diagnostics)


def _fits(type: ResourceType, found: Found, config: Object) -> bool:
    if config.get("status") not in (None, found.status):
        return False
    actual = payload.read(type, found.body or {})
    return all(
        config[name] is None or _means(type, name, config[name], actual[name]) for name in type.unique_by
    )


def _means(type: ResourceType, name: str, configured: str, actual: object) -> bool:
    field = type.field(name)
    if field is not None and field.equivalence == "hostname" and isinstance(actual, str):
        return equivalence.bare_host(configured) == equivalence.bare_host(actual)
    return configured == actual


def _name(type: ResourceType, client: HttpClient, found: Found) -> str:
    """The title of the type and the natural key of the object; its id where nothing visible tells it apart."""
    from ..api.http.quoting import quoted

    actual = payload.read(type, found.body or {})
    key = " / ".join(str(actual[name]) for name in type.unique_by if actual[name] is not None)
    return f"{type.title}: {quoted(key, client.quote) or f'{type.noun} {found.id}'}"


def _schema(type: ResourceType) -> Schema:
    key = [field for field in type.fields if field.name in type.unique_by]
    status = Attribute(
        "status",
        STRING,
        description=f"List only the {type.plural} with this status, for example `enabled`. Default: all.",
        optional=True,
    )
    return Schema(
        (
            *((status,) if type.has_status else ()),
            *(
                Attribute(
                    field.name,
                    STRING,
                    description=f"List only the {type.plural} with this value. {field.description} Default: all.",
                    optional=True,
                )
                for field in key
            ),
        ),
        description=f"The {type.labels} that Immuta has.",
    )
