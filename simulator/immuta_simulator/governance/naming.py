"""Names of other objects in a request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from immuta_simulator.records.store import Body, Records
from immuta_simulator.refusal import Refusal

TAGS = ("tag", "columnTag", "tags")
COLLECTIONS = {
    **dict.fromkeys(TAGS, "tags"),
    "purposes": "purposes",
    "groups": "groups",
    "domains": "domains",
}
"""The collection of the objects that a key names."""


def refuse_unknown(records: Records, body: Body) -> None:
    """Raises a 400 for a tag, group, purpose or domain that does not exist, if the settings say so."""
    if records.settings.unknown_names == "accept":
        return
    for key, named in named_in(body):
        if not exists(records, COLLECTIONS[key], named):
            raise Refusal(400, f"{key}: there is no {' or '.join(map(str, named.values()))}")


def named_in(value: Any) -> Iterator[tuple[str, Body]]:
    """The key of each name in a body, at any depth, and what it says of the object."""
    if isinstance(value, list):
        for each in value:
            yield from named_in(each)
    if not isinstance(value, dict):
        return
    for key, inner in value.items():
        if key not in COLLECTIONS:
            yield from named_in(inner)
            continue
        for each in inner if isinstance(inner, list) else [inner]:
            if each is not None:
                yield key, each if isinstance(each, dict) else {"name": each}


def exists(records: Records, collection: str, named: Body) -> bool:
    objects = records.tenant[collection].inspect()
    return any(named.items() <= each.items() for each in objects if not each.get("deleted"))
