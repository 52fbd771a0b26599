"""Projects and domains, where Immuta serves them otherwise than other records."""

from __future__ import annotations

from typing import Any

import pytest
from support.simulator_client import Client

ID = "0b8e5c5a-6f0d-4c8e-9f57-3d1f6a2b4c11"
DOMAIN = {"name": "Sales", "type": "domain"}
PROJECT = {"projectKey": "sales", "name": "Sales", "purposes": ["Fraud"]}
ACKNOWLEDGE = "/project/1/members/101/acknowledge"


def upsert(client: Client, **changed: Any) -> tuple[int, Any]:
    return client.ask("POST", "/api/v2/project", {**PROJECT, **changed})


@pytest.fixture
def purpose(client: Client) -> None:
    client.control.plant("purposes", {"name": "Fraud"})


def test_the_client_chooses_the_id_of_a_domain(client: Client) -> None:
    status, made = client.ask("POST", "/domain", {**DOMAIN, "id": ID})
    assert (status, made["id"], made["description"]) == (200, ID, None)
    for twice, path in (({**DOMAIN, "id": ID, "name": "Other"}, "id"), (DOMAIN, "name")):
        status, refused = client.ask("POST", "/domain", twice)
        assert (status, refused["validation"]) == (422, [{"code": "unique", "path": path}])
    assert client.ask("GET", "/domain") == (200, {"data": [made]})
    status, other = client.ask("POST", "/domain", {**DOMAIN, "name": "Other"})
    assert (status, len(other["id"])) == (200, len(ID))


def test_old_name_of_the_domains_is_accepted(client: Client) -> None:
    assert client.ask("POST", "/collection", {**DOMAIN, "id": ID, "description": "About"})[0] == 200
    assert client.ask("PUT", f"/collection/{ID}", {"name": "Trade"})[0] == 200
    _, shown = client.ask("GET", f"/domain/{ID}")
    assert (shown["name"], shown["description"]) == ("Trade", "About")
    assert client.ask("PUT", f"/domain/{ID}", {"type": "domain"})[0] == 400
    assert client.ask("DELETE", f"/collection/{ID}")[0] == 200
    assert client.ask("GET", f"/domain/{ID}")[0] == 404


@pytest.mark.parametrize("key", ["purposes", "tags", "datasources"])
def test_project_with_a_missing_name_is_refused(client: Client, purpose: None, key: str) -> None:
    client.control.change_settings({"data_sources": ["Orders"]})
    status, refused = upsert(client, **{key: ["Nothing"]})
    assert (status, refused["message"]) == (400, f"{key}: there is no Nothing")
    assert upsert(client, tags=["Discovered"], datasources=["Orders"])[0] == 200


def test_purposes_are_accepted_before_a_project_is_written_again(client: Client, purpose: None) -> None:
    status, made = upsert(client)
    assert (status, made["creating"], made["projectId"]) == (200, True, 1)
    assert client.ask("GET", "/project/1")[1]["acknowledgeRequired"] is True
    status, refused = upsert(client, name="Other")
    assert (status, refused["message"].startswith("You must first acknowledge")) == (400, True)
    assert client.ask("POST", "/project/1/members/7/acknowledge", {})[0] == 404
    assert client.ask("POST", ACKNOWLEDGE, {})[0] == 200
    status, changed = upsert(client, name="Other")
    assert (status, changed["creating"], changed["updating"]) == (200, False, True)
    assert client.ask("GET", "/project/1")[1]["acknowledgeRequired"] is False


def test_project_is_shown_in_the_words_of_v1(client: Client, purpose: None) -> None:
    policy = {"type": "anyone", "automaticSubscription": True}
    upsert(client, subscriptionPolicy=policy, equalization=True, datasources=["A", "B"])
    _, shown = client.ask("GET", "/project/1")
    assert (shown["purposes"][0]["name"], shown["subscriptionType"]) == ("Fraud", "automatic")
    assert shown["equalization"] is not None
    assert client.ask("GET", "/project")[1]["hits"] == [shown]
    _, sources = client.ask("GET", "/project/1/dataSources?size=1&offset=1")
    assert ([each["dataSourceName"] for each in sources["dataSources"]], sources["count"]) == (["B"], 2)


@pytest.mark.parametrize(("deleted_record", "status"), [("absent", 404), ("shown", 200)])
def test_deleted_project_is_gone_or_marked(
    client: Client, purpose: None, deleted_record: str, status: int
) -> None:
    client.control.change_settings({"deleted_record": deleted_record})
    upsert(client)
    assert client.ask("DELETE", "/api/v2/project/sales")[0] == 200
    found, shown = client.ask("GET", "/project/1")
    assert (found, shown.get("deleted", True)) == (status, True)
    assert client.ask("DELETE", "/api/v2/project/sales")[0] == 404
    assert upsert(client)[1]["creating"] is True
