"""Reads a tenant: the lists that `terraform query` shows, and of each object the body that an import reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from ..api.found import Found
from ..api.http.client import HttpClient
from ..api.http.errors import PermissionDenied, RouteMissing
from ..model import payload
from ..model.fields import ResourceType, Routes
from ..resources.list_resource import TypeList
from ..resources.resource import Resource
from .things import LeftOut, Thing, key, several, title

Progress = Callable[[str], None]
EVERY = 50
"""Objects between two lines of progress."""


@dataclass(frozen=True)
class Source:
    """One type in a tenant: its resource, and the list of its objects."""

    resource: Resource
    list: TypeList

    @property
    def type(self) -> ResourceType:
        return self.resource.type


@dataclass(frozen=True)
class Choice:
    """The objects to write: those whose name or id fits one of the patterns; () = all."""

    names: Sequence[str] = ()

    def fits(self, type: ResourceType, found: Found, shown: Mapping[str, Any]) -> bool:
        parts = key(type, shown)
        texts = [text.casefold() for text in (*parts, "/".join(parts), found.id)]
        return not self.names or any(
            fnmatchcase(text, pattern.casefold()) for text in texts for pattern in self.names
        )


def read(source: Source, client: HttpClient, choice: Choice, progress: Progress) -> Iterator[Thing | LeftOut]:
    """The objects of one type, in Immuta's order. Raises ImmutaError, except where the user may not read the type."""
    type, resource = source.type, source.resource
    life = resource.life(client)
    count = 0
    try:
        for found in source.list.objects(client):
            shown = payload.read(type, found.body or {})
            if not choice.fits(type, found, shown):
                continue
            if resource.is_reserved(found):
                yield LeftOut(type, title(type, found, shown), _reserved(type))
                continue
            whole = life.read(found.id, warnings=[], values=resource.imported(found.id))
            if whole is None:
                continue
            count += 1
            if count % EVERY == 0:
                progress(f"  {several(type, count)} so far")
            yield Thing(type, whole, payload.read(type, whole.body or {}))
    except (PermissionDenied, RouteMissing) as error:
        yield LeftOut(type, f"all {type.plural}", f"they could not be read: {error.summary}. {error.detail}")
    progress(f"Read {several(type, count)}")


def _reserved(type: ResourceType) -> str:
    by = type.life.reserved_by if isinstance(type.life, Routes) else ""
    return f"{by or 'Immuta itself'} decides about it, so that it is never managed"
