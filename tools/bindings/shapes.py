"""The classes that the model names: one for each variant of an object, and those with a `class_name`.

Types of one family share them, so each is written once, in the family's module `parts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from immuta_provider.model.classes import Shape, of_field
from immuta_provider.model.fields import (
    BOOL,
    NUMBER,
    OBJECT,
    OBJECTS,
    STRING,
    STRING_MAP,
    STRING_SET,
    STRINGS,
    Field,
    ResourceType,
)
from immuta_provider.model.text import joined

from bindings.text import dataclass_field, describe, docstring, literal, module, ordered

PARTS = "parts"
IMPORTS = """\
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from ..cdk import IResolvable
from ..runtime.variants import Variant
"""
DATACLASS = "@dataclass(frozen=True, kw_only=True, slots=True)"

Path = tuple[str, ...]


def names(field: Field) -> list[str]:
    """The names that the model has for the classes of a field; [] = its class is named by its place."""
    return [shape.name for shape in of_field(field)]


class Parts:
    """The module of the classes that the types of one family share."""

    def __init__(self, family: str, types: Iterable[ResourceType]) -> None:
        self.family = family
        self._shapes: dict[str, Shape] = {}
        self._places: dict[str, list[str]] = {}
        for type in types:
            if type.family == family:
                for field in type.fields:
                    self._collect(type, field, (field.name,), named=False)

    def public_names(self) -> list[str]:
        return list(self._shapes)

    def text(self) -> str:
        about = f"The classes of objects that the model names, for all of the {self.family}."
        return module(about, IMPORTS, *map(self._class, self._shapes.values()))

    def _collect(self, type: ResourceType, field: Field, path: Path, *, named: bool) -> None:
        """Adds the classes of a field and of all fields in it. `named`: the field is an argument of such a class."""
        place = f"`{'.'.join(path)}` of {type.class_name}"
        shapes = of_field(field)
        if named and field.fields and not shapes:
            raise ValueError(f"{place} has no class name, but is in an object whose class has one")
        for shape in shapes:
            if self._shapes.setdefault(shape.name, shape) != shape:
                raise ValueError(f"two shapes have the class name {shape.name}, the second in {place}")
            self._places.setdefault(shape.name, []).append(place)
            inside = dict(shape.inside)
            for each in shape.fields:
                at = (*path, inside[each.name]) if each.name in inside else path
                self._collect(type, each, (*at, each.name), named=True)
        if not shapes:
            for each in field.fields:
                self._collect(type, each, (*path, each.name), named=False)

    def _class(self, shape: Shape) -> str:
        base = "(Variant)" if shape.word else ""
        used = joined([*dict.fromkeys(self._places[shape.name])], "and")
        about = f"{shape.about}\n\nFor {used}." if shape.about else f"For {used}."
        return class_text(
            f"{shape.name}{base}",
            about,
            [(f, annotation(f, names(f))) for f in ordered(shape.fields)],
            constants=_constants(shape),
        )


def _constants(shape: Shape) -> list[str]:
    if not shape.word:
        return []
    lines = [f"    TYPE: ClassVar[str] = {shape.word!r}"]
    if shape.inside:
        lines.append(f"    INSIDE: ClassVar[Mapping[str, str]] = {dict(shape.inside)!r}")
    return [*lines, ""]


def class_text(
    head: str,
    about: str,
    arguments: Sequence[tuple[Field, str]],
    *,
    noun: str = "object",
    constants: Sequence[str] = (),
) -> str:
    """The dataclass of an object. Each argument is a field and its annotation."""
    lines = [DATACLASS, f"class {head}:"]
    lines += docstring(about, [(f.name, describe(f, noun)) for f, _ in arguments], indent=4)
    lines += ["", *constants] if constants else []
    lines += [dataclass_field(f, text, required=f.required) for f, text in arguments]
    return "\n".join(lines) + "\n"


def annotation(field: Field, classes: Sequence[str]) -> str:
    """The type of an argument. `classes` are those of its object or objects."""
    choice = literal(field.choices.values) if field.choices else ""
    # A type checker cannot tell a token that is a `str` from a misspelt word: mypy does not know LiteralString.
    token = "str" if field.choices and not field.choices.strict else "IResolvable"
    objects = " | ".join([*classes, "Mapping[str, Any]"])
    text = {
        STRING: f"{choice} | {token}" if choice else "str",
        NUMBER: "int | float",
        BOOL: f"{choice or 'bool'} | IResolvable",
        STRINGS: "Sequence[str]",
        STRING_SET: "Sequence[str]",
        STRING_MAP: "Mapping[str, str] | IResolvable",
        OBJECT: f"{objects} | IResolvable",
        OBJECTS: f"Sequence[{objects}] | IResolvable",
    }[field.kind]
    if field.as_json:
        text = "Sequence[Any] | str" if field.as_json == "array" else "Mapping[str, Any] | str"
    return text if field.required else f"{text} | None"
