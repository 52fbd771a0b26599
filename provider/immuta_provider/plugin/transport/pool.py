"""Limits on the bytes, calls and streams of all connections of a server together."""

from __future__ import annotations

import _thread

from . import bounds

BYTES, CALLS, STREAMS = range(3)


class Pool:
    """The bytes, calls and streams that all connections use, and their limits.

    The oldest connection has limits of its own. All others share theirs, and each has a guaranteed minimum. The oldest one is
    Terraform's, which connects as soon as the plugin listens. So no later client can use up Terraform's share.
    """

    __slots__ = ("in_use", "limits", "lock", "shares")

    def __init__(self) -> None:
        self.lock = _thread.allocate_lock()
        self.limits = [bounds.MAX_BYTES, bounds.MAX_CALLS, bounds.MAX_STREAMS]
        # Includes the use of ended connections until it is given back.
        self.in_use = [0, 0, 0]
        self.shares: list[Share] = []


class Share:
    """One connection's use of a `Pool`. Every method may be called from any thread.

    The age of the connection counts from its first use of the pool.
    """

    __slots__ = ("_in_use", "_pool", "_ranked")

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._in_use = [0, 0, 0]
        self._ranked = False

    def take(self, kind: int, amount: int = 1) -> bool:
        """Takes an amount of `BYTES`, `CALLS` or `STREAMS`. False = a limit is reached, and nothing is taken."""
        pool = self._pool
        with pool.lock:
            if not self._ranked:
                self._ranked = True
                pool.shares.append(self)
            first, others, each = pool.limits[kind]
            oldest = pool.shares[0]
            own = self._in_use[kind] + amount
            together = pool.in_use[kind] + amount
            if self is oldest:
                admitted = own <= first
            elif own <= each:
                admitted = True
            else:
                admitted = together - oldest._in_use[kind] <= others
            if admitted:
                self._in_use[kind] = own
                pool.in_use[kind] = together
            return admitted

    def give(self, kind: int, amount: int = 1) -> None:
        """Gives back an amount that was taken."""
        with self._pool.lock:
            self._in_use[kind] -= amount
            self._pool.in_use[kind] -= amount

    def leave(self) -> None:
        """Ends the connection. Its remaining use counts with that of the others until it is given back."""
        with self._pool.lock:
            if self._ranked:
                self._pool.shares.remove(self)
