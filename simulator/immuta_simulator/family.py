"""Parts of the simulator that each family of objects brings from its own folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, NamedTuple, Protocol

from fastapi import APIRouter

from immuta_simulator.journal import Request
from immuta_simulator.refusal import Refusal
from immuta_simulator.settings import Settings
from immuta_simulator.storage import Storage

UNKNOWN = "unknown"
"""The operation of a request that no route answers."""


class Claim(NamedTuple):
    """Facts about a request: the operation, the object's id, and the permission that the caller needs ("" for none)."""

    operation: str
    id: str = ""
    permission: str = ""


class Paths:
    """The paths of a family with their claims. `{name}` in a path stands for one segment; `{id}` is the object's id."""

    def __init__(self, claims: Iterable[tuple[str, str, Claim]]) -> None:
        """`claims` has method, path and claim of each route, in the order in which the router looks them up."""
        self.claims = [(method, pattern_of(path), claim) for method, path, claim in claims]

    def claim(self, method: str, path: str) -> Claim | None:
        """Returns None for a path of no route. The operation is unknown if the path has routes of other methods only."""
        other = None
        for of_method, pattern, claim in self.claims:
            if found := pattern.fullmatch(path):
                claim = claim._replace(id=found.groupdict().get("id", ""))
                if method == of_method:
                    return claim
                other = other or claim._replace(operation=UNKNOWN)
        return other


def pattern_of(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", path)
    return re.compile(
        "".join(f"(?P<{part}>[^/]+)" if place % 2 else re.escape(part) for place, part in enumerate(parts))
    )


class Holding(Protocol):
    """One stored collection. The simulator's own routes and tests read and change it without any check."""

    def inspect(self) -> list[dict[str, Any]]:
        """Returns every object, secrets included."""

    def inspect_one(self, id: str) -> dict[str, Any]: ...

    def plant(self, object: Mapping[str, Any], id: str | None = None) -> dict[str, Any]:
        """Stores an object; with an id, replaces that one or makes it."""

    def alter(self, id: str, change: Mapping[str, Any]) -> dict[str, Any]:
        """Merge-patches an object (RFC 7396)."""

    def remove(self, id: str) -> None: ...

    def reset(self) -> None:
        """Resets to the objects of a new Immuta, with ids from 1."""


class Family:
    """One family of objects in one Immuta. A subclass in the family's folder has what it brings."""

    operations: ClassVar[tuple[str, ...]]
    """The names of its requests, for faults and counts."""
    permissions: ClassVar[tuple[str, ...]]
    tags: ClassVar[Mapping[str, str]]
    """The headings of its routes in the OpenAPI document, each with a description."""

    holdings: Mapping[str, Holding]
    """Its stored collections by name."""
    paths: Paths

    def __init__(self, settings: Settings, storage: Storage, now: Callable[[], float]) -> None:
        """`now` is the time in seconds since the epoch."""
        raise NotImplementedError

    def routes(self) -> Iterable[APIRouter]:
        """Immuta's routes."""
        raise NotImplementedError

    def own_routes(self) -> Iterable[APIRouter]:
        """Routes under `/_simulator` beside those that each collection has."""
        return ()

    def schemas(self) -> dict[str, Any]:
        """The components in the OpenAPI document to which its routes refer."""
        return {}

    def type_of(self, request: Request) -> str:
        """The object's type, for the faults that name one; "" if there is none."""
        return ""

    def invalid(self, request: Request, failed: Mapping[str, str]) -> Refusal:
        """The answer to failed validation. `failed` has the message of each failed test; if empty, the first test fails."""
        return Refusal(422, "; ".join(failed.values()) or "Validation failed.")

    def joined(self, holdings: Mapping[str, Holding]) -> None:
        """Receives the collections of every family of the same Immuta, once all are made."""

    def settings_changed(self) -> None:
        """Forgets answers that were made by other settings."""
