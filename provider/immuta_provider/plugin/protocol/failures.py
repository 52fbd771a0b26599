"""Describes an exception to the user by its type and its line. The text is left out, because it may quote a value, unless the
exception is a `SafeError`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType


class SafeError(Exception):
    """An exception whose text may be shown: it has names of attributes and types, and no values."""


class Unanswered(SafeError):
    """A provider's method returned None and reported no error."""


def describe(error: BaseException, packages: tuple[str, ...]) -> str:
    """The exception's type, its innermost line in `packages` (top-level names), the line that raised it if that is another
    one, and its text if that is safe."""
    lines = places(error)
    ours = [line for line in lines if line.split(".", 1)[0].split(":", 1)[0] in packages]
    where = ours[-1] if ours else lines[-1] if lines else "an unknown place"
    text = f"{type(error).__name__} at {where}"
    if lines and lines[-1] != where:
        text += f" (raised in {lines[-1]})"
    return f"{text}: {error}" if isinstance(error, SafeError) else text


def places(error: BaseException) -> list[str]:
    """`module:line` of each frame, outermost first."""
    found = []
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        found.append(f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return found
