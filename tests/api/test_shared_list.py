"""One list for all threads: who shares a fetch, an error, and the next fetch after a write."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from immuta_provider.api.http import single_flight
from immuta_provider.api.http.errors import ImmutaError, ServerError
from immuta_provider.api.integrations.integration import Integration
from immuta_provider.api.shared_list import SharedList
from support.fake_clock import FakeClock
from support.fake_transport import page, reply
from support.scripted import LIST, POST, MakeClient
from support.threads import Threads, wait_for_waiters

FAILURE = ServerError("Immuta failed to answer", "no.", status=503)


class Gate:
    """A fetch that announces itself, and waits until the test gives its answer."""

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

    def answer(self, *ids: str, error: ImmutaError | None = None) -> None:
        self._answers.append(error or tuple(Integration(id) for id in ids))
        self._go.release()


def shared_list(fetch: Callable[[float | None], tuple[Integration, ...]]) -> SharedList:
    return SharedList(fetch, FakeClock(), lambda: None, "integrations")


def ask(shared: SharedList, threads: int = 1, left: float | None = None) -> Threads:
    """Threads that each request the ids of the list, with that many seconds until their deadline."""
    deadline = None if left is None else FakeClock().now() + left
    return Threads(*[lambda: [each.id for each in shared.get(deadline=deadline).all]] * threads)


def wait_for_threads(shared: SharedList, number: int) -> None:
    """Returns once that many threads wait for a fetch that is under way."""
    wait_for_waiters(shared._changed, number)


def test_ten_threads_share_one_fetch() -> None:
    gate = Gate()
    shared = shared_list(gate)
    threads = ask(shared, 10)
    wait_for_threads(shared, 9)
    gate.answer("1")
    assert threads.results() == [["1"]] * 10
    assert shared.get().by_id == {"1": Integration("1")}
    assert gate.count == 1


def test_an_error_reaches_every_thread_and_is_not_kept() -> None:
    gate = Gate()
    shared = shared_list(gate)
    threads = ask(shared, 10)
    wait_for_threads(shared, 9)
    gate.answer(error=FAILURE)
    assert threads.results() == [FAILURE] * 10
    gate.answer("1")
    assert ask(shared).results() == [["1"]]
    assert gate.count == 2


def test_a_write_makes_the_list_stale() -> None:
    gate = Gate()
    shared = shared_list(gate)
    gate.answer("1")
    shared.get()
    shared.invalidate()
    gate.answer("1", "2")
    assert ask(shared).results() == [["1", "2"]]


def test_a_write_makes_the_list_under_way_stale() -> None:
    gate = Gate()
    shared = shared_list(gate)
    before = ask(shared, 2)
    wait_for_threads(shared, 1)
    shared.invalidate()
    after = ask(shared, 5)
    wait_for_threads(shared, 6)
    gate.answer("1")
    gate.answer("1", "2")
    assert before.results() == [["1"]] * 2
    assert after.results() == [["1", "2"]] * 5
    assert ask(shared).results() == [["1", "2"]]
    assert gate.count == 2


def test_an_unexpected_error_ends_every_wait() -> None:
    bugs = iter([ZeroDivisionError])

    def broken(deadline: float | None) -> tuple[Integration, ...]:
        for bug in bugs:
            wait_for_threads(shared, 1)
            raise bug
        return ()

    def get() -> object:
        try:
            return shared.get()
        except ZeroDivisionError as error:
            return error

    shared = shared_list(broken)
    bug, failure = sorted(Threads(get, get).results(), key=lambda each: isinstance(each, ImmutaError))
    assert isinstance(bug, ZeroDivisionError)
    assert str(failure).endswith("the request ended early; apply again.")
    assert shared.get().all == ()


def test_a_thread_waits_for_a_fetch_until_its_own_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(single_flight, "SHORTEST_TIMEOUT", 0.02)
    gate = Gate()
    shared = shared_list(gate)
    patient = ask(shared)
    assert gate.started.acquire(timeout=5)
    for left in (-5, 0.05):
        assert [str(each) for each in ask(shared, left=left).results()] == [
            "Immuta needs longer than the timeout: the time was up while the integrations were listed, for this and other "
            "resources. Apply again, or raise the resource's `timeouts`."
        ]
    gate.answer("1")
    assert patient.results() == [["1"]]
    assert ask(shared, left=0.05).results() == [["1"]]
    assert gate.deadlines == [None]


def test_a_thread_with_more_time_makes_another_fetch() -> None:
    gate = Gate()
    shared = shared_list(gate)
    late = ServerError("Immuta failed to answer", "no.", status=503)
    late.out_of_time = True
    first = ask(shared, left=5)
    assert gate.started.acquire(timeout=5)
    as_short = ask(shared, left=5)
    wait_for_threads(shared, 1)
    longer = ask(shared, left=60)
    wait_for_threads(shared, 2)
    gate.answer(error=late)
    gate.answer("1")
    assert [*first.results(), *as_short.results(), *longer.results()] == [late, late, ["1"]]
    assert gate.deadlines == [1005.0, 1060.0]


def test_the_client_shares_its_list_until_it_writes(make_client: MakeClient) -> None:
    lists = [reply(200, [{"id": 1}]), reply(200, [{"id": 1}, {"id": 2}])]
    client, transport, _ = make_client({LIST: lists, POST: page(400)})
    client.list()
    client.find("1")
    with pytest.raises(ImmutaError):
        client.post({})
    assert [integration.id for integration in client.list()] == ["1", "2"]
    assert transport.calls == [LIST, POST, LIST]
