"""Tags and purposes, as requests that Immuta is sent."""

from __future__ import annotations

from typing import Any

from immuta_provider.model.compiled.governance import BY_RESOURCE
from immuta_provider.model.fields import ResourceType

from table.row import Case, Request, Row

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
        sent=purposes_sent,
        alter=alter_purpose,
    ),
)
