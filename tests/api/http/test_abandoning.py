"""Reads that a stop of the run ends while their request goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from immuta_provider.api.http import abandoning
from immuta_provider.api.http.abandoning import Abandoning
from immuta_provider.api.http.errors import Stopped
from immuta_provider.api.http.exchange import Request, Response
from immuta_provider.api.integrations import life
from support.fake_transport import Script, error, reply
from support.scripted import (
    CREATED,
    DELETE,
    EMPTY,
    EXCHANGE,
    GET,
    LIST,
    PAYLOAD,
    POST,
    PUT,
    STATUS,
    MakeClient,
    create,
)
from support.threads import SECONDS, Threads, wait_for_waiters


class Silence:
    """A server that takes a request and does not answer until the test is over."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.over = threading.Event()

    def __call__(self, request: Request) -> Response:
        self.asked.set()
        self.over.wait(60)
        return reply(503)


@pytest.fixture
def silence() -> Iterator[Silence]:
    silence = Silence()
    yield silence
    silence.over.set()


def stopped(client: Any, silence: Silence, call: Callable[[], Any], threads: int = 1) -> list[Any]:
    """The outcomes of calls without a response, after the run is stopped."""
    calls = Threads(*[call] * threads)
    assert silence.asked.wait(SECONDS)
    wait_for_waiters(client._shared._changed, threads - 1)
    client.http.stop.set()
    client.http.interrupt()
    return calls.results()


ENDED = "Interrupted: the run was stopped before Immuta answered. The request only reads, so nothing has changed; run it again."


@pytest.mark.parametrize("path", [GET, LIST, STATUS])
def test_a_read_ends_when_the_run_is_stopped(make_client: MakeClient, silence: Silence, path: str) -> None:
    client, _, _ = make_client({path: silence})
    calls: dict[str, Callable[[], Any]] = {
        GET: partial(client.get, "5"),
        LIST: client.list,
        STATUS: partial(client.status, "5"),
    }
    assert [str(failure) for failure in stopped(client, silence, calls[path])] == [ENDED]
    again, _, _ = make_client({LIST: EMPTY})
    assert again.list() == ()


def test_all_who_share_a_list_end_when_the_run_is_stopped(make_client: MakeClient, silence: Silence) -> None:
    client, transport, _ = make_client({LIST: silence})
    assert [str(failure) for failure in stopped(client, silence, client.list, threads=6)] == [ENDED] * 6
    assert transport.calls == [LIST]


def test_an_exchange_for_a_token_ends_when_the_run_is_stopped(
    make_client: MakeClient, silence: Silence
) -> None:
    client, _, _ = make_client({GET: reply(401), EXCHANGE: silence})
    assert [str(failure) for failure in stopped(client, silence, partial(client.get, "5"))] == [ENDED]


def test_a_create_keeps_the_id_and_the_last_status(make_client: MakeClient, silence: Silence) -> None:
    client, _, _ = make_client({LIST: EMPTY, POST: CREATED, GET: silence})
    (outcome,) = stopped(client, silence, lambda: create(client))
    assert (outcome.error, outcome.found.id, outcome.found.status) == (None, "5", "creating")
    assert [note.detail for note in outcome.warnings] == [
        'it has the id 5, and the last known status is "creating". Interrupted: the run was stopped while integration 5 was '
        '"creating". Run the same command again to go on from there.'
    ]


@pytest.mark.parametrize("failure", [MemoryError(), ZeroDivisionError()], ids=["no memory", "a mistake"])
def test_a_create_keeps_the_id_whatever_ends_the_wait(make_client: MakeClient, failure: Exception) -> None:
    client, _, _ = make_client({LIST: EMPTY, POST: CREATED, GET: failure})
    outcome = create(client)
    assert outcome.found is not None
    assert (outcome.error, outcome.found.id, outcome.found.status) == (None, "5", "creating")
    assert f"{type(failure).__name__} at " in outcome.warnings[0].detail


@pytest.mark.parametrize("verb", ["update", "delete", "busy update"])
def test_a_write_that_waits_is_interrupted(make_client: MakeClient, silence: Silence, verb: str) -> None:
    answered = reply(200, {"id": 5, "status": "editing"})
    busy = verb == "busy update"
    script: Script = {
        PUT: error(409, "busy") if busy else answered,
        DELETE: answered,
        GET: silence,
        STATUS: silence,
    }
    client, _, _ = make_client(script)
    (outcome,) = stopped(
        client,
        silence,
        lambda: (
            life.delete(client, "5", timeout=600)
            if verb == "delete"
            else life.update(client, "5", PAYLOAD, timeout=600)
        ),
    )
    state = "not settled" if busy else '"editing"'
    assert str(outcome.error) == (
        f"Interrupted: the run was stopped while integration 5 was {state}. Run the same command again to go on from there."
    )


def test_no_request_begins_after_a_stop() -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        Abandoning(stop).run(lambda: pytest.fail("it was begun"))


def test_an_exception_reaches_the_caller() -> None:
    def broken() -> Response:
        raise ZeroDivisionError

    reads = Abandoning(threading.Event())
    with pytest.raises(ZeroDivisionError):
        reads.run(broken)
    assert reads.run(lambda: reply(204)) == reply(204)


@pytest.mark.parametrize(
    "refused", [RuntimeError("can't start new thread"), MemoryError()], ids=["thread", "memory"]
)
def test_a_caller_reads_without_a_helper_if_no_thread_can_be_started(
    monkeypatch: pytest.MonkeyPatch, refused: Exception
) -> None:
    def no_thread(*_: Any) -> None:
        raise refused

    monkeypatch.setattr(abandoning, "_HELPERS", abandoning._Helpers())
    monkeypatch.setattr("_thread.start_new_thread", no_thread)
    assert Abandoning(threading.Event()).run(lambda: reply(204)) == reply(204)


def test_calls_one_after_another_share_a_thread() -> None:
    reads, threads = Abandoning(threading.Event()), set()

    def call() -> Response:
        threads.add(threading.get_ident())
        return reply(204)

    for _ in range(50):
        reads.run(call)
    # A thread is free again a moment after its answer was taken.
    assert len(threads) < 10
    assert threading.get_ident() not in threads
