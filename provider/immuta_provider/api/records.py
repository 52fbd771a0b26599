"""The life of records: what is created, read, replaced and deleted at once, by a route for each."""

from __future__ import annotations

from . import pages
from . import record_shapes as shapes
from .claims import Claims
from .conflicts import GRACE_SECONDS
from .deletions import SharedDeletionLists
from .found import Found, Note
from .http import json_body
from .http.errors import (
    ConfigurationError,
    DeleteFailed,
    ImmutaError,
    NotFoundError,
    ProtocolError,
    Stopped,
    Unsent,
)
from .http.ids import identifier, is_id, is_name
from .http.kind import Kind
from .life import Outcome
from .poll import Polled, poll
from .record_create import Creation
from .shared_list import SharedList
from .templates import expanded, id_of, values_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence
    from typing import Any, Protocol

    from .http.client import HttpClient
    from .life import Is

    Body = dict[str, Any]
    Bodies = list[Body]
    Notes = list[Note]

    class Part(Protocol):
        """The facts of `model.fields.Part`."""

        route: str
        key: str
        sends: str

    class Routes(Protocol):
        """The facts of `model.fields.Routes`."""

        create: str
        read: str
        update: str
        delete: str
        list: str
        items: str
        id: str
        created_id: str
        absent_when: tuple[tuple[str, object], ...]
        tree: str
        nested: str
        forgotten: tuple[str, ...]
        permission: str
        reserved_by: str
        page: int
        type_at: str
        unique: tuple[tuple[str, str], ...]
        created_at: str
        chooses_id: bool

        @property
        def parts(self) -> Sequence[Part]: ...

        def is_reserved(self, record: Mapping[str, object]) -> bool: ...


# As many of the records that are in the way of a deletion are named.
MOST_NAMED = 10


class RecordsLife:
    """The life of one type. Types with the same list share it.

    `word` is Immuta's word for the type; "" = it has none. `keys` are the places of the natural key in a record, for an import by
    its values with slashes between them.
    """

    reads: tuple[str, ...] = ()
    """The keys of a listed record that the life reads beside those of the facts."""

    def __init__(
        self,
        client: HttpClient,
        routes: Routes,
        *,
        noun: str,
        plural: str,
        word: str = "",
        keys: Sequence[str] = (),
    ) -> None:
        self.client = client
        self.routes = routes
        self.noun = noun
        self.plural = plural
        self.word = word
        self.kind = Kind(
            noun,
            plural=plural,
            permission=routes.permission,
            without_id=_without_id(routes.list, routes.create),
        )
        self._key = "/".join(f"{{{key}}}" for key in keys)
        self._is_id = is_name if routes.id in keys or "{" in routes.id else is_id
        self.shared: SharedList = client.memory.setdefault(
            routes.list, SharedList(self._fetch, client.clock, client.check, plural)
        )
        # In a list of several types, a record of one type may be in the way of another's.
        of_list = client.memory if routes.type_at else {}
        self.claims: Claims = of_list.setdefault(f"claims of {routes.list}", Claims(client.clock))
        self.deletions: SharedDeletionLists = of_list.setdefault(
            f"deletions of {routes.list}", SharedDeletionLists(self.shared, client.clock, client.stop)
        )
        # The records whose deletion is under way, by id. A list may no longer show them.
        self.leaving: dict[str, Found] = {}

    def keep(self, id: str) -> None:
        """The record is in the state of this run."""
        self.claims.keep(id)

    def doubt(self) -> ImmutaError | None:
        return self.client.doubt(self.shared)

    def rows(self) -> tuple[Found, ...]:
        """The records of the type as the list shows them."""
        return tuple(found for found in self.shared.get().all if found.type == self.word)

    def list(self) -> tuple[Found, ...]:
        return self.rows()

    def detailed(self, found: Found) -> Found:
        return found

    def has(self, key: str, value: str, natural_key: Hashable | None, deadline: float) -> bool:
        """Returns whether a record has the text at this key. The list is requested only if neither the creates nor the last list
        of this run have such a record, and a write came after that list."""
        if self.claims.has(value) if key == self.routes.id else self.claims.holder(natural_key) is not None:
            return True
        kept = self.shared.kept()
        return (kept is not None and self._lists(kept.all, key, value)) or self._lists(
            self.shared.get(deadline=deadline).all, key, value
        )

    def _lists(self, listed: Iterable[Found], key: str, value: str) -> bool:
        return any(shapes.holds(found.body or {}, key, value, self.routes.nested) for found in listed)

    def read(self, id: str, *, warnings: Notes, values: Mapping[str, Any]) -> Found | None:
        """Reads from the list of the run. A record that is not in the list is gone only if its own route answers so too."""
        found = self.shared.get().by_id.get(id)
        return found if found is not None else self._look(id, None)

    def resolve(self, id: str) -> str:
        """An id stands for itself, and a natural key for the record that has it."""
        if id in self.shared.get().by_id:
            return id
        key = id_of(self._key, values_of(self._key, id)) if self._key else None
        return next((found.id for found in self.rows() if key is not None and self._key_of(found) == key), id)

    def get(self, id: str, *, values: Mapping[str, Any]) -> Found:
        found = self._look(id, None)
        if found is None:
            raise NotFoundError(
                "Immuta does not know it",
                f"Immuta has no {self.noun} {id} any more.",
                status=404,
                immutas_own=True,
            )
        return found

    def as_requested(self, found: Found) -> Body:
        """The record in the words of the request that would write it. Raises Untranslatable."""
        return found.body or {}

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
        with self.claims.turn(natural_key):
            deadline = self.client.clock.now() + timeout
            creation = Creation(self, body, natural_key, is_same, has_same_key, deadline, values)
            try:
                return creation.run()
            except ImmutaError as error:
                return Outcome(None, [], error)
            finally:
                self.shared.invalidate()

    def update(
        self, id: str, body: Body, *, timeout: float, values: Mapping[str, Any], prior: Mapping[str, Any]
    ) -> Outcome:
        deadline = self.client.clock.now() + timeout
        try:
            self.refuse_reserved(self._in_any_list(id))
            # A request that creates or overwrites would make another record in the place of one that is gone or renamed.
            if self.routes.create == self.routes.update:
                self._refuse_another_key(self._in_any_list(id) or self.get(id, values=values), body)
            requests = self._requests_of_update(id, body, deadline)
        except ImmutaError as error:
            # A lost answer to a read leaves no doubt about the update.
            return Outcome(None, [], Unsent(error.summary, error.detail))
        try:
            self._carry_out(requests, id, deadline, values)
        except ImmutaError as error:
            if error.after_lost:
                error.detail += (
                    " The answer to an earlier try of the same update did not arrive, so that one may have been carried out: the "
                    "next apply sends the configuration again."
                )
            return Outcome(None, [], error)
        return self.written(id, "updated", body, deadline, values)

    def _requests_of_update(self, id: str, body: Body, deadline: float) -> Iterable[tuple[str, Any]]:
        """The routes of an update with their bodies: one, or one for each part that Immuta does not show already."""
        if not self.routes.parts:
            return [(self.routes.update, body)]
        found = self._look(id, deadline)
        actual = {} if found is None else found.body or {}
        owns = ((part, {part.key: body[part.key]}) for part in self.routes.parts if part.key in body)
        return [
            (part.route, own if part.sends == "object" else body[part.key])
            for part, own in owns
            if not shapes.shows(own, actual, whole_lists=True)
        ]

    def _carry_out(
        self, requests: Iterable[tuple[str, Any]], id: str, deadline: float, values: Mapping[str, Any]
    ) -> None:
        for route, sent in requests:
            self.write(route, sent, deadline, {**values, "id": id}, repeatable=True)

    def delete(self, id: str, body: Body | None, *, timeout: float, values: Mapping[str, Any]) -> Outcome:
        """Done once Immuta does not know it any more."""
        deadline = self.client.clock.now() + timeout
        gone = False
        self.deletions.begin(id)
        try:
            listed = self._in_any_list(id)
            self.refuse_reserved(listed)
            if not values.get("force_destroy"):
                self._refuse_children(id, deadline)
            if listed is not None:
                self.leaving[id] = listed
            self._delete(id, deadline, values)
            self.claims.release(id)
            gone = True
        except ImmutaError as error:
            return Outcome(Found(id), [], error)
        finally:
            self.leaving.pop(id, None)
            self.deletions.end(id, gone=gone)
        return Outcome(None)

    def write(
        self,
        route: str,
        body: Body | None,
        deadline: float,
        values: Mapping[str, Any],
        *,
        repeatable: bool | None = None,
    ) -> Any:
        """The answer of a route that changes something. The list of the run is stale then."""
        method, path = expanded(route, values)
        try:
            return self.client.call(
                method,
                path,
                body,
                deadline=deadline,
                repeatable=repeatable,
                kind=self.kind,
            )
        finally:
            self.shared.invalidate()

    def written(
        self,
        id: str,
        done: str,
        body: Body,
        deadline: float,
        values: Mapping[str, Any],
        warnings: Notes | None = None,
    ) -> Outcome:
        """The record after a write that Immuta took. Of what is new in a request, Immuta does not store every key: where such a
        key is not shown as it was sent, the request is sent once more."""
        outcome = self.read_back(id, done, deadline, warnings)
        found = outcome.found
        if found is None or found.body is None:
            outcome.unfinished = shapes.has(body, self.routes.forgotten)
            return outcome
        if not self._forgot(body, found.body):
            return outcome
        try:
            self.write(self.routes.update, body, deadline, {**values, "id": id}, repeatable=True)
        except ImmutaError as error:
            note = Note(
                f"The {self.noun} was {done}, but not all of it was stored",
                f"Immuta does not show everything that {self.noun} {id} was sent, and sending it again failed. Apply again.\n\n"
                f"{error}",
            )
            return Outcome(found, [*outcome.warnings, note], unfinished=True)
        return self.read_back(id, done, deadline, warnings)

    def _forgot(self, sent: Body, actual: Body) -> bool:
        routes = self.routes
        return bool(routes.forgotten) and not shapes.shows(
            shapes.only(sent, {*routes.forgotten, routes.tree}), actual
        )

    def read_back(self, id: str, done: str, deadline: float, warnings: Notes | None = None) -> Outcome:
        """The record after a write that Immuta took."""
        notes = [*(warnings or ())]
        try:
            found = self._look(id, deadline)
        # The record exists, and would be lost from the state with whatever was not foreseen here.
        except Exception as error:
            found, why = None, str(error) if isinstance(error, ImmutaError) else type(error).__name__
        else:
            why = "Immuta does not know it any more."
        if found is None:
            notes.append(
                Note(
                    f"The {self.noun} was {done}, but could not be read back",
                    f"Immuta took the request for {self.noun} {id}. The next refresh reads it.\n\n{why}",
                )
            )
        return Outcome(found or Found(id), notes)

    def fresh(self, deadline: float) -> tuple[Found, ...]:
        """A list that starts now."""
        self.shared.invalidate()
        return self.shared.get(deadline=deadline, again=True).all

    def _fetch(self, deadline: float | None) -> tuple[Found, ...]:
        records = self._records(self._listed(self.routes.list, deadline), self.routes.list)
        if self.routes.nested:
            records = shapes.nested(records, self.routes.tree, self.routes.nested)
        found = (self._found(record) for record in records)
        return tuple(each for each in found if each is not None)

    def _listed(self, route: str, deadline: float | None) -> Any:
        """The records that a list's route answers, those of every page."""
        return pages.listed(
            self.client,
            route,
            {},
            items=self.routes.items,
            page=self.routes.page,
            plural=self.plural,
            kind=self.kind,
            deadline=deadline,
            again=True,
        )

    def _records(self, items: Any, request: str) -> Bodies:
        if not isinstance(items, list):
            raise json_body.malformed(f"it has to be a list of {self.plural}, but it is not a list", request)
        return [
            record
            for record in self.client.screen.value(items)
            if isinstance(record, dict)
            and not any(record.get(key) == value for key, value in self.routes.absent_when)
        ]

    def identifier(self, value: Any) -> str | None:
        """Returns the id of a record as text, which is a name if the natural key is the id; None if it cannot be one."""
        return identifier(value, self._is_id)

    def decided_id(self, body: Body, values: Mapping[str, Any]) -> str | None:
        """The id that a request to create decides; None if Immuta chooses it."""
        return self.identifier(body.get(self.routes.id)) if self.routes.chooses_id else None

    def _found(self, record: Body) -> Found | None:
        """Returns the record with its id; None if the id cannot be in a route."""
        template = self.routes.id
        id = self.identifier(id_of(template, record) if "{" in template else record.get(template))
        word = str(record.get(self.routes.type_at, "")) if self.routes.type_at else self.word
        return None if id is None else Found(id, word, body=record)

    def _look(
        self, id: str, deadline: float | None, *, deleted: bool = False, attempts: int | None = None
    ) -> Found | None:
        """The record from its own route; None where Immuta itself says that there is none.

        Where that route searches, its answer is a list: an empty one proves nothing unless the record was just `deleted`, or the
        whole collection is shown to hold others.
        """
        method, path = expanded(self.routes.read, self._values(id))
        try:
            answer = self.client.call(method, path, deadline=deadline, attempts=attempts, kind=self.kind)
        except NotFoundError as error:
            if not error.immutas_own:
                raise
            return None
        request = f"{method} {path}"
        if isinstance(answer, dict):
            if self._found(answer) is None:
                raise json_body.malformed(f"it has to be one {self.noun}, but it is something else", request)
            records = self._records([answer], request)
        else:
            records = self._records(answer, request)
            if not records and not deleted and not self.shared.get(deadline=deadline).all:
                raise ProtocolError(
                    f"Immuta shows no {self.noun} at all",
                    f"its list of {self.plural} is empty, so it does not prove that {self.noun} {id!r} is gone. Check that "
                    "`host` is Immuta itself, and the permissions of the user behind the credential.",
                )
        found = (self._found(record) for record in records)
        return next((each for each in found if each is not None and each.id == id), None)

    def _values(self, id: str) -> dict[str, str]:
        """The values for a route that an id gives."""
        return {"id": id, **(values_of(self.routes.id, id) if "{" in self.routes.id else {})}

    def _key_of(self, found: Found) -> str | None:
        return id_of(self._key, found.body or {}) if self._key else None

    def _in_any_list(self, id: str) -> Found | None:
        """The record in any list of this run, for facts that Immuta does not change."""
        kept = self.shared.kept()
        found: Found | None = None if kept is None else kept.by_id.get(id)
        return self.shared.get().by_id.get(id) if found is None else found

    def refuse_reserved(self, found: Found | None) -> None:
        if found is not None and self.routes.is_reserved(found.body or {}):
            by = self.routes.reserved_by
            raise ConfigurationError(
                f"The {self.noun} is of {by}" if by else f"The {self.noun} is Immuta's own",
                f"{self.noun} {found.id} {f'is of {by}' if by else 'was made by Immuta itself'}, and is neither changed nor "
                "deleted. Remove the resource from the configuration and the state (`terraform state rm ADDRESS`).",
            )

    def _refuse_another_key(self, found: Found, body: Body) -> None:
        """Raises a ConfigurationError if the request would be about another record than the found one."""
        if self._key and self._key_of(found) != id_of(self._key, body):
            raise ConfigurationError(
                f"The {self.noun} has another key in Immuta",
                f"{self.noun} {found.id} has another key than the configured one by now, so that the request would create "
                f"another {self.noun} or overwrite one. Nothing was changed. Apply again with a refresh, which shows the key.",
            )

    def _refuse_children(self, id: str, deadline: float) -> None:
        """DeleteFailed where the record contains others that this run does not delete."""
        if not self.routes.tree or self.routes.nested:
            return
        # Deletions that run together share one list. It may be from before a create of this run, which the claims know.
        known = {*self.claims.before(self.shared, deadline), *self.claims.claimed()}
        if not any(shapes.is_below(each, id) for each in known):
            return
        below = self._below(id, deadline)
        ours = [found for found in below if self.claims.keeps(found.id) or self.claims.has(found.id)]
        # Terraform may be about to destroy them: their deletions are waited for.
        if len(ours) == len(below) and all(
            self.deletions.makes_way(found.id, deadline, GRACE_SECONDS) for found in ours
        ):
            below = self._below(id, deadline) if ours else ()
        names = [self._text(found) for found in below]
        if names:
            more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
            raise DeleteFailed(
                f"The {self.noun} contains others",
                f"{self.noun} {id} contains {', '.join(names[:MOST_NAMED])}{more}, and deleting it deletes them as well. Delete "
                "these first, or set `force_destroy = true`, apply, and destroy it then. Nothing was deleted.",
            )

    def _below(self, id: str, deadline: float) -> tuple[Found, ...]:
        return tuple(found for found in self.fresh(deadline) if shapes.is_below(found.id, id))

    def _text(self, found: Found) -> str:
        """The name in quotes. A name is not free text, so only known secrets are hidden in it."""
        from .http.quoting import quoted

        return f'"{quoted(found.id, self.client.quote)}"'

    def _request_deletion(self, id: str, deadline: float, values: Mapping[str, Any]) -> Any:
        """The answer to the request; None for a record that is gone already."""
        try:
            return self.write(self.routes.delete, None, deadline, {**values, **self._values(id)})
        except NotFoundError as error:
            if not error.immutas_own:
                raise
            return None

    def patience(self, deadline: float) -> float:
        """The time until which a record may still be shown after its deletion."""
        return deadline

    def _delete(self, id: str, deadline: float, values: Mapping[str, Any]) -> None:
        self._request_deletion(id, deadline, values)
        deadline = self.patience(deadline)
        gone = False

        def look() -> None:
            nonlocal gone
            gone = self._look(id, deadline, deleted=True, attempts=1) is None

        client = self.client
        try:
            polled = poll(look, until=lambda: gone, clock=client.clock, stop=client.stop, deadline=deadline)
        except Stopped:
            polled = Polled("stopped", None)
        if polled.end == "stopped":
            raise Stopped(
                "Interrupted",
                f"the run was stopped before {self.noun} {id} was seen to be gone. Run the same command again to go on "
                "from there.",
            )
        if polled.end and polled.trouble is not None:
            raise DeleteFailed(
                f"It is unknown whether the {self.noun} was deleted",
                f"the request was answered, but reading {self.noun} {id} failed until the time was up. Apply again to continue."
                f"\n\n{polled.trouble}",
            )
        if polled.end:
            raise DeleteFailed(
                f"Immuta did not delete the {self.noun}",
                f"the request was answered, and Immuta still shows {self.noun} {id}. Look at it in Immuta, and try again.",
            )


def record_of(client: HttpClient, route: tuple[str, str], deadline: float | None, kind: Kind) -> Body | None:
    """The object at a route, unscreened; None where Immuta itself says that there is none. ProtocolError for anything else."""
    try:
        return object_at(client, route, deadline, kind)
    except NotFoundError as error:
        if not error.immutas_own:
            raise
        return None


def object_at(client: HttpClient, route: tuple[str, str], deadline: float | None, kind: Kind) -> Body:
    """The object at a route, unscreened. ProtocolError for any other answer."""
    answer = client.call(*route, deadline=deadline, kind=kind)
    if not isinstance(answer, dict):
        raise json_body.malformed(
            f"it has to be an object, but it is {json_body.kind(answer)}", " ".join(route)
        )
    record: Body = answer
    return record


def _without_id(*routes: str) -> frozenset[str]:
    """The paths of those routes that name no single object."""
    paths = (route.partition(" ")[2].partition("?")[0] for route in routes)
    return frozenset(path for path in paths if "{" not in path)
