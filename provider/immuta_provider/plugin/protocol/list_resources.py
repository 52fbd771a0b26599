"""The calls of list resources (`terraform query`)."""

from __future__ import annotations

from ..refusal import Refusal
from . import encoding
from .codecs import Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from ..diagnostics import Diagnostics
    from ..interfaces import ListResource
    from .codecs import Codec
    from .managed_resources import ManagedResources

    Fields = dict[str, Any]


class ListResources:
    """The bodies of the calls. `managed` knows the resources that are listed."""

    def __init__(self, lists: Mapping[str, ListResource], managed: ManagedResources) -> None:
        self._managed = managed
        self.registry = Registry("list resource type", lists)

    def validate(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        resource, codec = self._find(request)
        resource.validate(_config(codec, request), diagnostics)
        return {}

    def list(self, request: Fields, diagnostics: Diagnostics) -> Iterator[Fields]:
        type_name, limit, whole = request["type_name"], request["limit"], request["include_resource_object"]
        resource, codec = self._find(request)
        _, states = self._managed.registry.find(type_name)
        identities = self._managed.identity(type_name)
        if identities is None:
            raise Refusal(
                "No resource identity", f"{type_name} has no resource identity, so it cannot be listed."
            )
        results = resource.list(_config(codec, request), limit, whole, diagnostics)
        for count, found in enumerate(results, 1):
            state = states.encode_found(found.resource) if whole and found.resource is not None else None
            yield {
                "identity": identities.encode(found.identity),
                "display_name": encoding.shown(found.display_name),
                "resource_object": state,
            }
            if count == limit:
                return

    def _find(self, request: Fields) -> tuple[ListResource, Codec]:
        resource: ListResource
        resource, codec = self.registry.find(request["type_name"])
        return resource, codec


def _config(codec: Codec, request: Fields) -> Any:
    """The configuration; where there is no `config` block, one of which nothing is set."""
    config = codec.config(request["config"])
    return config if config is not None else dict.fromkeys(a.name for a in codec.schema.attributes)
