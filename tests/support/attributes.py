"""Attributes of schemas in tests: `optional("size", NUMBER)`, `write_only("token")`, `nested("owner", [optional("name")])`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from immuta_provider.plugin.schema import Attribute, Nested
from immuta_provider.plugin.types import STRING, Type


def required(name: str, type: Type = STRING, **more: Any) -> Attribute:
    return Attribute(name, type, required=True, **more)


def optional(name: str, type: Type = STRING, **more: Any) -> Attribute:
    return Attribute(name, type, optional=True, **more)


def computed(name: str, type: Type = STRING, **more: Any) -> Attribute:
    return Attribute(name, type, computed=True, **more)


def write_only(name: str, type: Type = STRING, **more: Any) -> Attribute:
    return optional(name, type, write_only=True, **more)


def nested(
    name: str,
    attributes: Iterable[Attribute],
    nesting: str = "single",
    *,
    element_key: tuple[str, ...] = (),
    **more: Any,
) -> Attribute:
    """An optional attribute with nested ones."""
    inner = Nested(attributes, nesting, element_key=element_key)
    return Attribute(name, nested=inner, **{"optional": True, **more})


def same_host(a: Any, b: Any) -> bool:
    """A semantic equality that ignores case."""
    return bool(a.lower() == b.lower())
