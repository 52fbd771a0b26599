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
    names = [each["name"] for each in simulator.records("tags") if not each["systemCreated"]]
    return {name: tag(name) for name in names}


ROWS = (
    Row(
        BY_RESOURCE["immuta_tag"],
        base={"tag": Case(tag("Acme-{n}"), replaces=[{"tags.0.name": "Other-{n}"}], after_import="none")},
        full={"tag below another": Case(tag("Discovered.Mine-{n}"), after_import="none")},
        configured=lambda request: {"name": request["tags"][0]["name"]},
        sent=tags_sent,
        alter=None,
    ),
)
