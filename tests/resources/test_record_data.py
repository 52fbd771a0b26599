"""Data sources of records whose natural key has several parts, one with a default."""

from __future__ import annotations

from typing import Any

import pytest
from support.core import Core
from support.reads import Reads
from support.worlds import MakeCore


@pytest.fixture
def world(core: MakeCore) -> Core:
    made = core("immuta_group")
    for iamid, name in (("bim", "Analysts"), ("okta", "Analysts"), ("bim", "Stewards")):
        made.control.plant("groups", {"iamid": iamid, "name": name})
    return made


def read(world: Core, data_source: str, /, **config: Any) -> Any:
    """The values of a data source, which is read without a diagnostic."""
    found = Reads(world.transport).data(data_source, **config)
    assert found.told == []
    return found.value


def test_a_part_of_the_key_with_a_default_need_not_be_set(world: Core) -> None:
    state = read(world, "immuta_group", name="Analysts")
    assert (state["id"], state["iamid"]) == ("1", "bim")


def test_a_configured_part_of_the_key_decides(world: Core) -> None:
    state = read(world, "immuta_group", name="Analysts", iamid="okta")
    assert state["id"] == "2"


def test_each_part_of_the_key_is_an_exact_filter_of_all(world: Core) -> None:
    state = read(world, "immuta_groups", name="Analysts")
    assert [each["id"] for each in state["groups"]] == ["1", "2"]
    state = read(world, "immuta_groups", iamid="bim")
    assert [each["id"] for each in state["groups"]] == ["1", "3"]


@pytest.fixture
def projects(core: MakeCore) -> Core:
    made = core("immuta_project")
    for key, sources in (("fraud", ["Orders"]), ("loans", [])):
        config = {"project_key": key, "name": key.capitalize(), "datasources": sources}
        assert made.apply(config).diagnostics == []
        made.instance = None
    made.control.clear_requests()
    return made


@pytest.fixture
def lake(core: MakeCore) -> Core:
    made = core("immuta_s3_data_source")
    for name in ("Sales", "Staff"):
        made.control.plant("datasources", {"name": name, "prefix": f"/{name}/", "integrationId": 1})
    return made


def test_a_project_shows_its_data_sources(projects: Core) -> None:
    state = read(projects, "immuta_project", project_key="fraud")
    assert state["datasources"] == ["Orders"]
    assert projects.transport.paths() == ["/project", "/project/1/dataSources"]
    state = read(projects, "immuta_projects")
    assert [each["datasources"] for each in state["projects"]] == [["Orders"], []]


@pytest.mark.parametrize("status", [403, 404])
def test_data_sources_that_immuta_does_not_show_are_null(projects: Core, status: int) -> None:
    projects.transport.fault({"kind": "respond", "status": status}, path="/project/1/dataSources")
    state = read(projects, "immuta_projects")
    assert [each["datasources"] for each in state["projects"]] == [None, []]


def test_the_details_of_those_that_fit_are_requested_alone(lake: Core) -> None:
    state = read(lake, "immuta_s3_data_source", data_source_name="Staff")
    assert (state["prefix"], state["integration_id"]) == ("/Staff/", "1")
    assert lake.transport.paths() == ["/dataSource", "/dataSource/2", "/native-s3/handler/1002"]
    lake.control.clear_requests()
    state = read(lake, "immuta_s3_data_sources", search_text="sal")
    assert [each["prefix"] for each in state["s3_data_sources"]] == ["/Sales/"]
    assert lake.transport.paths() == ["/dataSource", "/dataSource/1", "/native-s3/handler/1001"]
