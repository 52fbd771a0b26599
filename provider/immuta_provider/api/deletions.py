"""The deletions of this run. They share lists to check that objects are gone, and a create can wait for one of them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .found import Found
    from .http.clock import Clock, StopSignal
    from .shared_list import Listing, SharedList

# Seconds between the starts of lists while several deletions run, so that one list serves several deletions.
SECONDS_BETWEEN_LISTS = 0.3
# The same interval as a multiple of the last list's duration, since the list of a large tenant is expensive.
LIST_DURATIONS_BETWEEN_LISTS = 5.0
# Seconds between checks for the end of a deletion, and the longest time that a create waits for a deletion to start.
LOOK_SECONDS = 0.2
LONGEST_GRACE = 120.0


class SharedDeletionLists:
    """The shared lists of one client's deletions; thread-safe.

    `shared` is a separate list that is read for ids and statuses only, since a run that deletes thousands of objects requests
    hundreds of lists.
    """

    def __init__(self, shared: SharedList, clock: Clock, stop: StopSignal) -> None:
        import threading

        self._shared = shared
        self._clock = clock
        self._stop = stop
        self._lock = threading.Lock()
        self._deleting: set[str] = set()
        self._deleted: set[str] = set()
        self._interval = SECONDS_BETWEEN_LISTS
        # The start time of the latest list, which may be in the future.
        self._due: float | None = None

    def begin(self, id: str) -> None:
        """Records the start of an object's deletion."""
        with self._lock:
            self._deleting.add(id)
            self._deleted.discard(id)

    def end(self, id: str, *, gone: bool) -> None:
        """Records the end of an object's deletion; `gone` tells if it succeeded."""
        with self._lock:
            self._deleting.discard(id)
            if gone:
                self._deleted.add(id)

    def makes_way(self, id: str, deadline: float, grace: float) -> bool:
        """Waits for this run to delete a conflicting object. Returns False if this run does not delete it.

        Terraform may start a deletion after the create that needs it. Terraform also limits concurrent calls, and all of them
        may be creates that wait here. So a create waits at most `grace` seconds while nothing is being deleted.
        """
        began = quiet_since = self._clock.now()
        was_deleting = False
        while True:
            with self._lock:
                if id in self._deleted:
                    return True
                is_deleting, busy = id in self._deleting, bool(self._deleting)
            now = self._clock.now()
            if busy:
                quiet_since = now
            given_up = now - quiet_since >= grace or now - began >= LONGEST_GRACE
            if now >= deadline or (not is_deleting and (was_deleting or given_up)):
                return False
            was_deleting = is_deleting
            if self._clock.wait(LOOK_SECONDS, self._stop):
                return False

    def now(self) -> int:
        """Returns the number of this moment, for `listed`."""
        return self._shared.invalidate()

    def listed(self, id: str, since: int, deadline: float) -> Found | None:
        """Returns the list's entry of an object whose own route answers 404; None if it is not listed either.

        Any list that started after the moment `since` (from `now`) can prove that the object is not listed. Only a list that
        starts after this call can prove that it is still listed.
        """
        kept = self._shared.kept(since)
        if kept is not None and not _shows(kept, id):
            return None
        now = self._shared.invalidate()
        if self._wait_for_next_list(deadline):
            kept = self._shared.kept(since)
            if kept is not None and not _shows(kept, id):
                return None
        began = self._clock.now()
        entry = self._shared.get(now, deadline=deadline, again=True).by_id.get(id)
        self._interval = max(
            SECONDS_BETWEEN_LISTS, LIST_DURATIONS_BETWEEN_LISTS * (self._clock.now() - began)
        )
        return entry

    def _wait_for_next_list(self, deadline: float) -> bool:
        """Waits until the next list is due; returns False if it was due at once."""
        with self._lock:
            now = self._clock.now()
            due = now
            if self._due is not None and len(self._deleting) > 1 and now < self._due + self._interval:
                due = self._due if now < self._due else self._due + self._interval
            self._due = due
        seconds = min(due, deadline) - now
        if seconds > 0:
            self._clock.wait(seconds, self._stop)
        return seconds > 0


def _shows(listing: Listing, id: str) -> bool:
    entry = listing.by_id.get(id)
    return entry is not None and entry.status != "deleted"
