"""What this process made and what it manages: which ids are whose, and which objects were there before."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable
    from contextlib import AbstractContextManager
    from typing import Any

    from .http.clock import Clock
    from .shared_list import SharedList

# Creates that start within this time share one list. It is short because what another client creates between the list
# and the POST cannot be told from what the POST created.
SHARED_SECONDS = 2.0


class Claims:
    """One a client; used by all its threads."""

    def __init__(self, clock: Clock) -> None:
        import threading

        self._clock = clock
        self._lock = threading.Lock()
        self._claimed: set[str] = set()
        self._kept: set[str] = set()
        self._turns: dict[Hashable, threading.Lock] = {}
        self._new_turn = threading.Lock
        # When the list that creates share was asked for, and that moment as the shared list knows it.
        self._moment: tuple[float, int] | None = None
        # What was listed up to this time serves no create any more.
        self._forgotten = float("-inf")
        self._gone: set[str] = set()

    def turn(self, identity: Hashable) -> AbstractContextManager[object]:
        """Entered by one create of an identity at a time. Without an identity there is nothing to wait for."""
        if not identity:
            from contextlib import nullcontext

            return nullcontext()
        with self._lock:
            return self._turns.setdefault(identity, self._new_turn())

    def claim(self, id: str) -> bool:
        """Take an id for the resource at hand. False: another one of this process has it."""
        with self._lock:
            if id in self._claimed:
                return False
            self._claimed.add(id)
            return True

    def has(self, id: str) -> bool:
        """Whether a resource of this process has the id."""
        with self._lock:
            return id in self._claimed

    def keep(self, id: str) -> None:
        """The object is in the state of this run."""
        with self._lock:
            self._kept.add(id)

    def keeps(self, id: str) -> bool:
        """Whether the object is known to be in the state of this run."""
        with self._lock:
            return id in self._kept

    def release(self, id: str) -> None:
        """The object is gone, and its id may come back."""
        with self._lock:
            self._claimed.discard(id)
            self._gone.add(id)

    def before(self, shared: SharedList, deadline: float | None) -> frozenset[str]:
        """The ids that exist before a POST that follows at once. Creates that start together share one list, which may be one
        that somebody else has just asked for: what this process made since is in the claims, whatever the list's age."""
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
            return frozenset(listing.by_id.keys() - self._gone)

    def unclaimed(self, listed: tuple[Any, ...], before: frozenset[str]) -> tuple[Any, ...]:
        """Those of `listed` that are new since `before` and nobody's in this process."""
        with self._lock:
            return tuple(i for i in listed if i.id not in before and i.id not in self._claimed)

    def forget_before(self) -> None:
        """Something may have been made that nobody has claimed: the next create lists again."""
        with self._lock:
            self._moment = None
            self._forgotten = self._clock.now()
