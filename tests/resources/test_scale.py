"""Many records in one run: few requests for each, few lists for all of them, and little work for what is listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from immuta_provider.api.found import Found
from immuta_provider.model.fields import Field
from immuta_provider.resources.natural_key import natural_key
from immuta_provider.resources.resource import Resource
from support.core import Core, Process, Value
from table import ROWS
from table.row import Row

RECORDS = 120
SECONDS_APART = 0.1
"""Time between two requests of Terraform's. Lists of a run become too old for a create on the way."""

Counts = dict[str, int]


def tag(n: int) -> Value:
    return {"name": f"Tag{n}"}


def user(n: int) -> Value:
    return {"userid": f"new{n}", "name": "U", "email": "u@x.example"}


def attribute(n: int) -> Value:
    return {"userid": f"user{n}", "key": "country", "value": "C"}


def member(n: int) -> Value:
    return {"userid": f"user{n}", "group_id": "1"}


def policy(n: int) -> Value:
    tagged = {"type": "columnTags", "column_tag": "Pii"}
    config = {"fields": [tagged], "masking_config": {"type": "Hash"}}
    actions = [{"rules": [{"type": "Masking", "config": config}]}]
    return {"policy_key": f"p{n}", "name": f"P{n}", "actions": actions, "circumstances": [tagged]}


def s3_data_source(n: int) -> Value:
    return {"integration_id": "1", "data_source_name": f"Lake {n}", "prefix": "/a/"}


# Creates, refresh and destroys of RECORDS records. A tag is read by a list that searches for it.
COUNTS: Mapping[str, tuple[Callable[[int], Value], Counts, Counts, Counts]] = {
    "immuta_tag": (
        tag,
        {"create": 120, "list": 126},
        {"list": 1},
        {"delete": 120, "list": 126},
    ),
    "immuta_user": (
        user,
        {"create": 120, "get": 120, "list": 24},
        {"list": 5},
        {"delete": 120, "get": 120, "list": 5},
    ),
    "immuta_user_attribute": (
        attribute,
        {"get": 240, "update": 120, "list": 3},
        {"list": 3},
        {"delete": 120, "get": 240},
    ),
    "immuta_group_member": (
        member,
        {"create": 120, "list": 122},
        {"list": 2},
        {"delete": 120, "list": 122},
    ),
    "immuta_data_policy": (
        policy,
        {"create": 120, "get": 120, "list": 7},
        {"list": 1},
        {"delete": 120, "get": 120, "list": 1},
    ),
    "immuta_s3_data_source": (
        s3_data_source,
        {"create": 120, "get": 240, "list": 6},
        {"list": 1, "get": 120},
        {"delete": 240, "get": 120, "list": 1},
    ),
}


def counts(world: Core, run: Callable[[Process], None]) -> Counts:
    """The requests of one process of the provider, by verb."""
    process = world.start()
    process.configure([])
    world.control.clear_requests()
    run(process)
    return {verb.removeprefix("record-"): n for verb, n in world.control.requests()["counts"].items()}


@pytest.mark.parametrize("resource", COUNTS)
def test_requests_grow_with_the_number_of_records_and_lists_do_not(
    core: Callable[..., Core], resource: str
) -> None:
    config, *expected = COUNTS[resource]
    world = core(resource)
    world.control.plant("tags", {"name": "Pii"})
    world.control.plant("groups", {"name": "Analysts"})
    world.control.plant("integrations", {"type": "Native S3", "status": "enabled"})
    for n in range(RECORDS):
        world.control.plant("users", {"userid": f"user{n}", "profile": {"name": "U"}})
    said: list[Any] = []
    states: list[tuple[Any, bytes]] = []

    def create(process: Process) -> None:
        for n in range(RECORDS):
            full = world.full(config(n))
            planned, private, _ = process.plan(None, full, full, b"", said)
            states.append(process.apply(None, planned, full, private, said))
            world.clock.advance(SECONDS_APART)

    def refresh(process: Process) -> None:
        assert [process.read(*each, said) for each in states] == states

    def destroy(process: Process) -> None:
        for state, private in states:
            process.apply(state, None, None, private, said)
            world.clock.advance(SECONDS_APART)

    assert [counts(world, run) for run in (create, refresh, destroy)] == expected
    assert said == []


class Noting(dict[str, Any]):
    """A record that notes which of its keys are read."""

    def __init__(self) -> None:
        self.noted: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.noted.add(key)
        return default


def keys(field: Field) -> Iterator[str]:
    """The first steps of the places of a field in a request or an answer."""
    for path in (field.read_at, *(place.path for place in field.places), field.key):
        yield path.partition(".")[0]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_of_a_listed_record_the_natural_key_alone_is_read_for_a_create(row: Row) -> None:
    """Each create compares with all that is listed: their product is the work."""
    resource = Resource(row.type, lambda: None)  # type: ignore[arg-type,return-value]
    record = Noting()
    key = natural_key(row.type, {})
    assert resource._has_same_key(Found("1", row.type.type, body=record), key)
    fields = [field for field in row.type.fields if field.name in row.type.unique_by]
    assert record.noted <= {row.type.root, *(key for field in fields for key in keys(field))}
