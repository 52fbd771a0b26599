"""Waiting for Immuta: until an integration settles, and until one is idle enough to be written to."""

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


# How long an integration that was just written may answer 404 before that is believed.
GRACE_SECONDS = 30.0
# So many looks read the integration whole: a quick set-up then needs no further call. Later ones ask for the status alone.
WHOLE_LOOKS = 3
# A settled integration that cannot be read whole is read so often before it is left at what is known.
READS_WHEN_SETTLED = 5
# A conflict on an integration that is not busy is believed after so many tries.
IDLE_CONFLICTS = 3


class Seen(Record):
    """What a wait came to.

    `ended` says why it ended before the integration settled, None when it did settle; `whole` whether the integration was
    read with its configuration at the end.
    """

    __slots__ = ("ended", "integration", "whole")
    shown = ("integration", "ended", "whole")

    def __init__(
        self, integration: Integration, *, ended: ImmutaError | None = None, whole: bool = False
    ) -> None:
        self.integration = integration
        self.ended = ended
        self.whole = whole


def settle(api: Integrations, known: Integration, deadline: float) -> Seen:
    """Look at an integration that was just written until it is settled: at once, then with growing pauses.

    The first looks read it whole, later ones the status, and then the whole once more at the end. A look that fails in passing
    is repeated, and one that Immuta's 404 keeps answering is taken from the list. The wait ends early with WaitTimeout, Stopped,
    the NotFoundError of an integration that is not listed either, an error that no waiting mends, or WaitFailed. It raises
    nothing.
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
    # What was just written exists, and would be lost from the state with whatever was not foreseen here.
    except Exception as error:
        return Seen(settling.known, ended=_failed(error, settling.known))
    if settling.is_gone:
        early = settling.missing
    elif _settled(settling.known):
        early = None
    return Seen(settling.known, ended=early, whole=settling.is_whole)


class _Settling:
    """The looks at an integration that settles. `missing` is Immuta's 404, as long as it answers with one."""

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
        """The integration; None while Immuta does not know it, or does not know it any more."""
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
    """The answer of `write`, which is tried again while Immuta is busy with the integration and answers 409.

    WaitTimeout or Stopped when it does not become idle in time, any error of `write` itself, and its ConflictError when the
    integration is not busy and still conflicts.
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
    """The attempts to write, each once the integration is idle. `lost`: an attempt without a usable answer may have been carried
    out; `error` is the one of `write` that no waiting mends."""

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
    """The error of a look. One that the stop of the run ended says where the integration was left."""
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
        f"{type(error).__name__} at {place}, while {_state(known)}. This is a mistake in the provider: apply again to go on from "
        "there, and report the line above with the log of a run with TF_LOG=DEBUG.",
    )


def expired(known: Integration, trouble: ImmutaError | None) -> WaitTimeout:
    last = "" if trouble is None else f"\n\nThe last look at it failed: {trouble}"
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
