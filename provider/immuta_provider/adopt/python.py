"""Arguments of a construct as Python."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..model.classes import Classes, Shape, of_field
from ..model.fields import Field, ResourceType
from .layout import Expression, Group, text
from .text import literal
from .values import Json, Reference, Secret


class Writer:
    """Writes values of one type, nested objects as calls of their classes, and notes the names that the program imports."""

    def __init__(self, type: ResourceType) -> None:
        self._type = type
        self._classes = Classes(type)
        self._fields = dict(type.walk())
        self.used: set[str] = set()

    def arguments(self, values: Mapping[str, Any]) -> list[tuple[str, Expression]]:
        """The keyword arguments of the construct."""
        return [(f"{name}=", self._value(value, (name,))) for name, value in values.items()]

    def _value(self, item: object, path: tuple[str, ...]) -> Expression:
        if isinstance(item, Secret):
            self.used.add("Secret")
            return Group("Secret.variable(", [("", text(item.variable))], ")")
        if isinstance(item, Reference):
            home = "" if item.family == self._type.family else f"{item.family}."
            return f"{home}{item.name}.{item.attribute}"
        if isinstance(item, Json):
            return _plain(item.value)
        if isinstance(item, Mapping) and self._fields[path].fields:
            return self._call(item, path)
        if isinstance(item, list):
            return Group("[", [("", self._value(one, path)) for one in item], "]")
        return _plain(item)

    def _call(self, item: Mapping[str, Any], path: tuple[str, ...]) -> Expression:
        shape = _shape(self._fields[path], item)
        name = shape.name if shape else self._classes.names[path]
        self.used.add(name)
        arguments = _arguments(item, shape)
        return Group(
            f"{name}(", [(f"{at[-1]}=", self._value(one, (*path, *at))) for at, one in arguments], ")"
        )


def _shape(field: Field, item: Mapping[str, Any]) -> Shape | None:
    """The class that the model names for an object; None if it is named by its place."""
    return next((each for each in of_field(field) if each.word in ("", item.get("type"))), None)


def _arguments(item: Mapping[str, Any], shape: Shape | None) -> Iterator[tuple[tuple[str, ...], object]]:
    """The arguments of a class, each with its path in the object."""
    spread = set(dict(shape.inside).values()) if shape else set()
    for name, value in item.items():
        if name in spread:
            yield from (((name, inner), one) for inner, one in value.items())
        elif not (shape and shape.word and name == "type"):
            yield (name,), value


def _plain(item: object) -> Expression:
    if isinstance(item, Mapping):
        return Group("{", [(f"{text(literal(name))}: ", _plain(one)) for name, one in item.items()], "}")
    if isinstance(item, list):
        return Group("[", [("", _plain(one)) for one in item], "]")
    return text(literal(item)) if isinstance(item, str) else repr(item)
