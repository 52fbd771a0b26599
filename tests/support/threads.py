"""Calls that run at the same time, each in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from immuta_provider.api.http.errors import ImmutaError

SECONDS = 10


class Threads:
    """Starts the calls at once. An ImmutaError is the result of the call that it ends."""

    def __init__(self, *calls: Callable[[], Any]) -> None:
        self._results: list[Any] = [None] * len(calls)
        self._threads = [
            threading.Thread(target=self._run, args=(n, call), daemon=True) for n, call in enumerate(calls)
        ]
        for thread in self._threads:
            thread.start()

    def results(self) -> list[Any]:
        """The results, in the order of the calls, once all of them have ended."""
        for thread in self._threads:
            thread.join(SECONDS)
            assert not thread.is_alive()
        return self._results

    def _run(self, n: int, call: Callable[[], Any]) -> None:
        try:
            self._results[n] = call()
        except ImmutaError as error:
            self._results[n] = error


def wait_for_waiters(changed: Any, number: int) -> None:
    """Returns once that many threads wait for the condition."""
    while True:
        with changed:
            if len(changed._waiters) >= number:
                return
