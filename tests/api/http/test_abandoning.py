"""Reads that a stop of the run ends while their request goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from immuta_provider.api.http import abandoning
from immuta_provider.api.http.abandoning import Abandoning
from immuta_provider.api.http.errors import ImmutaError, Stopped
from immuta_provider.api.http.exchange import Request, Response
from immuta_provider.api.integrations import life
from immuta_provider.api.life import Outcome
from support.fake_transport import reply

MakeClient = Callable[..., Any]
LIST, GET, POST = "GET /integrations", "GET /integrations/5", "POST /integrations"
DELETE, PUT, STATUS = "DELETE /integrations/5", "PUT /integrations/5", "GET /integrations/5/status"
PAYLOAD = {"type": "Snowflake", "config": {}}
SECONDS = 10


class Silence:
    """A server that takes a request and says nothing until the test is over."""

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


def stopped(client: Any, silence: Silence, call: Callable[[], Any]) -> Any:
    """Returns the outcome of a call without a response after the run is stopped."""
    ended: list[Any] = []

    def run() -> None:
        try:
            ended.append(call())
        except ImmutaError as error:
            ended.append(str(error))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert silence.asked.wait(SECONDS)
    client.http.stop.set()
    client.http.interrupt()
    thread.join(SECONDS)
    return ended


ENDED = "Interrupted: the run was stopped before Immuta answered. The request only reads, so nothing has changed; run it again."


@pytest.mark.parametrize("path", [GET, LIST, STATUS])
def test_a_read(make_client: MakeClient, silence: Silence, path: str) -> None:
    client, _, _ = make_client({path: silence})
    calls = {GET: lambda: client.get("5"), LIST: client.list, STATUS: lambda: client.status("5")}
    assert stopped(client, silence, calls[path]) == [ENDED]


def test_a_read_is_answered_when_it_is_run_again(make_client: MakeClient, silence: Silence) -> None:
    client, _, _ = make_client({LIST: silence})
    assert stopped(client, silence, client.list) == [ENDED]
    again, _, _ = make_client({LIST: reply(200, [])})
    assert again.list() == ()


def test_the_exchange_of_the_key_for_a_token(make_client: MakeClient, silence: Silence) -> None:
    client, _, _ = make_client({GET: reply(401), "POST /bim/apikey/authenticate": silence})
    assert stopped(client, silence, lambda: client.get("5")) == [ENDED]


def test_a_create_keeps_the_id_and_the_last_status(make_client: MakeClient, silence: Silence) -> None:
    client, _, _ = make_client(
        {LIST: reply(200, []), POST: reply(200, {"id": 5, "status": "creating"}), GET: silence}
    )
    (outcome,) = stopped(
        client,
        silence,
        lambda: life.create(
            client,
            PAYLOAD,
            natural_key=("a",),
            is_same=lambda _: True,
            has_same_key=lambda _: True,
            timeout=600,
        ),
    )
    assert (outcome.error, outcome.found.id, outcome.found.status) == (None, "5", "creating")
    assert [note.detail for note in outcome.warnings] == [
        'it has the id 5, and the last known status is "creating". Interrupted: the run was stopped while integration 5 was '
        '"creating". Run the same command again to go on from there.'
    ]


@pytest.mark.parametrize("verb", ["update", "delete", "busy update"])
def test_a_write_that_waits(make_client: MakeClient, silence: Silence, verb: str) -> None:
    answered = reply(200, {"id": 5, "status": "editing"})
    busy = reply(409, {"statusCode": 409, "message": "busy"})
    put = busy if verb.startswith("busy") else answered
    client, _, _ = make_client({PUT: put, DELETE: answered, GET: silence, STATUS: silence})
    calls: dict[str, Callable[[], Outcome]] = {
        "update": lambda: life.update(client, "5", PAYLOAD, timeout=600),
        "busy update": lambda: life.update(client, "5", PAYLOAD, timeout=600),
        "delete": lambda: life.delete(client, "5", timeout=600),
    }
    (outcome,) = stopped(client, silence, calls[verb])
    state = "not settled" if verb.startswith("busy") else '"editing"'
    assert str(outcome.error) == (
        f"Interrupted: the run was stopped while integration 5 was {state}. Run the same command again to go on from there."
    )


def test_all_who_share_a_list(make_client: MakeClient, silence: Silence) -> None:
    client, transport, _ = make_client({LIST: silence})
    ended: list[BaseException] = []

    def ask() -> None:
        try:
            client.list()
        except ImmutaError as error:
            ended.append(error)

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(5)]
    for thread in threads:
        thread.start()
    stopped(client, silence, client.list)
    for thread in threads:
        thread.join(SECONDS)
    assert [str(error) for error in ended] == [ENDED] * 5
    assert transport.calls == [LIST]


@pytest.mark.parametrize("failure", [MemoryError(), ZeroDivisionError()], ids=["no memory", "a mistake"])
def test_a_create_keeps_the_id_whatever_ends_the_wait(make_client: MakeClient, failure: Exception) -> None:
    def broken(*_: Any) -> Response:
        raise failure

    client, _, _ = make_client(
        {LIST: reply(200, []), POST: reply(200, {"id": 5, "status": "creating"}), GET: broken}
    )
    outcome = life.create(
        client,
        PAYLOAD,
        natural_key=("a",),
        is_same=lambda _: True,
        has_same_key=lambda _: True,
        timeout=600,
    )
    assert outcome.found is not None
    assert (outcome.error, outcome.found.id, outcome.found.status) == (None, "5", "creating")
    assert f"{type(failure).__name__} at " in outcome.warnings[0].detail


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
def test_caller_reads_itself_without_a_free_thread(
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
