"""Values of arguments that are not plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Secret:
    """A value that comes from an ephemeral variable of that name."""

    variable: str


@dataclass(frozen=True)
class Json:
    """The value of an argument that is JSON text."""

    value: Any


@dataclass(frozen=True)
class Reference:
    """The attribute of another resource, which has this name in the program."""

    family: str
    resource: str
    name: str
    attribute: str


def secrets_in(value: object) -> Iterator[Secret]:
    """Every secret in the arguments, in their order."""
    if isinstance(value, Secret):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from secrets_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from secrets_in(item)
