"""Filters a server's values before they enter the state: no known secret, and no value without a limit.

Texts for display use `quote` (see `HttpClient`). A value in the state cannot be shortened or changed, so a refused value counts
as masked by Immuta, and the configured value is kept.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Any

MASK = "REDACTED"
"""Replaces a refused value; Immuta itself shows it in place of a secret."""

LONGEST = 64 * 1024
"""The most characters of one value. Immuta's settings, even certificates, are much shorter."""

LONGEST_WORD = 100
"""The most characters of a displayed status or host."""

_SMALL = 100_000


def _never(text: str) -> bool:
    return False


def _as_it_is(text: str) -> str:
    return text


class Screen:
    """`holds` tells if a text contains a known secret; `quote` prepares a text for display. By default no secret is known."""

    def __init__(
        self, holds: Callable[[str], bool] = _never, quote: Callable[[str], str] = _as_it_is
    ) -> None:
        self._holds = holds
        self._quote = quote

    def value(self, value: Any) -> Any:
        """Returns the JSON value with refused texts and numbers masked, and without refused keys."""
        return value if self._keeps(value, set()) else self._masked(value)

    def _masked(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self.value(item) for key, item in value.items() if self._keeps(key, set())}
        if isinstance(value, list):
            return [self.value(item) for item in value]
        return MASK

    def word(self, text: str, known: Collection[str]) -> str:
        """Returns a text that is a known word, or short, printable and without a secret; "" for any other text."""
        fits = len(text) <= LONGEST_WORD and text.isprintable() and text != MASK
        shown = fits and not self._holds(text) and self._quote(text) == text
        return text if text in known or shown else ""

    def _keeps(self, value: Any, kept: set[str]) -> bool:
        """Tells if nothing in a JSON value is too long or a secret. Copying each response would double its memory. `kept` has the
        texts that were found so: in a list the same keys and words come again in every record."""
        if isinstance(value, str):
            if value not in kept:
                if len(value) > LONGEST or self._holds(value):
                    return False
                kept.add(value)
            return True
        if isinstance(value, dict):
            return all(self._keeps(key, kept) and self._keeps(item, kept) for key, item in value.items())
        if isinstance(value, list):
            return all(self._keeps(item, kept) for item in value)
        if isinstance(value, bool) or not isinstance(value, int | float) or -_SMALL < value < _SMALL:
            return True
        # Python refuses to write integers of more than 4300 digits.
        return abs(value) < 1e300 and self._keeps(str(value), kept)


OPEN = Screen()
