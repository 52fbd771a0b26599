"""Where in a value something is: a tuple of steps from the top of a resource (or provider block) inwards."""

from __future__ import annotations


class Key:
    """The step into a map, by its key."""

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
    """The step into a set, by the element. The protocol has none: a diagnostic then points at the set."""

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
    """The path as people write it: `private_key.content`, `hosts[0]["a"].name`; a set's element shows as
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
