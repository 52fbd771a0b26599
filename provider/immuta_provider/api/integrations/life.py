"""Creating, updating, deleting and reading one integration, from the first call to the settled end.

Immuta answers a write while the work still runs (`creating`, `editing`, `deleting`), so each is followed by looks at the
integration until it settles. `create`, `update` and `delete` raise no ImmutaError: it is in their Outcome.
"""

from __future__ import annotations

from ..found import Found, Note
from ..http.errors import DeleteFailed, EditFailed, ImmutaError, NotFoundError, SetupFailed
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
    """How integrations live: the work goes on after Immuta's answer, so each write is followed until it settles."""

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

    def update(self, id: str, body: Payload, *, timeout: float, values: Mapping[str, Any]) -> Outcome:
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
    """`POST /integrations`, then wait until it is set up.

    `natural_key` is what Immuta tells integrations of this type apart by, None or () where nothing does; `is_same` says whether
    all that is not secret in an integration is as sent, and `has_same_key` whether its natural_key is the one. `timeout` in
    seconds counts from when the turn of this natural_key has come.

    An interrupted or expired wait is a warning and no error: the integration is fine as far as anybody knows.

    An integration that was found after a lost answer gets the payload once more by PUT if `resend` is set: Immuta shows no
    secrets, so they may be another's. A failure of that is a warning, and the outcome is `adopted`.
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
    """`PUT /integrations/{id}`, then wait until it is carried out.

    A busy integration is waited for inside `timeout` (seconds). An interrupted or expired wait is an error beside the
    integration, because an edit that fails later is rolled back, and with it what the edit was for.

    An error without an integration says that the update was refused, unless its `after_lost` says that an earlier try of it may
    have been carried out.
    """
    return _update(api, id, payload, api.http.clock.now() + timeout)


def _update(api: Integrations, id: str, payload: Payload, deadline: float) -> Outcome:
    try:
        answer = when_idle(api, Integration(id), deadline, lambda: api.put(id, payload, deadline=deadline))
    except ImmutaError as error:
        if error.after_lost:
            error.detail += (
                " The answer to an earlier try of the same update did not arrive, so that one may have been carried out: the "
                "next apply sends the configuration again."
            )
        return Outcome(None, [], error)
    seen = settle(api, _as_sent(id, payload).updated(answer), deadline)
    integration = seen.integration
    if isinstance(seen.ended, NotFoundError) or integration.status == "deleted":
        return Outcome(integration, [], _vanished(integration, EditFailed))
    if seen.ended is not None:
        return Outcome(integration, [], seen.ended)
    # What a failed migration rolled back may have been the edit.
    if integration.status in ("editError", "createError", "migrateError"):
        return Outcome(integration, [], _failed(api, integration, EditFailed))
    return Outcome(integration, _doubts(api, seen, "updated"))


def delete(api: Integrations, id: str, body: Payload | None = None, *, timeout: float) -> Outcome:
    """`DELETE /integrations/{id}`, then wait until it is gone: `Outcome.found` is None only then.

    Gone is what Immuta itself does not know by its id (404 in its own words) and does not list, or what it calls `deleted`;
    one that ends `disabled` is gone with a warning. A busy integration is waited for inside `timeout` (seconds).
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

    leaving = _Leaving(api, known, deadline)
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


class _Leaving:
    """The looks at an integration whose deletion was answered just now."""

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
    """The integration as Immuta has it now; None when it is gone. `warnings` gets a note where there is one.

    It comes from the shared list where it is listed with its configuration, else from its own route. It is gone when it is
    not listed and Immuta says so itself on the id (404 in its own words; a page of some gateway, a bare 404 or an empty list
    prove nothing), or when its status is `deleted` or, with a warning, `disabled`. Any ImmutaError otherwise.
    """
    entry = api.find(id)
    if entry is None or entry.config is None:
        try:
            entry = api.get(id)
        except NotFoundError as error:
            if not error.immutas_own:
                raise
            # A list that shows it, or that shows nothing at all, is asked again before the 404 is believed.
            if (entry is not None or not api.list()) and _listed(api, id) is not None:
                raise
            return None
    if entry.status in GONE:
        if warnings is not None:
            warnings += _disabled(entry)
        return None
    return entry


def _present(api: Integrations, id: str, answered: int, deadline: float) -> Integration | None:
    """One look at an integration whose deletion was answered at the moment `answered`; None when it is gone."""
    try:
        return api.get(id, deadline=deadline, attempts=1)
    except NotFoundError as error:
        if not error.immutas_own:
            raise
        entry = api.deletions.listed(id, answered, deadline)
        return None if entry is None or entry.status == "deleted" else Integration(id)


def _listed(api: Integrations, id: str) -> Integration | None:
    """The entry of a list that starts now."""
    return next((entry for entry in api.fresh_list() if entry.id == id), None)


def _as_sent(id: str, payload: Payload) -> Integration:
    return Integration(id, payload.get("type", ""), auto_bootstrap=payload.get("autoBootstrap"))


def _failed(api: Integrations, integration: Found, kind: type[LifecycleError]) -> LifecycleError:
    summary, detail = _FAILURES[kind]
    quote = api.http.quote_held if kind is DeleteFailed else api.http.quote
    tests = failed_tests(integration.validation, quote)
    status = _shown_status(api, integration)
    return kind(summary, f'integration {integration.id} has the status "{status}". {detail}{tests}')


_FAILURES: dict[type[LifecycleError], tuple[str, str]] = {
    SetupFailed: (
        "Immuta could not set up the integration",
        "It exists and occupies its place, but does not work. Fix what is wrong on the platform or in the configuration, and "
        "apply again.",
    ),
    EditFailed: (
        "Immuta could not update the integration",
        "What it had begun was rolled back. Fix what is wrong on the platform or in the configuration, and apply again.",
    ),
    DeleteFailed: (
        "Immuta could not delete the integration",
        "It was rolled back and is still in use. Check the privileges of the credentials that Immuta deletes it with, and "
        "what was changed on the platform by hand, and try again.",
    ),
}


def _undeleted(api: Integrations, integration: Found) -> DeleteFailed:
    return DeleteFailed(
        "Immuta did not delete the integration",
        f"the request was answered, and {GRACE_SECONDS:.0f} seconds later integration {integration.id} still has the status "
        f'"{_shown_status(api, integration)}". Look at it in Immuta, and try again.',
    )


def _not_sent_again(integration: Found, error: ImmutaError) -> Note:
    return Note(
        "The secrets were not sent again",
        f"integration {integration.id} was recognised by what Immuta shows of it, which its secrets are not. Sending them again "
        f"failed, so the next plan shows an update that does it.\n\n{error}",
    )


def _shown_status(api: Integrations, integration: Found) -> str:
    """A status that is one of Immuta's own words is shown as it is; any other is a text of the server's."""
    status = integration.status
    return status if status in KNOWN else quoted(status, api.http.quote_held)


def _vanished(integration: Found, kind: type[LifecycleError]) -> LifecycleError:
    return kind(
        "The integration disappeared",
        f"Immuta took the request for integration {integration.id} and then did not know it any more. Somebody may have deleted "
        "it meanwhile; apply again.",
    )


def _disabled(integration: Found) -> list[Note]:
    if integration.status != "disabled":
        return []
    return [
        Note(
            "The integration was force-disabled",
            f"integration {integration.id} is no longer in use, and Immuta cleaned up nothing on the platform: what it had made "
            "there must be removed by hand.",
        )
    ]


def _doubts(api: Integrations, seen: Seen, done: str) -> list[Note]:
    """What the user should know of an integration that was created or updated, and is not plainly fine."""
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
                f'integration {integration.id} has the status "{status}". The next plan shows what mends it.{tests}',
            )
        )
    elif integration.status not in KNOWN:
        notes.append(
            Note(
                "The integration has an unknown status",
                f'integration {integration.id} was {done}, and its status is "{status}", which this version does not know. It '
                "was not waited for; look at it in Immuta.",
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
