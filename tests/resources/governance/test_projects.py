"""A project: purposes that have to be accepted, data sources on a route of their own, and projects of Immuta's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from support.core import Core, Value

CONFIG = {"project_key": "fraud", "name": "Fraud", "purposes": ["Cards"]}
ACCEPTED: Value = {**CONFIG, "acknowledge_purposes": True}


@pytest.fixture
def project(core: Callable[..., Core]) -> Core:
    world = core("immuta_project")
    for name in ("Cards", "Loans"):
        world.control.plant("purposes", {"name": name})
    return world


def state(world: Core) -> Value:
    assert world.instance is not None
    return world.instance.state


def held(world: Core) -> dict[str, Any]:
    [only] = world.control.stored("projects")
    return only


def test_without_consent_nothing_is_accepted(project: Core) -> None:
    assert project.apply(CONFIG).diagnostics == []
    refused = project.apply({**CONFIG, "description": "About"})
    assert refused.errors == ["The purposes of the project are not accepted"]
    detail = refused.diagnostics[0].detail
    assert detail.startswith(
        'Immuta refuses a change of the project with the key "fraud" until the user behind'
    )
    assert "Accept them in Immuta as that user, or set `acknowledge_purposes = true`" in detail
    assert 'Immuta said: "You must first acknowledge the purposes of the project Fraud."' in detail
    assert (held(project)["accepted"], held(project)["sent"].get("description")) == ([], None)


def test_consent_accepts_after_each_write(project: Core) -> None:
    assert project.apply(ACCEPTED).diagnostics == []
    assert held(project)["accepted"] == ["Cards"]
    assert project.apply({**ACCEPTED, "purposes": ["Cards", "Loans"]}).diagnostics == []
    assert sorted(held(project)["accepted"]) == ["Cards", "Loans"]
    project.control.clear_requests()
    assert project.apply({**ACCEPTED, "purposes": ["Cards", "Loans"], "name": "Other"}).diagnostics == []
    paths = [request["path"] for request in project.control.requests("record-update")["requests"]]
    assert paths == []


def test_consent_that_is_given_later_accepts_and_writes_again(project: Core) -> None:
    assert project.apply(CONFIG).diagnostics == []
    assert project.apply({**ACCEPTED, "description": "About"}).diagnostics == []
    assert (held(project)["accepted"], held(project)["sent"]["description"]) == (["Cards"], "About")
    assert project.apply({**ACCEPTED, "description": "About"}).action == "none"


def test_consent_that_cannot_be_given_is_a_warning(project: Core) -> None:
    match = {"path": "/acknowledge"}
    project.control.add_fault({"match": match, "action": {"kind": "respond", "status": 400}, "times": None})
    applied = project.apply(ACCEPTED)
    assert (applied.errors, applied.warnings) == (
        [],
        ["The project was created, but its purposes were not accepted"],
    )
    assert project.apply(ACCEPTED).action == "none"


@pytest.mark.parametrize("datasources", [None, ["Orders"]], ids=["without", "with"])
def test_data_sources_are_asked_for_where_they_are_configured(
    project: Core, datasources: list[str] | None
) -> None:
    config = {**ACCEPTED, "datasources": datasources}
    assert project.apply(config).diagnostics == []
    project.control.clear_requests()
    assert project.apply(config).action == "none"
    paths = [request["path"] for request in project.control.requests()["requests"]]
    assert paths == ["/project", *(["/project/1/dataSources"] if datasources else [])]


def test_drift_of_sets(project: Core) -> None:
    config = {**ACCEPTED, "datasources": ["Orders"], "tags": ["Discovered"]}
    assert project.apply(config).diagnostics == []
    changes: list[Value] = [{"datasources": ["Orders", "Others"]}, {"tags": []}, {"purposes": ["Loans"]}]
    for change in changes:
        sent = held(project)["sent"]
        project.control.alter("projects", "1", {"sent": change, "accepted": ["Cards", "Loans"]})
        assert project.apply(config).action == "update"
        assert held(project)["sent"] == sent


@pytest.mark.parametrize("by", ["1", "fraud"])
def test_import(project: Core, by: str) -> None:
    config = {**ACCEPTED, "datasources": ["Orders"]}
    assert project.apply(config).diagnostics == []
    project.instance = None
    assert project.import_(by).diagnostics == []
    assert (state(project)["id"], state(project)["datasources"]) == ("1", ["Orders"])


def test_edit_of_what_answers_say_in_other_words_is_undone(project: Core) -> None:
    config = {**ACCEPTED, "subscription_policy": {"type": "anyone"}, "equalization": True}
    assert project.apply(config).diagnostics == []
    sent = held(project)["sent"]
    for change in (
        {"subscriptionPolicy": {"type": "manual"}},
        {"equalization": False},
        {"workspace": {"type": "snowflake", "config": {"schema": "S"}}},
    ):
        project.control.alter("projects", "1", {"sent": change})
        applied = project.apply(config)
        assert (applied.action, set(applied.warnings)) == ("update", {"The project was edited in Immuta"})
        assert held(project)["sent"] == sent
        assert project.apply(config).action == "none"


def test_project_that_immuta_made_of_a_schema_is_not_touched(project: Core) -> None:
    project.control.plant("projects", {"projectKey": "fraud", "name": "Fraud", "type": "Schema"})
    assert project.apply(CONFIG).errors == ["The project is Immuta's own"]
    assert project.import_("fraud").errors == ["A project of Immuta's own"]
    assert project.control.requests()["counts"].keys() == {"record-list", "record-get"}


def test_project_that_exists_is_not_taken_over(project: Core) -> None:
    project.control.plant("projects", {"projectKey": "fraud", "name": "Other"})
    refused = project.apply(CONFIG)
    assert refused.errors == ["The project exists already"]
    assert 'id = "1"' in refused.diagnostics[0].detail
    assert project.control.requests()["counts"].keys() == {"record-list"}


def test_lost_answer_to_the_create(project: Core) -> None:
    fault = {"kind": "drop", "after_work": True}
    project.control.add_fault({"match": {"operation": "record-create"}, "action": fault, "times": 1})
    applied = project.apply({**ACCEPTED, "datasources": ["Orders"]})
    assert (applied.errors, applied.warnings) == ([], ["The project was recognised after a lost answer"])
    assert (state(project)["id"], held(project)["accepted"]) == ("1", ["Cards"])


def test_lost_answer_to_an_update_meets_the_purposes_that_it_set(project: Core) -> None:
    assert project.apply(ACCEPTED).diagnostics == []
    fault = {"kind": "drop", "after_work": True}
    project.control.add_fault({"match": {"operation": "record-create"}, "action": fault, "times": 1})
    assert project.apply({**ACCEPTED, "purposes": ["Loans"]}).diagnostics == []
    assert held(project)["accepted"] == ["Loans"]


@pytest.mark.parametrize("deleted_record", ["absent", "shown"])
def test_destroyed_project_is_gone_or_marked_as_deleted(project: Core, deleted_record: str) -> None:
    project.control.change_settings({"deleted_record": deleted_record})
    assert project.apply(ACCEPTED).diagnostics == []
    assert project.apply(None).diagnostics == []
    assert [each["deleted"] for each in project.control.stored("projects")] == [True] * (
        deleted_record == "shown"
    )
    assert project.apply(ACCEPTED).diagnostics == []


def test_another_project_with_the_key_is_neither_changed_nor_deleted(project: Core) -> None:
    """The project of the state is gone, and the key is somebody else's."""
    assert project.apply(ACCEPTED).diagnostics == []
    project.control.remove("projects", "1")
    project.control.plant("projects", {"projectKey": "fraud", "name": "Other"})
    theirs = held(project)
    changed = project.apply({**ACCEPTED, "name": "New"}, refresh=False)
    assert changed.errors == ["Immuta does not know it"]
    assert project.apply(None, refresh=False).diagnostics == []
    assert held(project) == theirs
