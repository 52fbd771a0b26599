"""Creates, updates, deletes and reads one integration, and waits until it settles.

Immuta answers a write while the work continues (`creating`, `editing`, `deleting`), so each write is followed by polling.
`create`, `update` and `delete` do not raise an ImmutaError, but return it in their Outcome.
"""

from __future__ import annotations

from ..found import Found, Note
from ..http.errors import DeleteFailed, EditFailed, ImmutaError, NotFoundError, SetupFailed
from ..http.ids import is_id
from ..http.quoting import quoted
from ..http.validation import failed_tests
from ..life import Outcome
from ..poll import poll
from .create import Creation
from .integration import Integration
from .poll import GRACE_SECONDS, Seen, ended, interrupted, settle, when_idle
from .statuses import DEGRADED, GONE, KNOWN, TRANSITIONAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    from ..http.errors import LifecycleError
    from ..life import Is
    from .routes import Integrations

    Payload = dict[str, Any]


class IntegrationsLife:
    """The adapter for integrations. Immuta answers a write while the work continues, so each write polls until it settles."""

    def __init__(self, api: Integrations) -> None:
        self._api = api

    def keep(self, id: str) -> None:
        self._api.claims.keep(id)

    def read(self, id: str, *, warnings: list[Note], values: Mapping[str, Any]) -> Integration | None:
        return read(self._api, id, warnings=warnings)

    def resolve(self, id: str) -> str:
        return id

    def get(self, id: str, *, values: Mapping[str, Any]) -> Integration:
        return self._api.get(id)

    def list(self) -> tuple[Integration, ...]:
        return self._api.list()

    def detailed(self, found: Found) -> Found:
        return found

    def doubt(self) -> ImmutaError | None:
        return self._api.doubt()

    def create(
        self,
        body: Payload,
        *,
        natural_key: Hashable | None,
        is_same: Is,
        has_same_key: Is,
        resend: bool,
        timeout: float,
        values: Mapping[str, Any],
    ) -> Outcome:
        return create(
            self._api,
            body,
            natural_key=natural_key,
            is_same=is_same,
            has_same_key=has_same_key,
            resend=resend,
            timeout=timeout,
        )

    def update(
        self, id: str, body: Payload, *, timeout: float, values: Mapping[str, Any], prior: Mapping[str, Any]
    ) -> Outcome:
        return update(self._api, id, body, timeout=timeout)

    def delete(self, id: str, body: Payload | None, *, timeout: float, values: Mapping[str, Any]) -> Outcome:
        return delete(self._api, id, body, timeout=timeout)


def create(
    api: Integrations,
    payload: Payload,
    *,
    natural_key: Hashable | None,
    is_same: Is,
    has_same_key: Is,
    resend: bool = False,
    timeout: float,
) -> Outcome:
    """Sends `POST /integrations` and waits until the integration is set up.

    `natural_key` distinguishes integrations of this type at Immuta; None or () if nothing does. `is_same` tells if every
    non-secret field of an integration is as sent, and `has_same_key` if its natural key is the requested one. `timeout`, in
    seconds, starts when this create gets the natural key's lock.

    An interrupted or expired wait is a warning, not an error, because no failure is known.

    An integration that was found after a lost response gets the payload again by PUT if `resend` is set, since Immuta does not
    show its secrets. If the PUT fails, the outcome has a warning and is `adopted`.
    """
    with api.claims.turn(natural_key):
        deadline = api.http.clock.now() + timeout
        creation = Creation(
            api,
            payload,
            natural_key=natural_key,
            is_same=is_same,
            has_same_key=has_same_key,
            deadline=deadline,
        )
        try:
            made = creation.make()
        except ImmutaError as error:
            return Outcome(None, creation.warnings, error)
    seen = settle(api, _as_sent(made.id, payload).updated(made), deadline)
    if seen.unknown and not api.http.stop.is_set():
        try:
            instead = creation.instead_of(made.id)
        except ImmutaError as error:
            return Outcome(None, creation.warnings, error)
        if instead is not None:
            seen = settle(api, _as_sent(instead.id, payload).updated(instead), deadline)
    integration: Found = seen.integration
    if isinstance(seen.ended, NotFoundError) or integration.status == "deleted":
        return Outcome(integration, creation.warnings, _vanished(integration, SetupFailed))
    if integration.status == "createError":
        return Outcome(integration, creation.warnings, _failed(api, integration, SetupFailed))
    if creation.adopted and resend:
        again = Outcome(integration, error=seen.ended)
        if seen.ended is None:
            again = _update(api, integration.id, payload, deadline)
        if again.error is None:
            return Outcome(again.found, creation.warnings + again.warnings)
        creation.warnings.append(_not_sent_again(integration, again.error))
        integration = again.found or integration
    return Outcome(integration, creation.warnings + _doubts(api, seen, "created"), adopted=creation.adopted)


def update(api: Integrations, id: str, payload: Payload, *, timeout: float) -> Outcome:
    """Sends `PUT /integrations/{id}` and waits until the update is carried out.

    Waits up to `timeout` seconds for a busy integration. An interrupted or expired wait is an error beside the integration,
    because Immuta rolls back an edit that fails later.

    An error without an integration means that Immuta refused the update. If the error has `after_lost`, an earlier attempt may
    have been carried out.
    """
    return _update(api, id, payload, api.http.clock.now() + timeout)


def _update(api: Integrations, id: str, payload: Payload, deadline: float) -> Outcome:
    try:
        answer = when_idle(api, Integration(id), deadline, lambda: api.put(id, payload, deadline=deadline))
    except ImmutaError as error:
        if error.after_lost:
            error.detail += (
                " The answer to an earlier attempt of the same update did not arrive, so that attempt may have been carried out. "
                "The next apply sends the configuration again."
            )
        return Outcome(None, [], error)
    seen = settle(api, _as_sent(id, payload).updated(answer), deadline)
    integration = seen.integration
    if isinstance(seen.ended, NotFoundError) or integration.status == "deleted":
        return Outcome(integration, [], _vanished(integration, EditFailed))
    if seen.ended is not None:
        return Outcome(integration, [], seen.ended)
    # A failed migration may have rolled back the edit.
    if integration.status in ("editError", "createError", "migrateError"):
        return Outcome(integration, [], _failed(api, integration, EditFailed))
    return Outcome(integration, _doubts(api, seen, "updated"))


def delete(api: Integrations, id: str, body: Payload | None = None, *, timeout: float) -> Outcome:
    """Sends `DELETE /integrations/{id}` and waits until the integration is gone; only then is `Outcome.found` None.

    An integration is gone if Immuta itself answers 404 and does not list it, or if its status is `deleted`. It is gone with a
    warning if its status becomes `disabled`. Waits up to `timeout` seconds for a busy integration.
    """
    outcome: Outcome | None = None
    api.deletions.begin(id)
    try:
        outcome = _delete(api, id, body, api.http.clock.now() + timeout)
        return outcome
    finally:
        api.deletions.end(id, gone=outcome is not None and outcome.found is None)


def _delete(api: Integrations, id: str, body: Payload | None, deadline: float) -> Outcome:
    known = Integration(id)
    try:
        known = known.updated(
            when_idle(api, known, deadline, lambda: api.delete(id, body, deadline=deadline))
        )
    except NotFoundError as error:
        if not error.immutas_own:
            return Outcome(known, [], error)
    except ImmutaError as error:
        return Outcome(known, [], error)

    leaving = _Deletion(api, known, deadline)
    try:
        polled = poll(
            leaving.look, until=leaving.is_over, clock=api.http.clock, stop=api.http.stop, deadline=deadline
        )
    except ImmutaError as error:
        return Outcome(leaving.known, [], interrupted(error, leaving.known))
    known = leaving.known
    if known.status in GONE:
        api.claims.release(id)
        return Outcome(None, _disabled(known))
    if known.status == "deleteError":
        return Outcome(known, [], _failed(api, known, DeleteFailed))
    if polled.end:
        return Outcome(known, [], ended(polled.end, known, polled.trouble))
    return Outcome(known, [], _undeleted(api, known))


class _Deletion:
    """Polls an integration whose DELETE was just answered."""

    def __init__(self, api: Integrations, known: Integration, deadline: float) -> None:
        self._api = api
        self._deadline = deadline
        self._answered = api.deletions.now()
        self._settled_since: float | None = None
        self.known = known

    def look(self) -> None:
        seen = _present(self._api, self.known.id, self._answered, self._deadline)
        self.known = self.known.updated(seen or Integration(self.known.id, status="deleted"))
        if self.known.status in TRANSITIONAL or not self.known.status:
            self._settled_since = None
        elif self._settled_since is None:
            self._settled_since = self._api.http.clock.now()

    def is_over(self) -> bool:
        if self.known.status in GONE or self.known.status == "deleteError":
            return True
        since = self._settled_since
        return since is not None and self._api.http.clock.now() - since >= GRACE_SECONDS


def read(api: Integrations, id: str, *, warnings: list[Note] | None = None) -> Integration | None:
    """Returns the integration's actual state; None if it is gone. Notes are appended to `warnings`.

    The result comes from the shared list if the list has its configuration, else from its own route. The integration is gone
    if it is not listed and Immuta itself answers 404. A gateway's page, a bare 404 or an empty list prove nothing. It is also
    gone if its status is `deleted` or, with a warning, `disabled`. An id that cannot be one is gone with a warning. Raises any
    other ImmutaError.
    """
    if not is_id(id):
        if warnings is not None:
            warnings.append(_impossible(id))
        return None
    entry = api.find(id)
    if entry is None or entry.config is None:
        try:
            entry = api.get(id)
        except NotFoundError as error:
            if not error.immutas_own:
                raise
            # If the list has the integration, or is empty, a fresh list has to confirm the 404.
            if (entry is not None or not api.list()) and _listed(api, id) is not None:
                raise
            return None
    if entry.status in GONE:
        if warnings is not None:
            warnings += _disabled(entry)
        return None
    return entry


def _present(api: Integrations, id: str, answered: int, deadline: float) -> Integration | None:
    """Reads an integration whose DELETE was answered at the moment `answered`; returns None if it is gone."""
    try:
        return api.get(id, deadline=deadline, attempts=1)
    except NotFoundError as error:
        if not error.immutas_own:
            raise
        entry = api.deletions.listed(id, answered, deadline)
        return None if entry is None or entry.status == "deleted" else Integration(id)


def _listed(api: Integrations, id: str) -> Integration | None:
    """Returns the integration from a list that starts now; None if it is not listed."""
    return next((entry for entry in api.fresh_list() if entry.id == id), None)


def _as_sent(id: str, payload: Payload) -> Integration:
    return Integration(id, payload.get("type", ""), auto_bootstrap=payload.get("autoBootstrap"))


def _failed(api: Integrations, integration: Found, kind: type[LifecycleError]) -> LifecycleError:
    summary, detail = _FAILURES[kind]
    quote = api.http.quote_stored if kind is DeleteFailed else api.http.quote
    tests = failed_tests(integration.validation, quote)
    status = _shown_status(api, integration)
    return kind(summary, f'integration {integration.id} has the status "{status}". {detail}{tests}')


_FAILURES: dict[type[LifecycleError], tuple[str, str]] = {
    SetupFailed: (
        "Immuta could not set up the integration",
        "It exists and blocks its host, but does not work. Fix the cause on the platform or in the configuration, and apply "
        "again.",
    ),
    EditFailed: (
        "Immuta could not update the integration",
        "The update was rolled back. Fix the cause on the platform or in the configuration, and apply again.",
    ),
    DeleteFailed: (
        "Immuta could not delete the integration",
        "The deletion was rolled back, and the integration is still in use. Check the privileges of the credentials for the "
        "deletion and any manual changes on the platform, and try again.",
    ),
}


def _undeleted(api: Integrations, integration: Found) -> DeleteFailed:
    return DeleteFailed(
        "Immuta did not delete the integration",
        f"{GRACE_SECONDS:.0f} seconds after the answer to the request, integration {integration.id} still has the status "
        f'"{_shown_status(api, integration)}". Check it in Immuta, and try again.',
    )


def _not_sent_again(integration: Found, error: ImmutaError) -> Note:
    return Note(
        "The secrets were not sent again",
        f"integration {integration.id} was recognised by its visible configuration, which does not include its secrets. Sending "
        f"them again failed, so the next plan shows an update that sends them.\n\n{error}",
    )


def _shown_status(api: Integrations, integration: Found) -> str:
    """Returns the status for display; one that is not documented is quoted as a server's text."""
    status = integration.status
    return status if status in KNOWN else quoted(status, api.http.quote_stored)


def _vanished(integration: Found, kind: type[LifecycleError]) -> LifecycleError:
    return kind(
        "The integration disappeared",
        f"Immuta accepted the request for integration {integration.id}, and then answered that it does not exist. It may have "
        "been deleted meanwhile. Apply again.",
    )


def _impossible(id: str) -> Note:
    from urllib.parse import quote

    return Note(
        "No integration can have this id",
        f'Immuta\'s ids are numbers, such as 7, so no integration has the id "{quote(id)}", and the resource counts as deleted. '
        "If Immuta shows its integration under another id, import that one before you apply.",
    )


def _disabled(integration: Found) -> list[Note]:
    if integration.status != "disabled":
        return []
    return [
        Note(
            "The integration was force-disabled",
            f"integration {integration.id} is no longer in use, but Immuta did not clean up the platform. Remove the objects "
            "that it created there by hand.",
        )
    ]


def _doubts(api: Integrations, seen: Seen, done: str) -> list[Note]:
    """Returns the warnings about an integration that was created or updated, but is not certain to be healthy."""
    integration = seen.integration
    status = quoted(integration.status, api.http.quote)
    tests = failed_tests(integration.validation, api.http.quote)
    if seen.ended is not None:
        return [
            Note(
                f"The integration was {done}, but is not ready yet",
                f'it has the id {integration.id}, and the last known status is "{status}". {seen.ended}',
            )
        ]
    notes = []
    if integration.status in DEGRADED | GONE:
        notes.append(
            Note(
                f"The integration was {done}, but is not healthy",
                f'integration {integration.id} has the status "{status}". The next plan shows the repair.{tests}',
            )
        )
    elif integration.status not in KNOWN:
        notes.append(
            Note(
                "The integration has an unknown status",
                f'integration {integration.id} was {done}, and its status "{status}" is unknown to this version of the provider. '
                "The provider did not wait for it. Check it in Immuta.",
            )
        )
    if not seen.whole:
        notes.append(
            Note(
                f"The integration was {done}, but could not be read back",
                f"integration {integration.id} is settled, but reading its configuration failed. The next refresh reads it.",
            )
        )
    return notes
