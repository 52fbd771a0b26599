"""No list, and no other read on the way, extends an operation beyond its own `timeout`."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from immuta_provider.api.integrations import life
from immuta_provider.api.integrations.routes import Integrations
from immuta_provider.api.life import Outcome
from support.fake_transport import Script, error, page, reply
from support.scripted import (
    DELETE,
    EMPTY,
    GET,
    LIST,
    MISSING,
    PAYLOAD,
    POST,
    PUT,
    RESET,
    MakeClient,
    create,
)

DOWN = page(503)
SHOWN = reply(200, [{"id": "5", "type": "Snowflake"}])


def update(client: Integrations, *, timeout: float) -> Outcome:
    return life.update(client, "5", PAYLOAD, timeout=timeout)


def delete(client: Integrations, *, timeout: float) -> Outcome:
    return life.delete(client, "5", timeout=timeout)


CASES: dict[str, tuple[Script, Callable[..., Outcome], float, str]] = {
    "before a create": ({LIST: DOWN}, create, 5, "Immuta failed to answer"),
    "after a lost create": (
        {LIST: [EMPTY, DOWN], POST: RESET},
        create,
        5,
        "It is unknown whether the integration was created",
    ),
    "after a lost create that is listed by its id": (
        {LIST: [EMPTY, SHOWN], POST: RESET, GET: DOWN},
        create,
        5,
        "It is unknown whether the integration was created",
    ),
    "after a refused create": (
        {LIST: [EMPTY, DOWN], POST: error(422, "exists")},
        create,
        5,
        "Immuta's validation failed",
    ),
    "while an update settles": (
        {PUT: reply(200, {"id": "5", "status": "editing"}), GET: MISSING, LIST: DOWN},
        update,
        35,
        "Immuta needs longer than the timeout",
    ),
    "after a deletion": (
        {DELETE: reply(204), GET: MISSING, LIST: DOWN},
        delete,
        5,
        "Immuta needs longer than the timeout",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_list_that_fails_ends_in_time(make_client: MakeClient, name: str) -> None:
    script, operation, timeout, summary = CASES[name]
    client, transport, clock = make_client(script)
    began = clock.now()
    failure = operation(client, timeout=timeout).error
    assert failure is not None
    assert failure.summary == summary
    assert clock.now() - began <= timeout
    # These failures are immediate, so the remaining time does not matter.
    left = [request.timeout for request in transport.requests if request.method == "GET"]
    assert max(left) <= timeout
