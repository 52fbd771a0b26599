"""Shares one call among threads that need its outcome at the same time. The first makes the call, and the others wait."""

from __future__ import annotations

from .clock import SHORTEST_TIMEOUT
from .errors import WaitTimeout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from threading import Condition

    from .clock import Clock
    from .errors import ImmutaError


class SingleFlight:
    """One call under way. `deadline` is that of the thread that makes it (None: no limit), and `error` is its error."""

    __slots__ = ("deadline", "done", "error")

    def __init__(self, deadline: float | None) -> None:
        self.deadline = deadline
        self.done = False
        self.error: ImmutaError | None = None

    def wait(self, changed: Condition, clock: Clock, deadline: float | None, doing: str) -> None:
        """Waits until the call is done.

        The caller holds `changed`, which is notified at the end of the call. Raises a WaitTimeout at the waiting thread's own
        deadline. `doing` describes the call in the message.
        """
        ends = None if deadline is None else max(deadline, clock.now() + SHORTEST_TIMEOUT)
        while not self.done:
            if not changed.wait(None if ends is None else ends - clock.now()) and not self.done:
                error = WaitTimeout(
                    "Immuta needs longer than the timeout",
                    f"the time was up while {doing}, for this and other resources. Apply again, or raise the resource's "
                    "`timeouts`.",
                )
                error.out_of_time = True
                raise error

    def serves(self, deadline: float | None) -> bool:
        """Tells if a waiter may use this outcome. Not if the call timed out and the waiter has more time."""
        if self.error is None or not self.error.out_of_time or self.deadline is None:
            return True
        return deadline is not None and deadline <= self.deadline
