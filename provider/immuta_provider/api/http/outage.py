"""A tenant that is away: one series of tries finds it out for the whole run.

Without it each wave of a refresh would try as long as the first did, which for a thousand integrations takes hours.
"""

from __future__ import annotations

from .errors import ApiError, ImmutaError, TransportError, Unasked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .clock import Clock

# Seconds for which the outcome of a failed series stands. A tenant that comes back is asked again after that time.
KEPT_SECONDS = 30.0


class Outage:
    """What the last series of tries came to. One a client; used by all its threads."""

    def __init__(self, clock: Clock) -> None:
        import threading

        self._clock = clock
        self._lock = threading.Lock()
        self._found: tuple[float, ImmutaError] | None = None
        self._answered = float("-inf")

    def check(self) -> None:
        """Unasked where a series has just failed, and nothing was answered since."""
        with self._lock:
            found = self._found
        if found is None:
            return
        at, error = found
        if self._clock.now() - at > KEPT_SECONDS:
            return
        raise Unasked(
            error.summary,
            f"{error.detail}\n\nThis run found that out for another resource, so it did not ask again for this one. Run it again "
            "when Immuta can be reached.",
        )

    def ended(self, error: ImmutaError, began: float) -> None:
        """A series that began at that time failed as one does whose tenant is away, which it is unless it answered somebody else
        meanwhile."""
        with self._lock:
            if self._answered < began:
                self._found = (self._clock.now(), error)

    def answered(self) -> None:
        """The tenant is there."""
        with self._lock:
            self._found = None
            self._answered = self._clock.now()


def is_away(error: ImmutaError, *, one: bool) -> bool:
    """Whether a request that ended so says that nothing can be asked of the tenant at the moment. Immuta itself may fail on a
    single integration (`one`), which says nothing of others."""
    if isinstance(error, ApiError):
        return error.status in _AWAY or (error.status == 500 and not one)
    return isinstance(error, TransportError)


# Of gateways before a tenant that is away, and of a tenant that can take no more.
_AWAY = frozenset({408, 429, 502, 503, 504})
