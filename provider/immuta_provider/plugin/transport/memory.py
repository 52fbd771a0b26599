"""Answers and ends without memory, so that no call is left without an answer.

A limit such as `ulimit -v` makes any line of Python raise MemoryError, also the lines that would report it.
"""

from __future__ import annotations

import os
import sys

from .handshake import RAISE_THE_LIMIT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sys import UnraisableHookArgs

NO_MEMORY = (
    f"the provider has no memory left: {RAISE_THE_LIMIT}, or run Terraform with a smaller `-parallelism`"
)
LAST_WORDS = f"{NO_MEMORY}\n".encode()
RESERVE_BYTES = 4 << 20

# Address space alone: the system gives no memory to pages that nobody has used.
_reserve = [bytes(RESERVE_BYTES)]


def release() -> None:
    """Gives back the reserve, so that what is left to do has room. May be called again."""
    _reserve.clear()


def end_when_a_thread_fails() -> None:
    """Ends the process as soon as a thread ends by MemoryError. The call that it ran would never be answered."""
    sys.unraisablehook = _thread_failed


def _thread_failed(unraisable: UnraisableHookArgs, /) -> None:
    if issubclass(unraisable.exc_type, MemoryError) and "thread" in (unraisable.err_msg or ""):
        os.write(2, LAST_WORDS)
        os._exit(1)
    sys.__unraisablehook__(unraisable)
