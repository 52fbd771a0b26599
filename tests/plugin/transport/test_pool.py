"""The limits of all connections together. The oldest has limits of its own, and the others share theirs."""

from __future__ import annotations

import pytest
from immuta_provider.plugin.transport.pool import BYTES, CALLS, STREAMS, Pool, Share


@pytest.fixture
def pool() -> Pool:
    pool = Pool()
    pool.limits = [(100, 50, 0), (10, 5, 2), (4, 3, 0)]
    return pool


def test_the_oldest_connection_has_limits_of_its_own(pool: Pool) -> None:
    oldest, second, third = Share(pool), Share(pool), Share(pool)
    assert [oldest.take(BYTES, 60), second.take(BYTES, 30), third.take(BYTES, 20)] == [True, True, True]
    assert [third.take(BYTES), second.take(BYTES)] == [False, False]
    assert [oldest.take(BYTES, 41), oldest.take(BYTES, 40), oldest.take(BYTES)] == [False, True, False]
    assert pool.in_use == [150, 0, 0]


def test_each_connection_has_a_guaranteed_minimum(pool: Pool) -> None:
    oldest, second, third = Share(pool), Share(pool), Share(pool)
    assert [oldest.take(CALLS), second.take(CALLS, 5)] == [True, True]
    assert [third.take(CALLS, 3), third.take(CALLS, 2), third.take(CALLS)] == [False, True, False]
    assert pool.in_use == [0, 8, 0]


def test_the_age_of_a_connection_counts_from_its_first_use(pool: Pool) -> None:
    silent, speaking = Share(pool), Share(pool)
    assert [speaking.take(STREAMS, 4), silent.take(STREAMS, 4), silent.take(STREAMS, 3)] == [
        True,
        False,
        True,
    ]


def test_an_amount_that_is_given_back_can_be_taken_again(pool: Pool) -> None:
    share = Share(pool)
    assert [share.take(STREAMS, 4), share.take(STREAMS)] == [True, False]
    share.give(STREAMS, 3)
    assert [share.take(STREAMS, 3), share.take(STREAMS)] == [True, False]


def test_after_the_oldest_connection_the_next_one_has_its_limits(
    pool: Pool,
) -> None:
    oldest, second, third = Share(pool), Share(pool), Share(pool)
    assert [oldest.take(BYTES, 40), second.take(BYTES, 30), third.take(BYTES, 20)] == [True, True, True]
    oldest.leave()
    assert [third.take(BYTES), second.take(BYTES, 70), second.take(BYTES)] == [False, True, False]
    oldest.give(BYTES, 40)
    assert [third.take(BYTES, 30), third.take(BYTES)] == [True, False]
    assert pool.in_use == [150, 0, 0]
