"""The Python classes of a resource type and of the objects in it. Their names follow from the model.

The constructs are generated with these names, and programs are written with them.
"""

from __future__ import annotations

from typing import NamedTuple

from immuta_provider.model.compiled.types import TYPES
from immuta_provider.model.fields import OBJECT, OBJECTS, Field, When

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from immuta_provider.model.fields import ResourceType, Variant

Path = tuple[str, ...]


class Shape(NamedTuple):
    """One class: its arguments, and what they become in Terraform."""

    name: str
    fields: tuple[Field, ...]
    about: str = ""
    word: str = ""
    inside: tuple[tuple[str, str], ...] = ()
    """(argument, object): the arguments that are members of an object inside."""


def of_field(field: Field) -> list[Shape]:
    if field.variants:
        return [_of_variant(field, variant) for variant in field.variants]
    return [Shape(field.class_name, field.fields)] if field.class_name else []


def _of_variant(field: Field, variant: Variant) -> Shape:
    return Shape(
        variant.class_name,
        tuple(_in_variant(_at(field, path), variant, path) for path in variant.arguments),
        variant.description,
        variant.word,
        tuple((path[-1], path[0]) for path in variant.arguments if len(path) > 1),
    )


def _at(field: Field, path: Path) -> Field:
    for name in path:
        child = field.child(name)
        assert child is not None, path
        field = child
    return field


def _in_variant(field: Field, variant: Variant, path: Path) -> Field:
    """The field as an argument of one variant, whose `type` is known."""
    facts = {slot: getattr(field, slot) for slot in Field.__slots__}
    facts["required"] = path in variant.required
    facts["required_when"] = tuple(_with_word(field.required_when, variant.word))
    only = tuple(_with_word(field.only_when, variant.word))
    facts["only_when"] = () if any(not when.fields for when in only) else only
    if not facts["required"]:
        facts["required_when"] = tuple(when for when in facts["required_when"] if when.fields)
    return Field(facts.pop("name"), facts.pop("key"), facts.pop("kind"), **facts)


def _with_word(whens: Iterable[When], word: str) -> Iterator[When]:
    """The conditions that `type` leaves open, without `type`."""
    for when in whens:
        fields = dict(when.fields)
        if word in fields.pop("type", (word,)):
            yield When(fields, strict=when.strict)


def prefix(type: ResourceType, types: Sequence[ResourceType] = TYPES) -> str:
    """The beginning of the names of a type's nested classes: the class name without the noun, where that is left to it.

    Where an earlier one of `types` has that name already, it is the whole class name.
    """
    short = _short(type)
    first = next((each for each in types if _short(each) == short), type)
    return short if first.resource == type.resource else type.class_name


def _short(type: ResourceType) -> str:
    return type.class_name.removesuffix(camel(type.noun.replace(" ", "_"))) or type.class_name


class Classes:
    """The names of a type's nested classes. `nested` has the field of each, with its path, and `names` the name of each path."""

    def __init__(self, type: ResourceType) -> None:
        self.type = type
        self.prefix = prefix(type)
        self.names: dict[Path, str] = {}
        self.nested: dict[str, tuple[Path, Field]] = {}
        for path, field in type.walk():
            if field.kind in (OBJECT, OBJECTS):
                self._name(path, field)

    def _name(self, path: tuple[str, ...], field: Field) -> None:
        """The innermost name that is free, or that already stands for an object of the same shape."""
        for start in range(len(path) - 1, -1, -1):
            *outer, last = path[start:]
            name = (
                self.prefix
                + "".join(map(camel, outer))
                + camel(singular(last) if field.kind == OBJECTS else last)
            )
            if self.nested.setdefault(name, (path, field))[1].fields == field.fields:
                self.names[path] = name
                return
        raise ValueError(f"{self.type.resource}: no class name is left for {'.'.join(path)}")


def camel(name: str) -> str:
    words = {"oauth": "OAuth", "id": "Id", "url": "Url"}
    return "".join(words.get(word, word.capitalize()) for word in name.split("_"))


def singular(name: str) -> str:
    return name.removesuffix("es" if name.endswith("ches") else "s")
