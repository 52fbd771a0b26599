"""A process without memory says so or ends. It never leaves a call without an answer, for which Terraform would wait."""

from __future__ import annotations

import _thread
import os
import subprocess
from typing import NoReturn

import pytest
from immuta_provider.plugin.transport.memory import NO_MEMORY
from immuta_provider.plugin.transport.router import NO_THREAD
from support.plugin_process import TOY, environment, interpreters
from support.rawh2 import failed
from support.toy_session import Connections

RESOURCE_EXHAUSTED = 8


def test_a_call_that_exceeds_the_memory_is_answered(connect: Connections) -> None:
    assert connect().call("/toy.Toy/ExceedMemory") == failed(RESOURCE_EXHAUSTED, NO_MEMORY)


@pytest.mark.parametrize(
    "error", [RuntimeError("can't start new thread"), MemoryError()], ids=["thread", "memory"]
)
@pytest.mark.parametrize(
    "path", ["/toy.Toy/Echo", "/tfplugin6.Provider/StopProvider"], ids=["call", "control call"]
)
def test_a_call_for_which_the_system_has_no_thread_is_answered(
    connect: Connections, monkeypatch: pytest.MonkeyPatch, path: str, error: Exception
) -> None:
    def refused(*arguments: object) -> NoReturn:
        raise error

    client = connect()
    monkeypatch.setattr(_thread, "start_new_thread", refused)
    assert client.call(path) == failed(RESOURCE_EXHAUSTED, NO_THREAD)


FAILING_THREAD = """
import _thread, sys
sys.path.insert(0, {provider!r})
from immuta_provider.plugin.transport import memory

reported = _thread.allocate_lock()
reported.acquire()
sys.__unraisablehook__ = lambda unraisable: reported.release()


def fail():
    raise {error}


memory.end_when_a_thread_fails()
_thread.start_new_thread(fail, ())
reported.acquire()
"""


@pytest.mark.parametrize("python", interpreters().values(), ids=interpreters())
@pytest.mark.parametrize(
    ("error", "expected"),
    [("MemoryError", (1, f"{NO_MEMORY}\n")), ("ValueError", (0, ""))],
    ids=["memory", "a bug"],
)
def test_a_thread_that_exceeds_the_memory_ends_the_process(
    python: str, error: str, expected: tuple[int, str]
) -> None:
    script = FAILING_THREAD.format(provider=os.fspath(TOY.parents[2] / "provider"), error=error)
    ended = subprocess.run(
        [python, "-I", "-S", "-c", script], env=environment(), capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode, ended.stderr) == expected
