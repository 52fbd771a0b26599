"""A server's texts, fit to be shown to a person."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Quote = Callable[[str], str]

_LONGEST_QUOTE = 2000
# Far more than is shown, and little enough to be looked through for secrets at once, whatever a server sends.
_LOOKED_THROUGH = 16 * 1024


def quoted(text: str, quote: Quote) -> str:
    """A server's text as it may be shown: without control characters (a terminal would obey them), bounded, and passed
    through the caller's `quote`, which takes care of secrets."""
    # The caller looks for secrets first: a cut through the middle of one would hide it from that search.
    shown = quote(text[:_LOOKED_THROUGH])
    safe = "".join(c if c.isprintable() or c == "\n" else " " for c in shown).strip()
    if len(safe) <= _LONGEST_QUOTE and len(text) <= _LOOKED_THROUGH:
        return safe
    length = len(safe) + max(len(text) - _LOOKED_THROUGH, 0)
    return f"{safe[:_LONGEST_QUOTE]} … ({length} characters in all)"
