"""The one loop that waits for Immuta."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from immuta_provider.api.http.errors import ImmutaError, ProtocolError, RateLimitedError
from immuta_provider.api.poll import Polled, poll
from support.fake_clock import FakeClock
from support.scripted import RESET, TOO_LARGE, UNTRUSTED

BUSY = RateLimitedError("Busy", "later.", status=429, retry_after=5.0)
FINAL = ImmutaError("No", "never.")
DONE = None


class Looks:
    """Looks that end with these errors, one each, and then in the expected state (`DONE`)."""

    def __init__(self, *errors: ImmutaError | None) -> None:
        self._errors: Iterator[ImmutaError | None] = iter(errors)
        self._is_over = False
        self.clock, self.stop = FakeClock(), threading.Event()

    def poll(self, seconds: float = 10) -> Polled:
        return poll(
            self._look,
            until=lambda: self._is_over,
            clock=self.clock,
            stop=self.stop,
            deadline=self.clock.now() + seconds,
        )

    def _look(self) -> None:
        error = next(self._errors)
        if error is not None:
            raise error
        self._is_over = True


@pytest.mark.parametrize(
    ("looks", "deadline", "polled", "waits"),
    [
        ([DONE], 0.0, Polled("", None), []),
        ([RESET, DONE], 10.0, Polled("", None), [0.2]),
        ([BUSY, RESET, DONE], 10.0, Polled("", None), [5.0, 0.32]),
        ([RESET, BUSY], 3.0, Polled("expired", BUSY), [0.2, 2.8]),
        ([RESET], 0.0, Polled("expired", RESET), []),
    ],
    ids=[
        "at once",
        "after a transient failure",
        "not before Immuta's Retry-After",
        "a last look at the deadline",
        "without time",
    ],
)
def test_looks_continue_until_the_end_or_the_deadline(
    looks: list[ImmutaError | None], deadline: float, polled: Polled, waits: list[float]
) -> None:
    each = Looks(*looks, *looks[-1:])
    assert (each.poll(deadline), each.clock.waits) == (polled, waits)


def test_a_stop_ends_the_poll_after_the_look_under_way() -> None:
    each = Looks(ProtocolError("Odd", "it is odd."))
    each.stop.set()
    assert (each.poll().end, each.clock.waits) == ("stopped", [])


@pytest.mark.parametrize(
    "error", [FINAL, TOO_LARGE, UNTRUSTED], ids=["not transient", "too large", "a certificate"]
)
def test_a_permanent_error_is_raised(error: ImmutaError) -> None:
    each = Looks(error)
    with pytest.raises(ImmutaError) as caught:
        each.poll()
    assert (caught.value, each.clock.waits) == (error, [])
