"""Creates an integration with one POST, and finds the integration again after a lost response.

A list precedes the POST, and POSTs with the same natural key run one after another. After a lost response, an integration is
adopted if it is new, not claimed by this process, and equal to the request. Without a natural key, new integrations are only
reported. A response counts as lost if it has the id of another integration, or one that Immuta does not know afterwards. The
POST is repeated once at most, if its connection soon broke or the server failed outright, and lists over some seconds show
nothing new. It is not repeated after a timeout, since Immuta may still be working.
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
    NotFoundError,
    RedirectError,
    ServerError,
    Stopped,
    ValidationFailedError,
    may_be_done,
)
from ..poll import is_transient

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable
    from typing import Any

    from ..life import Is
    from .integration import Integration
    from .routes import Integrations

    Payload = dict[str, Any]

# Pauses in seconds between the lists that search for a lost create.
SEARCH_PAUSES = (0.5, 1.0, 2.0, 4.0)
# The same after a timeout of the server or of a gateway.
PATIENT_SEARCH_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
# A connection that breaks after more seconds than this may have been cut by a timeout.
SOON_SECONDS = 5.0

_TWINS = twins("integration", "host")


class Creation:
    """One create of an integration. It is used once, while the natural key's lock is held."""

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
        self._cause = "Immuta's answer to the create did not arrive"
        self.warnings: list[Note] = []
        self.adopted = False

    def make(self) -> Integration:
        """Creates the integration and returns it as the response, or the search after a lost response, describes it.

        Raises ConflictError if an integration conflicts and this run does not delete it. Raises CreateLost or AmbiguousCreate
        if the response was lost and the integration was not found. After any other error nothing was created.
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
                made = api.post(self._payload, deadline=self._deadline)
            except ImmutaError as error:
                if not may_be_done(error):
                    if not isinstance(error, ConflictError | ValidationFailedError):
                        raise
                    # The repeated POST may conflict with the integration that the first one created.
                    found = self._search(error, ()) if repeated else None
                    if found is None:
                        raise self._explained(error, repeated) from None
                    return found
                lost = error
            else:
                return self._claimed(made)
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
        """Claims the integration of a response, or else the one that the POST created instead, and returns it."""
        api, id = self._api, made.id
        if id not in self._before and api.claims.claim(id):
            return made
        ours = api.claims.has(id)
        refused = ConflictError(
            "Immuta reports a conflict",
            f"the create was answered with integration {id}"
            + (f". {_TWINS}" if ours else ", which existed before, so it was not adopted."),
            status=409,
            existing_id=None if ours else id,
        )
        api.claims.forget_before()
        self._cause = f"Immuta answered the create with the id of another integration, {id}"
        found = self._search(refused, SEARCH_PAUSES)
        if found is None:
            raise refused if self._identity else self._lost(refused)
        return found

    def instead_of(self, id: str) -> Integration | None:
        """Searches for the integration of a POST that was answered with an id that Immuta does not know afterwards.

        Returns None if the id is listed, or if no list shows a new integration. Raises AmbiguousCreate as `make` does.
        """
        api = self._api
        self._cause = f"Immuta answered the create with integration {id}, which it does not know afterwards"
        # The wait may have used up the create's own time.
        self._deadline = max(self._deadline, api.http.clock.now() + GRACE_SECONDS)
        try:
            listed = api.fresh_list(deadline=self._deadline)
            return None if any(each.id == id for each in listed) else self._found(listed)
        except AmbiguousCreate:
            raise
        except ImmutaError:
            return None

    def _explained(self, refused: ConflictError | ValidationFailedError, repeated: bool) -> ImmutaError:
        """Returns the error for a refused create, with the id of the existing integration.

        For some types Immuta reports an existing integration by a failed validation test without the id, so a list is searched.
        An integration that this run created cannot also be imported.
        """
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
                f"{refused.facts}\n\nIntegration {id} already exists with the same key in Immuta."
                + (f" {_TWINS}" if ours else ""),
                status=refused.status,
                existing_id=None if ours else id,
            )
        # "Changed nothing" is only true of the last request.
        return self._lost(refused) if repeated else refused

    def _search(self, cause: ImmutaError, pauses: tuple[float, ...]) -> Integration | None:
        """Searches for the integration of a POST whose response was lost (`cause`), and claims it.

        Returns None if no list up to the last pause shows it. Raises CreateLost if the search ended early, or if a list failed
        permanently or last.
        """
        api = self._api
        for pause in (0.0, *pauses):
            if pause and (
                api.http.clock.now() + pause > self._deadline or api.http.clock.wait(pause, api.http.stop)
            ):
                raise self._lost(cause)
            trouble: ImmutaError | None = None
            try:
                found = self._found(api.fresh_list(deadline=self._deadline))
            except AmbiguousCreate:
                raise
            except ImmutaError as error:
                if not is_transient(error):
                    raise self._lost(error) from None
                trouble = error
            else:
                if found is not None:
                    return found
        if trouble is not None:
            raise self._lost(trouble)
        return None

    def _found(self, listed: tuple[Integration, ...]) -> Integration | None:
        api = self._api
        new = [
            integration
            for integration in api.claims.unclaimed(listed, self._before)
            if integration.type in ("", self._type)
        ]
        if not self._identity:
            if new:
                raise self._ambiguous(
                    tuple(new), "Immuta shows nothing that distinguishes integrations of this type"
                )
            return None
        ours = tuple(
            whole for each in new if (whole := self._whole(each)) is not None and self._is_same(whole)
        )
        if len(ours) > 1:
            raise self._ambiguous(ours, "several are exactly as configured")
        if not ours or not api.claims.claim(ours[0].id):
            return None
        self.adopted = True
        self.warnings.append(
            Note(
                "An integration was recognised after a lost answer",
                f"{self._cause}. Integration {ours[0].id} is new and exactly as configured, so it was adopted.",
            )
        )
        return ours[0]

    def _whole(self, listed: Integration) -> Integration | None:
        """Returns a listed integration with its configuration; None if it was deleted meanwhile."""
        if listed.config is not None:
            return listed
        try:
            return self._api.get(listed.id, deadline=self._deadline)
        except NotFoundError as error:
            if not error.immutas_own:
                raise
            return None

    def _lost(self, error: ImmutaError) -> CreateLost:
        advice = (
            "Apply again. If it exists by then, Immuta refuses another one and names its id, so it can be imported."
            if self._identity
            else "Before applying again, check Immuta for a new integration of this type. Nothing distinguishes two of them, so "
            "another apply would create a second one. Import the existing one."
        )
        return CreateLost(
            "It is unknown whether the integration was created",
            f"{self._cause}, and later lists did not show the integration. {advice}\n\n{error}",
        )

    def _ambiguous(self, candidates: tuple[Integration, ...], why: str) -> AmbiguousCreate:
        ids = ", ".join(integration.id for integration in candidates)
        return AmbiguousCreate(
            "It is unknown which integration was created",
            f"{self._cause}. The new integrations have the ids {ids}: {why}. Check them in Immuta and import the one that "
            "this run created, or delete it and apply again.",
            candidates=candidates,
        )


def _broke(error: ImmutaError) -> bool:
    """Tells if the connection or the server failed outright: not by a timeout, and without a success response."""
    return isinstance(error, ConnectError) or (
        isinstance(error, ServerError) and error.status in (500, 502, 503)
    )


def _is_turned_away(error: ImmutaError) -> bool:
    """Tells if a gateway before Immuta refused the request."""
    return isinstance(error, RedirectError) or (
        isinstance(error, ApiError) and 400 <= error.status < 500 and error.status != 408
    )
