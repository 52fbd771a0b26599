"""What this process made: which ids are whose, and which integrations were there before."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from contextlib import AbstractContextManager

    from .answers import Integration
    from .clock import Clock
    from .shared_list import Listing

# Creates that start within this time share one list. It is short because what another client creates between the list
# and the POST cannot be told from what the POST created.
SHARED_SECONDS = 2.0


class Ledger:
    """One a client; used by all its threads."""

    def __init__(self, clock: Clock) -> None:
        import threading

        self._clock = clock
        self._lock = threading.Lock()
        self._claimed: set[str] = set()
        self._turns: dict[Hashable, threading.Lock] = {}
        self._new_turn = threading.Lock
        # When the list that creates share was asked for, and that moment as the shared list knows it.
        self._moment: tuple[float, int] | None = None
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

    def release(self, id: str) -> None:
        """The integration is gone, and its id may come back."""
        with self._lock:
            self._claimed.discard(id)
            self._gone.add(id)

    def before(self, this_moment: Callable[[], int], listing: Callable[[int], Listing]) -> frozenset[str]:
        """The ids that exist before a POST that follows at once. Creates that start together share one list: what this
        process made since is in the claims, whatever the list's age. See `SharedList` for the two functions."""
        with self._lock:
            now = self._clock.now()
            if self._moment is None or now - self._moment[0] > SHARED_SECONDS:
                self._moment = (now, this_moment())
                self._gone.clear()
            since = self._moment[1]
        ids = listing(since).by_id.keys()
        with self._lock:
            return frozenset(ids - self._gone)

    def unclaimed(self, listed: tuple[Integration, ...], before: frozenset[str]) -> tuple[Integration, ...]:
        """Those of `listed` that are new since `before` and nobody's in this process."""
        with self._lock:
            return tuple(i for i in listed if i.id not in before and i.id not in self._claimed)

    def forget_before(self) -> None:
        """Something may have been made that nobody has claimed: the next create lists again."""
        with self._lock:
            self._moment = None
