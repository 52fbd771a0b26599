"""Detects an unavailable tenant once for the whole run, with one series of attempts.

Otherwise each resource of a refresh would make its own attempts, which for a thousand integrations takes hours.
"""

from __future__ import annotations

from .errors import ApiError, ImmutaError, TransportError, Unasked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .clock import Clock

# Seconds after a failed series during which no request is sent.
KEPT_SECONDS = 30.0


class Outage:
    """The outcome of the last series of attempts of one client; thread-safe."""

    def __init__(self, clock: Clock) -> None:
        import threading

        self._clock = clock
        self._lock = threading.Lock()
        self._found: tuple[float, ImmutaError] | None = None
        self._answered = float("-inf")

    def check(self) -> None:
        """Raises Unasked if a series has just failed and there was no response since."""
        with self._lock:
            found = self._found
        if found is None:
            return
        at, error = found
        if self._clock.now() - at > KEPT_SECONDS:
            return
        raise Unasked(
            error.summary,
            f"{error.detail}\n\nThe error was found for another resource, so no request was sent for this one. Run it again "
            "when Immuta can be reached.",
        )

    def ended(self, error: ImmutaError, began: float) -> None:
        """Records a failed series. If another call has had a response since `began`, the tenant counts as available."""
        with self._lock:
            if self._answered < began:
                self._found = (self._clock.now(), error)

    def answered(self) -> None:
        """Records a response of the tenant."""
        with self._lock:
            self._found = None
            self._answered = self._clock.now()


def is_away(error: ImmutaError, *, one: bool) -> bool:
    """Tells if the error means that the tenant is unavailable.

    Immuta may fail for a single integration (`one`), which proves nothing about others.
    """
    if isinstance(error, ApiError):
        return error.status in _AWAY or (error.status == 500 and not one)
    return isinstance(error, TransportError)


# The statuses of a gateway before an unavailable tenant, and of an overloaded tenant.
_AWAY = frozenset({408, 429, 502, 503, 504})
