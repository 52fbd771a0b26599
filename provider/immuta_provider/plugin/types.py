"""Terraform's types, and their JSON form in schemas and dynamic values: `"string"`, `["list","string"]`,
`["object",{"a":"bool"}]`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Final

_DEEPEST = 64


class Type:
    """Any type. Immutable by convention. Two types are equal if their JSON is."""

    __slots__ = ()

    def to_json(self) -> str:
        """The type in the JSON notation of the protocol, without blanks, keys sorted."""
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Type) and self.to_json() == other.to_json())

    def __hash__(self) -> int:
        return hash(self.to_json())


class Primitive(Type):
    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def to_json(self) -> str:
        return f'"{self.name}"'

    def __repr__(self) -> str:
        return self.name.upper()


class _Collection(Type):
    __slots__ = ("element",)

    name = ""

    def __init__(self, element: Type) -> None:
        self.element = element

    def to_json(self) -> str:
        return f'["{self.name}",{self.element.to_json()}]'

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.element!r})"


class ListOf(_Collection):
    __slots__ = ()
    name = "list"


class SetOf(_Collection):
    __slots__ = ()
    name = "set"


class MapOf(_Collection):
    """A map: text keys, values of one type."""

    __slots__ = ()
    name = "map"


class TupleOf(Type):
    """A fixed number of values, each of its own type: the type of a list expression inside a dynamic value."""

    __slots__ = ("elements",)

    def __init__(self, elements: Iterable[Type]) -> None:
        self.elements = tuple(elements)

    def to_json(self) -> str:
        return f'["tuple",[{",".join(t.to_json() for t in self.elements)}]]'

    def __repr__(self) -> str:
        return f"TupleOf({self.elements!r})"


class ObjectOf(Type):
    """Named attributes, each of its own type."""

    __slots__ = ("attributes",)

    def __init__(self, attributes: Mapping[str, Type]) -> None:
        self.attributes = dict(attributes)

    def to_json(self) -> str:
        pairs = (f"{quoted(name)}:{self.attributes[name].to_json()}" for name in sorted(self.attributes))
        return f'["object",{{{",".join(pairs)}}}]'

    def __repr__(self) -> str:
        return f"ObjectOf({self.attributes!r})"


class WriteOnly(Type):
    """The type of a write-only attribute in a planned or stored value. It decodes and encodes to null."""

    __slots__ = ("type",)

    def __init__(self, type: Type) -> None:
        self.type = type

    def to_json(self) -> str:
        return self.type.to_json()

    def __repr__(self) -> str:
        return f"WriteOnly({self.type!r})"


STRING: Final = Primitive("string")
NUMBER: Final = Primitive("number")
BOOL: Final = Primitive("bool")
DYNAMIC: Final = Primitive("dynamic")

_PRIMITIVES = {"string": STRING, "number": NUMBER, "bool": BOOL, "dynamic": DYNAMIC}
_COLLECTIONS: dict[str, type[_Collection]] = {"list": ListOf, "set": SetOf, "map": MapOf}


def from_json(parsed: object, *, depth: int = 0) -> Type:
    """The type of parsed type JSON. Raises ValueError if that is not valid."""
    if isinstance(parsed, str) and parsed in _PRIMITIVES:
        return _PRIMITIVES[parsed]
    # An object type may have a third member, its optional attributes' names. Only conversions use it.
    if isinstance(parsed, list) and len(parsed) in (2, 3) and depth < _DEEPEST:
        kind, inner = parsed[:2]
        if isinstance(kind, str) and kind in _COLLECTIONS:
            return _COLLECTIONS[kind](from_json(inner, depth=depth + 1))
        if kind == "tuple" and isinstance(inner, list):
            return TupleOf(from_json(each, depth=depth + 1) for each in inner)
        if kind == "object" and isinstance(inner, dict):
            return ObjectOf({name: from_json(each, depth=depth + 1) for name, each in inner.items()})
    raise ValueError("not the JSON of a type, or nested too deeply")


def quoted(text: str) -> str:
    """The text as a JSON string, ASCII only."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    # The C function behind `json.dumps`; importing `json` costs 8 ms.
    from _json import encode_basestring_ascii

    return encode_basestring_ascii(text)
