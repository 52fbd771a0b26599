"""The collections of the family: tags and purposes (fact sheet, sections 4 and 5), and those of its other modules."""

from __future__ import annotations

from immuta_simulator.governance.domains import DOMAINS
from immuta_simulator.governance.policies import POLICIES
from immuta_simulator.governance.projects import PROJECTS
from immuta_simulator.records.store import (
    Asked,
    Bodies,
    Body,
    Collection,
    Key,
    Records,
    Route,
    Upsert,
    parent_of,
)
from immuta_simulator.refusal import Refusal


def post(records: Records, asked: Asked) -> Bodies:
    """Creates `tags`, by full names. `rootTag` is their root; `deleteHierarchy` deletes the existing tags below the root."""
    body = asked.body
    tags = body.get("tags") if isinstance(body, dict) else None
    if not isinstance(tags, list) or not all(isinstance(one, dict) for one in tags):
        raise Refusal(400, '"tags" is required')
    for tag in tags:
        records.check(tag)
    root = body.get("rootTag")
    if root is not None:
        if not isinstance(root, dict) or not isinstance(root.get("name"), str):
            raise Refusal(400, '"rootTag.name" is required')
        if any(not tag["name"].startswith(f"{root['name']}.") for tag in tags):
            raise Refusal(400, "the first part of each name must be the name of the root tag")
        if root.get("deleteHierarchy") is True:
            for name, one in records.tree(root["name"]).items():
                if name != root["name"]:
                    records.drop(one)
    if any(records.named(tag["name"]) for tag in tags):
        raise Refusal(400, "the tags overlap with existing hierarchies")
    return [records.shown(add(records, tag["name"])) for tag in tags]


def add(records: Records, name: str) -> Body:
    """ASSUMPTION: a missing parent is created first."""
    parent = parent_of(name)
    if parent and records.named(parent) is None:
        add(records, parent)
    return records.add({"name": name, "displayName": name.rpartition(".")[2]})


def show(records: Records, tag: Body) -> Body:
    below = f"{tag['name']}."
    return {**tag, "hasLeafNodes": any(str(one["name"]).startswith(below) for one in records.by_id.values())}


TAGS = Collection(
    "tags",
    "tag",
    "/tag",
    keys=(Key("name", (str,), required=True), Key("id", (int,))),
    by_name=True,
    plain=("list", "delete"),
    routes=(Route("create", "POST", "/tag", post, "Create tags", {"tags": [{"name": "Acme"}]}),),
    show=show,
    stamped={
        "source": "curated",
        "deleted": False,
        "systemCreated": False,
        "protected": False,
        "createdBy": 1,
        "color": None,
        "description": None,
    },
    protected="protected",
    initial=tuple(
        {"name": name, "source": "sdd", "systemCreated": True, "protected": True}
        for name in ("Discovered", "Discovered.Country", "Discovered.Entity", "Discovered.Entity.Person Name")
    ),
)

PURPOSES = Collection(
    "purposes",
    "purpose",
    "/governance/purpose",
    keys=(
        Key("name", (str,), required=True),
        Key("description", (str,)),
        Key("acknowledgement", (str,)),
        Key("subpurposes", (list,)),
    ),
    wrapper="purposes",
    upsert=Upsert(
        "/api/v2/purpose",
        "purposeId",
        options=("dryRun", "reAcknowledgeRequired"),
        forgets_at_first=("acknowledgement",),
    ),
    nested="subpurposes",
    stamped={
        "description": None,
        "acknowledgement": None,
        "addedByProfile": 1,
        "displayAcknowledgement": True,
        "deleted": False,
        "systemGenerated": False,
    },
    protected="systemGenerated",
    initial=(
        {"name": "Re-identification Prohibited", "systemGenerated": True},
        {"name": "Re-identification Prohibited.CCPA", "systemGenerated": True},
    ),
)

ROWS: tuple[Collection, ...] = (TAGS, PURPOSES, POLICIES, PROJECTS, DOMAINS)
