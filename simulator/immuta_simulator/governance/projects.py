"""Projects (fact sheet, section 6): written in the words of V2, shown in those of V1."""

from __future__ import annotations

from typing import Any

from immuta_simulator.governance.policies import subscription
from immuta_simulator.records.store import Asked, Bodies, Body, Collection, Key, Records, Route, page
from immuta_simulator.refusal import Refusal

SENT, ACCEPTED = "sent", "accepted"
"""The keys under which a record keeps the last body in the words of V2, and the purposes that the caller has accepted."""
FIRST_SUBSCRIPTION = 100


def put(records: Records, asked: Asked) -> Body:
    """Serves the V2 route. ASSUMPTION: what a body leaves out is removed."""
    records.check(asked.body)
    body = {key: value for key, value in asked.body.items() if value is not None}
    record = records.named(body["projectKey"])
    records.refuse_taken(body, record)
    refuse_unknown(records, body)
    if record is not None and pending(record) and records.settings.acknowledge_first:
        raise Refusal(400, f"You must first acknowledge the purposes of the project {record['name']}.")
    before = {} if record is None else record[SENT]
    dry = asked.query.get("dryRun") == "true"
    stored = record
    if before != body and not dry:
        names = {"projectKey": body["projectKey"], "name": body["name"]}
        stored = records.add({**(record or {}), **names, SENT: body})
    was, now = set(before.get("datasources", ())), set(body.get("datasources", ()))
    return {
        "dryRun": dry,
        "creating": record is None,
        "updating": record is not None and before != body,
        "numberOfDataSourcesAdded": len(now - was),
        "numberOfDataSourcesRemoved": len(was - now),
        "creatingWorkspace": "workspace" in body and "workspace" not in before,
        "deletingWorkspace": "workspace" in before and "workspace" not in body,
        "projectId": None if stored is None else stored["id"],
    }


def refuse_unknown(records: Records, body: Body) -> None:
    """Raises a 400 for a purpose, a tag or a data source that does not exist."""
    known = records.settings.data_sources
    for key in ("purposes", "tags"):
        for name in body.get(key, ()):
            if records.others[key].named(name) is None:
                raise Refusal(400, f"{key}: there is no {name}")
    for name in body.get("datasources", ()):
        if known is not None and name not in known:
            raise Refusal(400, f"datasources: there is no {name}")


def pending(record: Body) -> bool:
    return not set(record[SENT].get("purposes", ())) <= set(record[ACCEPTED])


def show(records: Records, record: Body) -> Body:
    """A record as V1 shows it."""
    required = pending(record)
    sent, _ = record.pop(SENT), record.pop(ACCEPTED)
    policy = sent.get("subscriptionPolicy") or {"type": "manual"}
    shown = subscription(policy)
    return {
        **record,
        "description": sent.get("description"),
        "documentation": sent.get("documentation"),
        "allowMaskedJoins": sent.get("allowMaskedJoins", False),
        "subscriptionType": shown["subscriptionType"],
        "subscriptionPolicy": None if policy["type"] == "manual" else shown,
        "equalization": {"enabled": True} if sent.get("equalization") else None,
        "workspace": sent.get("workspace"),
        **{
            key: [{"id": identity(records, key, name), "name": name} for name in sent.get(key, ())]
            for key in ("purposes", "tags")
        },
        "subscriptionId": subscription_of(record),
        "acknowledgeRequired": required,
    }


def identity(records: Records, collection: str, name: str) -> Any:
    found = records.others[collection].named(name)
    return None if found is None else found["id"]


def subscription_of(record: Body) -> int:
    """The id of the caller's membership."""
    return int(record["id"]) + FIRST_SUBSCRIPTION


def change(records: Records, asked: Asked) -> Body:
    """Serves the V1 route, which changes the keys that the body holds."""
    record = records.find(asked.path["id"])
    if not isinstance(asked.body, dict):
        raise Refusal(400, "the body must be an object")
    sent = {**record[SENT], **asked.body}
    records.check(sent)
    return records.shown(records.add({**record, "name": sent["name"], SENT: sent}))


def delete(records: Records, asked: Asked) -> Body:
    """A deleted project is gone, or only marked, as the settings say."""
    record = records.keyed(asked.path["key"])
    if records.settings.deleted_record == "shown":
        records.add({**record, "deleted": True})
    else:
        records.drop(record)
    return {"projectId": record["id"]}


def data_sources(records: Records, asked: Asked) -> Body:
    names = records.find(asked.path["id"])[SENT].get("datasources", ())
    rows: Bodies = [
        {"dataSourceId": number, "dataSourceName": name, "deleted": False}
        for number, name in enumerate(names, 1)
    ]
    return {"dataSources": page(rows, asked.query), "count": len(rows)}


def members(records: Records, asked: Asked) -> Body:
    record = records.find(asked.path["id"])
    caller = {"profile": 1, "iamid": "bim", "userid": "admin", "name": "Administrator", "state": "owner"}
    return {"members": [{**caller, "approved": True, "subscriptionId": subscription_of(record)}]}


def acknowledge(records: Records, asked: Asked) -> Body:
    record = records.find(asked.path["id"])
    if asked.path["subscription"] != str(subscription_of(record)):
        raise Refusal(404, "Member not found")
    records.add({**record, ACCEPTED: record[SENT].get("purposes", [])})
    return {}


PROJECTS = Collection(
    "projects",
    "project",
    "/project",
    keys=(
        Key("projectKey", (str,), required=True),
        Key("name", (str,), required=True),
        Key("description", (str,)),
        Key("documentation", (str,)),
        Key("allowMaskedJoins", (bool,)),
        Key("purposes", (list,)),
        Key("datasources", (list,)),
        Key("tags", (list,)),
        Key("subscriptionPolicy", (dict,)),
        Key("equalization", (bool,)),
        Key("workspace", (dict,)),
    ),
    unique="projectKey",
    also_unique=("name",),
    permission="CREATE_PROJECT",
    wrapper="hits",
    strict=True,
    plain=("list", "get"),
    routes=(
        Route(
            "create",
            "POST",
            "/api/v2/project",
            put,
            "Create or replace a project",
            {"projectKey": "", "name": ""},
        ),
        Route("update", "PUT", "/project/{id}", change, "Change a project", {"description": ""}),
        Route("delete", "DELETE", "/api/v2/project/{key}", delete, "Delete a project by its key"),
        Route("get", "GET", "/project/{id}/dataSources", data_sources, "List the data sources of a project"),
        Route("get", "GET", "/project/{id}/members", members, "List the members of a project"),
        Route(
            "update",
            "POST",
            "/project/{id}/members/{subscription}/acknowledge",
            acknowledge,
            "Accept the purposes of a project",
            {},
        ),
    ),
    show=show,
    stamped={
        "status": "open",
        "deleted": False,
        "type": None,
        "schema": None,
        "schemaEvolutionId": None,
        SENT: {},
        ACCEPTED: [],
        "createdBy": 1,
        "createdAt": "2026-01-01T00:00:00.000Z",
        "updatedAt": "2026-01-01T00:00:00.000Z",
    },
)
