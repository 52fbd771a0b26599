"""Users and groups as the owners of what has a type of its own, such as attributes and memberships."""

from __future__ import annotations

from ..http.errors import ConfigurationError, ImmutaError, NotFoundError
from ..records import RecordsLife
from ..templates import expanded, id_of, values_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping
    from typing import Any

    from ..found import Found
    from ..http.client import HttpClient
    from ..life import Is, Outcome
    from ..records import Body, Notes, Routes


def changed(routes: Routes, **facts: object) -> Any:
    """A copy of routes with other facts."""
    from copy import copy

    other = copy(routes)
    for name, fact in facts.items():
        setattr(other, name, fact)
    return other


def missing_user(userid: str, iamid: str) -> ImmutaError:
    return ConfigurationError(
        "Immuta does not know the user",
        f"the identity manager {iamid!r} has no user {userid!r}. Create the user first, or correct `userid` and `iamid`. For "
        "a user that this configuration creates, refer to the resource (`immuta_user.NAME.userid`). Nothing was sent.",
    )


def missing_group(id: str) -> ImmutaError:
    return ConfigurationError(
        "Immuta does not know the group",
        f"there is no group with the id {id!r}. Create the group first, or correct `group_id`. For a group that this "
        "configuration creates, refer to the resource (`immuta_group.NAME.id`). Nothing was sent.",
    )


def foreign_group(group: Mapping[str, Any], quote: Any) -> ImmutaError:
    from ..http.quoting import quoted

    return ConfigurationError(
        "The group belongs to another identity manager",
        f"group {group.get('id')} is of the identity manager {quoted(repr(group.get('iamid')), quote)}, which decides about the "
        "group. Change it there, or use a group of Immuta's own identity manager (`bim`). Nothing was changed.",
    )


class OwnedLife(RecordsLife):
    """The life of one owner's edges. Its shared list has the edges of this owner alone.

    `owner` has the values of the owner in the routes, and `owners` is the shared list of all owners.
    """

    def __init__(self, edges: EdgesLife, owner: Mapping[str, str]) -> None:
        routes = edges.routes
        read = " ".join(expanded(routes.read, owner))
        super().__init__(
            edges.client,
            changed(routes, list=f"{read}#{edges.noun}"),
            noun=edges.noun,
            plural=edges.plural,
        )
        self.owner = owner
        self.owners = edges.owners
        self.route = read
        self.kind = edges.kind

    def _fetch(self, deadline: float | None) -> tuple[Found, ...]:
        """No edges of an owner that is gone: its own route says so, and the list of owners as well."""
        try:
            return self.edges(deadline)
        except NotFoundError as error:
            if not error.immutas_own or self._owner_is_listed(deadline):
                raise
            return ()

    def _owner_is_listed(self, deadline: float | None) -> bool:
        """The list of the run may be from before the owner's deletion, so a new one decides."""
        shared = self.owners.shared
        id = (
            id_of(self.owners.routes.id, self.owner)
            if "{" in self.owners.routes.id
            else self.owner["group_id"]
        )
        if id not in shared.get(deadline=deadline).by_id:
            return False
        shared.invalidate()
        return id in shared.get(deadline=deadline).by_id

    def decided_id(self, body: Body, values: Mapping[str, Any]) -> str | None:
        """The id consists of the configured values."""
        return self.edge_id(values)

    def edge_id(self, values: Mapping[str, Any]) -> str | None:
        """The one spelling of an edge's id."""
        return id_of(self.routes.id, values)

    def _look(self, id: str, deadline: float | None, *, deleted: bool = False, **more: Any) -> Found | None:
        found: Found | None = self.shared.get(deadline=deadline, again=True).by_id.get(id)
        if found is not None and deleted:
            self.shared.invalidate()
        return found

    def read(self, id: str, *, warnings: Notes, values: Mapping[str, Any]) -> Found | None:
        found: Found | None = self.shared.get().by_id.get(id)
        return found

    def edges(self, deadline: float | None) -> tuple[Found, ...]:
        """The edges as the owner's own route shows them. Raises NotFoundError for an owner that is gone."""
        raise NotImplementedError

    def listed_edges(self) -> tuple[Found, ...]:
        """The edges for a list of all owners' edges."""
        all: tuple[Found, ...] = self.shared.get().all
        return all

    def refuse(self, values: Mapping[str, Any], deadline: float) -> None:
        """Raises an error that names the owner if no edge of it can be created."""

    def explained(self, error: ImmutaError, values: Mapping[str, Any], deadline: float) -> ImmutaError:
        """A refusal of Immuta's, in words that name what is missing."""
        return error


class EdgesLife(RecordsLife):
    """The life of edges: each is one of those of its owner, whose values its id begins with."""

    names: tuple[str, ...] = ()
    """The names of the owner's values in the id of an edge."""
    owner_id = "id"
    """The template of the owner's id."""

    def __init__(self, client: HttpClient, routes: Routes, **facts: Any) -> None:
        facts["keys"] = ()
        self.owners = RecordsLife(client, changed(routes, id=self.owner_id), **facts)
        super().__init__(client, routes, **facts)
        self._lives: dict[tuple[str, ...], OwnedLife] = {}

    def made(self, owner: Mapping[str, str]) -> OwnedLife:
        raise NotImplementedError

    def owner_of(self, record: Body) -> Mapping[str, str]:
        """The owner's values, from a row of the list of owners."""
        raise NotImplementedError

    def of(self, id: str) -> OwnedLife | None:
        """The life that an edge's id belongs to; None for an id that no edge can have."""
        values = values_of(self.routes.id, id)
        if not values.keys() >= set(self.names):
            return None
        return self._of({name: values[name] for name in self.names})

    def _of(self, owner: Mapping[str, str]) -> OwnedLife:
        key = tuple(owner.values())
        known = self._lives.get(key)
        return known if known is not None else self._lives.setdefault(key, self.made(owner))

    def canonical(self, id: str) -> str:
        """The one spelling of an edge's id."""
        return id_of(self.routes.id, values_of(self.routes.id, id)) or id

    def keep(self, id: str) -> None:
        life = self.of(id)
        if life is not None:
            life.keep(id)

    def list(self) -> Iterable[Found]:  # type: ignore[override]
        for owner in self.owners.shared.get().all:
            yield from self._of(self.owner_of(owner.body or {})).listed_edges()

    def read(self, id: str, *, warnings: Notes, values: Mapping[str, Any]) -> Found | None:
        life = self.of(id)
        return None if life is None else life.read(id, warnings=warnings, values=values)

    def resolve(self, id: str) -> str:
        if self.of(id) is None:
            shape = self.routes.id.replace("{", "").replace("}", "")
            raise ConfigurationError(
                "Invalid id",
                f"each {self.noun} has an id of the form `{shape}`. A slash inside a value is written `%2F`.",
            )
        return self.canonical(id)

    def create(
        self,
        body: Body,
        *,
        natural_key: Hashable | None,
        is_same: Is,
        has_same_key: Is,
        resend: bool,
        timeout: float,
        values: Mapping[str, Any],
    ) -> Outcome:
        from ..life import Outcome

        values = self.whole(values)
        life = self._of({name: str(values[name]) for name in self.names})
        deadline = self.client.clock.now() + timeout
        try:
            life.refuse(values, deadline)
        except ImmutaError as error:
            return Outcome(None, [], error)
        outcome = life.create(
            body,
            natural_key=natural_key,
            is_same=is_same,
            has_same_key=has_same_key,
            resend=resend,
            timeout=timeout,
            values=values,
        )
        if outcome.error is not None:
            outcome.error = life.explained(outcome.error, values, deadline)
        return outcome

    def whole(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values for a route, with Immuta's own identity manager where none is set."""
        from .users import BUILT_IN

        return {**values, "iamid": values.get("iamid") or BUILT_IN}

    def delete(self, id: str, body: Body | None, *, timeout: float, values: Mapping[str, Any]) -> Outcome:
        from ..life import Outcome

        life = self.of(id)
        return Outcome(None) if life is None else life.delete(id, body, timeout=timeout, values=values)
