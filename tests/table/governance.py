"""Tags, purposes, projects and domains, as requests that Immuta is sent."""

from __future__ import annotations

from typing import Any

from immuta_provider.model.compiled.governance import BY_RESOURCE
from immuta_provider.model.fields import ResourceType

from table import policies
from table.row import Bad, Case, Request, Row, below, error, snake_keys

ROOT = {"source": "curated", "deleteHierarchy": False}


def tag(name: str) -> Request:
    """The request for a tag."""
    root = {"rootTag": {"name": name.partition(".")[0], **ROOT}} if "." in name else {}
    return {"tags": [{"name": name}], **root}


def tags_sent(type: ResourceType, simulator: Any) -> dict[str, Request]:
    """The requests for the tags that Immuta does not have by itself."""
    names = [each["name"] for each in simulator.held("tags") if not each["systemCreated"]]
    return {name: tag(name) for name in names}


def purpose(name: str) -> Request:
    """The request for a purpose with texts."""
    return {"name": name, "description": f"About {name}", "acknowledgement": f"I agree to {name}."}


def purposes_sent(type: ResourceType, simulator: Any) -> dict[str, Request]:
    """The requests for the purposes that Immuta does not have by itself: each with those below it."""
    records = [each for each in simulator.held("purposes") if not each["systemGenerated"]]

    def tree(record: Request) -> Request:
        name = record["name"]
        keys = ("name", "description", "acknowledgement")
        below = [tree(each) for each in records if each["name"].rpartition(".")[0] == name]
        below.sort(key=lambda each: each["name"])
        own = {key: record[key] for key in keys if record[key] is not None}
        return {**own, "subpurposes": below} if below else own

    return {str(each["id"]): tree(each) for each in records if "." not in each["name"]}


def alter_purpose(control: Any, id: str, request: Request) -> None:
    purposes = control.holding("purposes")
    purposes.put(request, {})
    if str(purposes.named(request["name"])["id"]) != id:
        purposes.drop(purposes.named(request["name"]))
        control.alter("purposes", id, {"name": request["name"]})


DATABRICKS = {
    "type": "databricks",
    "config": {"database": "db", "directory": "/dir", "workspaceConfigurationName": "main"},
}
NOT_READ = frozenset({"subscriptionPolicy", "equalization", "workspace"})
"""The keys of a project that answers have in other words."""


def project(request: Request) -> dict[str, Any]:
    """A project as it is configured: purposes go along with the consent to accept them."""
    consent = {"acknowledge_purposes": True} if "purposes" in request else {}
    return {**snake_keys(request), **consent}


def project_shown(request: Request) -> dict[str, Any]:
    """The state of an imported project."""
    shown = {key: value for key, value in request.items() if key not in NOT_READ}
    return {"allow_masked_joins": False, **snake_keys(shown)}


def projects_sent(type: ResourceType, simulator: Any) -> dict[str, Request]:
    return {str(each["id"]): each["sent"] for each in simulator.held("projects") if not each["deleted"]}


def alter_project(control: Any, id: str, request: Request) -> None:
    known = {key: request[key] for key in ("projectKey", "name")}
    old = control.held_one("projects", id)
    control.holding("projects").plant({**old, **known, "sent": request}, id)


def domains_sent(type: ResourceType, simulator: Any) -> dict[str, Request]:
    """The requests for the domains. Those that were planted for other types have no type."""
    keys = ("name", "type", "description")
    return {
        each["id"]: {key: each[key] for key in keys if each[key] is not None}
        for each in simulator.held("domains")
        if "type" in each
    }


def alter_domain(control: Any, id: str, request: Request) -> None:
    control.alter("domains", id, {"description": None, **request})


CARDS = {"name": "Fraud.Cards", "subpurposes": [{"name": "Fraud.Cards.EU"}]}
WRONG_BEGINNING = error("subpurposes[0].name has the wrong beginning")
WRONG_NAMES: dict[str, Request] = {
    "a name without the name around it": {"subpurposes": [{"name": "Cards"}]},
    "a name that ends after the dot": {"subpurposes": [{"name": "Fraud-1."}]},
    "a name in another case": {"subpurposes": [{"name": "fraud-1.Cards"}]},
    "names that begin with another name": {"name": "Audit", "subpurposes": [CARDS]},
    "one wrong name on the way": {"name": "Fraud", "subpurposes": [{**CARDS, "name": "Cards"}]},
}

ROWS = (
    Row(
        BY_RESOURCE["immuta_tag"],
        base={"tag": Case(tag("Acme-{n}"), replaces=[{"tags.0.name": "Other-{n}"}], after_import="none")},
        full={"tag below another": Case(tag("Discovered.Mine-{n}"), after_import="none")},
        configured=lambda request: {"name": request["tags"][0]["name"]},
        sent=tags_sent,
        alter=None,
    ),
    Row(
        BY_RESOURCE["immuta_purpose"],
        base={
            "purpose": Case(
                {"name": "Fraud-{n}"},
                updates=[{"description": "Finding fraud"}, {"acknowledgement": "I do."}],
                replaces=[{"name": "Other-{n}"}],
                after_import="none",
            )
        },
        full={
            "purpose in full": Case(
                {
                    **purpose("Research-{n}"),
                    "subpurposes": [
                        {
                            **purpose("Research-{n}.A"),
                            "subpurposes": [
                                {
                                    **purpose("Research-{n}.A.B"),
                                    "subpurposes": [purpose("Research-{n}.A.B.C")],
                                },
                                purpose("Research-{n}.A.X"),
                            ],
                        },
                        {"name": "Research-{n}.Z"},
                    ],
                },
                updates=[
                    {"description": None},
                    {"subpurposes.0.description": "The first"},
                    {"subpurposes.0.acknowledgement": "Yes."},
                    {"subpurposes.1.name": "Research-{n}.Y"},
                    {"subpurposes": None},
                ],
                alone=[
                    {"subpurposes.0.subpurposes.1.name": "Research-{n}.A.Y"},
                    {"subpurposes.0.subpurposes.0.description": "x"},
                    {"subpurposes.0.subpurposes.0.acknowledgement": "x"},
                    {"subpurposes.0.subpurposes.0.subpurposes.0.name": "Research-{n}.A.B.E"},
                    {"subpurposes.0.subpurposes.0.subpurposes.0.description": "x"},
                    {"subpurposes.0.subpurposes.0.subpurposes.0.acknowledgement": "x"},
                ],
                after_import="none",
            )
        },
        bad=(
            *(Bad(name, "purpose", change, [WRONG_BEGINNING]) for name, change in WRONG_NAMES.items()),
            Bad(
                "a name that begins with the outermost name alone",
                "purpose",
                {"name": "Fraud", "subpurposes": [CARDS, {**CARDS, "subpurposes": [{"name": "Fraud.EU"}]}]},
                [error("subpurposes[1].subpurposes[0].name has the wrong beginning")],
            ),
            Bad(
                "a missing name around another",
                "purpose",
                {"name": None, "subpurposes": [{"name": "Cards"}]},
                [error("name is missing")],
            ),
            Bad(
                "a number in the place of a name",
                "purpose",
                {"name": 7, "subpurposes": [{"name": "Cards"}]},
                [error("name has the wrong type")],
                python_only=True,
            ),
        ),
        sent=purposes_sent,
        alter=alter_purpose,
    ),
    Row(
        BY_RESOURCE["immuta_project"],
        base={
            "project": Case(
                {"projectKey": "key-{n}", "name": "Project-{n}"},
                updates=[
                    {"name": "Other-{n}"},
                    {"description": "About it"},
                    {"documentation": "# About it"},
                    {"allowMaskedJoins": True},
                    {"purposes": ["Re-identification Prohibited", "Re-identification Prohibited.CCPA"]},
                    {"datasources": ["Orders"]},
                    {"tags": ["Discovered", "Discovered.Entity"]},
                    {"equalization": True},
                    {"subscriptionPolicy": {"type": "anyone"}},
                    {"subscriptionPolicy": {"type": "manual", "description": "By hand"}},
                    {"workspace": DATABRICKS},
                ],
                replaces=[{"projectKey": "other-{n}", "name": "Other-{n}"}],
                after_import="none",
            )
        },
        full={
            "project in full": Case(
                {
                    "projectKey": "full-{n}",
                    "name": "Full-{n}",
                    "description": "About it",
                    "documentation": "# About it",
                    "allowMaskedJoins": True,
                    "purposes": ["Re-identification Prohibited", "Re-identification Prohibited.CCPA"],
                    "datasources": ["Orders", "Payments"],
                    "tags": ["Discovered", "Discovered.Entity"],
                    "subscriptionPolicy": policies.ENTITLEMENTS,
                    "equalization": True,
                    "workspace": DATABRICKS,
                },
                updates=[
                    {"purposes": ["Re-identification Prohibited"]},
                    {"purposes": None},
                    {"datasources": ["Payments", "Refunds"]},
                    {"datasources": None},
                    {"tags": ["Discovered.Entity"]},
                    {"subscriptionPolicy": None},
                    {"workspace": None},
                ],
                alone=[
                    *below("subscriptionPolicy", policies.ENTITLEMENTS_CHANGES),
                    {"workspace.config.database": "other"},
                    {"workspace.config.directory": "/other"},
                    {"workspace.config.workspaceConfigurationName": "other"},
                ],
            ),
            "project with a Snowflake workspace": Case(
                {
                    "projectKey": "snow-{n}",
                    "name": "Snow-{n}",
                    "workspace": {"type": "snowflake", "config": {"schema": "S", "warehouses": ["W"]}},
                },
                alone=[
                    {"workspace.config.schema": "T"},
                    {"workspace.config.warehouses": ["W", "X"]},
                    {"workspace.config.warehouses": None},
                ],
            ),
            "project with approvals": Case(
                {"projectKey": "ask-{n}", "name": "Ask-{n}", "subscriptionPolicy": policies.APPROVAL},
                alone=below("subscriptionPolicy", policies.APPROVAL_CHANGES),
            ),
            "project with a condition as text": Case(
                {
                    "projectKey": "text-{n}",
                    "name": "Text-{n}",
                    "subscriptionPolicy": {"type": "entitlements", "advanced": "@isInGroups('Eng')"},
                },
                alone=[{"subscriptionPolicy.advanced": "@isInGroups('Ops')"}],
            ),
        },
        configured=project,
        shown=project_shown,
        not_alone={
            "project_key": "the replacement has another name, since the old project may still have its own",
            "workspace.type": "each kind of workspace has members of its own",
        },
        sent=projects_sent,
        alter=alter_project,
    ),
    Row(
        BY_RESOURCE["immuta_domain"],
        base={
            "domain": Case(
                {"type": "domain", "name": "Domain-{n}"},
                updates=[{"name": "Other-{n}"}, {"description": "About it"}],
                after_import="none",
            )
        },
        full={
            "domain in full": Case(
                {"type": "domain", "name": "Full-{n}", "description": "About it"},
                updates=[{"description": "Other"}, {"description": None}],
                after_import="none",
            )
        },
        sent=domains_sent,
        alter=alter_domain,
    ),
    *policies.ROWS,
)
