"""The names of a user on the data platforms: keys of a map that others write into as well."""

from __future__ import annotations

from ..conflicts import GRACE_FOR_KEPT, GRACE_SECONDS, not_to_import
from ..found import Found, Note
from ..http import json_body
from ..http.errors import ConfigurationError, ConflictError, DeleteFailed, ImmutaError, Unsent, leaves_doubt
from ..life import Outcome
from ..records import RecordsLife, record_of
from ..templates import filled, id_of
from .owners import missing_user

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterator, Mapping
    from typing import Any

    from ..http.client import HttpClient
    from ..life import Is
    from ..records import Body, Notes, Routes

KEY = "externalUserIds"
FIELD = "external_user_ids"


class ExternalIdsLife(RecordsLife):
    """The external ids of users, one resource a user.

    A write reads the user's map, changes the resource's own keys in it, sends the whole, and reads the user again: Immuta takes
    a request for keys that the identity manager maps, and ignores them.
    """

    def __init__(self, client: HttpClient, routes: Routes, **facts: Any) -> None:
        super().__init__(client, routes, **facts)
        # The users whose external ids this run has removed.
        self._removed: set[str] = set()

    def read(self, id: str, *, warnings: Notes, values: Mapping[str, Any]) -> Found | None:
        """From the list of users, where its rows show external ids."""
        row = self.shared.get().by_id.get(id)
        found = None if row is None else self._shown(row.body or {})
        return found if found is not None else self._look(id, None)

    def list(self) -> Iterator[Found]:  # type: ignore[override]
        """The users that have external ids."""
        for row in self.shared.get().all:
            found = self._shown(row.body or {}) or self._look(row.id, None)
            if found is not None and _map(found.body or {}):
                yield found

    def resolve(self, id: str) -> str:
        values = self._values(id)
        if "userid" not in values:
            raise ConfigurationError(
                "Invalid id",
                f"the id of {self.plural} has the form `iamid/userid`, for example `bim/ana@acme.example`.",
            )
        id = id_of(self.routes.id, values) or id
        if self._look(id, None) is None:
            raise missing_user(values["userid"], values["iamid"])
        return id

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
        deadline = self.client.clock.now() + timeout
        _, iamid, userid = natural_key if isinstance(natural_key, tuple) else ("", "", "")
        id = id_of(self.routes.id, {"iamid": iamid, "userid": userid}) or ""
        with self.claims.turn(id):
            try:
                wanted = body[KEY]
                held = self._make_way(id, wanted, deadline)
                found, notes = self._put(id, {**held, **wanted}, deadline, "created")
                lost = _lost(found, wanted)
                if lost:
                    if len(lost) < len(wanted):
                        self._write(id, held, deadline)
                    raise self._not_kept(id, lost)
            except ImmutaError as error:
                return Outcome(None, [], error)
            self.claims.claim(id)
            self._removed.discard(id)
            return Outcome(found, notes)

    def update(
        self, id: str, body: Body, *, timeout: float, values: Mapping[str, Any], prior: Mapping[str, Any]
    ) -> Outcome:
        deadline = self.client.clock.now() + timeout
        wanted, own = body[KEY], prior.get(FIELD) or {}
        with self.claims.turn(id):
            try:
                held = self._held(id, deadline)
            except ImmutaError as error:
                # A lost answer to a read leaves no doubt about the update.
                return Outcome(None, [], Unsent(error.summary, error.detail))
            try:
                found, notes = self._replace(id, held, own, wanted, deadline, "updated")
                lost = _lost(found, wanted)
                if lost:
                    raise self._not_kept(id, lost)
                self._refuse_remaining(id, found, own.keys() - wanted.keys())
            except ImmutaError as error:
                return Outcome(None, [], error)
        replaced = [key for key in wanted if key not in own and held.get(key) not in (None, wanted[key])]
        return Outcome(found, [*notes, *self._taken_over(id, replaced)])

    def delete(self, id: str, body: Body | None, *, timeout: float, values: Mapping[str, Any]) -> Outcome:
        """Removes the resource's own keys; those of a user that is gone are gone."""
        deadline = self.client.clock.now() + timeout
        own = values.get(FIELD) or {}
        gone = False
        self.deletions.begin(id)
        try:
            with self.claims.turn(id):
                record = self._record(id, deadline)
                if record is None and any(row.id == id for row in self.fresh(deadline)):
                    raise DeleteFailed(
                        f"Immuta did not remove the {self.noun}",
                        f"Immuta shows user {id} in its list and does not know the user by its own route, so nothing was sent. "
                        f"Check the {self.noun} in Immuta, and apply again.",
                    )
                if record is not None:
                    found, _ = self._replace(id, _map(record), own, {}, deadline)
                    self._refuse_remaining(id, found, own)
            gone = True
        except ImmutaError as error:
            return Outcome(Found(id), [], error)
        finally:
            self.deletions.end(id, gone=gone)
        self.claims.release(id)
        self._removed.add(id)
        return Outcome(None)

    def _replace(
        self,
        id: str,
        held: Mapping[str, Any],
        own: Collection[str],
        wanted: Mapping[str, str],
        deadline: float,
        done: str = "",
    ) -> tuple[Found | None, Notes]:
        """Makes the own keys the wanted ones; without a request if Immuta shows that already."""
        merged = {**{key: value for key, value in held.items() if key not in own}, **wanted}
        if merged == held:
            return self._seen(id, deadline, done)
        return self._put(id, merged, deadline, done)

    def _put(
        self, id: str, whole: Mapping[str, Any], deadline: float, done: str
    ) -> tuple[Found | None, Notes]:
        """The user after the request, which may have been carried out although its answer was lost."""
        try:
            self._write(id, whole, deadline)
        except ImmutaError as error:
            if not leaves_doubt(error):
                raise
            found = self._look(id, deadline)
            if found is None or _map(found.body or {}) != _texts(whole):
                raise
            why = f"Immuta's answer did not arrive, and it shows the {self.noun} of {id} as configured."
            return found, [Note(f"The {self.noun} was recognised after a lost answer", why)]
        return self._seen(id, deadline, done)

    def _seen(self, id: str, deadline: float, done: str) -> tuple[Found | None, Notes]:
        """The user after a write that Immuta took. One that cannot be read is a warning, unless what was `done` is a deletion
        (""), which has to be seen."""
        if not done:
            return self._look(id, deadline), []
        outcome = self.read_back(id, done, deadline)
        return outcome.found, outcome.warnings

    def _write(self, id: str, whole: Mapping[str, Any], deadline: float) -> None:
        self.write(self.routes.update, {KEY: {**whole}}, deadline, self._values(id), repeatable=True)

    def _make_way(self, id: str, wanted: Mapping[str, str], deadline: float) -> Mapping[str, Any]:
        """The user's map once none of the wanted keys is in it; ConflictError if one stays."""
        awaited = False
        while True:
            held = self._held(id, deadline)
            clash = sorted(key for key in wanted if held.get(key) is not None)
            claimed = self.claims.has(id)
            kept = self.claims.keeps(id) and id not in self._removed
            if not (clash or claimed or kept):
                return held
            grace = GRACE_FOR_KEPT if kept else GRACE_SECONDS
            if claimed or awaited or not self.deletions.makes_way(id, deadline, grace):
                raise (
                    self._twin(id) if claimed or (kept and not clash) else self._exists(id, clash, kept=kept)
                )
            awaited = True

    def _held(self, id: str, deadline: float) -> dict[str, Any]:
        record = self._record(id, deadline)
        if record is None:
            values = self._values(id)
            raise missing_user(values.get("userid", id), values.get("iamid", ""))
        return _map(record)

    def _record(self, id: str, deadline: float | None) -> Body | None:
        """The user as Immuta shows it: what others set is sent back unchanged."""
        route = filled(self.routes.read, self._values(id))
        record = record_of(self.client, route, deadline, self.kind)
        # The rest of the map would be lost with an answer about something else.
        if record is not None and id_of(self.routes.id, record) is None:
            raise json_body.malformed("a user is expected, and it is not one", " ".join(route))
        return record

    def _look(self, id: str, deadline: float | None, **more: Any) -> Found | None:
        record = self._record(id, deadline)
        if record is None:
            return None
        profile = record.get("profile")
        whole = {**record, "profile": {KEY: {}, **(profile if isinstance(profile, dict) else {})}}
        return self._shown(self.client.screen.value(whole))

    def _shown(self, record: Body) -> Found | None:
        """None for a row of a list that does not show external ids."""
        profile = record.get("profile")
        id = id_of(self.routes.id, record)
        if id is None or not isinstance(profile, dict) or KEY not in profile:
            return None
        return Found(id, self.word, body={**record, "profile": {**profile, KEY: _texts(_map(record))}})

    def _refuse_remaining(self, id: str, found: Found | None, removed: Collection[str]) -> None:
        held = {} if found is None else _map(found.body or {})
        there = sorted(key for key in removed if key in held)
        if there:
            raise DeleteFailed(
                f"Immuta did not remove the {self.noun}",
                f"the request was answered, and Immuta still shows {', '.join(there)} of user {id}. {_MAPPED}",
            )

    def _not_kept(self, id: str, lost: Collection[str]) -> ImmutaError:
        return ConfigurationError(
            f"Immuta did not keep the {self.noun}",
            f"the request was answered, and Immuta does not show {', '.join(sorted(lost))} of user {id} as configured. {_MAPPED}",
        )

    def _taken_over(self, id: str, keys: Collection[str]) -> Notes:
        if not keys:
            return []
        return [
            Note(
                "An external id had another value",
                f"{', '.join(sorted(keys))} of user {id} had another value in Immuta, which the configured one replaced.",
            )
        ]

    def _twin(self, id: str) -> ConflictError:
        return ConflictError(
            "Two resources have the external ids of one user",
            f"another resource of this configuration has the external ids of user {id}. Write all of them into the "
            f"`{FIELD}` of one resource, and remove the other one.",
            status=409,
        )

    def _exists(self, id: str, clash: Collection[str], *, kept: bool) -> ConflictError:
        error = ConflictError(
            "The user has such an external id already",
            f"{', '.join(clash)} of user {id} is set already, and nothing was changed: this provider takes nothing over.",
            status=409,
            existing_id=id,
        )
        return not_to_import(error, id, "external ids of user", kept=kept)


_MAPPED = (
    "The identity manager of the user probably maps it: such a value comes from the identity provider and cannot be set by hand. "
    "Look at the profile schema of the identity manager on Immuta's App Settings page, and change the value there, or remove the "
    "key from the configuration."
)


def _map(record: Mapping[str, Any]) -> dict[str, Any]:
    profile = record.get("profile")
    held = profile.get(KEY) if isinstance(profile, dict) else None
    return held if isinstance(held, dict) else {}


def _texts(held: Mapping[str, Any]) -> dict[str, str]:
    """The keys with a text: what another key of somebody else holds says nothing about the resource's own."""
    return {key: value for key, value in held.items() if isinstance(value, str)}


def _lost(found: Found | None, wanted: Mapping[str, str]) -> list[str]:
    """The keys that are not shown as wanted; none where the user could not be read."""
    if found is not None and found.body is None:
        return []
    held = {} if found is None else _map(found.body or {})
    return [key for key, value in wanted.items() if held.get(key) != value]
