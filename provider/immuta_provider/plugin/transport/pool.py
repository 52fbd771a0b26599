"""What all connections of a server share: bytes, calls and streams, bounded for all of them together."""

from __future__ import annotations

import _thread

from . import bounds

BYTES, CALLS, STREAMS = range(3)


class Pool:
    """What all connections together hold of each kind.

    The oldest connection has limits of its own, and all others share theirs, with a little for each of them in any case.
    Terraform's is the oldest: it connects as soon as the plugin listens. So nobody who connects later can take anything
    away from Terraform.
    """

    __slots__ = ("held", "limits", "lock", "shares")

    def __init__(self) -> None:
        self.lock = _thread.allocate_lock()
        self.limits = [bounds.MAX_BYTES, bounds.MAX_CALLS, bounds.MAX_STREAMS]
        # Those that have left included, until they have given back everything.
        self.held = [0, 0, 0]
        self.shares: list[Share] = []


class Share:
    """What one connection holds of a `Pool`. Every method may be called by any thread.

    The connection's age counts from the first time that it takes something.
    """

    __slots__ = ("_held", "_pool", "_ranked")

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._held = [0, 0, 0]
        self._ranked = False

    def take(self, kind: int, amount: int = 1) -> bool:
        """Take an amount of `BYTES`, `CALLS` or `STREAMS`. False = a limit is in the way, and nothing is taken."""
        pool = self._pool
        with pool.lock:
            if not self._ranked:
                self._ranked = True
                pool.shares.append(self)
            first, others, each = pool.limits[kind]
            oldest = pool.shares[0]
            own = self._held[kind] + amount
            together = pool.held[kind] + amount
            if self is oldest:
                admitted = own <= first
            elif own <= each:
                admitted = True
            else:
                admitted = together - oldest._held[kind] <= others
            if admitted:
                self._held[kind] = own
                pool.held[kind] = together
            return admitted

    def give(self, kind: int, amount: int = 1) -> None:
        """Give back what was taken."""
        with self._pool.lock:
            self._held[kind] -= amount
            self._pool.held[kind] -= amount

    def leave(self) -> None:
        """End the connection. What it still holds counts with the others' until it is given back."""
        with self._pool.lock:
            if self._ranked:
                self._pool.shares.remove(self)
