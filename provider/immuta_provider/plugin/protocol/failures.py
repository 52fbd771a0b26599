"""An exception as something to tell the user: where and of what kind, never its text (which may quote a
value), unless it was made to be told."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType


class SafeError(Exception):
    """An exception whose text is made of attribute names and kinds alone, so that it can be shown."""


class Unanswered(SafeError):
    """A provider's method gave no answer, and reported no error."""


def told(error: BaseException, packages: tuple[str, ...]) -> str:
    """The exception's type, its text if that is safe, and the line: the innermost one in `packages`
    (top-level names), and where it was raised, if that was further in."""
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
