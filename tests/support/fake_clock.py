"""A clock for tests, whose time passes only in a wait."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from immuta_provider.api.http.clock import Clock

if TYPE_CHECKING:
    from immuta_provider.api.http.clock import StopSignal


class FakeClock(Clock):
    """Starts at 1000 s monotonic and 1,700,000,000 s since the epoch. `waits` are the seconds that were waited for."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self._passed = 0.0
        self._lock = threading.Lock()
        self._appointments: list[tuple[float, Callable[[], None]]] = []

    def now(self) -> float:
        return 1000.0 + self._passed

    def wall(self) -> float:
        return 1_700_000_000.0 + self._passed

    def wait(self, seconds: float, stop: StopSignal) -> bool:
        if stop.is_set():
            return True
        self.waits.append(round(seconds, 6))
        self.advance(seconds)
        return stop.is_set()

    def advance(self, seconds: float) -> None:
        with self._lock:
            self._passed += seconds
            due = [call for at, call in self._appointments if at <= self._passed]
            self._appointments = [(at, call) for at, call in self._appointments if at > self._passed]
        for call in due:
            call()

    def at(self, seconds: float, call: Callable[[], None]) -> None:
        """Makes a call once these seconds have passed since the start."""
        self._appointments.append((seconds, call))
