"""Things that are written to a program, and those that are left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..api.found import Found
from ..model.compiled.types import TYPES
from ..model.fields import ResourceType
from .values import Secret


@dataclass
class Thing:
    """One object of Immuta, and the resource that is written of it.

    `shown` are its attributes as Immuta shows them, and `arguments` those that are written. `ignored` are the arguments in
    `ignore_changes`. `touched` says that the first deploy writes it again although no secret asks for that.
    """

    type: ResourceType
    found: Found
    shown: Mapping[str, Any]
    name: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    secrets: list[Secret] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    touched: bool = False

    @property
    def title(self) -> str:
        return title(self.type, self.found, self.shown)

    @property
    def address(self) -> str:
        """The address in Terraform, which is the same for both languages."""
        return f"{self.type.resource}.{self.name}"


@dataclass(frozen=True)
class LeftOut:
    """An object that is not written, and the reason in lower case."""

    type: ResourceType
    title: str
    reason: str


class Unwritable(Exception):
    """An object cannot be written honestly. The text is the reason in lower case."""


def key(type: ResourceType, shown: Mapping[str, Any]) -> list[str]:
    """The natural key as texts, without the parts that are what they are when they are not set."""
    parts = ((type.field(name), shown.get(name)) for name in type.unique_by)
    return [str(value) for field, value in parts if value is not None and field and value != field.unset_as]


def several(type: ResourceType, count: int) -> str:
    """Returns the number of objects with the noun of their type, and its title if another type has the same plural."""
    alike = [each for each in TYPES if each.plural == type.plural]
    title = f"{type.title} " if len(alike) > 1 else ""
    return f"{count} {title}{type.noun if count == 1 else type.plural}"


def title(type: ResourceType, found: Found, shown: Mapping[str, Any]) -> str:
    """The natural key of an object, and its id where the id says more."""
    name = " / ".join(key(type, shown))
    return f"{name} (id {found.id})" if name and name not in found.id else name or f"id {found.id}"


def by_type(things: Iterable[Thing]) -> dict[str, list[Thing]]:
    """The things of each type, in their order."""
    grouped: dict[str, list[Thing]] = {}
    for thing in things:
        grouped.setdefault(thing.type.resource, []).append(thing)
    return grouped
