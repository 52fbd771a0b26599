"""Reading JSON text, at first without the `json` package.

The package brings `re` and costs 9 ms, in each of the several processes that Terraform starts for one command; the
scanner underneath it is in C and costs nothing. Text that it does not take goes to the package, which decides: on
Python 3.11 the scanner cannot even tell what is wrong while `json.decoder` is not loaded (a SystemError).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

WHITESPACE = " \t\n\r"


class DuplicateKey(ValueError):
    """One object has a key twice, and only the last value would count."""

    def __init__(self, key: str) -> None:
        super().__init__("a key stands twice in one object")
        self.key = key


def parse(text: str, *, strict: bool = True, unique: bool = False) -> Any:
    """The value of a JSON text. Raises ValueError for any other text, also for NaN, infinities and numbers beyond a float.

    Not `strict`: raw control characters, line breaks above all, may stand inside strings. `unique`: a DuplicateKey (also
    a ValueError) for an object in which a key stands twice.
    """
    pairs = _distinct if unique else None
    try:
        return _scan(text.strip(WHITESPACE), _Settings(strict, pairs))
    except DuplicateKey:
        raise
    except Exception:  # `json` reports every error as one type
        from json import loads

        try:
            return loads(
                text, strict=strict, parse_constant=_refuse, parse_float=_finite, object_pairs_hook=pairs
            )
        except RecursionError:
            raise ValueError("nested too deeply") from None


def _scan(text: str, settings: _Settings) -> Any:
    from _json import make_scanner

    scanner: Any = make_scanner
    value, end = scanner(settings)(text, 0)
    if end != len(text):
        raise ValueError("more than one JSON value")
    return value


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _finite(text: str) -> float:
    number = float(text)
    if number - number != 0:
        raise ValueError(text)
    return number


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise DuplicateKey(key)
        found[key] = value
    return found


class _Settings:
    """The attributes of a decoder that the scanner reads."""

    object_hook = None
    parse_float = staticmethod(_finite)
    parse_int = int
    parse_constant = staticmethod(_refuse)

    def __init__(self, strict: bool, pairs: Callable[[list[tuple[str, Any]]], Any] | None) -> None:
        self.strict = strict
        self.object_pairs_hook = pairs
