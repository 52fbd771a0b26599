"""The collections of a tenant: the lists that the model's types are in, and the shape of their records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as made
from string import Formatter

from ..model.compiled.types import TYPES
from ..model.fields import (
    BOOL,
    NUMBER,
    OBJECT,
    OBJECTS,
    STRING,
    STRING_MAP,
    STRING_SET,
    STRINGS,
    STRINGS_MAP,
    Field,
    ResourceType,
    Routes,
)
from ..model.payload import read_at
from ..resources.lives import keys_read
from ..resources.registry import ADAPTED

TEXT, NUMERIC, BOOLEAN, LIST, MAP = "text", "number", "boolean", "list", "object"
# The kinds of JSON values that a field of each kind is read from.
_KINDS: Mapping[str, tuple[str, ...]] = {
    STRING: (TEXT, NUMERIC),
    NUMBER: (NUMERIC, TEXT),
    BOOL: (BOOLEAN, TEXT),
    STRINGS: (LIST,),
    STRING_SET: (LIST,),
    STRING_MAP: (MAP,),
    STRINGS_MAP: (MAP,),
    OBJECT: (MAP,),
    OBJECTS: (LIST,),
}


@dataclass
class Shape:
    """A place in a record. `kinds` are those of its values; () = any.

    `expected`: the model reads it. `keys` are the places inside it. A place without `keys` is not looked into, since the names in
    it may be data.
    """

    kinds: tuple[str, ...] = ()
    expected: bool = False
    keys: dict[str, Shape] = made(default_factory=dict)

    def at(self, path: str) -> Shape:
        """The shape at a path, made on the way. A step of digits is an element of a list, which has its list's shape."""
        shape = self
        for step in path.split("."):
            if step.isdigit():
                shape.kinds = (LIST,)
                continue
            shape.kinds = shape.kinds or (MAP,)
            shape = shape.keys.setdefault(step, Shape())
        return shape


@dataclass(frozen=True)
class Collection:
    """One list of a tenant: its request, the key of the records in its answer, and the types that are in it.

    `page` is the number of records that are requested; 0 = the list is not paged. `type_at` is the key of the type's word in a
    record of a list in which each record is of one type; "" = each record is of all of them.
    """

    request: str
    items: str
    page: int
    type_at: str
    permission: str
    types: tuple[ResourceType, ...]

    @property
    def groups(self) -> Iterator[tuple[str, tuple[ResourceType, ...]]]:
        """The types that share their records, with the word of the type; "" = every record."""
        if not self.type_at:
            yield "", self.types
            return
        for type in self.types:
            yield type.type, (type,)


def of_model() -> tuple[Collection, ...]:
    """The collections of all types, in the model's order. Lists that differ in their query are one."""
    found: dict[str, Collection] = {}
    for type in TYPES:
        each = _collection(type)
        path = each.request.partition("?")[0]
        first = found.get(path)
        request = min(first.request, each.request, key=len) if first else each.request
        types = (*(first.types if first else ()), type)
        found[path] = Collection(request, each.items, each.page, each.type_at, each.permission, types)
    return tuple(found.values())


def shape_of(types: tuple[ResourceType, ...]) -> Shape:
    """The shape of records that are of all these types."""
    shape = Shape((MAP,))
    for type in types:
        for key in _bookkeeping(type):
            shape.at(key)
        for field in type.fields:
            _add(shape, type, field)
        _nest(shape, type)
    return shape


def _collection(type: ResourceType) -> Collection:
    life = type.life
    if isinstance(life, Routes):
        return Collection(life.list, life.items, life.page, life.type_at, life.permission, (type,))
    family = ADAPTED[life]
    return Collection(family.LIST, "", 0, family.TYPE_AT, family.permission(), (type,))


def _bookkeeping(type: ResourceType) -> Iterator[str]:
    """The keys that the life of a type reads, beside those of its fields."""
    life = type.life
    if not isinstance(life, Routes):
        yield from ADAPTED[life].ENVELOPE
        return
    yield from _names(life.id) if "{" in life.id else (life.id,)
    yield from (key for key in (life.type_at, life.tree) if key)
    for pairs in (life.absent_when, life.reserved_when, life.reserved_unless):
        yield from (key for key, _ in pairs)
    yield from keys_read(life.adapter)


def _names(template: str) -> Iterator[str]:
    return (name for _, name, _, _ in Formatter().parse(template) if name)


def _add(shape: Shape, type: ResourceType, field: Field) -> None:
    if field.state_only:
        return
    at = shape.at(read_at(type, field))
    if field.in_route:
        return
    if read_at(type, field) in type.digested:
        at.expected = True
        return
    _fill(at, field)


def _fill(at: Shape, field: Field) -> None:
    at.expected = not (field.secret or field.create_only)
    if field.as_json:
        return
    at.kinds = tuple(dict.fromkeys((*at.kinds, *_KINDS[field.kind])))
    for inner in field.fields:
        _fill(at.keys.setdefault(inner.key, Shape()), inner)


def _nest(shape: Shape, type: ResourceType) -> None:
    """Records inside a record have its shape."""
    if isinstance(type.life, Routes) and type.life.nested:
        nested = shape.at(type.life.nested)
        nested.kinds, nested.keys = (LIST,), shape.keys
