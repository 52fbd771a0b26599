"""Members of groups."""

from __future__ import annotations

from _thread import allocate_lock

from ..found import Found
from ..http.errors import ApiError, ImmutaError
from ..records import record_of
from ..templates import expanded
from .owners import EdgesLife, OwnedLife, foreign_group, missing_group, missing_user
from .users import BUILT_IN, user_exists

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..records import Body, Notes


class _Members(OwnedLife):
    """The members of one group."""

    _known = False
    """True once the group was seen, and is one whose members can be managed."""
    _is_empty = False
    """True once the list of members was empty for certain."""

    def __init__(self, edges: EdgesLife, owner: Mapping[str, str]) -> None:
        super().__init__(edges, owner)
        self._looking_again = allocate_lock()

    def edges(self, deadline: float | None) -> tuple[Found, ...]:
        records = self._records(self._listed(self.route, deadline), self.route)
        found = (self._found(record) for record in records)
        return tuple(each for each in found if each is not None)

    def _found(self, record: Body) -> Found | None:
        group = self._group()
        member = {
            **self.owner,
            "userid": record.get("userid"),
            "iamid": record.get("iamid"),
            "membership": record.get("id"),
            "group_iamid": BUILT_IN if group is None else (group.body or {}).get("iamid", BUILT_IN),
        }
        id = self.edge_id(member)
        return None if id is None else Found(id, self.word, body=member)

    def read(self, id: str, *, warnings: Notes, values: Mapping[str, Any]) -> Found | None:
        """An empty list of members does not prove that one is gone, unless the group is gone, or a second list is empty too.

        The second list serves all members of the group. No other route shows a membership, and one that Immuta has all the same
        is only added a second time, which changes nothing.
        """
        found = super().read(id, warnings=warnings, values=values)
        if found is not None or self.shared.get().all:
            return found
        with self._looking_again:
            if not self._is_empty and self._of_its_own(None) is not None:
                self.shared.invalidate()
            self._is_empty = not self.shared.get().all
        return super().read(id, warnings=warnings, values=values)

    def _group(self) -> Found | None:
        listing = self.owners.shared.kept()
        listing = self.owners.shared.get() if listing is None else listing
        found: Found | None = listing.by_id.get(self.owner["group_id"])
        return found

    def refuse(self, values: Mapping[str, Any], deadline: float) -> None:
        """The group comes from the list of groups, unless that is older than the group."""
        if self._known:
            return
        group = self._group() or self._of_its_own(deadline)
        if group is None:
            raise missing_group(self.owner["group_id"])
        if (group.body or {}).get("iamid", BUILT_IN) != BUILT_IN:
            raise foreign_group(group.body or {}, self.client.quote)
        self._known = True

    def _of_its_own(self, deadline: float | None) -> Found | None:
        record = record_of(
            self.client, expanded("GET /bim/group/{group_id}", self.owner), deadline, self.kind
        )
        return None if record is None else Found(self.owner["group_id"], body=record)

    def explained(self, error: ImmutaError, values: Mapping[str, Any], deadline: float) -> ImmutaError:
        refused = isinstance(error, ApiError) and error.status in (400, 404, 422) and error.own_words
        if not refused:
            return error
        try:
            if self._of_its_own(deadline) is None:
                return missing_group(self.owner["group_id"])
            if not user_exists(self.client, values["iamid"], values["userid"], deadline, self.kind):
                return missing_user(values["userid"], values["iamid"])
        except ImmutaError:
            pass
        return error

    def _delete(self, id: str, deadline: float, values: Mapping[str, Any]) -> None:
        """Immuta deletes a membership by an id of its own."""
        found = self.read(id, warnings=[], values=values)
        if found is not None:
            super()._delete(id, deadline, {**values, "membership": (found.body or {})["membership"]})


class MembersLife(EdgesLife):
    names = ("group_id",)

    def made(self, owner: Mapping[str, str]) -> OwnedLife:
        return _Members(self, owner)

    def owner_of(self, record: Body) -> Mapping[str, str]:
        return {"group_id": str(record["id"])}
