"""What this process made: which ids are whose, and which integrations were there before."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from contextlib import AbstractContextManager

    from .answers import Integration
    from .clock import Clock

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
        self._before: tuple[float, frozenset[str]] | None = None

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

    def release(self, id: str) -> None:
        """The integration is gone, and its id may come back."""
        with self._lock:
            self._claimed.discard(id)
            if self._before is not None:
                self._before = (self._before[0], self._before[1] - {id})

    def before(self, fresh_list: Callable[[], tuple[Integration, ...]]) -> frozenset[str]:
        """The ids that exist before a POST that follows at once. Creates that start together share one list: what this
        process made since is in the claims, whatever the list's age."""
        started = self._clock.now()
        with self._lock:
            if self._before is not None and started - self._before[0] <= SHARED_SECONDS:
                return self._before[1]
        ids = frozenset(integration.id for integration in fresh_list())
        with self._lock:
            self._before = (started, ids)
        return ids

    def unclaimed(self, listed: tuple[Integration, ...], before: frozenset[str]) -> tuple[Integration, ...]:
        """Those of `listed` that are new since `before` and nobody's in this process."""
        with self._lock:
            return tuple(i for i in listed if i.id not in before and i.id not in self._claimed)

    def forget_before(self) -> None:
        """Something may have been made that nobody has claimed: the next create lists again."""
        with self._lock:
            self._before = None
