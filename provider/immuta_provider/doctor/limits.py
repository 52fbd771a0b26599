"""Runs what may hang within a limit of time: programs and calls of the network."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable, Mapping
from typing import TypeVar

NETWORK_SECONDS = 5.0
PROGRAM_SECONDS = 15.0

T = TypeVar("T")


def within(call: Callable[[], T], seconds: float = NETWORK_SECONDS) -> T:
    """The result of the call, or its exception. TimeoutError if it takes longer.

    The call goes on in a thread that does not keep the process alive, since the system's name lookup cannot be ended.
    """
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(call())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        # An error that this frame still names is in a circle with its traceback, which keeps connections open.
        raise errors.pop()
    if not results:
        raise TimeoutError
    return results[0]


def output(command: list[str], environ: Mapping[str, str]) -> str | None:
    """The standard output of a program; None if it cannot be run, fails, or takes too long."""
    quiet = {**environ, "CHECKPOINT_DISABLE": "1", "NO_COLOR": "1"}
    try:
        return subprocess.run(
            command,
            env=quiet,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PROGRAM_SECONDS,
            check=True,
        ).stdout.decode("utf-8", "replace")
    except (OSError, subprocess.SubprocessError):
        return None


def found(program: str, environ: Mapping[str, str]) -> str | None:
    """The path of a program on the environment's PATH; None if it is not there."""
    import shutil

    return shutil.which(program, path=environ.get("PATH", os.defpath))
