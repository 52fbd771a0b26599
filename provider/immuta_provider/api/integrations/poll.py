"""Waits until an integration settles, and until a busy integration can be written."""

from __future__ import annotations

from ..found import Record
from ..http.errors import (
    ConflictError,
    ImmutaError,
    NotFoundError,
    Stopped,
    WaitFailed,
    WaitTimeout,
    may_be_done,
)
from ..poll import poll
from .statuses import KNOWN, TRANSITIONAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .integration import Integration
    from .routes import Integrations


# Seconds after a write during which a 404 is not taken as proof that the integration is gone.
GRACE_SECONDS = 30.0
# The first N polls use GET /{id}, so a quick set-up needs no further call; later ones use GET /{id}/status.
WHOLE_LOOKS = 3
# Attempts to read the configuration of a settled integration.
READS_WHEN_SETTLED = 5
# Attempts to write to an integration that is not busy, but answers with a conflict.
IDLE_CONFLICTS = 3


class Seen(Record):
    """The result of a wait.

    `ended` is the error that ended the wait before the integration settled; None if it settled. `whole` tells if the
    configuration was read at the end, and `unknown` if Immuta's last response is that it does not know the integration.
    """

    __slots__ = ("ended", "integration", "unknown", "whole")
    shown = ("integration", "ended", "whole", "unknown")

    def __init__(
        self,
        integration: Integration,
        *,
        ended: ImmutaError | None = None,
        whole: bool = False,
        unknown: bool = False,
    ) -> None:
        self.integration = integration
        self.ended = ended
        self.whole = whole
        self.unknown = unknown


def settle(api: Integrations, known: Integration, deadline: float) -> Seen:
    """Polls an integration that was just written until it settles: at once, and then with growing pauses.

    The first polls read the configuration, later ones only the status, and a last one the configuration again. A poll with a
    transient error is repeated. If Immuta keeps answering 404, the list is read instead. The wait ends early with WaitTimeout,
    Stopped, NotFoundError (not listed either), a permanent error, or WaitFailed. It raises no exception.
    """
    settling = _Settling(api, known, deadline)
    early: ImmutaError | None = None
    try:
        polled = poll(
            settling.look, until=settling.is_over, clock=api.http.clock, stop=api.http.stop, deadline=deadline
        )
        if polled.end:
            early = ended(polled.end, settling.known, polled.trouble or settling.missing)
    except ImmutaError as error:
        early = interrupted(error, settling.known)
    # The object exists. An unexpected exception would lose it from the state.
    except Exception as error:
        return Seen(settling.known, ended=_failed(error, settling.known))
    if settling.is_gone:
        early = settling.missing
    elif _settled(settling.known):
        early = None
    return Seen(settling.known, ended=early, whole=settling.is_whole, unknown=settling.missing is not None)


class _Settling:
    """Polls an integration that settles. `missing` is Immuta's last response, if that is a 404."""

    def __init__(self, api: Integrations, known: Integration, deadline: float) -> None:
        self._api = api
        self._deadline = deadline
        self._read = api.get
        self._looks = 0
        self._failures = 0
        self._missing_since = 0.0
        self.known = known
        self.missing: NotFoundError | None = None
        self.is_gone = False
        self.is_whole = False

    def look(self) -> None:
        try:
            seen = self._seen()
        except ImmutaError:
            self._failures += 1
            raise
        if seen is None:
            return
        self.known = self.known.updated(seen)
        if self.known.status in TRANSITIONAL:
            self._looks += 1
            if self._looks >= WHOLE_LOOKS:
                self._read = self._api.status
        elif self._read == self._api.get:
            self.is_whole = True
        else:
            self._read = self._api.get
            self.look()

    def is_over(self) -> bool:
        gives_up = _settled(self.known) and self._failures >= READS_WHEN_SETTLED
        return self.is_whole or self.is_gone or gives_up

    def _seen(self) -> Integration | None:
        """Returns the integration; None while Immuta answers 404."""
        try:
            seen = self._read(self.known.id, deadline=self._deadline, attempts=1)
        except NotFoundError as error:
            if not error.immutas_own:
                raise
            now = self._api.http.clock.now()
            if self.missing is None:
                self._missing_since = now
            self.missing = error
            if now - self._missing_since < GRACE_SECONDS:
                return None
            listed = self._api.fresh_list(deadline=self._deadline)
            entry = next((each for each in listed if each.id == self.known.id), None)
            self.is_gone = entry is None
            return entry
        self.missing = None
        self._failures = 0
        return seen


def when_idle(
    api: Integrations, known: Integration, deadline: float, write: Callable[[], Integration]
) -> Integration:
    """Calls `write` until Immuta is no longer busy with the integration (409), and returns the result of `write`.

    Raises WaitTimeout or Stopped if the integration does not become idle in time, and any error of `write` itself. Raises its
    ConflictError if the integration is not busy.
    """
    attempts = _Attempts(api, known, deadline, write)
    try:
        polled = poll(
            attempts.look, until=attempts.is_over, clock=api.http.clock, stop=api.http.stop, deadline=deadline
        )
    except ImmutaError as error:
        error = interrupted(error, attempts.known)
        error.after_lost = attempts.lost
        raise error from None
    if attempts.error is not None:
        raise attempts.error
    if attempts.answer is None:
        raise ended(polled.end, attempts.known, polled.trouble)
    return attempts.answer


class _Attempts:
    """The attempts to write, each after the integration became idle.

    `lost`: an attempt with a lost response may have been carried out. `error` is a permanent error of `write`.
    """

    def __init__(
        self, api: Integrations, known: Integration, deadline: float, write: Callable[[], Integration]
    ) -> None:
        self._api = api
        self._deadline = deadline
        self._write = write
        self._conflicts = 0
        self._busy = False
        self.known = known
        self.lost = False
        self.answer: Integration | None = None
        self.error: ImmutaError | None = None

    def look(self) -> None:
        if not self._busy:
            self._attempt()
            if self.is_over():
                return
            self._busy = True
        self.known = self.known.updated(self._api.status(self.known.id, deadline=self._deadline, attempts=1))
        self._busy = self.known.status in TRANSITIONAL
        if self._busy:
            self._conflicts = 0

    def is_over(self) -> bool:
        return self.answer is not None or self.error is not None

    def _attempt(self) -> None:
        try:
            self.answer = self._write()
        except ImmutaError as error:
            self.lost = error.after_lost = self.lost or error.after_lost
            is_conflict = isinstance(error, ConflictError)
            if is_conflict:
                self.lost = self.lost or may_be_done(error)
                self._conflicts += 1
            elsewhere = isinstance(error, ConflictError) and error.existing_id not in (None, self.known.id)
            if not is_conflict or elsewhere or self._conflicts >= IDLE_CONFLICTS:
                self.error = error


def _settled(known: Integration) -> bool:
    return known.status in KNOWN - TRANSITIONAL


def ended(end: str, known: Integration, trouble: ImmutaError | None) -> ImmutaError:
    return stopped(known) if end == "stopped" else expired(known, trouble)


def interrupted(error: ImmutaError, known: Integration) -> ImmutaError:
    """Returns the error of a poll; one that was caused by a stop is extended with the integration's last status."""
    return stopped(known) if isinstance(error, Stopped) else error


def stopped(known: Integration) -> Stopped:
    return Stopped(
        "Interrupted",
        f"the run was stopped while {_state(known)}. Run the same command again to go on from there.",
    )


def _failed(error: Exception, known: Integration) -> WaitFailed:
    import traceback

    frame, line = list(traceback.walk_tb(error.__traceback__))[-1]
    place = f"{frame.f_globals.get('__name__', '?')}:{line}"
    return WaitFailed(
        "The provider failed while it waited",
        f"{type(error).__name__} at {place}, while {_state(known)}. This is a bug of the provider. Apply again to continue, and "
        "report this text with the log of a run with TF_LOG=DEBUG.",
    )


def expired(known: Integration, trouble: ImmutaError | None) -> WaitTimeout:
    last = "" if trouble is None else f"\n\nThe last read of it failed: {trouble}"
    return WaitTimeout(
        "Immuta needs longer than the timeout",
        f"the time was up while {_state(known)}. Run the same command again to go on from there. To have it wait longer, raise "
        f"the resource's `timeouts`; a destroy takes them from the state, so apply them before it.{last}",
    )


def _state(known: Integration) -> str:
    return (
        f'integration {known.id} was "{known.status}"'
        if known.status
        else f"integration {known.id} was not settled"
    )
