"""Many records in one run: few requests for each, few lists for all of them, and little work for each listed one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from immuta_provider.api.found import Found
from immuta_provider.model.fields import Field
from immuta_provider.resources.natural_key import natural_key
from immuta_provider.resources.resource import Resource
from support.core import Core, Process, Value
from support.worlds import MakeCore
from table import ROWS, numbered
from table.row import Row

RECORDS = 120
SECONDS_APART = 0.1
"""Time between two requests of Terraform's. Lists of a run become too old for a create on the way."""

TAGGED = {"type": "columnTags", "column_tag": "Pii"}
MASKING = {"type": "Masking", "config": {"fields": [TAGGED], "masking_config": {"type": "Hash"}}}
Counts = dict[str, int]


class Load(NamedTuple):
    """The configuration of RECORDS records, in which `{n}` is the number of each, and the requests for all of them."""

    resource: str
    config: Value
    create: Counts
    refresh: Counts
    destroy: Counts
    settings: Mapping[str, Any] = MappingProxyType({})


USER_ATTRIBUTES = Load(
    "immuta_user_attribute",
    {"userid": "user{n}", "key": "country", "value": "C"},
    {"get": 240, "update": 120, "list": 3},
    {"list": 3},
    {"delete": 120, "get": 240},
)
EXTERNAL_IDS = Load(
    "immuta_user_external_ids",
    {"userid": "user{n}", "external_user_ids": {"snowflakeUser": "A"}},
    {"get": 240, "update": 120, "list": 3},
    {"list": 3},
    {"get": 240, "update": 120},
)
SHORT_LIST: Value = {"refresh": {"list": 3, "get": 120}, "settings": {"short_user_rows": True}}
# A tag is read by a list that searches for it.
LOADS = {
    "tags": Load(
        "immuta_tag",
        {"name": "Tag{n}"},
        {"create": 120, "list": 126},
        {"list": 1},
        {"delete": 120, "list": 126},
    ),
    "users": Load(
        "immuta_user",
        {"userid": "new{n}", "name": "U", "email": "u@x.example"},
        {"create": 120, "get": 120, "list": 24},
        {"list": 5},
        {"delete": 120, "get": 120, "list": 5},
    ),
    "user attributes": USER_ATTRIBUTES,
    "user attributes that the list does not show": USER_ATTRIBUTES._replace(**SHORT_LIST),
    "group attributes": Load(
        "immuta_group_attribute",
        {"group_id": "1", "key": "key{n}", "value": "C"},
        {"get": 240, "list": 1, "update": 120},
        {"get": 1},
        {"delete": 120, "get": 121},
    ),
    "external ids": EXTERNAL_IDS,
    "external ids that the list does not show": EXTERNAL_IDS._replace(**SHORT_LIST),
    "group members": Load(
        "immuta_group_member",
        {"userid": "user{n}", "group_id": "1"},
        {"create": 120, "list": 122},
        {"list": 2},
        {"delete": 120, "list": 122},
    ),
    "domains": Load(
        "immuta_domain",
        {"name": "Domain {n}"},
        {"create": 120, "get": 120, "list": 11},
        {"list": 2},
        {"delete": 120, "get": 120, "list": 2},
    ),
    "data policies": Load(
        "immuta_data_policy",
        {
            "policy_key": "p{n}",
            "name": "P{n}",
            "actions": [{"rules": [MASKING]}],
            "circumstances": [TAGGED],
        },
        {"create": 120, "get": 120, "list": 7},
        {"list": 1},
        {"delete": 120, "get": 120, "list": 1},
    ),
    "S3 data sources": Load(
        "immuta_s3_data_source",
        {"integration_id": "1", "data_source_name": "Lake {n}", "prefix": "/a/"},
        {"create": 120, "get": 240, "list": 6},
        {"list": 1, "get": 120},
        {"delete": 240, "get": 120, "list": 1},
    ),
}


def counts(world: Core, run: Callable[[Process], None]) -> Counts:
    """The requests of one process of the provider, by verb."""
    process = world.configured_process()
    world.control.clear_requests()
    run(process)
    return {verb.removeprefix("record-"): n for verb, n in world.transport.counts().items()}


@pytest.mark.parametrize("load", LOADS.values(), ids=LOADS)
def test_requests_grow_with_the_number_of_records_and_lists_do_not(core: MakeCore, load: Load) -> None:
    world = core(load.resource)
    world.control.change_settings(load.settings)
    world.control.plant("tags", {"name": "Pii"})
    world.control.plant("groups", {"name": "Analysts"})
    world.control.plant("integrations", {"type": "Native S3", "status": "enabled"})
    for n in range(RECORDS):
        world.control.plant("users", {"userid": f"user{n}", "profile": {"name": "U"}})
    diagnostics: list[Any] = []
    states: list[tuple[Any, bytes]] = []

    def create(process: Process) -> None:
        for n in range(RECORDS):
            full = world.full(numbered(load.config, n))
            planned, private, _ = process.plan(None, full, full, b"", diagnostics)
            states.append(process.apply(None, planned, full, private, diagnostics))
            world.clock.advance(SECONDS_APART)

    def refresh(process: Process) -> None:
        assert [process.read(*each, diagnostics) for each in states] == states

    def destroy(process: Process) -> None:
        for state, private in states:
            process.apply(state, None, None, private, diagnostics)
            world.clock.advance(SECONDS_APART)

    assert [counts(world, create), counts(world, refresh), counts(world, destroy)] == [*load[2:5]]
    assert diagnostics == []


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
def test_a_create_reads_the_natural_key_alone_of_a_listed_record(row: Row) -> None:
    """Each create compares with all that is listed: their product is the work."""
    resource = Resource(row.type, lambda: None)  # type: ignore[arg-type,return-value]
    record = Noting()
    key = natural_key(row.type, {})
    assert resource._has_same_key(Found("1", row.type.type, body=record), key)
    fields = [field for field in row.type.fields if field.name in row.type.unique_by]
    assert record.noted <= {row.type.root, *(key for field in fields for key in keys(field))}
