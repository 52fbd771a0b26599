"""Arguments as HCL, laid out as `terraform fmt` leaves it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .text import literal, quoted
from .values import Json, Reference, Secret


def block(head: str, body: str) -> str:
    """A block with attributes, which may be none."""
    return f"{head} {{\n{body}\n}}" if body else f"{head} {{}}"


def variable(secret: Secret) -> str:
    return (
        f'variable "{secret.variable}" {{\n  type      = string\n  sensitive = true\n  ephemeral = true\n}}'
    )


def attributes(values: Mapping[str, Any], margin: str) -> str:
    """One attribute a line. A value of several lines starts a new alignment group."""
    lines: list[str] = []
    group: list[tuple[str, str]] = []
    for name, item in values.items():
        text = value(item, margin)
        if "\n" in text:
            lines += [*_aligned(group, margin), f"{margin}{name} = {text}"]
            group = []
        else:
            group.append((name, text))
    return "\n".join([*lines, *_aligned(group, margin)])


def value(item: object, margin: str = "") -> str:
    """One value; `margin` is that of the line on which it starts."""
    if isinstance(item, Secret):
        return f"var.{item.variable}"
    if isinstance(item, Reference):
        return f"{item.resource}.{item.name}.{item.attribute}"
    if isinstance(item, Json):
        return f"jsonencode({value(item.value, margin)})"
    if isinstance(item, Mapping):
        inner = attributes({_key(name): one for name, one in item.items()}, f"{margin}  ")
        return f"{{\n{inner}\n{margin}}}"
    if isinstance(item, list) and len(item) > 1 and isinstance(item[0], Mapping):
        inner = "".join(f"{margin}  {value(one, f'{margin}  ')},\n" for one in item)
        return f"[\n{inner}{margin}]"
    if isinstance(item, list):
        return f"[{', '.join(value(one, margin) for one in item)}]"
    if isinstance(item, str):
        return quoted(literal(item))
    return str(item).lower() if isinstance(item, bool) else str(item)


def _aligned(group: list[tuple[str, str]], margin: str) -> list[str]:
    width = max((len(name) for name, _ in group), default=0)
    return [f"{margin}{name.ljust(width)} = {text}" for name, text in group]


def _key(name: str) -> str:
    return name if name.isascii() and name.isidentifier() else quoted(literal(name))
