"""The interface of a family's adapter, which creates, reads, updates and deletes objects at Immuta.

A write does not raise an ImmutaError, but returns the error in its Outcome.
"""

from __future__ import annotations

from .found import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping
    from typing import Any, Protocol

    from .found import Found, Note
    from .http.errors import ImmutaError

    Is = Callable[["Found"], bool]

    class Life(Protocol):
        """Creates, reads, updates and deletes objects of one type.

        `values` are the attributes that a route's template may name. A `timeout` is in seconds. `read` and `list` raise
        ImmutaErrors.
        """

        def keep(self, id: str) -> None:
            """Records that the object is in the state of this run."""

        def read(self, id: str, *, warnings: list[Note], values: Mapping[str, Any]) -> Found | None:
            """Returns the object's actual state; None if it is gone. Notes are appended to `warnings`."""

        def resolve(self, id: str) -> str:
            """Returns the id of the object that an import id refers to; the import id itself if there is no such object."""

        def get(self, id: str, *, values: Mapping[str, Any]) -> Found:
            """Returns the object from its own route; raises an ImmutaError if it is gone."""

        def doubt(self) -> ImmutaError | None:
            """Returns the error of one list, requested once a run, that would make a create fail; None if the list succeeds."""

        def list(self) -> Iterable[Found]:
            """Returns all objects in Immuta's order. All callers share one response until the next write."""

        def detailed(self, found: Found) -> Found:
            """Returns an object of `list` with what the list does not show. Raises ImmutaErrors."""

        def create(
            self,
            body: dict[str, Any],
            *,
            natural_key: Hashable | None,
            is_same: Is,
            has_same_key: Is,
            resend: bool,
            timeout: float,
            values: Mapping[str, Any],
        ) -> Outcome:
            """Creates the object. An existing object with this natural key is a conflict, and is never adopted.

            `natural_key` is None if objects of the type have none. `is_same` tells if no visible field of an object differs
            from the request. `has_same_key` tells if its natural key is the requested one. `resend` sends the body again to an
            object that was found after a lost response, since its secrets are not visible.
            """

        def update(
            self,
            id: str,
            body: dict[str, Any],
            *,
            timeout: float,
            values: Mapping[str, Any],
            prior: Mapping[str, Any],
        ) -> Outcome:
            """Replaces the whole object. `prior` are the attributes before the update."""

        def delete(
            self, id: str, body: dict[str, Any] | None, *, timeout: float, values: Mapping[str, Any]
        ) -> Outcome:
            """Deletes the object; `Outcome.found` is None only if it is gone."""


class Untranslatable(Exception):
    """Immuta shows something that has no certain form in a request. The text says it in lower case, without a full stop."""


class Outcome(Record):
    """The result of a write.

    `found` is the object that is known to exist afterwards. None means after a create that no object is known to exist, after
    a delete that the object is gone, and after an update that Immuta refused it and changed nothing. With both `found` and
    `error`, the object exists, but not as requested. `adopted`: the object was found after a lost response, and its secrets
    may differ from the request's. `unfinished`: Immuta took the request and perhaps did not store all of it, which no read may
    show, so the request has to be sent again.
    """

    __slots__ = ("adopted", "error", "found", "unfinished", "warnings")
    shown = ("found", "warnings", "error", "adopted", "unfinished")

    def __init__(
        self,
        found: Found | None = None,
        warnings: list[Note] | None = None,
        error: ImmutaError | None = None,
        *,
        adopted: bool = False,
        unfinished: bool = False,
    ) -> None:
        self.found = found
        self.warnings = warnings or []
        self.error = error
        self.adopted = adopted
        self.unfinished = unfinished
