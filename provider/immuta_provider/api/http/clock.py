"""The clock, which tests replace so that they need not sleep."""

from __future__ import annotations

import time

# The shortest timeout of a request in seconds, even if the deadline is nearer.
SHORTEST_TIMEOUT = 1.0

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class StopSignal(Protocol):
        """Ends waits early; a `threading.Event` is one."""

        def is_set(self) -> bool: ...

        def wait(self, timeout: float | None = None) -> bool: ...


class Clock:
    """The machine's clock."""

    def now(self) -> float:
        """Returns monotonic seconds."""
        return time.monotonic()

    def wall(self) -> float:
        """Returns seconds since the epoch (for `Retry-After` dates)."""
        return time.time()

    def wait(self, seconds: float, stop: StopSignal) -> bool:
        """Waits that many seconds or until `stop` is set. Returns True if `stop` was set."""
        return stop.wait(max(seconds, 0.0))


class Pauses:
    """Growing pauses before a deadline: first 0.2 s, then 1.6 times the last one, at most 10 s.

    The last pause is shortened, so that one more look happens at the deadline.
    """

    __slots__ = ("_clock", "_next", "_stop", "deadline")

    FIRST = 0.2
    FACTOR = 1.6
    LONGEST = 10.0

    def __init__(self, clock: Clock, stop: StopSignal, deadline: float) -> None:
        self._clock = clock
        self._stop = stop
        self._next = self.FIRST
        self.deadline = deadline

    def pause(self, at_least: float = 0.0) -> str:
        """Waits. Returns "" to continue, "stopped" after a stop, or "expired" if the deadline has passed."""
        if self._stop.is_set():
            return "stopped"
        left = self.deadline - self._clock.now()
        if left <= 0:
            return "expired"
        seconds = min(max(self._next, at_least), left)
        self._next = min(self._next * self.FACTOR, self.LONGEST)
        return "stopped" if self._clock.wait(seconds, self._stop) else ""
