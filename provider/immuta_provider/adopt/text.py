"""Text from Immuta as a literal, and in a comment."""

from __future__ import annotations

import textwrap

WIDTH = 88
"""Columns of a line."""
TEMPLATES = ("${", "%{")
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def literal(text: str) -> str:
    """`text` without a template: Terraform evaluates one, also in a text from Python."""
    for opening in TEMPLATES:
        text = text.replace(opening, opening[0] + opening)
    return text


def quoted(text: str, quote: str = '"') -> str:
    """`text` in quotes, as HCL and Python both read it. A character that is not printable is escaped, so that nothing in a
    program is invisible or changes the direction of what follows."""
    return f"{quote}{''.join(_escaped(char, quote) for char in text)}{quote}"


def comment(text: str, margin: str = "", first: str = "") -> str:
    """A comment of Python and HCL, on as many lines as it needs. `first` is what its first line begins with."""
    words = " ".join(_shown(char) for char in " ".join(text.split()).split(" "))
    lines = textwrap.wrap(
        first + words,
        WIDTH - len(margin) - len("# "),
        subsequent_indent=" " * len(first),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(f"{margin}# {line}" for line in lines)


def _shown(word: str) -> str:
    return "".join(char if char.isprintable() else _escaped(char, "") for char in word)


def _escaped(char: str, quote: str) -> str:
    if char == quote:
        return f"\\{char}"
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable():
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
