"""One POST, one integration: making it, and finding it again when the answer was lost.

A POST is preceded by a list, and POSTs of one natural key go one after another. After a lost answer the one integration is
taken that was not there before, that nobody in this process made and that is as sent; without a natural key to tell by, what
is new is only reported. The POST is repeated once, and only when its connection broke or the server failed outright, soon (not
when somebody may have given up waiting: the work may still be going on), and lists over some seconds showed nothing new.
"""

from __future__ import annotations

from ..conflicts import GRACE_FOR_KEPT, GRACE_SECONDS, not_to_import, twins
from ..found import Note
from ..http.errors import (
    AmbiguousCreate,
    ApiError,
    ConflictError,
    ConnectError,
    CreateLost,
    ImmutaError,
    RedirectError,
    ServerError,
    Stopped,
    ValidationFailedError,
    may_be_done,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable
    from typing import Any

    from ..life import Is
    from .integration import Integration
    from .routes import Integrations

    Payload = dict[str, Any]

# Pauses between the lists that look for a lost create.
SEARCH_PAUSES = (0.5, 1.0, 2.0, 4.0)
# The same when the server, or something before it, gave up waiting.
PATIENT_SEARCH_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
# A connection that breaks later than this may have been cut by something that gave up waiting.
SOON_SECONDS = 5.0

_TWINS = twins("integration", "host")


class Creation:
    """The making of one integration; used once, inside the turn of its natural key."""

    def __init__(
        self,
        api: Integrations,
        payload: Payload,
        *,
        natural_key: Hashable | None,
        is_same: Is,
        has_same_key: Is,
        deadline: float,
    ) -> None:
        self._api = api
        self._payload = payload
        self._type = str(payload.get("type", ""))
        self._identity = natural_key
        self._is_same = is_same
        self._has_same_key = has_same_key
        self._deadline = deadline
        self._before: frozenset[str] = frozenset()
        self.warnings: list[Note] = []
        self.adopted = False

    def make(self) -> Integration:
        """The integration as the POST's answer, or the search after a lost one, tells of it.

        ConflictError when Immuta has one in its place, and this run does not delete that one; CreateLost or AmbiguousCreate when
        the answer was lost and it was not found; any other error means that nothing was created.
        """
        awaited: set[str] = set()
        while True:
            try:
                return self._make()
            except ConflictError as error:
                id = error.existing_id
                if id is None:
                    raise
                kept = self._api.claims.keeps(id)
                grace = GRACE_FOR_KEPT if kept else GRACE_SECONDS
                if id not in awaited and self._api.deletions.makes_way(id, self._deadline, grace):
                    awaited.add(id)
                    continue
                raise not_to_import(
                    error, id, "integration", kept=kept or self._api.claims.keeps(id)
                ) from None

    def _make(self) -> Integration:
        api = self._api
        self._go_on()
        self._before = api.before(deadline=self._deadline)
        self._go_on()
        repeated = False
        while True:
            began = api.http.clock.now()
            try:
                return self._claimed(api.post(self._payload, deadline=self._deadline))
            except ImmutaError as error:
                if not may_be_done(error):
                    if not isinstance(error, ConflictError | ValidationFailedError):
                        raise
                    # What is in the way of a repeated POST can be what the first one made.
                    found = self._search(error, ()) if repeated else None
                    if found is None:
                        raise self._explained(error, repeated) from None
                    return found
                lost = error
            api.claims.forget_before()
            soon = api.http.clock.now() - began <= SOON_SECONDS
            may_go_on = not soon or not (_broke(lost) or _is_turned_away(lost))
            found = self._search(lost, PATIENT_SEARCH_PAUSES if may_go_on else SEARCH_PAUSES)
            if found is not None:
                return found
            if repeated or not soon or not _broke(lost) or not self._identity:
                raise self._lost(lost)
            repeated = True

    def _go_on(self) -> None:
        if self._api.http.stop.is_set():
            raise Stopped(
                "Interrupted",
                "the run was stopped before the integration was created; nothing was sent. Apply again to create it.",
            )

    def _claimed(self, made: Integration) -> Integration:
        if made.id in self._before:
            raise ConflictError(
                "Immuta reports a conflict",
                f"the create was answered with integration {made.id}, which was there before; it was not taken over.",
                status=409,
                existing_id=made.id,
            )
        if not self._api.claims.claim(made.id):
            raise ConflictError(
                "Immuta reports a conflict",
                f"the create was answered with integration {made.id}. {_TWINS}",
                status=409,
            )
        return made

    def _explained(self, refused: ConflictError | ValidationFailedError, repeated: bool) -> ImmutaError:
        """Of some types Immuta says by a failed validation test that there is one already, and not which: the list tells.
        What this run created cannot be imported beside it."""
        if isinstance(refused, ConflictError):
            if refused.existing_id is None or not self._api.claims.has(refused.existing_id):
                return refused
            return ConflictError(refused.summary, f"{refused.detail} {_TWINS}", status=refused.status)
        if not self._identity:
            return refused
        try:
            listed = self._api.list(deadline=self._deadline)
            there = [integration for integration in listed if self._has_same_key(integration)]
        except ImmutaError:
            there = []
        if len(there) == 1:
            id, ours = there[0].id, self._api.claims.has(there[0].id)
            return ConflictError(
                "Immuta reports a conflict",
                f"{refused.said}\n\nIntegration {id} exists already and has the same place in Immuta."
                + (f" {_TWINS}" if ours else ""),
                status=refused.status,
                existing_id=None if ours else id,
            )
        # That it changed nothing holds for the last request alone.
        return self._lost(refused) if repeated else refused

    def _search(self, cause: ImmutaError, pauses: tuple[float, ...]) -> Integration | None:
        """The integration that a POST made whose answer was lost (`cause`), claimed; None when no list up to the last pause
        shows one.

        CreateLost when the search was cut short, or when its last list failed: then nothing is known.
        """
        api = self._api
        for pause in (0.0, *pauses):
            if pause and (
                api.http.clock.now() + pause > self._deadline or api.http.clock.wait(pause, api.http.stop)
            ):
                raise self._lost(cause)
            trouble: ImmutaError | None = None
            try:
                found = self._found()
            except AmbiguousCreate:
                raise
            except ImmutaError as error:
                trouble = error
            else:
                if found is not None:
                    return found
        if trouble is not None:
            raise self._lost(trouble)
        return None

    def _found(self) -> Integration | None:
        api = self._api
        new = [
            integration
            for integration in api.claims.unclaimed(api.fresh_list(deadline=self._deadline), self._before)
            if integration.type in ("", self._type)
        ]
        if not self._identity:
            if new:
                raise self._ambiguous(
                    tuple(new), "integrations of this type cannot be told apart by what Immuta shows"
                )
            return None
        whole = [
            api.get(integration.id, deadline=self._deadline) if integration.config is None else integration
            for integration in new
        ]
        ours = tuple(integration for integration in whole if self._is_same(integration))
        if len(ours) > 1:
            raise self._ambiguous(ours, "several are exactly as it was to be")
        if not ours or not api.claims.claim(ours[0].id):
            return None
        self.adopted = True
        self.warnings.append(
            Note(
                "An integration was recognised after a lost answer",
                f"Immuta's answer to the create did not arrive. Integration {ours[0].id} is new and exactly as it was to be, so "
                "it was taken as the one.",
            )
        )
        return ours[0]

    def _lost(self, error: ImmutaError) -> CreateLost:
        advice = (
            "Apply again: should it have appeared by then, Immuta reports a conflict with its id, and it can be imported."
            if self._identity
            else "Before applying again, look in Immuta for a new integration of this type: nothing tells two of them apart, so "
            "another apply would make a second one. Import the one that is there."
        )
        return CreateLost(
            "It is unknown whether the integration was created",
            f"Immuta's answer to the create did not arrive, and lists after it did not show the integration. {advice}\n\n{error}",
        )

    def _ambiguous(self, candidates: tuple[Integration, ...], why: str) -> AmbiguousCreate:
        ids = ", ".join(integration.id for integration in candidates)
        return AmbiguousCreate(
            "It is unknown which integration was created",
            f"Immuta's answer to the create did not arrive. New since then, with the ids: {ids}; {why}. Look at them in Immuta "
            "and import the one that this run created, or delete it and apply again.",
            candidates=candidates,
        )


def _broke(error: ImmutaError) -> bool:
    """Whether the connection or the server failed outright: nobody gave up waiting, and nothing was claimed to be done."""
    return isinstance(error, ConnectError) or (
        isinstance(error, ServerError) and error.status in (500, 502, 503)
    )


def _is_turned_away(error: ImmutaError) -> bool:
    """Whether something before Immuta refused the request, as far as it says."""
    return isinstance(error, RedirectError) or (
        isinstance(error, ApiError) and 400 <= error.status < 500 and error.status != 408
    )
