"""Deletions that run together: few lists, and each proof from a list that began after its own deletion was answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from immuta_provider.api.http import json_body
from immuta_provider.api.http.exchange import Request, Response
from immuta_provider.api.integrations import life
from support.fake_transport import error, reply

MakeClient = Callable[..., Any]

LIST = "GET /integrations"
EMPTY = reply(200, [])
MISSING = error(404, "No Integration found with ID 5.", "Not found")
LISTED = reply(200, [{"id": 5, "status": "deleting"}])


def test_an_older_list_is_no_proof(make_client: MakeClient) -> None:
    """A list that began before the deletion was answered says nothing of it, though the integration is missing there."""
    client, transport, _ = make_client(
        {
            LIST: [EMPTY, LISTED, EMPTY],
            "DELETE /integrations/5": reply(200, {"id": 5, "status": "deleting"}),
            "GET /integrations/5": MISSING,
        }
    )
    client.list()
    assert life.delete(client, "5", timeout=600).found is None
    assert transport.calls.count(LIST) == 3


def test_a_list_since_then_that_lacks_it_is_proof(make_client: MakeClient) -> None:
    client, transport, clock = make_client({LIST: EMPTY})
    client.deletions.begin("5")
    answered = client.deletions.now()
    client.deletions.listed("6", client.deletions.now(), clock.now() + 600)
    assert client.deletions.listed("5", answered, clock.now() + 600) is None
    assert transport.calls == [LIST]


def test_a_list_since_then_that_shows_it_is_asked_again(make_client: MakeClient) -> None:
    client, transport, clock = make_client({LIST: [LISTED, EMPTY]})
    client.deletions.begin("5")
    answered = client.deletions.now()
    client.deletions.listed("6", client.deletions.now(), clock.now() + 600)
    assert client.deletions.listed("5", answered, clock.now() + 600) is None
    assert transport.calls == [LIST, LIST]


def test_lists_of_deletions_that_run_together_start_apart(make_client: MakeClient) -> None:
    client, transport, clock = make_client({LIST: LISTED})
    deadline = clock.now() + 600
    for id in ("5", "6"):
        client.deletions.begin(id)
    for _ in range(3):
        client.deletions.listed("5", client.deletions.now(), deadline)
    assert clock.waits == [0.3, 0.3]
    clock.advance(0.2)
    client.deletions.listed("5", client.deletions.now(), clock.now() + 0.05)
    assert clock.waits == [0.3, 0.3, 0.05]
    assert transport.calls == [LIST] * 4


def test_lists_that_take_long_start_further_apart(make_client: MakeClient) -> None:
    """Immuta makes them for everybody, and of thousands of integrations that is work."""

    def slow(_: Request) -> Response:
        clock.advance(2)
        return LISTED

    client, _, clock = make_client({LIST: slow})
    for id in ("5", "6"):
        client.deletions.begin(id)
    for _ in range(3):
        client.deletions.listed("5", client.deletions.now(), clock.now() + 600)
    assert clock.waits == [8.0, 8.0]


def test_a_list_is_read_for_ids_and_statuses_alone(make_client: MakeClient) -> None:
    """Nothing else of thousands of integrations is looked at, however it is."""
    deep: Any = []
    for _ in range(json_body.MAX_DEPTH):
        deep = [deep]
    client, transport, _ = make_client(
        {
            LIST: reply(200, [{"id": 6, "type": 7, "config": {"key": deep}}]),
            "DELETE /integrations/5": reply(204),
            "GET /integrations/5": MISSING,
        }
    )
    assert life.delete(client, "5", timeout=600).found is None
    assert transport.calls == ["DELETE /integrations/5", "GET /integrations/5", LIST]


def test_a_single_deletion_does_not_wait(make_client: MakeClient) -> None:
    client, transport, clock = make_client({LIST: LISTED})
    client.deletions.begin("5")
    for _ in range(3):
        client.deletions.listed("5", client.deletions.now(), clock.now() + 600)
    assert (clock.waits, transport.calls) == ([], [LIST] * 3)
