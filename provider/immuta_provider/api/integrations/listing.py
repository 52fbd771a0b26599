"""One list for all who ask: a refresh of a thousand integrations costs one `GET /integrations`."""

from __future__ import annotations

from ..http.errors import ImmutaError
from ..http.single_flight import SingleFlight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..http.clock import Clock
    from .integration import Integration


class Listing:
    """One answer: every integration, in Immuta's order and by id. `began` is the time on the clock when it was asked for."""

    __slots__ = ("all", "began", "by_id")

    def __init__(self, integrations: tuple[Integration, ...], began: float) -> None:
        self.all = integrations
        self.began = began
        self.by_id = {integration.id: integration for integration in integrations}


class SharedList:
    """Keeps the answer of `fetch` until `invalidate`. Used by many threads.

    Whoever asks while a fetch is under way waits for it, until their own deadline at most, and gets its listing, or its error;
    errors are not kept. A fetch that started before an `invalidate` does not serve those who ask after it: they wait for it to
    end and share the next one, so that there is never more than one at a time. `fetch` is called with a deadline, and `check`
    before it, which may raise in its place.
    """

    def __init__(
        self,
        fetch: Callable[[float | None], tuple[Integration, ...]],
        clock: Clock,
        check: Callable[[], None],
    ) -> None:
        import threading

        self._fetch = fetch
        self._check = check
        self._clock = clock
        self._changed = threading.Condition()
        self._epoch = 0
        self._flight: _Fetch | None = None
        self._latest: _Fetch | None = None

    def invalidate(self) -> int:
        """Make what was listed stale. The number stands for this moment, in `get` and `kept`."""
        with self._changed:
            self._epoch += 1
            return self._epoch

    def kept(self, since: int = 0) -> Listing | None:
        """The latest listing, if its fetch started after the moment `since` (default: whenever it did)."""
        with self._changed:
            latest = self._latest
            return latest.listing if latest is not None and latest.epoch >= since else None

    def get(self, since: int | None = None, *, deadline: float | None = None, again: bool = False) -> Listing:
        """A listing whose fetch started after the moment `since`; None = after the last `invalidate`. `deadline` is on the clock;
        None = as long as it takes. `again`: fetch without a `check`."""
        with self._changed:
            since = self._epoch if since is None else since
            while True:
                if self._latest is not None and self._latest.epoch >= since:
                    return self._latest.result()
                flight = self._flight
                if flight is None:
                    if not again:
                        self._check()
                    flight = self._flight = _Fetch(self._epoch, deadline)
                    break
                flight.wait(self._changed, self._clock, deadline, "the integrations were listed")
                if flight.epoch >= since and flight.serves(deadline):
                    return flight.result()
        try:
            began = self._clock.now()
            flight.listing = Listing(self._fetch(deadline), began)
        except ImmutaError as error:
            flight.error = error
        finally:
            with self._changed:
                flight.done = True
                self._flight = None
                if flight.listing is not None:
                    self._latest = flight
                self._changed.notify_all()
        return flight.result()


class _Fetch(SingleFlight):
    """`epoch` counts the invalidations before it."""

    __slots__ = ("epoch", "listing")

    def __init__(self, epoch: int, deadline: float | None) -> None:
        super().__init__(deadline)
        self.epoch = epoch
        self.listing: Listing | None = None

    def result(self) -> Listing:
        if self.listing is not None:
            return self.listing
        raise self.error or ImmutaError(
            "Immuta's integrations could not be listed", "the call ended early; apply again."
        )
