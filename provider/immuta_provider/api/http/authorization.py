"""The `Authorization` header, and its renewal after a 401.

Immuta accepts an API key directly, or a bearer token that the key was exchanged for (its authentication page documents
both). The key is sent directly; after a 401 it is exchanged once for all threads. A bearer token alone cannot be renewed.
"""

from __future__ import annotations

from .errors import AuthenticationError, ImmutaError
from .single_flight import SingleFlight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .clock import Clock
    from .settings import Settings


class Authorization:
    """The current header, shared by all threads."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        import threading

        self._clock = clock
        self._changed = threading.Condition()
        self._exchange: SingleFlight | None = None
        self._header = _header(settings)
        self._refused: tuple[str, AuthenticationError] | None = None
        bearer = self._header.startswith("Bearer ")
        self._key = None if bearer else settings.api_key
        self.setting = (
            "`bearer_token` (IMMUTA_BEARER_TOKEN)" if settings.bearer_token else "`api_key` (IMMUTA_API_KEY)"
        )

    @property
    def header(self) -> str:
        return self._header

    def renew(self, refused: str, exchange: Callable[[str], str], deadline: float | None) -> None:
        """Renews the header after a 401 to the header `refused`. Afterwards the request may be sent once more.

        `exchange` exchanges the API key for a token. If several threads come with the same refused header, one makes the
        exchange and the others wait for it, at most until their own `deadline`. If the exchange fails, all get its error. An
        AuthenticationError is also raised by every later call.
        """
        if self._key is None:
            return
        with self._changed:
            while True:
                if self._header != refused:
                    return
                if self._refused is not None and self._refused[0] == refused:
                    raise self._refused[1]
                flight = self._exchange
                if flight is None:
                    flight = self._exchange = SingleFlight(deadline)
                    break
                flight.wait(self._changed, self._clock, deadline, "a token was requested")
                if flight.error is not None and flight.serves(deadline):
                    raise flight.error
        header = refused
        try:
            header = f"Bearer {exchange(self._key)}"
        except ImmutaError as error:
            flight.error = error
            raise
        finally:
            with self._changed:
                flight.done = True
                self._exchange = None
                self._header = header
                if isinstance(flight.error, AuthenticationError):
                    self._refused = (refused, flight.error)
                self._changed.notify_all()


def _header(settings: Settings) -> str:
    credential = settings.bearer_token or settings.api_key or ""
    if settings.bearer_token and credential[:7].lower() != "bearer ":
        return f"Bearer {credential}"
    return credential
