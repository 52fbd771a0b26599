"""The end of the process, with an injected clock."""

from __future__ import annotations

import os

import pytest
from immuta_provider.plugin.transport.lifetime import Lifetime
from support.fake_clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def lifetime(clock: FakeClock) -> Lifetime:
    return Lifetime(os.getppid(), clock.now)


def abandoned_after(lifetime: Lifetime, clock: FakeClock, *seconds: float) -> list[bool]:
    begun = clock.now()
    seen = []
    for second in seconds:
        clock.advance(begun + second - clock.now())
        seen.append(lifetime.abandoned())
    return seen


def test_the_first_peer_has_a_minute_to_connect(lifetime: Lifetime, clock: FakeClock) -> None:
    assert abandoned_after(lifetime, clock, 0, 59, 61) == [False, False, True]


def test_the_process_lives_while_a_peer_is_connected(lifetime: Lifetime, clock: FakeClock) -> None:
    lifetime.peer_came()
    assert abandoned_after(lifetime, clock, 0, 61, 100_000) == [False, False, False]


def test_a_lost_peer_has_two_seconds_to_reconnect(lifetime: Lifetime, clock: FakeClock) -> None:
    lifetime.peer_came()
    lifetime.peer_came()
    clock.advance(10)
    lifetime.peer_left()
    assert abandoned_after(lifetime, clock, 0, 100) == [False, False]
    lifetime.peer_left()
    assert abandoned_after(lifetime, clock, 0, 1.9, 2.1) == [False, False, True]
    lifetime.peer_came()
    assert abandoned_after(lifetime, clock, 0, 100) == [False, False]


def test_without_the_parent_no_peer_is_waited_for(clock: FakeClock) -> None:
    lifetime = Lifetime(os.getppid() + 1, clock.now)
    assert lifetime.abandoned()
    lifetime.peer_came()
    assert not lifetime.abandoned()
    lifetime.peer_left()
    assert lifetime.abandoned()


def test_a_process_without_a_parent_lives_until_it_is_asked_to_end(clock: FakeClock) -> None:
    lifetime = Lifetime(None, clock.now)
    lifetime.peer_came()
    lifetime.peer_left()
    assert abandoned_after(lifetime, clock, 0, 100_000) == [False, False]
    lifetime.peer_came()
    lifetime.ask_to_end()
    lifetime.ask_to_end()
    lifetime.wait()
    assert lifetime.abandoned()
