"""The base class of the nested classes that stand for one shape of an object with several."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar


class Variant:
    """One shape of an object whose attribute `type` chooses the shape. The class fixes `type`."""

    __slots__ = ()

    TYPE: ClassVar[str]
    INSIDE: ClassVar[Mapping[str, str]] = {}
    """The arguments that are members of an object inside, each with the name of that object."""


def members(value: object) -> dict[str, Any] | None:
    """Returns the members that an object of a nested class has in Terraform; None if `value` is not such an object."""
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return None
    arguments = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if not isinstance(value, Variant):
        return arguments
    found: dict[str, Any] = {"type": value.TYPE}
    for name, item in arguments.items():
        if name not in value.INSIDE:
            found[name] = item
        elif item is not None:
            found.setdefault(value.INSIDE[name], {})[name] = item
    return found
