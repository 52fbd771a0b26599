"""Numbers as they arrive: from Terraform as int, float or decimal text, from Immuta as number or text."""

from __future__ import annotations

MOST_DIGITS = 300
BEYOND = 10**MOST_DIGITS


def number(value: object) -> int | float | None:
    """The number that `value` stands for, an int where it is whole; None for any other value.

    A bool is not a number, and neither are infinities, NaN and numbers beyond a float.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if abs(value) < BEYOND else None
    if isinstance(value, float):
        if value - value != 0:
            return None
        return int(value) if value == int(value) else value
    return _from_text(value) if isinstance(value, str) else None


def _from_text(text: str) -> int | float | None:
    if len(text) > MOST_DIGITS or not text.isascii() or text != text.strip() or "_" in text:
        return None
    try:
        return int(text)
    except ValueError:
        pass
    from decimal import Decimal, InvalidOperation

    try:
        exact = Decimal(text)
    except InvalidOperation:
        return None
    if not exact.is_finite() or abs(exact.adjusted()) > MOST_DIGITS:
        return None
    return int(exact) if exact == exact.to_integral_value() else float(exact)
