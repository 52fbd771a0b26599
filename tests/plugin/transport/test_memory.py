"""A process whose thread had no memory ends, since a call of it would have no answer, for which Terraform would wait.

`test_advice.py` has the calls that are answered without memory.
"""

from __future__ import annotations

import os
import subprocess

import pytest
from immuta_provider.plugin.transport.memory import NO_MEMORY
from support.plugin_process import TOY, environment, interpreters

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
