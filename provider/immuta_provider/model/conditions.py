"""The conditions of the model's rules, looked up in a configuration that may be unknown in part."""

from __future__ import annotations

from immuta_provider.model.fields import BOOL, NUMBER, OBJECT, STRING, STRING_MAP
from immuta_provider.model.numbers import number
from immuta_provider.model.text import HIDDEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from immuta_provider.model.fields import Field, When

    Path = tuple[str | int, ...]
    # Attributes by their paths, each with its value, or with the values that a condition allows it.
    Named = tuple[tuple[Path, Any], ...]


class _Undecided:
    """Stands for a value that other rules cannot depend on: unknown, missing or invalid."""


UNDECIDED = _Undecided()


class Scope:
    """One object of a configuration, with the object that encloses it (None at the top)."""

    def __init__(
        self,
        fields: tuple[Field, ...],
        values: Mapping[str, Any],
        is_unknown: Callable[[object], bool],
        path: Path = (),
        enclosing: Scope | None = None,
    ) -> None:
        self.fields = fields
        self.values = values
        self.is_unknown = is_unknown
        self.path = path
        self.enclosing = enclosing
        self.top: Scope = self if enclosing is None else enclosing.top

    def inside(self, field: Field, values: Mapping[str, Any], *steps: str | int) -> Scope:
        """An object in this one: the value of `field`, or an element of it."""
        return Scope(field.fields, values, self.is_unknown, (*self.path, *steps), self)

    def holds(self, when: When) -> bool | None:
        """True or False; None while that is undecided."""
        decided: bool | None = True
        for name, allowed in when.fields:
            value = self.value(name)
            if value is UNDECIDED:
                decided = None
            elif value not in allowed:
                return False
        return decided

    def value(self, name: str) -> object:
        """The value that a condition means by `name`, or UNDECIDED."""
        return self._find(name)[1]

    def resolved(self, when: When) -> Named:
        """The condition with whole paths."""
        return tuple((self._path(name), allowed) for name, allowed in when.fields)

    def actual(self, *conditions: When) -> Named:
        """The attributes that the conditions name, with their decided values: HIDDEN where no message may quote one."""
        names = dict.fromkeys(name for when in conditions for name, _ in when.fields)
        found = {name: self._find(name) for name in names}
        return tuple(
            (self._path(name), HIDDEN if _is_hidden(field, value) else value)
            for name, (field, value) in found.items()
            if value is not UNDECIDED
        )

    def _find(self, name: str) -> tuple[Field | None, object]:
        owner, (first, *rest) = self._owner(name), name.split(".")
        if owner is None:
            return None, UNDECIDED
        field, value = _named(owner.fields, first), owner.values.get(first)
        for step in rest:
            if self.is_unknown(value):
                return None, UNDECIDED
            field = field.child(step) if field else None
            value = value.get(step) if isinstance(value, dict) else None
        if field is None or self.is_unknown(value):
            return field, UNDECIDED
        if value is None:
            return field, UNDECIDED if field.required or field.required_when else None
        wrong = not is_kind(field.kind, value) or (field.choices and value not in field.choices.values)
        return field, UNDECIDED if wrong else value

    def _path(self, name: str) -> Path:
        owner = self._owner(name) or self.top
        return (*owner.path, *name.split("."))

    def _owner(self, name: str) -> Scope | None:
        """The object in which a condition looks `name` up: the innermost that has it, from this one to the top."""
        first, scope = name.split(".")[0], self
        while _named(scope.fields, first) is None:
            if scope.enclosing is None:
                return None
            scope = scope.enclosing
        return scope


def is_kind(kind: str, value: object) -> bool:
    """Returns whether the value is of this kind, at its own level."""
    if kind == STRING:
        return isinstance(value, str)
    if kind == BOOL:
        return isinstance(value, bool)
    if kind == NUMBER:
        return number(value) is not None
    if kind in (OBJECT, STRING_MAP):
        return isinstance(value, dict)
    return isinstance(value, (list, tuple))


def _named(fields: tuple[Field, ...], name: str) -> Field | None:
    return next((field for field in fields if field.name == name), None)


def _is_hidden(field: Field | None, value: object) -> bool:
    return (field is not None and field.secret) or isinstance(value, (dict, list, tuple))
