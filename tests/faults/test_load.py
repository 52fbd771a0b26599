"""Many resources at once: Terraform's parallel workers on one provider process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from immuta_provider.api.http.errors import RequestTimeout
from immuta_provider.api.http.exchange import Request, Response
from immuta_provider.provider import ImmutaProvider
from support.core import ENVIRONMENT as ENVIRONMENT_OF_CORE
from support.core import Core, Diagnostic, InProcess, Process, Value
from support.fake_clock import FakeClock
from support.faults.life import ENVIRONMENT
from table import numbered
from table.integrations import BASES, attributes

T = TypeVar("T")
BUCKET, SNOWFLAKE = "immuta_amazon_s3_integration", "immuta_snowflake_integration"
Ended = tuple[Value | None, list[Diagnostic]]


def at_once(call: Callable[[int], T], numbers: Sequence[int], workers: int = 10) -> list[T]:
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(call, numbers))


def create(world: Core, process: Process, request: dict[str, Any]) -> Ended:
    diagnostics: list[Diagnostic] = []
    config = world.full(attributes(request))
    process.validate(config, diagnostics)
    proposed = {**config, **{a.name: None for a in world.schema.attributes if a.write_only}}
    planned, private, _ = process.plan(None, proposed, config, b"", diagnostics)
    state, _ = process.apply(None, planned, config, private, diagnostics)
    return state, diagnostics


def test_thirty_creates_whose_answers_are_all_lost_are_recognised(transport: InProcess) -> None:
    world = Core(SNOWFLAKE, transport=transport, environment=ENVIRONMENT)
    process = world.configured_process()
    transport.fault("reset-after", operation="create", times=None)
    requests = [numbered(BASES["snowflake"], n) for n in range(30)]
    ended = at_once(lambda n: create(world, process, requests[n]), range(30), 30)
    actual = {i["id"]: i["sent"] for i in transport.control.stored("integrations")}
    assert [actual.pop(state["id"]) for state, _ in ended if state] == requests
    assert actual == {}
    summaries = {d.summary for _, diagnostics in ended for d in diagnostics}
    assert summaries == {"An integration was recognised after a lost answer"}
    assert transport.order.count("create") == 30


def test_two_resources_for_one_place_are_a_conflict(transport: InProcess) -> None:
    world = Core(SNOWFLAKE, transport=transport, environment=ENVIRONMENT)
    process = world.configured_process()
    request = numbered(BASES["snowflake"], 1)
    for fault in (None, "reset-after"):
        if fault:
            transport.fault(fault, operation="create")
        ended = at_once(lambda _: create(world, process, request), range(8), 8)
        states = [state for state, _ in ended if state is not None]
        assert len(states) == len(transport.control.stored("integrations")) == 1
        errors = [d for _, diagnostics in ended for d in diagnostics if d.severity == "error"]
        assert [d.summary for d in errors] == ["Immuta reports a conflict"] * 7
        id = states[0]["id"]
        host = request["config"]["host"]
        assert {d.detail for d in errors} == {
            f'POST /integrations was answered with 409 Conflict: "Snowflake integration already exists on {host} (id = {id})". '
            "Another resource of this run has just created it, so two resources of the configuration "
            "describe the same integration. Remove one of them, or change an attribute by which Immuta distinguishes them, "
            "such as the host."
        }
        transport.control.remove("integrations", id)


def test_a_refresh_of_five_hundred_takes_one_list(transport: InProcess) -> None:
    world = Core(BUCKET, transport=transport, environment=ENVIRONMENT)
    ids = [transport.control.plant("integrations", numbered(BASES["s3"], n))["id"] for n in range(500)]
    process = world.configured_process()
    empty = world.full({})

    def refresh(n: int) -> str:
        diagnostics: list[Diagnostic] = []
        state, _ = process.read({**empty, "id": ids[n]}, b"", diagnostics)
        assert (diagnostics, state is None) == ([], False)
        return str((state or {})["name"])

    assert at_once(refresh, range(500)) == [f"lake-{n}" for n in range(500)]
    assert transport.order == ["list"]


class Away:
    """A tenant of which no request gets an answer; the first one's thread waits until nine others wait with it."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.requests = 0

    def send(self, request: Request) -> Response:
        self.requests += 1
        self.clock.advance(request.timeout)
        raise RequestTimeout("Immuta did not answer in time", "the request timed out.", maybe_sent=True)

    def close(self) -> None:
        pass


@pytest.mark.parametrize("verb", ["read", "create", "delete"])
def test_a_thousand_calls_to_a_tenant_that_is_away_take_as_long_as_one(verb: str) -> None:
    clock = FakeClock()
    away = Away(clock)
    process = Process(ImmutaProvider(ENVIRONMENT_OF_CORE, transport=away, clock=clock), BUCKET, {})
    assert not process.configure([])
    empty = dict.fromkeys(a.name for a in process.provider.resources[BUCKET].schema.attributes)
    config = {**empty, **attributes(numbered(BASES["s3"], 1))}

    def call(n: int) -> str:
        diagnostics: list[Diagnostic] = []
        if verb == "read":
            process.read({**empty, "id": str(n)}, b"", diagnostics)
        elif verb == "delete":
            process.apply({**empty, "id": str(n)}, None, None, b"", diagnostics)
        else:
            process.apply(None, config, config, b"", diagnostics)
        (error,) = diagnostics
        return error.summary

    assert set(at_once(call, range(1000))) == {"Immuta did not answer in time"}
    # Ten deletions begin together, each with a request of its own.
    assert away.requests <= (50 if verb == "delete" else 5)
    assert clock.now() - 1000 <= away.requests * 60 + 10 * 7.5


def test_five_hundred_creates_take_few_lists(transport: InProcess) -> None:
    transport.control.settings.polls = 0
    world = Core(BUCKET, transport=transport, environment=ENVIRONMENT)
    process = world.configured_process()
    requests = [numbered(BASES["s3"], n) for n in range(500)]
    ended = at_once(lambda n: create(world, process, requests[n]), range(500))
    assert [diagnostics for _, diagnostics in ended if diagnostics] == []
    assert len({state["id"] for state, _ in ended if state}) == 500
    assert transport.order.count("create") == 500
    assert transport.order.count("list") <= 10
