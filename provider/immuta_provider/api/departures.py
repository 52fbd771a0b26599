"""Which deleted integrations are in no list any more, found out by deletions that run together with few lists."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

    from .answers import Integration
    from .clock import Clock, StopSignal
    from .shared_list import Listing, SharedList

# Seconds between the starts of the lists of deletions that run together, so that each list serves those that ended meanwhile.
APART = 0.3
# The same, in times of what the last list took: of a tenant with many integrations a list is dear, to Immuta above all.
TIMES_APART = 5.0


class Departures:
    """One a client; used by all its threads. Entered by each deletion for as long as it runs.

    `shared` is a list of its own, which is read for ids and statuses alone: a run that deletes thousands asks for hundreds.
    """

    def __init__(self, shared: SharedList, clock: Clock, stop: StopSignal) -> None:
        import threading

        self._shared = shared
        self._clock = clock
        self._stop = stop
        self._lock = threading.Lock()
        self._running = 0
        self._apart = APART
        # When the latest list starts, or started.
        self._due: float | None = None

    def __enter__(self) -> None:
        with self._lock:
            self._running += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._running -= 1

    def now(self) -> int:
        """A number for this moment, for `listed`."""
        return self._shared.invalidate()

    def listed(self, id: str, since: int, deadline: float) -> Integration | None:
        """The entry of an integration that Immuta does not know by its id any more; None = it is in no list either.

        That it is not listed may be told by any list that started after the moment `since` (`now`), when its deletion had been
        answered. That it still is, only by one that starts after this call.
        """
        kept = self._shared.kept(since)
        if kept is not None and not _shows(kept, id):
            return None
        now = self._shared.invalidate()
        if self._wait_for_company(deadline):
            kept = self._shared.kept(since)
            if kept is not None and not _shows(kept, id):
                return None
        began = self._clock.now()
        entry = self._shared.get(now, deadline=deadline, again=True).by_id.get(id)
        self._apart = max(APART, TIMES_APART * (self._clock.now() - began))
        return entry

    def _wait_for_company(self, deadline: float) -> bool:
        """Wait until it is time for the next list; False where there was nothing to wait for."""
        with self._lock:
            now = self._clock.now()
            due = now
            if self._due is not None and self._running > 1 and now < self._due + self._apart:
                due = self._due if now < self._due else self._due + self._apart
            self._due = due
        seconds = min(due, deadline) - now
        if seconds > 0:
            self._clock.wait(seconds, self._stop)
        return seconds > 0


def _shows(listing: Listing, id: str) -> bool:
    entry = listing.by_id.get(id)
    return entry is not None and entry.status != "deleted"
