"""One call for all who want its outcome at the same time: the thread that comes first makes it, the others wait."""

from __future__ import annotations

from .clock import SHORTEST_TIMEOUT
from .errors import WaitTimeout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from threading import Condition

    from .clock import Clock
    from .errors import ImmutaError


class SingleFlight:
    """One call under way. `deadline` is that of the thread which makes it, None for none; `error` how it failed."""

    __slots__ = ("deadline", "done", "error")

    def __init__(self, deadline: float | None) -> None:
        self.deadline = deadline
        self.done = False
        self.error: ImmutaError | None = None

    def wait(self, changed: Condition, clock: Clock, deadline: float | None, doing: str) -> None:
        """Wait until it is done, of which `changed` (held by the caller) tells; WaitTimeout at the waiting thread's own
        deadline. `doing` is what goes on meanwhile."""
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
        """Whether its outcome is one for somebody with that deadline, too: not when it failed for lack of time that they have."""
        if self.error is None or not self.error.out_of_time or self.deadline is None:
            return True
        return deadline is not None and deadline <= self.deadline
