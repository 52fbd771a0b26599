"""The deletions of this run: which of them are in no list any more, found out with few lists, and which make way for a create."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .found import Found
    from .http.clock import Clock, StopSignal
    from .shared_list import Listing, SharedList

# Seconds between the starts of the lists of deletions that run together, so that each list serves those that ended meanwhile.
APART = 0.3
# The same, in times of what the last list took: of a tenant with many objects a list is dear, to Immuta above all.
TIMES_APART = 5.0
# Seconds between looks at whether a deletion has ended, and the most that a create waits for one to begin.
LOOK_SECONDS = 0.2
LONGEST_GRACE = 120.0


class SharedDeletionLists:
    """One a client; used by all its threads.

    `shared` is a list of its own, which is read for ids and statuses alone: a run that deletes thousands asks for hundreds.
    """

    def __init__(self, shared: SharedList, clock: Clock, stop: StopSignal) -> None:
        import threading

        self._shared = shared
        self._clock = clock
        self._stop = stop
        self._lock = threading.Lock()
        # What is being deleted, and what this run has deleted.
        self._leaving: set[str] = set()
        self._left: set[str] = set()
        self._apart = APART
        # When the latest list starts, or started.
        self._due: float | None = None

    def begin(self, id: str) -> None:
        """The deletion of an object begins."""
        with self._lock:
            self._leaving.add(id)
            self._left.discard(id)

    def end(self, id: str, *, gone: bool) -> None:
        """It has ended, and the object is gone or not."""
        with self._lock:
            self._leaving.discard(id)
            if gone:
                self._left.add(id)

    def makes_way(self, id: str, deadline: float, grace: float) -> bool:
        """Wait for this run to delete an object that is in the way of another one. False where it does not.

        Terraform begins a deletion at any time, also after the create that needs it, and runs only so many calls at once, all of
        which may be creates that wait here: none waits longer than `grace` in seconds while nothing is being deleted.
        """
        began = quiet_since = self._clock.now()
        was_leaving = False
        while True:
            with self._lock:
                if id in self._left:
                    return True
                is_leaving, busy = id in self._leaving, bool(self._leaving)
            now = self._clock.now()
            if busy:
                quiet_since = now
            given_up = now - quiet_since >= grace or now - began >= LONGEST_GRACE
            if now >= deadline or (not is_leaving and (was_leaving or given_up)):
                return False
            was_leaving = is_leaving
            if self._clock.wait(LOOK_SECONDS, self._stop):
                return False

    def now(self) -> int:
        """A number for this moment, for `listed`."""
        return self._shared.invalidate()

    def listed(self, id: str, since: int, deadline: float) -> Found | None:
        """The entry of an object that Immuta does not know by its id any more; None = it is in no list either.

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
            if self._due is not None and len(self._leaving) > 1 and now < self._due + self._apart:
                due = self._due if now < self._due else self._due + self._apart
            self._due = due
        seconds = min(due, deadline) - now
        if seconds > 0:
            self._clock.wait(seconds, self._stop)
        return seconds > 0


def _shows(listing: Listing, id: str) -> bool:
    entry = listing.by_id.get(id)
    return entry is not None and entry.status != "deleted"
