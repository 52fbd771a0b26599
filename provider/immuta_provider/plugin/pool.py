"""What all connections of a server share: bytes, calls and streams, bounded for all of them together."""

from __future__ import annotations

import _thread

from . import bounds


class Pool:
    """What all connections together hold.

    The oldest connection has limits of its own, and all others share theirs, with a little for each of them in any case.
    Terraform's is the oldest: it connects as soon as the plugin listens. So nobody who connects later can take anything
    away from Terraform.
    """

    __slots__ = ("_held", "_lock", "_shares")

    def __init__(self) -> None:
        self._lock = _thread.allocate_lock()
        self._shares: list[Share] = []
        self._held = [0, 0, 0]

    def join(self) -> Share:
        """The share of one more connection. A connection counts from the first time that it takes something."""
        return Share(self)

    @property
    def held(self) -> tuple[int, int, int]:
        """Bytes, calls and streams that all connections hold, lost ones included until their calls have ended."""
        with self._lock:
            bytes, calls, streams = self._held
        return bytes, calls, streams

    def _take(self, share: Share, wanted: tuple[int, int, int]) -> bool:
        with self._lock:
            if share not in self._shares:
                self._shares.append(share)
            admitted = all(self._admits(share, kind, amount) for kind, amount in enumerate(wanted) if amount)
            if admitted:
                self._add(share, wanted)
            return admitted

    def _admits(self, share: Share, kind: int, amount: int) -> bool:
        first, others, each = (bounds.MAX_BYTES, bounds.MAX_CALLS, bounds.MAX_STREAMS)[kind]
        own = share.held[kind] + amount
        oldest = self._shares[0]
        if share is oldest:
            return own <= first
        return own <= each or self._held[kind] - oldest.held[kind] + amount <= others

    def _give(self, share: Share, amounts: tuple[int, int, int]) -> None:
        with self._lock:
            self._add(share, tuple(-amount for amount in amounts))

    def _add(self, share: Share, amounts: tuple[int, ...]) -> None:
        for kind, amount in enumerate(amounts):
            share.held[kind] += amount
            self._held[kind] += amount

    def _leave(self, share: Share) -> None:
        with self._lock:
            if share in self._shares:
                self._shares.remove(share)


class Share:
    """What one connection holds of a `Pool`. Every method may be called by any thread."""

    __slots__ = ("_pool", "held")

    def __init__(self, pool: Pool) -> None:
        self.held = [0, 0, 0]
        self._pool = pool

    def take(self, bytes: int = 0, calls: int = 0, streams: int = 0) -> bool:
        """Take all of it or nothing. False = a limit is in the way."""
        return self._pool._take(self, (bytes, calls, streams))

    def give(self, bytes: int = 0, calls: int = 0, streams: int = 0) -> None:
        """Give back what was taken."""
        self._pool._give(self, (bytes, calls, streams))

    def leave(self) -> None:
        """End the connection. What it still holds counts with the others' until it is given back."""
        self._pool._leave(self)
