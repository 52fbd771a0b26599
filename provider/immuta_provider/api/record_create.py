"""Creates a record with one request, and finds the record again after a lost answer.

A list precedes the request, and requests with the same natural key run one after another. After a lost answer, a record is
adopted if it is new, not claimed by this process, and equal to the request. A record that exists already is an error with the
import block.
"""

from __future__ import annotations

from .conflicts import GRACE_FOR_KEPT, GRACE_SECONDS, not_to_import, twins
from .found import Found, Note
from .http import json_body
from .http.errors import (
    ApiError,
    ConflictError,
    CreateLost,
    ImmutaError,
    Stopped,
    ValidationFailedError,
    leaves_doubt,
    may_be_done,
)
from .poll import is_transient
from .templates import filled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Mapping
    from typing import Any, Protocol

    from .claims import Claims
    from .deletions import SharedDeletionLists
    from .http.client import HttpClient
    from .life import Is, Outcome
    from .shared_list import SharedList

    Body = dict[str, Any]
    Notes = list[Note]

    class Routes(Protocol):
        """The facts of `model.fields.Routes` that a create needs."""

        create: str
        id: str
        created_id: str
        created_at: str
        unique: tuple[tuple[str, str], ...]
        chooses_id: bool

    class CreatingLife(Protocol):
        """The facts of the life whose record is created."""

        client: HttpClient
        noun: str
        word: str
        shared: SharedList
        claims: Claims
        deletions: SharedDeletionLists
        leaving: dict[str, Found]

        @property
        def routes(self) -> Routes: ...

        def fresh(self, deadline: float) -> tuple[Found, ...]: ...

        def identifier(self, value: Any) -> str | None: ...

        def decided_id(self, body: Body, values: Mapping[str, Any]) -> str | None: ...

        def refuse_reserved(self, found: Found | None) -> None: ...

        def write(
            self,
            route: str,
            body: Body | None,
            deadline: float,
            values: Mapping[str, Any],
            *,
            repeatable: bool | None = None,
        ) -> Any: ...

        def written(
            self,
            id: str,
            done: str,
            body: Body,
            deadline: float,
            values: Mapping[str, Any],
            warnings: Notes | None = None,
        ) -> Outcome: ...


# Seconds between the lists that look for a lost create.
SEARCH_PAUSES = (0.5, 1.0, 2.0, 4.0)
# Immuta's words for a tag that exists already, beside 409 and 422.
_EXISTS = "overlap with existing"


class Creation:
    """The creation of one record; used once, inside the turn of its natural key."""

    def __init__(
        self,
        life: CreatingLife,
        body: Body,
        natural_key: Hashable | None,
        is_same: Is,
        has_same_key: Is,
        deadline: float,
        values: Mapping[str, Any],
    ) -> None:
        self._life = life
        self._natural_key = natural_key
        # With an id of our own choice, the request may be sent twice.
        self._body = {**body, life.routes.id: new_uuid()} if life.routes.chooses_id else body
        self._is_same = is_same
        self._has_same_key = has_same_key
        self._deadline = deadline
        self._values = values
        self._before: Collection[str] = ()

    def run(self) -> Outcome:
        life = self._life
        warnings: Notes = []
        adopted = False
        self._make_way()
        try:
            id = self._created_id(self._write())
        except ImmutaError as error:
            # With an id of our own, a repeated request is refused if the first one was carried out.
            if not leaves_doubt(error):
                raise self._explained(error) from None
            id = self._recovered(error).id
            warnings.append(self._recognised(id, "Immuta's answer to the create did not arrive"))
            adopted = True
        if not life.claims.claim(id, self._natural_key):
            raise self._twin(id)
        outcome = self._written(id, warnings)
        outcome.adopted = adopted
        if outcome.found is not None and outcome.found.body is None:
            instead = self._instead_of(id)
            if instead is not None:
                why = f"Immuta answered the create with {life.noun} {id}, which it does not list"
                return self._written(instead.id, [*warnings, self._recognised(instead.id, why)])
        return outcome

    def _written(self, id: str, warnings: Notes) -> Outcome:
        return self._life.written(id, "created", self._body, self._deadline, self._values, warnings)

    def _recognised(self, id: str, why: str) -> Note:
        noun = self._life.noun
        return Note(
            f"The {noun} was recognised after a lost answer",
            f"{why}. {noun.capitalize()} {id} is new and exactly as configured, so it was adopted.",
        )

    def _instead_of(self, id: str) -> Found | None:
        """Returns the record that the request created, claimed, if the answer's id is not listed; None if there is none."""
        life = self._life
        try:
            listed = life.fresh(self._deadline)
        except ImmutaError:
            return None
        new = () if any(each.id == id for each in listed) else life.claims.unclaimed(listed, self._before)
        there: Found | None = next((each for each in new if self._has_same_key(each)), None)
        return there if there is not None and self._is_same(there) and life.claims.claim(there.id) else None

    def _write(self) -> Any:
        life = self._life
        return life.write(
            life.routes.create,
            self._body,
            self._deadline,
            self._values,
            repeatable=life.routes.chooses_id or None,
        )

    def _make_way(self) -> None:
        """ConflictError where there is one with this natural key that this run does not delete."""
        life = self._life
        awaited: set[str] = set()
        while True:
            if life.client.stop.is_set():
                raise Stopped(
                    "Interrupted",
                    f"the run was stopped before the {life.noun} was created; nothing was sent. Apply again to create it.",
                )
            # Creates that run together share one list. It may be from before a twin of this record, which the claims know.
            twin = life.claims.holder(self._natural_key)
            if twin is not None and twin not in life.leaving:
                raise self._twin(twin)
            self._before = before = life.claims.before(life.shared, self._deadline)
            # A deletion looks for the id until it is gone, and would find the new record.
            leaving = tuple(life.leaving.values())
            if not any(self._is_in_the_way(found) for found in (*before.values(), *leaving)):
                return
            # A write of this run may have removed it since: the list that follows the last write tells.
            listing = life.shared.get(deadline=self._deadline)
            # A name that is an id comes back with the new record of that name.
            self._before = before.keys() & listing.by_id.keys()
            there = self._in_the_way((*listing.all, *leaving))
            if there is None:
                return
            life.refuse_reserved(there)
            if life.claims.has(there.id) and there.id not in life.leaving:
                raise self._twin(there.id)
            kept = life.claims.keeps(there.id)
            grace = GRACE_FOR_KEPT if kept else GRACE_SECONDS
            if there.id in awaited or not life.deletions.makes_way(there.id, self._deadline, grace):
                raise self._exists(there)
            awaited.add(there.id)

    def _is_in_the_way(self, found: Found) -> bool:
        return self._has_same_key(found) or bool(self._shared_with(found))

    def _in_the_way(self, listed: Iterable[Found]) -> Found | None:
        """The record that has the natural key; otherwise one that has another value which no two records share."""
        there = [found for found in listed if self._is_in_the_way(found)]
        return next((found for found in there if self._has_same_key(found)), there[0] if there else None)

    def _shared_with(self, found: Found) -> list[str]:
        """The attributes that have the record's value, although no two records share it."""
        body = found.body or {}
        return [name for name, key in self._life.routes.unique if body.get(key) == self._values.get(name)]

    def _created_id(self, answer: Any) -> str:
        """The id that the request decides, that the answer tells, or that the list shows where the answer tells none.

        ProtocolError for the id of a record that existed before: the record with this natural key did not.
        """
        life = self._life
        decided = life.decided_id(self._body, self._values)
        if decided is not None:
            return decided
        request = " ".join(filled(life.routes.create, self._values))
        if life.routes.created_at and isinstance(answer, dict):
            answer = answer.get(life.routes.created_at)
        records = answer if isinstance(answer, list) else [answer]
        for record in records:
            if not isinstance(record, dict):
                continue
            if life.routes.created_id:
                id = life.identifier(record.get(life.routes.created_id))
            else:
                id = life.identifier(record.get(life.routes.id))
            if id is not None and (life.routes.created_id or self._has_same_key(Found(id, body=record))):
                if id in self._before:
                    raise json_body.malformed(
                        f"it says that {life.noun} {id} was created, which existed before", request
                    )
                return id
        found = next((f for f in life.fresh(self._deadline) if self._has_same_key(f)), None)
        if found is None:
            raise json_body.malformed(
                f"it does not say which {life.noun} was created, and no list shows it", request
            )
        return found.id

    def _recovered(self, lost: ImmutaError) -> Found:
        """The record that a request made whose answer was lost: new, nobody's in this run, and as it was sent."""
        life, client = self._life, self._life.client
        life.claims.forget_before()
        trouble: ImmutaError = lost
        for pause in (0.0, *SEARCH_PAUSES):
            if pause and (
                client.clock.now() + pause > self._deadline or client.clock.wait(pause, client.stop)
            ):
                break
            try:
                new = life.claims.unclaimed(life.fresh(self._deadline), self._before)
            except ImmutaError as error:
                trouble = error
                if is_transient(error):
                    continue
                break
            there: Found | None = next((each for each in new if self._has_same_key(each)), None)
            if there is not None and self._is_ours(there):
                return there
            if there is not None:
                raise self._exists(there)
            if not may_be_done(lost):
                raise lost
        raise CreateLost(
            f"It is unknown whether the {life.noun} was created",
            f"Immuta's answer to the create did not arrive, and lists after it did not show the {life.noun}. Apply again: should "
            f"it have appeared by then, it can be imported.\n\n{trouble}",
        )

    def _is_ours(self, there: Found) -> bool:
        """Returns whether a record with this natural key can only be the one that was to be created."""
        routes = self._life.routes
        return there.id == self._body[routes.id] if routes.chooses_id else self._is_same(there)

    def _explained(self, refused: ImmutaError) -> ImmutaError:
        """Immuta refuses what exists already in several ways; only the list tells which record it means."""
        says_so = isinstance(refused, ConflictError | ValidationFailedError) or (
            isinstance(refused, ApiError) and refused.status == 400 and _EXISTS in refused.message
        )
        if not says_so:
            return refused
        try:
            there = self._in_the_way(self._life.fresh(self._deadline))
        except ImmutaError:
            there = None
        if there is None:
            return refused
        return self._twin(there.id) if self._life.claims.has(there.id) else self._exists(there)

    def _twin(self, id: str) -> ConflictError:
        noun = self._life.noun
        return ConflictError(
            "Immuta reports a conflict",
            f"{noun.capitalize()} {id} exists already. {twins(noun, 'name')}",
            status=409,
        )

    def _exists(self, there: Found) -> ConflictError:
        id, noun = there.id, self._life.noun
        if not self._has_same_key(there):
            return self._taken(there)
        error = ConflictError(
            f"The {noun} exists already",
            f"Immuta has {noun} {id} already, and nothing was changed: this provider takes nothing over.",
            status=409,
            existing_id=id,
        )
        return not_to_import(error, id, noun, kept=self._life.claims.keeps(id))

    def _taken(self, there: Found) -> ConflictError:
        """The error for a value that a record has which this resource does not describe."""
        from .http.quoting import quoted

        life = self._life
        id, noun, shared = there.id, life.noun, self._shared_with(there)
        names = " and ".join(shared)
        if there.type != life.word:
            word = quoted(there.type, life.client.quote)
            return ConflictError(
                f"The {noun} cannot be created",
                f"Immuta has a record of another type ({word!r}) with the same {names}, with the id {id}, and nothing was "
                f"changed. Configure another {names}, or delete that record first.",
                status=409,
            )
        kept = life.claims.keeps(id)
        body = there.body or {}
        own = " and ".join(
            f'{name} = "{quoted(str(body.get(key)), life.client.quote)}"'
            for name, key in life.routes.unique
            if name not in shared
        )
        next_step = (
            f": {noun} {id} is already in the state of this configuration."
            if kept
            else f"; or import {noun} {id}, and configure it with {own}, which it has."
        )
        return ConflictError(
            f"The {noun} exists already",
            f"{noun.capitalize()} {id} in Immuta has the same {names}, and nothing was changed. Configure another {names}"
            + next_step,
            status=409,
            existing_id=None if kept else id,
        )


def new_uuid() -> str:
    from uuid import uuid4

    return str(uuid4())
