"""Waiting for Immuta: until an integration settles, and until one is idle enough to be written to."""

from __future__ import annotations

from ..found import Record
from ..http.clock import Pauses
from ..http.errors import (
    ApiError,
    ConflictError,
    ImmutaError,
    NotFoundError,
    NoToken,
    ProtocolError,
    RateLimitedError,
    ServerError,
    Stopped,
    TransportError,
    WaitFailed,
    WaitTimeout,
    may_be_done,
)
from .statuses import KNOWN, TRANSITIONAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..client import Client
    from .integration import Integration


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


def settle(client: Client, known: Integration, deadline: float) -> Seen:
    """Look at an integration that was just written until it is settled: at once, then with growing pauses.

    The first looks read it whole, later ones the status, and then the whole once more at the end. A look that fails in passing
    is repeated, and one that Immuta's 404 keeps answering is taken from the list. The wait ends early with WaitTimeout, Stopped,
    the NotFoundError of an integration that is not listed either, an error that no waiting mends, or WaitFailed. It raises
    nothing.
    """
    pauses = Pauses(client.clock, client.stop, deadline)
    look, looks = client.get, 0
    missing_since: float | None = None
    failures = 0
    while True:
        trouble: ImmutaError | None = None
        seen: Integration | None = None
        try:
            try:
                seen = look(known.id, deadline=deadline, attempts=1)
                missing_since, failures = None, 0
            except NotFoundError as error:
                if not error.immutas_own:
                    raise
                trouble = error
                now = client.clock.now()
                missing_since = now if missing_since is None else missing_since
                if now - missing_since >= GRACE_SECONDS:
                    seen = next((i for i in client.fresh_list(deadline=deadline) if i.id == known.id), None)
                    if seen is None:
                        return Seen(known, ended=error)
        except ImmutaError as error:
            if not passing(error):
                return Seen(known, ended=None if _settled(known) else interrupted(error, known))
            trouble = error
            failures += 1
        # What was just written exists, and would be lost from the state with whatever was not foreseen here.
        except Exception as error:
            return Seen(known, ended=_failed(error, known))
        if seen is not None:
            known = known.updated(seen)
            if known.status not in TRANSITIONAL:
                if look == client.get:
                    return Seen(known, whole=True)
                look = client.get
                continue
            looks += 1
            if looks >= WHOLE_LOOKS:
                look = client.status
        if _settled(known) and failures >= READS_WHEN_SETTLED:
            return Seen(known)
        end = pauses.pause(patience(trouble))
        if end:
            return Seen(known, ended=None if _settled(known) else _ended(end, known, trouble))


def when_idle(
    client: Client, known: Integration, deadline: float, write: Callable[[], Integration]
) -> Integration:
    """The answer of `write`, which is tried again while Immuta is busy with the integration and answers 409.

    WaitTimeout or Stopped when it does not become idle in time, any error of `write` itself, and its ConflictError when the
    integration is not busy and still conflicts.
    """
    pauses = Pauses(client.clock, client.stop, deadline)
    conflicts = 0
    lost = False
    while True:
        try:
            return write()
        except ImmutaError as error:
            lost = error.after_lost = lost or error.after_lost
            if not isinstance(error, ConflictError):
                raise
            lost = lost or may_be_done(error)
            conflicts += 1
            if error.existing_id not in (None, known.id) or conflicts >= IDLE_CONFLICTS:
                raise
        busy = True
        while busy:
            trouble: ImmutaError | None = None
            try:
                known = known.updated(client.status(known.id, deadline=deadline, attempts=1))
                busy = known.status in TRANSITIONAL
            except ImmutaError as error:
                if not passing(error):
                    error = interrupted(error, known)
                    error.after_lost = lost
                    raise error from None
                trouble = error
            if busy and trouble is None:
                conflicts = 0
            end = pauses.pause(patience(trouble))
            if end:
                raise _ended(end, known, trouble)


def passing(error: ImmutaError) -> bool:
    """Whether the same call may well work a little later."""
    if isinstance(error, NotFoundError):
        return not error.immutas_own
    return isinstance(error, TransportError | ServerError | RateLimitedError | ProtocolError | NoToken) or (
        isinstance(error, ApiError) and error.status == 408
    )


def _settled(known: Integration) -> bool:
    return known.status in KNOWN - TRANSITIONAL


def patience(error: ImmutaError | None) -> float:
    """The seconds that Immuta asked to be left alone."""
    if isinstance(error, RateLimitedError | ServerError):
        return error.retry_after or 0.0
    return 0.0


def _ended(end: str, known: Integration, trouble: ImmutaError | None) -> ImmutaError:
    return stopped(known) if end == "stopped" else expired(known, trouble)


def interrupted(error: ImmutaError, known: Integration) -> ImmutaError:
    """The error of a look. One that the stop of the run ended says where the integration was left."""
    return stopped(known) if isinstance(error, Stopped) else error


def stopped(known: Integration) -> Stopped:
    return Stopped(
        "Interrupted", f"the run was stopped while {_state(known)}. Apply again to go on from there."
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
        f"the time was up while {_state(known)}. Apply again to go on from there, or raise the resource's `timeouts`.{last}",
    )


def _state(known: Integration) -> str:
    return (
        f'integration {known.id} was "{known.status}"'
        if known.status
        else f"integration {known.id} was not settled"
    )
