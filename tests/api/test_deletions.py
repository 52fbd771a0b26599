"""Deletions that run together: few lists, and each proof from a list that began after its own deletion was answered."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_provider.api.http import json_body
from immuta_provider.api.http.exchange import Request, Response
from immuta_provider.api.integrations import life
from immuta_provider.api.integrations.routes import Integrations
from support.fake_clock import FakeClock
from support.fake_transport import reply
from support.scripted import DELETE, EMPTY, GET, LIST, MISSING, MakeClient

LISTED = reply(200, [{"id": 5, "status": "deleting"}])


def list_deletions(client: Integrations, clock: FakeClock, times: int = 1, left: float = 600) -> None:
    """Lists the deletion of integration 5 that many times, with that many seconds until the deadline."""
    for _ in range(times):
        client.deletions.listed("5", client.deletions.now(), clock.now() + left)


def test_an_older_list_does_not_prove_a_deletion(make_client: MakeClient) -> None:
    """It began before the deletion was answered, so it proves nothing, although it lacks the integration."""
    client, transport, _ = make_client(
        {LIST: [EMPTY, LISTED, EMPTY], DELETE: reply(200, {"id": 5, "status": "deleting"}), GET: MISSING}
    )
    client.before()
    assert life.delete(client, "5", timeout=600).found is None
    assert transport.calls.count(LIST) == 3


@pytest.mark.parametrize("lists", [[EMPTY], [LISTED, EMPTY]], ids=["without it", "with it"])
def test_a_list_that_began_after_a_deletion_is_used_if_it_proves_it(
    make_client: MakeClient, lists: list[Response]
) -> None:
    client, transport, clock = make_client({LIST: lists})
    client.deletions.begin("5")
    answered = client.deletions.now()
    client.deletions.listed("6", client.deletions.now(), clock.now() + 600)
    assert client.deletions.listed("5", answered, clock.now() + 600) is None
    assert transport.calls == [LIST] * len(lists)


def test_lists_of_deletions_that_run_together_start_apart(make_client: MakeClient) -> None:
    client, transport, clock = make_client({LIST: LISTED})
    for id in ("5", "6"):
        client.deletions.begin(id)
    list_deletions(client, clock, 3)
    assert clock.waits == [0.3, 0.3]
    clock.advance(0.2)
    list_deletions(client, clock, left=0.05)
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
    list_deletions(client, clock, 3)
    assert clock.waits == [8.0, 8.0]


def test_a_list_is_read_for_ids_and_statuses_alone(make_client: MakeClient) -> None:
    """Nothing else of thousands of integrations is looked at, however it is."""
    deep: Any = []
    for _ in range(json_body.MAX_DEPTH):
        deep = [deep]
    client, transport, _ = make_client(
        {
            LIST: reply(200, [{"id": 6, "type": 7, "config": {"key": deep}}]),
            DELETE: reply(204),
            GET: MISSING,
        }
    )
    assert life.delete(client, "5", timeout=600).found is None
    assert transport.calls == [DELETE, GET, LIST]


def test_a_single_deletion_does_not_wait(make_client: MakeClient) -> None:
    client, transport, clock = make_client({LIST: LISTED})
    client.deletions.begin("5")
    list_deletions(client, clock, 3)
    assert (clock.waits, transport.calls) == ([], [LIST] * 3)
