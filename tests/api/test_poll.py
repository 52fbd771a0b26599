"""The one loop that waits for Immuta."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from immuta_provider.api.http.errors import (
    ConnectError,
    ImmutaError,
    ProtocolError,
    RateLimitedError,
    TooLarge,
)
from immuta_provider.api.poll import Polled, poll
from support.fake_clock import FakeClock

BROKEN = ConnectError("Broken", "it broke.", kind="broken", maybe_sent=True)
BUSY = RateLimitedError("Busy", "later.", status=429, retry_after=5.0)
FINAL = ImmutaError("No", "never.")
UNTRUSTED = ConnectError("Untrusted", "it was refused.", kind="certificate", maybe_sent=False)
TOO_LARGE = TooLarge("Too large", "more than 8 MiB came.")
DONE = None


class Looks:
    """Looks that end with these errors, one each, and then in what is waited for (`DONE`)."""

    def __init__(self, *errors: ImmutaError | None) -> None:
        self._errors: Iterator[ImmutaError | None] = iter(errors)
        self.is_over = False

    def look(self) -> None:
        error = next(self._errors)
        if error is not None:
            raise error
        self.is_over = True


@pytest.mark.parametrize(
    ("looks", "deadline", "polled", "waits"),
    [
        ([DONE], 0.0, Polled("", None), []),
        ([BROKEN, DONE], 10.0, Polled("", None), [0.2]),
        ([BUSY, BROKEN, DONE], 10.0, Polled("", None), [5.0, 0.32]),
        ([BROKEN, BUSY], 3.0, Polled("expired", BUSY), [0.2, 2.8]),
        ([BROKEN], 0.0, Polled("expired", BROKEN), []),
    ],
    ids=[
        "at once",
        "after trouble",
        "no sooner than Immuta asks for",
        "a last look at the deadline",
        "no time",
    ],
)
def test_looks_continue_until_the_end_or_the_deadline(
    looks: list[ImmutaError | None], deadline: float, polled: Polled, waits: list[float]
) -> None:
    clock, each = FakeClock(), Looks(*looks, *looks[-1:])
    ended = poll(
        each.look,
        until=lambda: each.is_over,
        clock=clock,
        stop=threading.Event(),
        deadline=clock.now() + deadline,
    )
    assert (ended, clock.waits) == (polled, waits)


def test_a_stop_ends_the_poll_after_the_look_under_way() -> None:
    stop, clock, each = threading.Event(), FakeClock(), Looks(ProtocolError("Odd", "it is odd."))
    stop.set()
    ended = poll(each.look, until=lambda: each.is_over, clock=clock, stop=stop, deadline=clock.now() + 10)
    assert (ended.end, clock.waits) == ("stopped", [])


@pytest.mark.parametrize(
    "error", [FINAL, TOO_LARGE, UNTRUSTED], ids=["not in passing", "beyond its bounds", "a certificate"]
)
def test_a_permanent_error_is_raised(error: ImmutaError) -> None:
    clock, each = FakeClock(), Looks(error)
    with pytest.raises(ImmutaError) as caught:
        poll(
            each.look,
            until=lambda: each.is_over,
            clock=clock,
            stop=threading.Event(),
            deadline=clock.now() + 10,
        )
    assert (caught.value, clock.waits) == (error, [])
