"""Records which objects this process created and manages, and which ones existed before a create."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Hashable
    from contextlib import AbstractContextManager
    from typing import Any

    from .http.clock import Clock
    from .shared_list import SharedList

# Writes that start within this time share one list. The time is short: an object that another client creates between the
# list and the POST cannot be distinguished from the POST's object.
SHARED_SECONDS = 2.0


class Claims:
    """One a client; used by all its threads."""

    def __init__(self, clock: Clock) -> None:
        import threading

        self._clock = clock
        self._lock = threading.Lock()
        self._claimed: set[str] = set()
        self._kept: set[str] = set()
        self._by_key: dict[Hashable, str] = {}
        self._turns: dict[Hashable, threading.Lock] = {}
        self._new_turn = threading.Lock
        # The time of the request for the shared list, and the number of that moment in `SharedList`.
        self._moment: tuple[float, int] | None = None
        # Lists from before this time are too old for a create.
        self._forgotten = float("-inf")
        self._gone: set[str] = set()

    def turn(self, identity: Hashable) -> AbstractContextManager[object]:
        """Returns a lock that one create of a natural key holds at a time. Without a natural key nothing is locked."""
        if not identity:
            from contextlib import nullcontext

            return nullcontext()
        with self._lock:
            return self._turns.setdefault(identity, self._new_turn())

    def claim(self, id: str, natural_key: Hashable | None = None) -> bool:
        """Claims an id for one resource. Returns False if another resource of this process has it."""
        with self._lock:
            if id in self._claimed:
                return False
            self._claimed.add(id)
            if natural_key:
                self._by_key[natural_key] = id
            return True

    def holder(self, natural_key: Hashable | None) -> str | None:
        """Returns the id that a resource of this process has claimed with this natural key."""
        with self._lock:
            id = self._by_key.get(natural_key)
            return id if id in self._claimed else None

    def has(self, id: str) -> bool:
        """Tells if a resource of this process has claimed the id."""
        with self._lock:
            return id in self._claimed

    def claimed(self) -> frozenset[str]:
        """Returns the ids that resources of this process have claimed."""
        with self._lock:
            return frozenset(self._claimed)

    def keep(self, id: str) -> None:
        """Records that the object is in the state of this run."""
        with self._lock:
            self._kept.add(id)

    def keeps(self, id: str) -> bool:
        """Tells if the object is known to be in the state of this run."""
        with self._lock:
            return id in self._kept

    def release(self, id: str) -> None:
        """Records that the object is deleted, so that its id may be used again."""
        with self._lock:
            self._claimed.discard(id)
            self._gone.add(id)

    def before(self, shared: SharedList, deadline: float | None) -> dict[str, Any]:
        """Returns the objects, by id, that exist before a POST or a DELETE that follows at once.

        Writes that start together share one list, possibly one from another request. A newer object of this process is in
        the claims, so the age of the list does not matter for it.
        """
        with self._lock:
            now = self._clock.now()
            listing = shared.kept()
            if listing is None or not self._forgotten < listing.began >= now - SHARED_SECONDS:
                if self._moment is None or now - self._moment[0] > SHARED_SECONDS:
                    self._moment = (now, shared.invalidate())
                    self._gone.clear()
                listing = None
            since = None if self._moment is None else self._moment[1]
        listing = listing or shared.get(since, deadline=deadline)
        with self._lock:
            return {id: found for id, found in listing.by_id.items() if id not in self._gone}

    def unclaimed(self, listed: tuple[Any, ...], before: Collection[str]) -> tuple[Any, ...]:
        """Returns the objects of `listed` that are neither in `before` nor claimed by this process."""
        with self._lock:
            return tuple(i for i in listed if i.id not in before and i.id not in self._claimed)

    def forget_before(self) -> None:
        """Makes the next create list again, because an object may exist that is not claimed."""
        with self._lock:
            self._moment = None
            self._forgotten = self._clock.now()
