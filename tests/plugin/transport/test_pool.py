"""What all connections hold together: the oldest has limits of its own, the others share theirs."""

from __future__ import annotations

import pytest
from immuta_provider.plugin import bounds
from immuta_provider.plugin.pool import Pool


@pytest.fixture(autouse=True)
def _limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_BYTES", (100, 50, 0))
    monkeypatch.setattr(bounds, "MAX_CALLS", (10, 5, 0))
    monkeypatch.setattr(bounds, "MAX_STREAMS", (4, 3, 0))


def test_the_oldest_connection_has_limits_of_its_own() -> None:
    pool = Pool()
    oldest, second, third = pool.join(), pool.join(), pool.join()
    assert [oldest.take(bytes=60), second.take(bytes=30), third.take(bytes=20)] == [True, True, True]
    assert [third.take(bytes=1), second.take(bytes=1)] == [False, False]
    assert [oldest.take(bytes=40), oldest.take(bytes=1)] == [True, False]
    assert pool.held == (150, 0, 0)


def test_everything_is_taken_or_nothing() -> None:
    pool = Pool()
    share = pool.join()
    assert [share.take(bytes=100, calls=11), share.take(bytes=101, calls=10)] == [False, False]
    assert pool.held == (0, 0, 0)
    assert [share.take(bytes=100, calls=10), share.take(streams=4), share.take(streams=1)] == [
        True,
        True,
        False,
    ]
    share.give(bytes=100, calls=9, streams=3)
    assert pool.held == (0, 1, 1)


def test_a_connection_counts_from_the_first_time_that_it_takes_something() -> None:
    pool = Pool()
    silent, speaking = pool.join(), pool.join()
    assert [speaking.take(streams=4), silent.take(streams=4), silent.take(streams=3)] == [True, False, True]


def test_each_connection_has_a_little_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_BYTES", (100, 50, 10))
    pool = Pool()
    oldest, second, third = pool.join(), pool.join(), pool.join()
    assert [oldest.take(bytes=1), second.take(bytes=50)] == [True, True]
    assert [third.take(bytes=11), third.take(bytes=10), third.take(bytes=1)] == [False, True, False]


def test_when_the_oldest_leaves_the_next_is_the_oldest_and_what_is_left_counts_with_the_others() -> None:
    pool = Pool()
    oldest, second, third = pool.join(), pool.join(), pool.join()
    assert [oldest.take(bytes=40), second.take(bytes=30), third.take(bytes=20)] == [True, True, True]
    oldest.leave()
    assert [third.take(bytes=1), second.take(bytes=70), second.take(bytes=1)] == [False, True, False]
    oldest.give(bytes=40)
    assert [third.take(bytes=30), third.take(bytes=1)] == [True, False]
    assert pool.held == (150, 0, 0)
