"""The one loop that waits for Immuta: a look at once, then one after each of growing pauses."""

from __future__ import annotations

from .found import Record
from .http.clock import Pauses
from .http.errors import (
    ApiError,
    ImmutaError,
    NotFoundError,
    NoToken,
    ProtocolError,
    RateLimitedError,
    ServerError,
    TooLarge,
    TransportError,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .http.clock import Clock, StopSignal


class Polled(Record):
    """The end of a poll: `end` is "" where it came to what it waited for, else "stopped" or "expired". `trouble` is the error of
    the last look, where that failed in passing."""

    __slots__ = ("end", "trouble")
    shown = ("end", "trouble")

    def __init__(self, end: str, trouble: ImmutaError | None) -> None:
        self.end = end
        self.trouble = trouble


def poll(
    look: Callable[[], None],
    *,
    until: Callable[[], bool],
    clock: Clock,
    stop: StopSignal,
    deadline: float,
) -> Polled:
    """Call `look` until `until` is true after it, `stop` is set, or the time is up (`deadline`, on the clock).

    A look that fails in passing is repeated, no sooner than Immuta asks for; any other ImmutaError is raised.
    """
    pauses = Pauses(clock, stop, deadline)
    while True:
        trouble: ImmutaError | None = None
        try:
            look()
        except ImmutaError as error:
            if not passing(error):
                raise
            trouble = error
        if until():
            return Polled("", trouble)
        end = pauses.pause(_patience(trouble))
        if end:
            return Polled(end, trouble)


def passing(error: ImmutaError) -> bool:
    """Whether the same call may well work a little later."""
    if isinstance(error, NotFoundError):
        return not error.immutas_own
    if isinstance(error, TooLarge):
        return False
    return isinstance(error, TransportError | ServerError | RateLimitedError | ProtocolError | NoToken) or (
        isinstance(error, ApiError) and error.status == 408
    )


def _patience(error: ImmutaError | None) -> float:
    """The seconds that Immuta asked to be left alone."""
    if isinstance(error, RateLimitedError | ServerError):
        return error.retry_after or 0.0
    return 0.0
