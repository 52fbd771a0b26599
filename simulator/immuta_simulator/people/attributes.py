"""Attributes of users and groups (fact sheet, section 3.4): `bimAuthorizations` has those that are set in Immuta, and
`iamAuthorizations` those of the identity provider."""

from __future__ import annotations

from immuta_simulator.records.store import Asked, Body, Records
from immuta_simulator.refusal import Refusal

OWN, EXTERNAL, BOTH = "bimAuthorizations", "iamAuthorizations", "authorizations"
NONE: Body = {OWN: {}, EXTERNAL: {}}


def both(record: Body) -> Body:
    """The values of both sources."""
    merged: dict[str, list[str]] = {}
    for source in (EXTERNAL, OWN):
        for key, values in (record.get(source) or {}).items():
            known = merged.setdefault(key, [])
            known += [value for value in values if value not in known]
    return merged


def add(records: Records, record: Body, asked: Asked) -> Body:
    """Stores a value once. Keys are stored in lower case."""
    key, value = asked.path["key"].lower(), asked.path["value"]
    own = record.get(OWN) or {}
    values = own.get(key, [])
    changed = {**own, key: values if value in values else [*values, value]}
    return records.add({**record, OWN: changed})


def remove(records: Records, record: Body, asked: Asked) -> Body:
    """ASSUMPTION: the deletion of an absent value succeeds."""
    if records.settings.keep_attributes:
        return record
    key, value = asked.path["key"].lower(), asked.path["value"]
    own = {k: [v for v in values if k != key or v != value] for k, values in (record.get(OWN) or {}).items()}
    return records.add({**record, OWN: {k: values for k, values in own.items() if values}})


def refuse_empty_body(asked: Asked) -> None:
    if asked.body not in (None, {}):
        raise Refusal(400, "this route takes no body")
