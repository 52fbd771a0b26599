"""Prepares a server's texts for display."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Quote = Callable[[str], str]

_LONGEST_QUOTE = 2000
# The most characters of a text that are searched for secrets: more than is shown, but few enough to be fast.
_LOOKED_THROUGH = 16 * 1024


def quoted(text: str, quote: Quote) -> str:
    """Returns a server's text for display.

    Control characters, which a terminal would obey, are replaced. The length is limited, and the caller's `quote` redacts
    secrets.
    """
    # Secrets are redacted before the text is cut, since a cut inside a secret would hide the rest from redaction.
    shown = quote(text[:_LOOKED_THROUGH])
    safe = "".join(c if c.isprintable() or c == "\n" else " " for c in shown).strip()
    if len(safe) <= _LONGEST_QUOTE and len(text) <= _LOOKED_THROUGH:
        return safe
    length = len(safe) + max(len(text) - _LOOKED_THROUGH, 0)
    return f"{safe[:_LONGEST_QUOTE]} … ({length} characters in all)"
