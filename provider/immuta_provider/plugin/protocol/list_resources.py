"""The RPCs of list resources (`terraform query`)."""

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
    """Implements the RPCs. `managed` has the resource types that are listed."""

    def __init__(self, lists: Mapping[str, ListResource], managed: ManagedResources) -> None:
        self._managed = managed
        self.registry = Registry("list resource type", lists)

    def validate(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        resource, codec = self._find(request)
        resource.validate(_config(codec, request), diagnostics)
        return {}

    def list(self, request: Fields, diagnostics: Diagnostics) -> Iterator[Fields]:
        type_name, limit = request["type_name"], request["limit"]
        include_resource = request["include_resource_object"]
        resource, codec = self._find(request)
        _, states = self._managed.registry.find(type_name)
        identities = self._managed.identity(type_name)
        if identities is None:
            raise Refusal(
                "No resource identity",
                f"{type_name} has no resource identity, so it cannot be listed. Remove its `list` block, or use a provider "
                "version in which the type has an identity.",
            )
        results = resource.list(_config(codec, request), limit, include_resource, diagnostics)
        for count, found in enumerate(results, 1):
            state = None
            if include_resource and found.resource is not None:
                state = states.encode_read(found.resource)
            yield {
                "identity": identities.encode(found.identity),
                "display_name": encoding.redacted(found.display_name),
                "resource_object": state,
            }
            if count == limit:
                return

    def _find(self, request: Fields) -> tuple[ListResource, Codec]:
        resource: ListResource
        resource, codec = self.registry.find(request["type_name"])
        return resource, codec


def _config(codec: Codec, request: Fields) -> Any:
    """The configuration. Without a `config` block every attribute is null."""
    config = codec.config(request["config"])
    return config if config is not None else dict.fromkeys(a.name for a in codec.schema.attributes)
