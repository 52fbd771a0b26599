"""References in the place of literals, where one object names another that is written as well."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

from ..model import references
from ..model.fields import Field, ResourceType
from .things import Thing, key
from .values import Reference

Named = tuple[str, object]
"""A type with its attribute, and the value of that attribute."""


class Index:
    """The things by the values that others name them by."""

    def __init__(self, things: Sequence[Thing], types: Iterable[ResourceType]) -> None:
        names = {field.names for type in types for _, field in type.walk() if field.names}
        self._things: dict[Named, Thing] = {}
        for thing in things:
            for name in names:
                resource, _, attribute = name.partition(".")
                if resource == thing.type.resource:
                    value = thing.shown.get(attribute, thing.found.id)
                    self._things[name, value] = thing

    def find(
        self, field: Field, fields: Iterable[Field], values: Mapping[str, Any], value: object
    ) -> Thing | None:
        """The thing that a value of a field names."""
        name = references.named(field, fields, values)
        return self._things.get((name, value)) if name and isinstance(value, str) else None

    def readable(self, thing: Thing) -> list[str]:
        """The natural key of a thing; a part of it that is an id of another thing is that thing's key."""
        parts: list[str] = []
        for name in thing.type.unique_by:
            field, value = thing.type.field(name), thing.shown.get(name)
            if field is None or value is None or value == field.unset_as:
                continue
            other = self.find(field, thing.type.fields, thing.shown, value)
            # The first label of a host name is what people call the host.
            text = value.split(".")[0] if field.equivalence == "hostname" else str(value)
            parts += [text] if other is None else key(other.type, other.shown)
        return parts


def in_order(types: Sequence[ResourceType]) -> list[ResourceType]:
    """The types, each after those that its objects name, and those of one family together."""
    family_of = {type.resource: type.family for type in types}
    by_type: dict[str, set[str]] = {type.resource: set() for type in types}
    by_family: dict[str, set[str]] = {type.family: set() for type in types}
    for type in types:
        for _, field in type.walk():
            named = field.names.partition(".")[0]
            if named in by_type and named != type.resource:
                by_type[type.resource].add(named)
                by_family[type.family] |= {family_of[named]} - {type.family}
    families, resources = _sorted(by_family), _sorted(by_type)
    return sorted(types, key=lambda type: (families.index(type.family), resources.index(type.resource)))


def _sorted(graph: Mapping[str, set[str]]) -> list[str]:
    """Each after those that it needs; in the input order where they need each other."""
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError:
        return list(graph)


def referring(thing: Thing, index: Index, before: Container[str]) -> dict[str, Any]:
    """The arguments of a thing, with references to the things with the names in `before`, which are written before it."""

    def of_fields(fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, Any]:
        known = {field.name: field for field in fields}
        return {name: of_value(known.get(name), fields, values, value) for name, value in values.items()}

    def of_value(field: Field | None, fields: Sequence[Field], values: Mapping[str, Any], value: Any) -> Any:
        if field is None:
            return value
        if isinstance(value, list):
            return [of_value(field, fields, values, each) for each in value]
        if isinstance(value, Mapping) and field.fields:
            return of_fields(field.fields, value)
        other = index.find(field, fields, values, value)
        if other is None or other.name not in before:
            return value
        return Reference(other.type.family, other.type.resource, other.name, field.names.partition(".")[2])

    return of_fields(thing.type.fields, thing.arguments)
