from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings
from immuta_provider.plugin.redaction import REDACTOR

# A signal that this process ignores (Ctrl-C in a shell's background job, the hang-up under nohup) would be ignored by every
# program that a test starts and ends by it, too; a handler is not handed on.
signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
    signal.signal(signal.SIGHUP, lambda *_: None)

# `make soak` runs the second one. How long one example takes says nothing on a machine where other tests run at the same time.
settings.register_profile("quick", deadline=None)
settings.register_profile("soak", deadline=None, max_examples=2000)
settings.load_profile("quick")


def pytest_report_header() -> list[str]:
    # Only the process that prints it looks for them.
    from support.machine import report
    from support.pythons import PYTHONS
    from support.terraform import versions

    return report(versions(), PYTHONS)


@pytest.fixture(autouse=True)
def _secrets_of_one_test() -> Iterator[None]:
    """A process learns secrets for good, and a short one keeps the texts of other tests from being quoted."""
    yield
    REDACTOR.__init__()  # type: ignore[misc]
