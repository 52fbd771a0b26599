"""The parts of the provider: those that derive for every resource type, and those of a family."""

from __future__ import annotations

from ..model.compiled.readings import READINGS
from ..model.compiled.types import TYPES
from ..model.fields import Routes
from .data_source import RecordData, RecordsData
from .integrations import family as integrations
from .list_resource import TypeList
from .reading import ReadingData
from .resource import Resource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..plugin.interfaces import Action, DataSource, EphemeralResource, Function, ListResource
    from ..plugin.interfaces import Resource as ManagedResource
    from .configured import Configured

ADAPTED = {"integrations": integrations}
"""The families that live otherwise than by five routes, by the name of their adapter."""


class Registry:
    """The resources, data sources, ephemeral resources, functions, list resources and actions, each by its name."""

    def __init__(self, configured: Callable[[], Configured]) -> None:
        self.resources: dict[str, ManagedResource] = {}
        self.list_resources: dict[str, ListResource] = {}
        self.data_sources: dict[str, DataSource] = {}
        self.ephemeral_resources: dict[str, EphemeralResource] = {}
        self.functions: dict[str, Function] = {}
        self.actions: dict[str, Action] = {}
        for family in ADAPTED.values():
            for resource in family.resources(configured):
                self._add(resource, family.list_resource(resource, configured))
            self.data_sources.update(family.data_sources(configured))
            self.ephemeral_resources.update(family.ephemeral_resources(configured))
            self.functions.update(family.functions)
            self.actions.update(family.actions(configured))
        for type in TYPES:
            if isinstance(type.life, Routes):
                resource = Resource(type, configured)
                self._add(resource, TypeList(resource, configured))
                self.data_sources[type.resource] = RecordData(type, configured)
                self.data_sources[f"immuta_{type.collection}"] = RecordsData(type, configured)
        for reading in READINGS:
            self.data_sources[reading.resource] = ReadingData(reading, configured)

    def _add(self, resource: Resource, list_resource: ListResource) -> None:
        self.resources[resource.type.resource] = resource
        self.list_resources[resource.type.resource] = list_resource
