"""The one way of a server's values into a state: no known secret, and nothing without bound.

Texts for people go by `quote` (see `Client`). A value that ends in a state cannot be shortened or rewritten: what may not be
there counts as masked by Immuta, so that the configured value stays.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Any

MASK = "REDACTED"
"""Stands for a value that is not taken over; Immuta itself writes it for a secret."""

LONGEST = 64 * 1024
"""Characters of one value. Settings of Immuta, certificates included, are far shorter."""

LONGEST_WORD = 100
"""Characters of a status, or of a host that is shown."""

_SMALL = 100_000


def _never(text: str) -> bool:
    return False


def _as_it_is(text: str) -> str:
    return text


class Screen:
    """`holds` says whether a text holds a known secret; `quote` makes one fit to be shown. By default no secret is known."""

    def __init__(
        self, holds: Callable[[str], bool] = _never, quote: Callable[[str], str] = _as_it_is
    ) -> None:
        self._holds = holds
        self._quote = quote

    def value(self, value: Any) -> Any:
        """The same JSON value with a mask for each text and number that may not be kept, and without such keys."""
        return value if self._keeps(value) else self._masked(value)

    def _masked(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self.value(item) for key, item in value.items() if self._keeps(key)}
        if isinstance(value, list):
            return [self.value(item) for item in value]
        return MASK

    def word(self, text: str, known: Collection[str]) -> str:
        """One of the known words, or a short text that can be shown as it is, without even a short secret; "" for any other."""
        fits = len(text) <= LONGEST_WORD and text.isprintable() and text != MASK
        shown = fits and not self._holds(text) and self._quote(text) == text
        return text if text in known or shown else ""

    def _keeps(self, value: Any) -> bool:
        """Whether nothing in a JSON value is too long or a secret. A copy of each answer would double its memory."""
        if isinstance(value, str):
            return len(value) <= LONGEST and not self._holds(value)
        if isinstance(value, dict):
            return all(map(self._keeps, value)) and all(map(self._keeps, value.values()))
        if isinstance(value, list):
            return all(map(self._keeps, value))
        if isinstance(value, bool) or not isinstance(value, int | float) or -_SMALL < value < _SMALL:
            return True
        # Python refuses to write integers of more than 4300 digits.
        return abs(value) < 1e300 and self._keeps(str(value))


OPEN = Screen()
