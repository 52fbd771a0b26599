"""A list that concurrent callers share, so that a refresh of a thousand objects of a collection takes one request."""

from __future__ import annotations

from .http.errors import ImmutaError
from .http.single_flight import SingleFlight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .http.clock import Clock


class Listing:
    """The objects of one response, in Immuta's order and by id. `began` is the request's time on the clock."""

    __slots__ = ("all", "began", "by_id")

    def __init__(self, objects: tuple[Any, ...], began: float) -> None:
        self.all = objects
        self.began = began
        self.by_id = {found.id: found for found in objects}


class SharedList:
    """Keeps the result of `fetch` until `invalidate`; thread-safe.

    A caller during a fetch waits for it, at most until the caller's deadline, and shares its listing or its error. Errors are
    not kept. A fetch that started before an `invalidate` does not serve later callers. They wait for its end and share the
    next one, so there is never more than one fetch at a time. `fetch` is called with a deadline; `check` is called before it
    and may raise instead. `collection` names the list in messages.
    """

    def __init__(
        self,
        fetch: Callable[[float | None], tuple[Any, ...]],
        clock: Clock,
        check: Callable[[], None],
        collection: str,
    ) -> None:
        import threading

        self._fetch = fetch
        self._check = check
        self._collection = collection
        self._clock = clock
        self._changed = threading.Condition()
        self._epoch = 0
        self._flight: _Fetch | None = None
        self._latest: _Fetch | None = None

    def invalidate(self) -> int:
        """Makes earlier listings stale. Returns a number of this moment, for `get` and `kept`."""
        with self._changed:
            self._epoch += 1
            return self._epoch

    def kept(self, since: int = 0) -> Listing | None:
        """Returns the latest listing if its fetch started after the moment `since`, else None. Default: any time."""
        with self._changed:
            latest = self._latest
            return latest.listing if latest is not None and latest.epoch >= since else None

    def get(self, since: int | None = None, *, deadline: float | None = None, again: bool = False) -> Listing:
        """Returns a listing whose fetch started after the moment `since`. Default: after the last `invalidate`.

        `deadline` is on the clock; None means no limit. `again` fetches without a `check`.
        """
        with self._changed:
            since = self._epoch if since is None else since
            while True:
                if self._latest is not None and self._latest.epoch >= since:
                    return self._latest.result()
                flight = self._flight
                if flight is None:
                    if not again:
                        self._check()
                    flight = self._flight = _Fetch(self._epoch, deadline, self._collection)
                    break
                flight.wait(self._changed, self._clock, deadline, f"the {self._collection} were listed")
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
    """A fetch under way; `epoch` is the number of invalidations before it."""

    __slots__ = ("collection", "epoch", "listing")

    def __init__(self, epoch: int, deadline: float | None, collection: str) -> None:
        super().__init__(deadline)
        self.epoch = epoch
        self.collection = collection
        self.listing: Listing | None = None

    def result(self) -> Listing:
        if self.listing is not None:
            return self.listing
        raise self.error or ImmutaError(
            f"Immuta's {self.collection} could not be listed", "the request ended early; apply again."
        )
