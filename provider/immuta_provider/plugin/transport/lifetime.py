"""Decides when the process ends by itself: there is no peer and no running call."""

from __future__ import annotations

import _thread
import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# Seconds without a peer. grpc-go reconnects about a second after a connection is lost.
LINGER_SECONDS = 2.0
# Seconds until the first peer. go-plugin gives a plugin a minute to start.
FIRST_PEER_SECONDS = 60.0
LOOK_SECONDS = 0.5


class Lifetime:
    """Counts peers and running calls, and watches the parent process. Every method may be called from any thread.

    `parent` is the parent's process id when the process started. None = only `ask_to_end` ends the process.
    """

    def __init__(self, parent: int | None, clock: Callable[[], float] = time.monotonic) -> None:
        self.running = 0
        self._clock = clock
        self._parent = parent
        self._lock = _thread.allocate_lock()
        self._changed = _thread.allocate_lock()
        self._changed.acquire()
        self._peers = 0
        self._alone_since = clock()
        self._patience = FIRST_PEER_SECONDS
        self._asked = False

    def peer_came(self) -> None:
        with self._lock:
            self._peers += 1
            self._patience = LINGER_SECONDS

    def peer_left(self) -> None:
        with self._lock:
            self._peers -= 1
            self._alone_since = self._clock()
        self._wake()

    def call_began(self) -> None:
        with self._lock:
            self.running += 1

    def call_ended(self) -> None:
        with self._lock:
            self.running -= 1
            last = not self.running
        if last and (self._asked or not self._peers):
            self._wake()

    def ask_to_end(self) -> None:
        """Ends the process as soon as no call runs, even with peers. It takes no lock, so a signal handler may call it."""
        self._asked = True
        self._wake()

    def _wake(self) -> None:
        try:
            self._changed.release()
        except RuntimeError:
            return  # It is released already.

    def abandoned(self) -> bool:
        """True if no peer waits for the running calls."""
        with self._lock:
            if self._asked:
                return True
            if self._peers or self._parent is None:
                return False
            return os.getppid() != self._parent or self._clock() - self._alone_since > self._patience

    def wait(self) -> None:
        """Waits until `abandoned` may have changed, at most LOOK_SECONDS."""
        self._changed.acquire(timeout=LOOK_SECONDS)
