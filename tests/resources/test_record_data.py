"""Data sources of records whose natural key has several parts, one with a default."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from immuta_provider.plugin.diagnostics import Diagnostics
from support.core import Core


@pytest.fixture
def world(core: Callable[..., Core]) -> Core:
    made = core("immuta_group")
    for iamid, name in (("bim", "Analysts"), ("okta", "Analysts"), ("bim", "Stewards")):
        made.control.plant("groups", {"iamid": iamid, "name": name})
    return made


def read(world: Core, data_source: str, /, **config: Any) -> tuple[Any, list[str]]:
    process = world.start()
    process.configure([])
    source = process.provider.data_sources[data_source]
    whole = {attribute.name: config.get(attribute.name) for attribute in source.schema.attributes}
    diagnostics = Diagnostics()
    source.validate(whole, diagnostics)
    state = None if diagnostics.has_error else source.read(whole, diagnostics)
    return state, [each.summary for each in diagnostics]


def test_a_part_of_the_key_with_a_default_need_not_be_set(world: Core) -> None:
    state, problems = read(world, "immuta_group", name="Analysts")
    assert (problems, state["id"], state["iamid"]) == ([], "1", "bim")


def test_a_part_that_is_set_is_sought(world: Core) -> None:
    state, problems = read(world, "immuta_group", name="Analysts", iamid="okta")
    assert (problems, state["id"]) == ([], "2")


def test_each_part_of_the_key_is_an_exact_filter_of_all(world: Core) -> None:
    state, problems = read(world, "immuta_groups", name="Analysts")
    assert (problems, [each["id"] for each in state["groups"]]) == ([], ["1", "2"])
    state, problems = read(world, "immuta_groups", iamid="bim")
    assert (problems, [each["id"] for each in state["groups"]]) == ([], ["1", "3"])


@pytest.fixture
def projects(core: Callable[..., Core]) -> Core:
    made = core("immuta_project")
    for key, sources in (("fraud", ["Orders"]), ("loans", [])):
        config = {"project_key": key, "name": key.capitalize(), "datasources": sources}
        assert made.apply(config).diagnostics == []
        made.instance = None
    made.control.clear_requests()
    return made


@pytest.fixture
def lake(core: Callable[..., Core]) -> Core:
    made = core("immuta_s3_data_source")
    for name in ("Sales", "Staff"):
        made.control.plant("datasources", {"name": name, "prefix": f"/{name}/", "integrationId": 1})
    return made


def paths(world: Core) -> list[str]:
    return [each["path"] for each in world.control.requests()["requests"]]


def test_a_project_shows_its_data_sources(projects: Core) -> None:
    state, problems = read(projects, "immuta_project", project_key="fraud")
    assert (problems, state["datasources"]) == ([], ["Orders"])
    assert paths(projects) == ["/project", "/project/1/dataSources"]
    state, problems = read(projects, "immuta_projects")
    assert (problems, [each["datasources"] for each in state["projects"]]) == ([], [["Orders"], []])


@pytest.mark.parametrize("status", [403, 404])
def test_data_sources_that_immuta_does_not_show_are_null(projects: Core, status: int) -> None:
    action = {"kind": "respond", "status": status}
    projects.control.add_fault({"match": {"path": "/project/1/dataSources"}, "action": action})
    state, problems = read(projects, "immuta_projects")
    assert (problems, [each["datasources"] for each in state["projects"]]) == ([], [None, []])


def test_the_details_of_those_that_fit_are_requested_alone(lake: Core) -> None:
    state, problems = read(lake, "immuta_s3_data_source", data_source_name="Staff")
    assert (problems, state["prefix"], state["integration_id"]) == ([], "/Staff/", "1")
    assert paths(lake) == ["/dataSource", "/dataSource/2", "/native-s3/handler/1002"]
    lake.control.clear_requests()
    state, problems = read(lake, "immuta_s3_data_sources", search_text="sal")
    assert (problems, [each["prefix"] for each in state["s3_data_sources"]]) == ([], ["/Sales/"])
    assert paths(lake) == ["/dataSource", "/dataSource/1", "/native-s3/handler/1001"]
