"""The requests of a project's life."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from immuta_provider.api.governance.projects import ProjectsLife
from immuta_provider.api.http.errors import ConfigurationError
from immuta_provider.model.compiled.governance import BY_RESOURCE
from immuta_provider.model.fields import Routes
from support.fake_transport import Script, reply

TYPE = BY_RESOURCE["immuta_project"]
LIST = "GET /project?size=200&offset=0"
UPSERT = "POST /api/v2/project"
ACKNOWLEDGE = "POST /project/7/members/9/acknowledge"
WHOLE = {
    "id": 7,
    "projectKey": "fraud",
    "name": "Fraud",
    "documentation": None,
    "purposes": [{"name": "Cards"}],
    "tags": [],
    "subscriptionType": "manual",
    "subscriptionId": 9,
    "acknowledgeRequired": True,
}
SHORT = {"id": 7, "projectKey": "fraud", "name": "Fraud"}
KNOWN = {"project_key": "fraud"}


def hits(*records: dict[str, Any]) -> Any:
    return reply(200, {"hits": list(records), "count": len(records)})


def sources(*names: str, count: int) -> Any:
    rows = [{"dataSourceId": 1, "dataSourceName": name, "deleted": name == "Gone"} for name in names]
    return reply(200, {"dataSources": rows, "count": count})


@pytest.fixture
def life(make_client: Callable[..., Any]) -> Callable[[Script], tuple[ProjectsLife, Any]]:
    def make(script: Script) -> tuple[ProjectsLife, Any]:
        client, transport, _ = make_client(script)
        assert isinstance(TYPE.life, Routes)
        noun, plural = TYPE.noun, TYPE.plural
        return ProjectsLife(client.http, TYPE.life, noun=noun, plural=plural, keys=("projectKey",)), transport

    return make


def test_a_project_that_the_list_shows_in_part_is_read(life: Any) -> None:
    projects, transport = life({LIST: hits(SHORT), "GET /project/7": reply(200, WHOLE)})
    assert projects.read("7", warnings=[], values=KNOWN).body == WHOLE
    assert transport.calls == [LIST, "GET /project/7"]


def test_data_sources_of_all_pages_are_read(life: Any) -> None:
    route = "GET /project/7/dataSources?size=200&offset="
    script = {
        LIST: hits(WHOLE),
        f"{route}0": sources("A", "Gone", count=3),
        f"{route}2": sources("B", count=3),
    }
    projects, transport = life(script)
    assert projects.read("7", warnings=[], values={}).body == {**WHOLE, "datasources": ["A", "B"]}
    assert transport.calls == [LIST, f"{route}0", f"{route}2"]


@pytest.mark.parametrize(
    ("shown", "values", "accepts"),
    [
        (WHOLE, {"acknowledge_purposes": True}, True),
        ({**WHOLE, "acknowledgeRequired": False}, {"acknowledge_purposes": True}, False),
        ({**WHOLE, "purposes": []}, {"acknowledge_purposes": True}, False),
        (WHOLE, {"acknowledge_purposes": False}, False),
        (WHOLE, {}, False),
    ],
)
def test_purposes_are_accepted_if_configured_and_required(
    life: Any, shown: dict[str, Any], values: dict[str, Any], accepts: bool
) -> None:
    script = {
        LIST: hits(shown),
        UPSERT: reply(200, {"projectId": 7}),
        "GET /project/7": reply(200, shown),
        ACKNOWLEDGE: reply(200, {}),
    }
    projects, transport = life(script)
    outcome = projects.update("7", {"projectKey": "fraud"}, timeout=60, values={**KNOWN, **values}, prior={})
    assert (outcome.error, outcome.warnings, outcome.found.body) == (None, [], shown)
    assert transport.calls == [LIST, UPSERT, "GET /project/7", *([ACKNOWLEDGE] if accepts else [])]


def test_a_user_who_is_not_a_member_cannot_accept_purposes(life: Any) -> None:
    script = {
        LIST: hits(WHOLE),
        UPSERT: reply(400, {"statusCode": 400, "message": "You must first acknowledge it"}),
        "GET /project/7": reply(200, {**WHOLE, "subscriptionId": None}),
    }
    projects, transport = life(script)
    values = {**KNOWN, "id": "7", "acknowledge_purposes": True}
    outcome = projects.update("7", {"projectKey": "fraud"}, timeout=60, values=values, prior={})
    assert isinstance(outcome.error, ConfigurationError)
    assert outcome.error.summary == "The purposes of the project cannot be accepted"
    assert transport.calls == [LIST, UPSERT, "GET /project/7"]
