"""Threads that run handlers. A thread is started when all are busy, and kept for later calls."""

from __future__ import annotations

import _thread
from _queue import SimpleQueue

from .bounds import MAX_WORKERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Task = Callable[[], None]


class Workers:
    """Runs tasks on up to `limit` threads. Further tasks wait for a free thread. A task must not raise (see `memory.py`)."""

    def __init__(self, limit: int = MAX_WORKERS) -> None:
        self._limit = limit
        self._lock = _thread.allocate_lock()
        self._queue: SimpleQueue[Task] = SimpleQueue()
        self._threads = 0
        # Waiting threads minus waiting tasks.
        self._spare = 0

    def submit(self, task: Task) -> None:
        """Runs a task as soon as a thread is free. Raises RuntimeError or MemoryError if the system refuses the first one."""
        with self._lock:
            grow = self._spare <= 0 and self._threads < self._limit
            if grow:
                self._threads += 1
            else:
                self._spare -= 1
        if grow:
            try:
                _thread.start_new_thread(self._work, (task,))
            except (RuntimeError, MemoryError):
                with self._lock:
                    self._threads -= 1
                    if not self._threads:
                        raise
                    self._spare -= 1
            else:
                return
        self._queue.put(task)

    def _work(self, task: Task) -> None:
        while True:
            task()
            # While the thread waits, `task` would keep a whole message alive.
            del task
            with self._lock:
                self._spare += 1
            task = self._queue.get()
