"""A project: purposes that have to be accepted, data sources on a route of their own, and projects of Immuta's own."""

from __future__ import annotations

from typing import Any

import pytest
from support.core import Core, Value
from support.worlds import MakeCore

CONFIG = {"project_key": "fraud", "name": "Fraud", "purposes": ["Cards"]}
ACCEPTED: Value = {**CONFIG, "acknowledge_purposes": True}


@pytest.fixture
def project(core: MakeCore) -> Core:
    world = core("immuta_project")
    for name in ("Cards", "Loans"):
        world.control.plant("purposes", {"name": name})
    return world


def only(world: Core) -> dict[str, Any]:
    """The only project of the simulator."""
    [project] = world.control.stored("projects")
    return project


def test_without_consent_nothing_is_accepted(project: Core) -> None:
    assert project.apply(CONFIG).diagnostics == []
    [(summary, detail)] = project.apply({**CONFIG, "description": "About"}).texts
    assert summary == "The purposes of the project are not accepted"
    assert detail.startswith(
        'Immuta refuses a change of the project with the key "fraud" until the user behind'
    )
    assert "Accept them in Immuta as that user, or set `acknowledge_purposes = true`" in detail
    assert 'Immuta said: "You must first acknowledge the purposes of the project Fraud."' in detail
    assert (only(project)["accepted"], only(project)["sent"].get("description")) == ([], None)


def test_consent_accepts_after_each_write(project: Core) -> None:
    assert project.apply(ACCEPTED).diagnostics == []
    assert only(project)["accepted"] == ["Cards"]
    both = {**ACCEPTED, "purposes": ["Cards", "Loans"]}
    assert project.apply(both).diagnostics == []
    assert sorted(only(project)["accepted"]) == ["Cards", "Loans"]
    project.control.clear_requests()
    assert project.apply({**both, "name": "Other"}).diagnostics == []
    assert project.transport.requests("record-update") == []


def test_consent_that_is_configured_later_accepts_and_writes_again(project: Core) -> None:
    assert project.apply(CONFIG).diagnostics == []
    assert project.apply({**ACCEPTED, "description": "About"}).diagnostics == []
    assert (only(project)["accepted"], only(project)["sent"]["description"]) == (["Cards"], "About")
    assert project.apply({**ACCEPTED, "description": "About"}).action == "none"


def test_a_refused_consent_is_a_warning(project: Core) -> None:
    project.transport.fault({"kind": "respond", "status": 400}, path="/acknowledge", times=None)
    applied = project.apply(ACCEPTED)
    assert (applied.errors, applied.warnings) == (
        [],
        ["The project was created, but its purposes were not accepted"],
    )
    assert project.apply(ACCEPTED).action == "none"


@pytest.mark.parametrize("datasources", [None, ["Orders"]], ids=["without", "with"])
def test_data_sources_are_read_if_they_are_configured(project: Core, datasources: list[str] | None) -> None:
    config = {**ACCEPTED, "datasources": datasources}
    assert project.apply(config).diagnostics == []
    project.control.clear_requests()
    assert project.apply(config).action == "none"
    assert project.transport.paths() == ["/project", *(["/project/1/dataSources"] if datasources else [])]


def test_edit_of_values_that_answers_have_in_other_words_is_undone(project: Core) -> None:
    config = {**ACCEPTED, "subscription_policy": {"type": "anyone"}, "equalization": True}
    assert project.apply(config).diagnostics == []
    sent = only(project)["sent"]
    for change in (
        {"subscriptionPolicy": {"type": "manual"}},
        {"equalization": False},
        {"workspace": {"type": "snowflake", "config": {"schema": "S"}}},
    ):
        project.control.alter("projects", "1", {"sent": change})
        applied = project.apply(config)
        assert (applied.action, set(applied.warnings)) == ("update", {"The project was edited in Immuta"})
        assert only(project)["sent"] == sent
        assert project.apply(config).action == "none"


def test_project_that_immuta_made_of_a_schema_is_not_touched(project: Core) -> None:
    project.control.plant("projects", {"projectKey": "fraud", "name": "Fraud", "type": "Schema"})
    assert project.apply(CONFIG).errors == ["The project is Immuta's own"]
    assert project.import_("fraud").errors == ["A project of Immuta's own"]
    assert project.transport.counts().keys() == {"record-list", "record-get"}


def test_purposes_are_accepted_after_a_lost_answer(project: Core) -> None:
    """The purposes that a lost update set have to be accepted before the update is repeated."""
    project.transport.fault("reset-after", operation="record-create")
    assert project.apply(ACCEPTED).warnings == ["The project was recognised after a lost answer"]
    assert only(project)["accepted"] == ["Cards"]
    project.transport.fault("reset-after", operation="record-create")
    assert project.apply({**ACCEPTED, "purposes": ["Loans"]}).diagnostics == []
    assert only(project)["accepted"] == ["Loans"]


@pytest.mark.parametrize("deleted_record", ["absent", "shown"])
def test_destroyed_project_is_gone_or_marked_as_deleted(project: Core, deleted_record: str) -> None:
    project.control.change_settings({"deleted_record": deleted_record})
    assert project.apply(ACCEPTED).diagnostics == []
    assert project.apply(None).diagnostics == []
    marked = [each["deleted"] for each in project.control.stored("projects")]
    assert marked == ([True] if deleted_record == "shown" else [])
    assert project.apply(ACCEPTED).diagnostics == []


def test_another_project_with_the_key_is_neither_changed_nor_deleted(project: Core) -> None:
    """The project of the state is gone, and the key is somebody else's."""
    assert project.apply(ACCEPTED).diagnostics == []
    project.control.remove("projects", "1")
    project.control.plant("projects", {"projectKey": "fraud", "name": "Other"})
    theirs = only(project)
    changed = project.apply({**ACCEPTED, "name": "New"}, refresh=False)
    assert changed.errors == ["Immuta does not know it"]
    assert project.apply(None, refresh=False).diagnostics == []
    assert only(project) == theirs
