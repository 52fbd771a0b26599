"""Reads what a data source shows: one object, or the objects of a list, with their details where they are asked for."""

from __future__ import annotations

from . import pages
from .http import json_body
from .http.ids import identifier
from .http.kind import Kind
from .records import record_of
from .templates import expanded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, Protocol

    from .http.client import HttpClient

    Body = dict[str, Any]

    class Reading(Protocol):
        """The facts of `model.fields.Reading`."""

        noun: str
        plural: str
        items: str
        page: int
        details: str


def one(client: HttpClient, reading: Reading, route: str, values: Mapping[str, Any]) -> Body:
    """The object at a route, screened. Raises ProtocolError for an answer that is not an object."""
    answer = client.call(*expanded(route, values), kind=Kind(reading.noun))
    if not isinstance(answer, dict):
        raise json_body.malformed(f"it has to be one {reading.noun}, but it is not an object", route)
    screened: Body = client.screen.value(answer)
    return screened


def every(
    client: HttpClient, reading: Reading, route: str, values: Mapping[str, Any], *, detailed: bool
) -> Iterator[Body]:
    """The objects of a list, screened, in Immuta's order. `detailed`: each with its details, by a request of its own.

    An object that is gone when its details are requested is left out. Raises ProtocolError for an answer that is not a list.
    """
    kind = Kind(reading.noun)
    found = pages.listed(
        client, route, values, items=reading.items, page=reading.page, plural=reading.plural, kind=kind
    )
    if not isinstance(found, list):
        raise json_body.malformed(f"it has to be a list of {reading.plural}, but it is not a list", route)
    for row in client.screen.value(found):
        if not isinstance(row, dict):
            continue
        id = identifier(row.get("id")) if detailed else None
        details = {} if id is None else record_of(client, expanded(reading.details, {"id": id}), None, kind)
        if details is not None:
            yield {**row, **client.screen.value(details)}
