"""Text from Immuta as a literal, and in a comment."""

from __future__ import annotations

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


def _escaped(char: str, quote: str) -> str:
    if char == quote:
        return f"\\{char}"
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable():
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
