"""Expressions of Python, laid out as formatters leave them: on one line where that is short enough, else one element a line."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from .text import WIDTH, quoted

INDENT = "    "


@dataclass(frozen=True)
class Group:
    """A call, a list or a dictionary: what opens it, its elements, each behind its prefix (`name=`), and what closes it."""

    opening: str
    elements: Sequence[tuple[str, Expression]]
    closing: str


Expression = str | Group


def flat(expression: Expression) -> str:
    """The expression on one line."""
    if isinstance(expression, str):
        return expression
    inner = ", ".join(f"{prefix}{flat(each)}" for prefix, each in expression.elements)
    return f"{expression.opening}{inner}{expression.closing}"


def laid_out(expression: Expression, margin: str, before: str = "", after: str = "") -> str:
    """The expression between two texts, as a statement at this margin."""
    line = f"{margin}{before}{flat(expression)}{after}"
    if isinstance(expression, str) or not expression.elements or columns(line) <= WIDTH:
        return line
    inner = margin + INDENT
    elements = (laid_out(each, inner, prefix, ",") for prefix, each in expression.elements)
    lines = [f"{margin}{before}{expression.opening}", *elements, f"{margin}{expression.closing}{after}"]
    return "\n".join(lines)


def columns(line: str) -> int:
    """The columns that a line takes in an editor."""
    return sum(_columns(char) for char in line)


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def text(value: str) -> str:
    """A text as a literal, in the quotes that need fewer escapes."""
    return quoted(value, "'" if value.count('"') > value.count("'") else '"')
