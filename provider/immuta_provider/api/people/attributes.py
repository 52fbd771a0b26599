"""Attributes of users and groups."""

from __future__ import annotations

from ..found import Found
from ..http import json_body
from ..http.errors import ConfigurationError, ImmutaError, NotFoundError
from ..records import object_at, record_of
from ..templates import expanded, id_of, values_of
from .owners import EdgesLife, OwnedLife, foreign_group, missing_group, missing_user
from .users import BUILT_IN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from ..http.client import HttpClient
    from ..records import Body, Routes

OWN, EXTERNAL = "bimAuthorizations", "iamAuthorizations"
# Seconds until an attribute that Immuta still shows after its deletion is reported.
STAYS_SECONDS = 60.0


class _Attributes(OwnedLife):
    """The attributes of one user or group. Those of its identity provider are not among them."""

    record: Body | None = None
    """The owner as it was last read; None if it is gone."""

    def edges(self, deadline: float | None) -> tuple[Found, ...]:
        method, path = self.route.split(" ", 1)
        self.record = None
        answer = object_at(self.client, (method, path), deadline, self.kind)
        if OWN not in answer:
            raise json_body.malformed("it does not show the attributes that are set in Immuta", self.route)
        self.record = record = self.client.screen.value(answer)
        return tuple(self._edges_in(record, OWN))

    def _edges_in(self, record: Body, source: str) -> Iterator[Found]:
        actual = record.get(source)
        for key, values in actual.items() if isinstance(actual, dict) else ():
            for value in values if isinstance(values, list) else ():
                edge = {**self.owner, "key": key, "value": str(value)}
                id = self.edge_id(edge)
                if id is not None:
                    yield Found(id, self.word, body=edge)

    def edge_id(self, values: Mapping[str, Any]) -> str | None:
        return super().edge_id({**values, "key": str(values["key"]).lower()})

    def in_row(self) -> tuple[Found, ...] | None:
        """The attributes in the owner's row of the list of owners; None where a row does not show them."""
        id = id_of(self.owners.routes.id, self.owner)
        row = self.owners.shared.get().by_id.get(id)
        if row is None or OWN not in (row.body or {}):
            return None
        return tuple(self._edges_in(row.body or {}, OWN))

    def read(self, id: str, *, warnings: Any, values: Mapping[str, Any]) -> Found | None:
        """Reads from the list of users of the run. An attribute that is not in the list is gone only if its user's own route
        answers so too."""
        rows = self.in_row() if self.owners.routes.id != "id" else None
        found = next((each for each in rows or () if each.id == id), None)
        return found if found is not None else super().read(id, warnings=warnings, values=values)

    def listed_edges(self) -> tuple[Found, ...]:
        rows = self.in_row() if self.owners.routes.id != "id" else None
        return super().listed_edges() if rows is None else rows

    def refuse(self, values: Mapping[str, Any], deadline: float) -> None:
        try:
            self.shared.get(deadline=deadline)
            if self.record is None:
                self.fresh(deadline)
        except NotFoundError as error:
            raise self.explained(error, values, deadline) from None
        record = self.record
        if record is None:
            raise self._missing()
        if "group_id" in self.owner and record.get("iamid", BUILT_IN) != BUILT_IN:
            raise foreign_group(record, self.client.quote)
        self.refuse_external(record, str(values["key"]), str(values["value"]))

    def refuse_external(self, record: Body, key: str, value: str) -> None:
        id = self.edge_id({**self.owner, "key": key, "value": value})
        theirs = {each.id for each in self._edges_in(record, EXTERNAL)}
        if id in theirs and id not in {each.id for each in self._edges_in(record, OWN)}:
            raise ConfigurationError(
                "The attribute is the identity provider's",
                f"{self.noun} {id} comes from the identity provider, which alone can change it, and is not managed here. Remove "
                "the resource: policies can name the attribute all the same. Nothing was changed.",
            )

    def _missing(self) -> ImmutaError:
        if "group_id" in self.owner:
            row = self.owners.shared.get().by_id.get(self.owner["group_id"])
            if row is not None and (row.body or {}).get("iamid", BUILT_IN) != BUILT_IN:
                return foreign_group(row.body or {}, self.client.quote)
            return missing_group(self.owner["group_id"])
        return missing_user(self.owner["userid"], self.owner["iamid"])

    def explained(self, error: ImmutaError, values: Mapping[str, Any], deadline: float) -> ImmutaError:
        gone = isinstance(error, NotFoundError) and error.immutas_own
        return self._missing() if gone else error

    def patience(self, deadline: float) -> float:
        return min(deadline, self.client.clock.now() + STAYS_SECONDS)


class AttributesLife(EdgesLife):
    """Attributes of users, or of groups: the routes tell."""

    reads = (OWN, EXTERNAL)

    def __init__(self, client: HttpClient, routes: Routes, **facts: Any) -> None:
        self.of_users = "{userid}" in routes.id
        self.names = ("iamid", "userid") if self.of_users else ("iamid", "group_id")
        self.owner_id = "{iamid}/{userid}" if self.of_users else "id"
        super().__init__(client, routes, **facts)

    def made(self, owner: Mapping[str, str]) -> OwnedLife:
        return _Attributes(self, owner)

    def owner_of(self, record: Body) -> Mapping[str, str]:
        if self.of_users:
            return {"iamid": str(record["iamid"]), "userid": str(record["userid"])}
        return {"iamid": str(record.get("iamid", BUILT_IN)), "group_id": str(record["id"])}

    def canonical(self, id: str) -> str:
        values = values_of(self.routes.id, id)
        return id_of(self.routes.id, {**values, "key": values.get("key", "").lower()}) or id

    def resolve(self, id: str) -> str:
        """Raises an error for an attribute that only the identity provider has set."""
        id = super().resolve(id)
        life = self.of(id)
        values = values_of(self.routes.id, id)
        assert isinstance(life, _Attributes)
        record = record_of(self.client, expanded(self.routes.read, values), None, self.kind)
        if record is not None:
            life.refuse_external(self.client.screen.value(record), values["key"], values["value"])
        return id
