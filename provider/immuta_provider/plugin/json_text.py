"""Parses JSON with the C scanner of `json`, without `json` itself: importing that takes 8 ms, mostly for `re`."""

from __future__ import annotations

from .values import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_BLANKS = " \t\n\r"

_scan: Callable[[str, int], tuple[Any, int]] | None = None


class _Context:
    """The attributes that the C scanner reads from `json.JSONDecoder`. No number loses digits (see `values.number`)."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = staticmethod(number)

    @staticmethod
    def parse_int(text: str) -> int | str:
        # Python refuses texts of more than 4300 digits. Terraform's numbers have no such limit.
        return int(text) if len(text) < 2000 else text

    @staticmethod
    def parse_constant(text: str) -> None:
        raise ValueError("NaN and Infinity are not JSON")


def parse(data: bytes) -> Any:
    """The value of a JSON document in UTF-8. Raises ValueError if the document is not valid, and RecursionError
    if it is nested too deeply."""
    global _scan
    if _scan is None:
        from _json import make_scanner

        _scan = make_scanner(_Context)  # type: ignore[arg-type]
    text = data.decode("utf-8").strip(_BLANKS)
    try:
        value, end = _scan(text, 0)
    except (StopIteration, SystemError):
        # Python 3.11's scanner raises a SystemError if `json` is not loaded.
        raise ValueError("not JSON") from None
    if end != len(text):
        raise ValueError("not JSON: more text follows its end")
    return value
