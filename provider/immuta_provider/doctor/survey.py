"""Compares one page of each collection with the model, by key and type, and never by value.

The names in a map are data. They are not shown, since only the places that the model has are looked into.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..api.http.client import HttpClient
from ..api.http.errors import ImmutaError, PermissionDenied
from ..api.http.kind import Kind
from ..api.pages import records
from ..api.templates import expanded
from .check import Check, failed, ok, warning
from .collections import BOOLEAN, LIST, MAP, NUMERIC, TEXT, Collection, Shape, shape_of
from .limits import NETWORK_SECONDS

NULL = "null"
# As many records of a list that is not paged are compared.
MOST_RECORDS = 1000
# An object with more unknown keys at one place is a map, and its keys are data.
MOST_KEYS = 30
# An identifier, as Immuta's own keys are. A chosen name may be anything.
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


@dataclass(frozen=True)
class Difference:
    """One place at which answers and model differ.

    `key` is the path of the place in a record, with [] after a list. `types` are the kinds of JSON values that were found there,
    or "" for none. `expected` are those that the model reads; "" if the model does not know the key.
    """

    key: str
    types: str
    expected: str


@dataclass(frozen=True)
class Surveyed:
    """The comparison of the records of one collection that are of some types. `problem`: the reason why there is none."""

    request: str
    resources: tuple[str, ...]
    records: int
    unknown: tuple[Difference, ...] = ()
    missing: tuple[Difference, ...] = ()
    unlike: tuple[Difference, ...] = ()
    problem: str = ""
    refused: bool = False

    @property
    def check(self) -> Check:
        name = f"api {self.request}"
        if self.problem:
            return (warning if self.refused else failed)(name, self.problem, "")
        count = (
            f"{self.records} {'record' if self.records == 1 else 'records'} of {', '.join(self.resources)}"
        )
        found = "; ".join(
            f"{words} {', '.join(map(_shown, differences))}"
            for words, differences in (
                ("not in the model:", self.unknown),
                ("not in the answer:", self.missing),
                ("of another type:", self.unlike),
            )
            if differences
        )
        text = f"{count}; {found}" if found else count
        # The provider tolerates keys that it does not know.
        if not self.missing and not self.unlike:
            return ok(name, text)
        return warning(name, text, "Report the keys to the maintainers of cdktf-immuta.")


def survey(client: HttpClient, collections: Iterable[Collection]) -> Iterator[Surveyed]:
    """Reads one page of each collection."""
    for each in collections:
        yield from _surveyed(client, each)


def _surveyed(client: HttpClient, collection: Collection) -> Iterator[Surveyed]:
    everything = tuple(type.resource for type in collection.types)
    method, path = expanded(collection.request, {})
    if collection.page:
        path += f"{'&' if '?' in path else '?'}size={collection.page}&offset=0"
    kind = Kind(collection.types[0].noun, permission=collection.permission)
    try:
        deadline = client.clock.now() + NETWORK_SECONDS
        answer = client.call(method, path, deadline=deadline, attempts=1, is_list=True, kind=kind)
    except ImmutaError as error:
        yield Surveyed(
            collection.request,
            everything,
            0,
            problem=error.detail,
            refused=isinstance(error, PermissionDenied),
        )
        return
    found = records(answer, collection.items)
    if not isinstance(found, list):
        place = f' at the key "{collection.items}"' if collection.items else ""
        problem = f"the answer is not a list{place}; it is of the type {_kind(found)}"
        yield Surveyed(collection.request, everything, 0, problem=problem)
        return
    for word, types in collection.groups:
        of_types = [
            each
            for each in found[:MOST_RECORDS]
            if not word or (isinstance(each, dict) and each.get(collection.type_at) == word)
        ]
        comparison = _Comparison(client)
        comparison.compare(shape_of(types), of_types, "")
        yield comparison.result(collection.request, tuple(type.resource for type in types), len(of_types))


class _Comparison:
    def __init__(self, client: HttpClient) -> None:
        self._client = client
        self._unknown: list[Difference] = []
        self._missing: list[Difference] = []
        self._unlike: list[Difference] = []

    def result(self, request: str, resources: tuple[str, ...], count: int) -> Surveyed:
        return Surveyed(
            request,
            resources,
            count,
            unknown=_sorted(self._unknown),
            missing=_sorted(self._missing),
            unlike=_sorted(self._unlike),
        )

    def compare(self, shape: Shape, values: list[Any], place: str) -> None:
        """Compares the values that several records have at one place."""
        found = [value for value in values if value is not None]
        wrong = [value for value in found if shape.kinds and _kind(value) not in shape.kinds]
        if wrong:
            self._unlike.append(Difference(place or "(record)", _kinds(wrong), " or ".join(shape.kinds)))
        if not shape.keys:
            return
        lists = [each for value in found if isinstance(value, list) for each in value]
        if lists:
            self._inside(shape.keys, [each for each in lists if isinstance(each, dict)], f"{place}[]")
        self._inside(shape.keys, [value for value in found if isinstance(value, dict)], place)

    def _inside(self, keys: Mapping[str, Shape], objects: list[dict[str, Any]], place: str) -> None:
        if not objects:
            return
        actual: dict[str, list[Any]] = {}
        for each in objects:
            for key, value in each.items():
                actual.setdefault(key, []).append(value)
        unknown = actual.keys() - keys.keys()
        if len(unknown) > MOST_KEYS:
            self._unknown.append(Difference(_join(place, f"({len(unknown)} keys)"), "", ""))
            unknown = set()
        for name, values in self._named(actual, unknown):
            self._unknown.append(Difference(_join(place, name), _kinds(values), ""))
        for key, shape in keys.items():
            if key in actual:
                self.compare(shape, actual[key], _join(place, key))
            else:
                self._missing += _expected(shape, _join(place, key))

    def _named(self, actual: Mapping[str, list[Any]], keys: Iterable[str]) -> Iterator[tuple[str, list[Any]]]:
        """The keys with their values. Those that may be data are one entry without a name."""
        nameless: list[Any] = []
        for key in keys:
            if _KEY.fullmatch(key) and self._client.screen.word(key, ()):
                yield key, actual[key]
            else:
                nameless += actual[key]
        if nameless:
            yield "(a key that is not an identifier)", nameless


def _expected(shape: Shape, place: str) -> Iterator[Difference]:
    """The outermost places that the model reads, at this one and inside it."""
    if shape.expected:
        yield Difference(place, "", " or ".join(shape.kinds) or "any")
    elif shape.kinds == (MAP,):
        for key, inner in shape.keys.items():
            yield from _expected(inner, _join(place, key))


def _sorted(differences: Iterable[Difference]) -> tuple[Difference, ...]:
    return tuple(sorted(differences, key=lambda each: each.key))


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def _shown(difference: Difference) -> str:
    types = " and not ".join(each for each in (difference.types, difference.expected) if each)
    return f"{difference.key} ({types})" if types else difference.key


def _kinds(values: Iterable[Any]) -> str:
    return " or ".join(sorted({_kind(value) for value in values} - {NULL}) or [NULL])


def _kind(value: Any) -> str:
    if value is None:
        return NULL
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, int | float):
        return NUMERIC
    if isinstance(value, str):
        return TEXT
    return LIST if isinstance(value, list) else MAP
