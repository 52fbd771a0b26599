"""Paths into a value: tuples of steps from the root of a resource (or provider block) inwards."""

from __future__ import annotations


class Key:
    """A step into a map, by key."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return type(other) is Key and self.value == other.value

    def __hash__(self) -> int:
        return hash((Key, self.value))

    def __repr__(self) -> str:
        return f"Key({self.value!r})"


class Element:
    """A step into a set, by element. The protocol has no such step, so a diagnostic points at the set."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return type(other) is Element and bool(self.value == other.value)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "Element(...)"  # the element may hold a secret


Step = str | int | Key | Element
"""An attribute's name, a list index, a map key or a set element."""

Path = tuple[Step, ...]


def dotted(path: Path) -> str:
    """The path as users write it, such as `private_key.content` or `hosts[0]["a"].name`. A set's element is
    `[...]`."""
    text = ""
    for step in path:
        if isinstance(step, str):
            text += f".{step}" if text else step
        elif isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f'["{step.value}"]' if isinstance(step, Key) else "[...]"
    return text
