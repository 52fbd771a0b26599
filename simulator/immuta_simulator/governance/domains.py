"""Domains (fact sheet, section 7), at their present path and at the old one."""

from __future__ import annotations

from immuta_simulator.records.store import Asked, Body, Collection, Key, Records, Route
from immuta_simulator.refusal import Refusal

PATH, OLD_PATH = "/domain", "/collection"
CHANGED = ("name", "description")
"""The keys that PUT changes."""


def create(records: Records, asked: Asked) -> Body:
    """The client may choose the id, which no other domain has."""
    records.check(asked.body)
    records.refuse_taken(asked.body, None)
    if asked.body.get("id") in records.by_id:
        raise Refusal(
            422, "a domain with this id exists already", validation=[{"code": "unique", "path": "id"}]
        )
    return records.shown(records.add(asked.body))


def update(records: Records, asked: Asked) -> Body:
    """ASSUMPTION of the fact sheet: PUT changes name and description. What the body leaves out stays, and null empties."""
    body = asked.body
    if not isinstance(body, dict) or any(key not in CHANGED for key in body):
        raise Refusal(400, f"only {' and '.join(CHANGED)} can be changed")
    record = records.find(asked.path["id"])
    changed = {**record, **body}
    records.check({key: changed[key] for key in ("type", *CHANGED)})
    records.refuse_taken(changed, record)
    return records.shown(records.add(changed))


def show(records: Records, record: Body) -> Body:
    hidden = {key.name for key in KEYS} - {"id", "type", *CHANGED}
    return {key: value for key, value in record.items() if key not in hidden}


KEYS = (
    Key("id", (str,)),
    Key("name", (str,), required=True),
    Key("description", (str,)),
    Key("type", (str,), required=True),
    Key("domainPermissions", (list,)),
    Key("domainDataSources", (list,)),
    Key("collectionPermissions", (list,)),
    Key("collectionDataSources", (list,)),
)

DOMAINS = Collection(
    "domains",
    "domain",
    PATH,
    keys=KEYS,
    wrapper="data",
    counted=False,
    strict=True,
    chosen_ids=True,
    plain=("list", "get", "delete"),
    aliases=(OLD_PATH,),
    routes=tuple(
        route
        for path, where in ((PATH, ""), (OLD_PATH, f" at {OLD_PATH}"))
        for route in (
            Route("create", "POST", path, create, f"Create a domain{where}", {"name": "", "type": "domain"}),
            Route("update", "PUT", f"{path}/{{id}}", update, f"Update a domain{where}", {"name": ""}),
        )
    ),
    show=show,
    stamped={
        "description": None,
        "createdBy": 1,
        "createdAt": "2026-01-01T00:00:00.000Z",
        "updatedAt": "2026-01-01T00:00:00.000Z",
    },
)
