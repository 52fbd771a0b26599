"""One list for all who ask: a refresh of a thousand integrations costs one `GET /integrations`."""

from __future__ import annotations

from .errors import ImmutaError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .answers import Integration


class Listing:
    """One answer: every integration, in Immuta's order and by id."""

    __slots__ = ("all", "by_id")

    def __init__(self, integrations: tuple[Integration, ...]) -> None:
        self.all = integrations
        self.by_id = {integration.id: integration for integration in integrations}


class SharedList:
    """Keeps the answer of `fetch` until `invalidate`. Used by many threads.

    Whoever asks while a fetch is under way waits for it and gets its listing, or its error; errors are not kept. A fetch that
    started before an `invalidate` does not serve those who ask after it: they wait for it to end and share the next one, so
    that there is never more than one at a time.
    """

    def __init__(self, fetch: Callable[[], tuple[Integration, ...]]) -> None:
        import threading

        self._fetch = fetch
        self._changed = threading.Condition()
        self._epoch = 0
        self._flight: _Flight | None = None
        self._latest: _Flight | None = None

    def invalidate(self) -> int:
        """Make what was listed stale. The number stands for this moment, in `get` and `kept`."""
        with self._changed:
            self._epoch += 1
            return self._epoch

    def kept(self, since: int) -> Listing | None:
        """The latest listing, if its fetch started after the moment `since`."""
        with self._changed:
            latest = self._latest
            return latest.listing if latest is not None and latest.epoch >= since else None

    def get(self, since: int | None = None) -> Listing:
        """A listing whose fetch started after the moment `since`; None = after the last `invalidate`."""
        with self._changed:
            since = self._epoch if since is None else since
            while True:
                if self._latest is not None and self._latest.epoch >= since:
                    return self._latest.result()
                flight = self._flight
                if flight is None:
                    flight = self._flight = _Flight(self._epoch)
                    break
                while not flight.done:
                    self._changed.wait()
                if flight.epoch >= since:
                    return flight.result()
        try:
            flight.listing = Listing(self._fetch())
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


class _Flight:
    """One fetch under way. `epoch` counts the invalidations before it."""

    __slots__ = ("done", "epoch", "error", "listing")

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch
        self.done = False
        self.listing: Listing | None = None
        self.error: ImmutaError | None = None

    def result(self) -> Listing:
        if self.listing is not None:
            return self.listing
        raise self.error or ImmutaError(
            "Immuta's integrations could not be listed", "the call ended early; apply again."
        )
