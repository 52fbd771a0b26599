"""The only loop that polls Immuta: at once, and then with growing pauses."""

from __future__ import annotations

from .found import Record
from .http.clock import Pauses
from .http.errors import (
    ApiError,
    ConnectError,
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
    """The result of a poll.

    `end` is "" if the condition was met, else "stopped" or "expired". `trouble` is the transient error of the last look.
    """

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
    """Calls `look` until `until` returns True, `stop` is set, or the clock reaches `deadline`.

    A transient error is followed by another look, no sooner than Immuta's `Retry-After`. Any other ImmutaError is raised.
    """
    pauses = Pauses(clock, stop, deadline)
    while True:
        trouble: ImmutaError | None = None
        try:
            look()
        except ImmutaError as error:
            if not is_transient(error):
                raise
            trouble = error
        if until():
            return Polled("", trouble)
        end = pauses.pause(_retry_after(trouble))
        if end:
            return Polled(end, trouble)


def is_transient(error: ImmutaError) -> bool:
    """Tells if the same call may succeed later."""
    if isinstance(error, NotFoundError):
        return not error.immutas_own
    if isinstance(error, ConnectError):
        return error.may_pass
    if isinstance(error, TooLarge):
        return False
    return isinstance(error, TransportError | ServerError | RateLimitedError | ProtocolError | NoToken) or (
        isinstance(error, ApiError) and error.status == 408
    )


def _retry_after(error: ImmutaError | None) -> float:
    """Returns the `Retry-After` of an error in seconds; 0 if it has none."""
    if isinstance(error, RateLimitedError | ServerError):
        return error.retry_after or 0.0
    return 0.0
