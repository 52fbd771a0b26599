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
