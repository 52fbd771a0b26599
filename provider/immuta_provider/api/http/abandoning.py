"""Ends reads when the run is stopped, even if their request is still under way.

A name lookup, a connect and a wait for a response cannot be interrupted from outside. So a read runs on a thread of its own,
which is abandoned after a stop; the process does not wait for it. If the system has no thread left, the caller's thread makes
the read, and a stop waits for it.
"""

from __future__ import annotations

from .errors import Stopped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .clock import StopSignal
    from .exchange import Response

    Call = Callable[[], Response]


class Abandoning:
    """Runs the reads of one client; thread-safe."""

    def __init__(self, stop: StopSignal) -> None:
        import threading

        self._stop = stop
        self._lock = threading.Lock()
        # The queues in which callers wait for the outcome of a read.
        self._waiting: set[Any] = set()

    def run(self, call: Call) -> Response:
        """Runs `call` on another thread and returns its response.

        Raises Stopped as soon as the run is stopped. `call` then continues unobserved, or was not started.
        """
        from _queue import SimpleQueue

        outcome: Any = SimpleQueue()
        with self._lock:
            if self._stop.is_set():
                raise _stopped()
            self._waiting.add(outcome)
        try:
            _HELPERS.make(call, outcome)
            answer, error = outcome.get()
        finally:
            with self._lock:
                self._waiting.discard(outcome)
        if error is not None:
            raise error
        return answer  # type: ignore[no-any-return]

    def interrupt(self) -> None:
        """Ends every wait in `run`. Call it after `stop` is set."""
        with self._lock:
            for outcome in self._waiting:
                outcome.put((None, _stopped()))


class _Helpers:
    """A pool of threads that make calls."""

    def __init__(self) -> None:
        # The queues of the idle threads; a list's append and pop are atomic.
        self._free: list[Any] = []

    def make(self, call: Call, outcome: Any) -> None:
        """Starts `call` on a thread, which puts its response or its error into `outcome`."""
        try:
            tasks = self._free.pop()
        except IndexError:
            import _thread
            from _queue import SimpleQueue

            tasks = SimpleQueue()
            try:
                _thread.start_new_thread(self._work, (tasks,))
            except (RuntimeError, MemoryError):
                _make(call, outcome)
                return
        tasks.put((call, outcome))

    def _work(self, tasks: Any) -> None:
        while True:
            call, outcome = tasks.get()
            _make(call, outcome)
            # An idle thread must not keep references to the last call.
            del call, outcome
            self._free.append(tasks)


def _make(call: Call, outcome: Any) -> None:
    answer, failure = None, None
    try:
        answer = call()
    except BaseException as error:
        failure = error
    outcome.put((answer, failure))


_HELPERS = _Helpers()


def _stopped() -> Stopped:
    return Stopped(
        "Interrupted",
        "the run was stopped before Immuta answered. The request only reads, so nothing has changed; run it again.",
    )
