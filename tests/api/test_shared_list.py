from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from immuta_provider.api.http import single_flight
from immuta_provider.api.http.errors import ImmutaError, ServerError
from immuta_provider.api.integrations.integration import Integration
from immuta_provider.api.shared_list import Listing, SharedList
from support.fake_clock import FakeClock
from support.fake_transport import page, reply

FAILURE = ServerError("Immuta failed to answer", "no.", status=503)


class Gate:
    """A fetch that can be held: each one announces itself and waits to be let through with what it is to answer."""

    def __init__(self) -> None:
        self.started = threading.Semaphore(0)
        self._answers: list[tuple[Integration, ...] | ImmutaError] = []
        self._go = threading.Semaphore(0)
        self.deadlines: list[float | None] = []

    @property
    def count(self) -> int:
        return len(self.deadlines)

    def __call__(self, deadline: float | None) -> tuple[Integration, ...]:
        self.deadlines.append(deadline)
        self.started.release()
        assert self._go.acquire(timeout=5)
        answer = self._answers.pop(0)
        if isinstance(answer, ImmutaError):
            raise answer
        return answer

    def let_through(self, answer: tuple[Integration, ...] | ImmutaError) -> None:
        self._answers.append(answer)
        self._go.release()


class Asker(threading.Thread):
    """A thread that asks once."""

    def __init__(self, ask: Callable[[], Listing]) -> None:
        super().__init__(daemon=True)
        self._ask = ask
        self.result: Any = None
        self.start()

    def run(self) -> None:
        try:
            self.result = [integration.id for integration in self._ask().all]
        except ImmutaError as error:
            self.result = error

    def outcome(self) -> Any:
        self.join(5)
        return self.result


def ids(*names: str) -> tuple[Integration, ...]:
    return tuple(Integration(name) for name in names)


def unchecked() -> None:
    pass


def waiting(shared: SharedList, askers: int) -> None:
    """Until that many threads wait for a fetch that is under way."""
    while True:
        with shared._changed:
            if len(shared._changed._waiters) >= askers:  # type: ignore[attr-defined]
                return


def test_ten_threads_share_one_fetch() -> None:
    gate = Gate()
    shared = SharedList(gate, FakeClock(), unchecked, "integrations")
    askers = [Asker(shared.get) for _ in range(10)]
    waiting(shared, 9)
    gate.let_through(ids("1"))
    assert [asker.outcome() for asker in askers] == [["1"]] * 10
    assert shared.get().by_id == {"1": Integration("1")}
    assert gate.count == 1


def test_a_failure_reaches_everybody_and_is_not_kept() -> None:
    gate = Gate()
    shared = SharedList(gate, FakeClock(), unchecked, "integrations")
    askers = [Asker(shared.get) for _ in range(10)]
    waiting(shared, 9)
    gate.let_through(FAILURE)
    assert [asker.outcome() for asker in askers] == [FAILURE] * 10
    gate.let_through(ids("1"))
    assert [integration.id for integration in shared.get().all] == ["1"]
    assert gate.count == 2


def test_a_write_makes_the_list_stale() -> None:
    gate = Gate()
    shared = SharedList(gate, FakeClock(), unchecked, "integrations")
    gate.let_through(ids("1"))
    shared.get()
    shared.invalidate()
    gate.let_through(ids("1", "2"))
    assert [integration.id for integration in shared.get().all] == ["1", "2"]


def test_a_write_makes_the_list_under_way_stale() -> None:
    gate = Gate()
    shared = SharedList(gate, FakeClock(), unchecked, "integrations")
    before = Asker(shared.get)
    assert gate.started.acquire(timeout=5)
    joined = Asker(shared.get)
    waiting(shared, 1)
    shared.invalidate()
    after = [Asker(shared.get) for _ in range(5)]
    waiting(shared, 6)
    gate.let_through(ids("1"))
    gate.let_through(ids("1", "2"))
    assert [before.outcome(), joined.outcome()] == [["1"], ["1"]]
    assert [asker.outcome() for asker in after] == [["1", "2"]] * 5
    assert [integration.id for integration in shared.get().all] == ["1", "2"]
    assert gate.count == 2


def test_an_unexpected_error_ends_every_wait() -> None:
    started, go = threading.Event(), threading.Event()
    bugs = iter([ZeroDivisionError])

    def broken(deadline: float | None) -> tuple[Integration, ...]:
        started.set()
        go.wait(5)
        for bug in bugs:
            raise bug
        return ()

    shared = SharedList(broken, FakeClock(), unchecked, "integrations")
    raised: list[BaseException] = []

    def lead() -> None:
        try:
            shared.get()
        except ZeroDivisionError as error:
            raised.append(error)

    leader = threading.Thread(target=lead)
    leader.start()
    started.wait(5)
    follower = Asker(shared.get)
    waiting(shared, 1)
    go.set()
    leader.join(5)
    assert len(raised) == 1
    assert str(follower.outcome()).endswith("the request ended early; apply again.")
    assert shared.get().all == ()


def test_a_thread_waits_for_a_fetch_until_its_own_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(single_flight, "SHORTEST_TIMEOUT", 0.02)
    gate, clock = Gate(), FakeClock()
    shared = SharedList(gate, clock, unchecked, "integrations")
    patient = Asker(shared.get)
    assert gate.started.acquire(timeout=5)
    hasty = [Asker(partial(shared.get, deadline=clock.now() + left)) for left in (-5, 0.05)]
    assert [str(asker.outcome()) for asker in hasty] == [
        "Immuta needs longer than the timeout: the time was up while the integrations were listed, for this and other resources. "
        "Apply again, or raise the resource's `timeouts`."
    ] * 2
    gate.let_through(ids("1"))
    assert patient.outcome() == ["1"]
    assert Asker(partial(shared.get, deadline=clock.now() + 0.05)).outcome() == ["1"]
    assert gate.deadlines == [None]


def test_a_thread_with_more_time_makes_another_fetch() -> None:
    gate, clock = Gate(), FakeClock()
    shared = SharedList(gate, clock, unchecked, "integrations")
    late = ServerError("Immuta failed to answer", "no.", status=503)
    late.out_of_time = True
    first = Asker(lambda: shared.get(deadline=clock.now() + 5))
    assert gate.started.acquire(timeout=5)
    as_short = Asker(lambda: shared.get(deadline=clock.now() + 5))
    waiting(shared, 1)
    longer = Asker(lambda: shared.get(deadline=clock.now() + 60))
    waiting(shared, 2)
    gate.let_through(late)
    gate.let_through(ids("1"))
    assert [first.outcome(), as_short.outcome(), longer.outcome()] == [late, late, ["1"]]
    assert gate.deadlines == [1005.0, 1060.0]


def test_the_client_shares_its_list_until_it_writes(make_client: Callable[..., Any]) -> None:
    client, transport, _ = make_client(
        {
            "GET /integrations": [reply(200, [{"id": 1}]), reply(200, [{"id": 1}, {"id": 2}])],
            "POST /integrations": page(400),
        }
    )
    client.list()
    client.find("1")
    with pytest.raises(ImmutaError):
        client.post({})
    assert [integration.id for integration in client.list()] == ["1", "2"]
    assert transport.calls == ["GET /integrations", "POST /integrations", "GET /integrations"]
