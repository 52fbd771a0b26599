"""Reads that end with the run, however long their request goes on.

A name that is looked up, a connection that is made and an answer that is waited for cannot be broken off from outside. So a
read is made on a thread of its own, which is left alone with it after a stop; the process does not wait for that thread. Where
the system has no thread left, the read is made by whoever asks, and a stop waits for it.
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
    """One a client; used by all its threads."""

    def __init__(self, stop: StopSignal) -> None:
        import threading

        self._stop = stop
        self._lock = threading.Lock()
        # Of each read under way, where its outcome is waited for.
        self._waiting: set[Any] = set()

    def run(self, call: Call) -> Response:
        """The outcome of `call`, which is made on another thread. Stopped as soon as the run is: `call` then goes on alone, or
        was not begun."""
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
        """End what `run` waits for. Called once `stop` is set."""
        with self._lock:
            for outcome in self._waiting:
                outcome.put((None, _stopped()))


class _Helpers:
    """Threads that make calls, each used again for the next one."""

    def __init__(self) -> None:
        # The queues of the threads that have nothing to do: taking one off a list and putting one back are atomic.
        self._free: list[Any] = []

    def make(self, call: Call, outcome: Any) -> None:
        """Have `call` made, and `outcome` told of its answer or its error."""
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
            # A thread that waits for the next call keeps nothing of the last one.
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
        "the run was stopped before Immuta answered. Nothing that was asked changes anything; run it again.",
    )
