"""Any JSON at any place of an answer leads to a diagnostic or a sane state, and never to an exception."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from immuta_provider.api.http.exchange import Response
from support.core import Applied, Core, InProcess
from support.damage import places, put
from support.faults.life import ENVIRONMENT
from support.tenant import tenant_of
from table import ROWS, changed, numbered, prepare
from table.row import Request, Row

WORDS = (
    "",
    "0",
    "1",
    "2",
    "enabled",
    "creating",
    "deleted",
    "disabled",
    "createError",
    "Trino",
    "<REDACTED>",
)
TEXTS = st.text(max_size=20) | st.sampled_from(WORDS)
NUMBERS = st.one_of(st.integers(-2, 2), st.integers(), st.floats())
KEYS = TEXTS | st.sampled_from(
    ["id", "status", "type", "config", "autoBootstrap", "validationResults", "message"]
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=8,
)

STATUSES = st.sampled_from([200, 200, 200, 200, 200, 201, 204, 400, 404, 409, 422, 500])
OPERATIONS = st.sampled_from(["list", "create", "get", "status", "update", "delete", "authenticate"])


class Lies:
    """Some of the answers to one operation hold a value that does not belong there."""

    def __init__(self, operation: str, calls: Sequence[int], place: int, value: Any, status: int) -> None:
        self.operation, self.calls, self.place = operation, calls, place
        self.value, self.status = value, status
        self.seen = 0

    def __call__(self, operation: str, response: Response) -> Response:
        if operation != self.operation:
            return response
        self.seen += 1
        if self.seen not in self.calls:
            return response
        try:
            true = json.loads(response.body)
        except ValueError:
            true = None
        paths = list(places(true))
        body = put(true, paths[self.place % len(paths)], self.value)
        return Response(self.status, {"content-type": "application/json"}, json.dumps(body).encode())


def life(row: Row) -> tuple[Request, Request]:
    """The fullest request, and the same with every change that can be made in place at once."""
    case = next(iter((row.full or row.base).values()))
    change = {path: value for each in case.alone or case.updates[:1] for path, value in each.items()}
    return numbered(case.request, 1), numbered(changed(case.request, change), 1)


@pytest.mark.parametrize("row", ROWS, ids=str)
# Half of the usual number of examples each, since common faults of answers are in the table of faults.
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=settings().max_examples // 2
)
@given(
    operation=OPERATIONS,
    calls=st.one_of(st.just(range(1, 10_000)), st.lists(st.integers(1, 6), min_size=1, max_size=3)),
    place=st.integers(0, 60),
    value=JSON,
    status=STATUSES,
)
def test_any_value_at_any_place_of_an_answer_leads_to_a_sane_state(
    transport: InProcess,
    row: Row,
    operation: str,
    calls: Sequence[int],
    place: int,
    value: Any,
    status: int,
) -> None:
    transport.reset()
    prepare(transport.control, [row])
    if operation == "authenticate":
        transport.fault("unauthorized", operation="list", times=3)
    request, updated = (row.attributes(each) for each in life(row))
    world = Core(row.resource, transport=transport, environment={**ENVIRONMENT, **row.environment})
    transport.control.settings.polls = 4
    transport.after = Lies(operation, calls, place, value, status)
    for config in (request, updated, None):
        fine(world.apply(config))
    if world.instance is None:
        fine(world.import_("1"))

    # The truth again: whatever was kept of the lies, Terraform gets on from there.
    transport.after = None
    while any(
        i["status"] in ("creating", "editing", "deleting") for i in transport.control.stored("integrations")
    ):
        tenant_of(transport.control).list_all()
    fine(world.refresh())
    for _ in range(3):
        last = fine(world.apply(updated))
    assert last.action == "none" or last.errors, last.diagnostics


def fine(applied: Applied) -> Applied:
    """The outcome of a command, whose diagnostics have words and report no exception."""
    for summary, detail in applied.texts:
        assert "The provider failed on" not in summary, detail
        assert summary
        assert detail
    return applied
