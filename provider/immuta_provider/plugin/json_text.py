"""JSON text, parsed without `json`, which takes 8 ms to import, mostly for `re`; its scanner is in C and needs neither."""

from __future__ import annotations

from .values import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_BLANKS = " \t\n\r"

_scan: Callable[[str, int], tuple[Any, int]] | None = None


class _Context:
    """What `json.JSONDecoder` is to its C scanner. Numbers come as ints, or exactly (see `values.number`)."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = staticmethod(number)

    @staticmethod
    def parse_int(text: str) -> int | str:
        # Python refuses texts of more than 4300 digits; Terraform's numbers have no such bound.
        return int(text) if len(text) < 2000 else text

    @staticmethod
    def parse_constant(text: str) -> None:
        raise ValueError("NaN and Infinity are not JSON")


def parse(data: bytes) -> Any:
    """The value of a JSON document in UTF-8. Raises ValueError for anything else, RecursionError for too deep
    a one."""
    global _scan
    if _scan is None:
        from _json import make_scanner

        _scan = make_scanner(_Context)  # type: ignore[arg-type]
    text = data.decode("utf-8").strip(_BLANKS)
    try:
        value, end = _scan(text, 0)
    except (StopIteration, SystemError):
        # Where `json` itself is not loaded, the scanner of 3.11 finds no exception to raise.
        raise ValueError("not JSON") from None
    if end != len(text):
        raise ValueError("not JSON: there is more after its end")
    return value
