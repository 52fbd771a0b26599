"""Key files in PEM form (RFC 7468): one text, however its line breaks were written on the way here."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from immuta_provider.model.fields import Field

_START = "-----BEGIN "
# The two characters in which variables of CI systems often hold a line break come first: none of them can stand in such a file.
_LINE_BREAKS = ("\\r\\n", "\\n", "\r\n", "\r")


def as_sent(field: Field, value: Any) -> Any:
    """The value of a field as Immuta gets it, which is the one to judge and to fingerprint: a key file with real line breaks, any
    other value as it is."""
    return normalized(value) if field.text_format == "pem" and isinstance(value, str) else value


def normalized(text: str) -> str:
    """A key file with line feeds alone. A text that holds no key file, a placeholder for one, stays as it is."""
    if _START not in text:
        return text
    for line_break in _LINE_BREAKS:
        text = text.replace(line_break, "\n")
    return text


def as_0_1_0_sent(text: str) -> tuple[str, ...]:
    """Other working spellings of a normalized text, in which version 0.1.0 sent and fingerprinted it."""
    return (text.replace("\n", "\r\n"),) if text.lstrip().startswith(_START) and "\n" in text else ()
