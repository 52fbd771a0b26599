"""The parts of messages: names of places, values, articles."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LONGEST_QUOTE = 80
_HUGE = 10**100


class _Hidden:
    """Stands for a value that is set, and that no message may quote: a secret, an object or a list."""


HIDDEN = _Hidden()


def path_label(path: Iterable[str | int]) -> str:
    """A path as people write it: `("warehouses", 0)` is `warehouses[0]`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def a(noun: str) -> str:
    """The noun with its article, which goes by the sound: of the first letter's name for an abbreviation such as S3."""
    spelled = noun[:1].isupper() and not noun[1:2].islower()
    if noun.startswith("user"):
        return f"a {noun}"
    return f"{'an' if noun[0].lower() in ('aefhilmnorsx' if spelled else 'aeiou') else 'a'} {noun}"


def quote(value: object) -> str:
    """A value in a message, in one line and not too long."""
    if value is None:
        return "not set"
    if value is HIDDEN:
        return "set"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) >= _HUGE:
        return "too large to show"
    if not isinstance(value, str):
        return str(value)
    short = value if len(value) <= _LONGEST_QUOTE else value[: _LONGEST_QUOTE - 3] + "..."
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in short) + '"'


def either(values: Sequence[object]) -> str:
    """Values with commas and an "or"."""
    return joined([quote(value) for value in values], "or")


def joined(texts: Sequence[str], word: str) -> str:
    """Texts with commas, and with the word before the last."""
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} {word} {texts[-1]}"
