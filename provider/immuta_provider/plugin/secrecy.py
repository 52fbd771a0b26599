"""Finds, nulls and hides sensitive and write-only values, by schema.

A value may have any shape, because a stored state may have been edited by hand. So each step checks the type
first.
"""

from __future__ import annotations

from .values import Dynamic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from .paths import Path, Step
    from .schema import Attribute, Nested, Schema

    Attributes = Nested | Schema


def learn_secrets(attributes: Attributes, value: Any, learn: Callable[[str], None]) -> None:
    """Calls `learn` with every text inside a sensitive or write-only attribute of this object, at any depth."""
    if not attributes.holds_secret or not isinstance(value, dict):
        return
    for attribute in attributes.attributes:
        inner = value.get(attribute.name) if attribute.holds_secret else None
        if inner is None:
            continue
        if attribute.sensitive or attribute.write_only:
            for text in _texts(inner):
                learn(text)
        elif attribute.nested is not None:
            for _, each in objects(attribute.nested, inner):
                learn_secrets(attribute.nested, each, learn)


def without_write_only(attributes: Attributes, value: Any) -> Any:
    """A copy of the object with every write-only attribute null, at any depth. Attributes that are not in the
    schema stay."""
    if not attributes.holds_write_only or not isinstance(value, dict):
        return value
    return {
        name: _without_write_only(attribute, inner) if (attribute := attributes.attribute(name)) else inner
        for name, inner in value.items()
    }


def write_only_paths(attributes: Attributes, value: Any, path: Path = ()) -> Iterator[Path]:
    """The paths of the write-only attributes that are not null, unknown ones included."""
    if not attributes.holds_write_only or not isinstance(value, dict):
        return
    for attribute in attributes.attributes:
        inner = value.get(attribute.name)
        if inner is None or not attribute.holds_write_only:
            continue
        if attribute.write_only:
            yield (*path, attribute.name)
        elif attribute.nested is not None:
            for steps, each in objects(attribute.nested, inner):
                yield from write_only_paths(attribute.nested, each, (*path, attribute.name, *steps))


def cut_before_secret(attributes: Attributes, path: Path) -> Path:
    """The path, cut before the first attribute that is or holds a secret, or that is not in the schema."""
    kept: list[Step] = []
    inside: Attributes | None = attributes
    for step in path:
        if isinstance(step, str):
            attribute = inside.attribute(step) if inside is not None else None
            if attribute is None or attribute.holds_secret:
                break
            inside = attribute.nested
        kept.append(step)
    return tuple(kept)


def _without_write_only(attribute: Attribute, value: Any) -> Any:
    if attribute.write_only:
        return None
    nested = attribute.nested
    if nested is None or not nested.holds_write_only:
        return value
    if isinstance(value, list):
        return [without_write_only(nested, each) for each in value]
    if isinstance(value, dict) and nested.nesting == "map":
        return {key: without_write_only(nested, each) for key, each in value.items()}
    return without_write_only(nested, value)


def objects(nested: Nested, value: Any) -> Iterable[tuple[Path, Any]]:
    """The objects in the value of a nested attribute, each with the steps to it."""
    if isinstance(value, list):
        return [((index,), each) for index, each in enumerate(value)]
    if isinstance(value, dict) and nested.nesting == "map":
        from .paths import Key

        return [((Key(key),), each) for key, each in value.items()]
    return [((), value)]


def _texts(value: Any) -> Iterator[str]:
    pending = [value]
    while pending:
        each = pending.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            pending += reversed(each.values())
        elif isinstance(each, list):
            pending += reversed(each)
        elif isinstance(each, Dynamic):
            pending.append(each.value)
