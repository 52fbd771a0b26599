"""How objects of any family live at Immuta: what a family's adapter offers, and what it tells.

A write raises no ImmutaError: it is in the Outcome.
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
        """How objects of one type live at Immuta.

        `values` are the attributes that a route's template may name. A `timeout` is in seconds. The errors of `read` and `list`
        are ImmutaErrors.
        """

        def keep(self, id: str) -> None:
            """The object is in the state of this run."""

        def read(self, id: str, *, warnings: list[Note], values: Mapping[str, Any]) -> Found | None:
            """The object as Immuta has it; None when it is gone. `warnings` gets a note where there is one."""

        def resolve(self, id: str) -> str:
            """The id of the object that an import names by its id or otherwise; the text itself where there is none such."""

        def get(self, id: str, *, values: Mapping[str, Any]) -> Found:
            """The object from its own route; an ImmutaError when it is gone."""

        def doubt(self) -> ImmutaError | None:
            """Why nothing could be created, as far as one list tells that is asked for once a run; None where nothing is against
            it."""

        def list(self) -> Iterable[Found]:
            """All objects, in Immuta's order; one answer serves all who ask until the next write."""

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
            """Create it, unless there is one with this natural key: that one is never taken over.

            `natural_key` is None where nothing visible tells two objects apart. `is_same`: nothing visible of an object
            contradicts the request; `has_same_key`: its natural key is the requested one. `resend`: send the body once more
            to an object that was found after a lost answer, for its secrets.
            """

        def update(
            self, id: str, body: dict[str, Any], *, timeout: float, values: Mapping[str, Any]
        ) -> Outcome:
            """Replace the whole of it."""

        def delete(
            self, id: str, body: dict[str, Any] | None, *, timeout: float, values: Mapping[str, Any]
        ) -> Outcome:
            """Delete it; `Outcome.found` is None only once it is gone."""


class Outcome(Record):
    """How a write ended.

    `found` is what is known to exist afterwards; None after a create means that nothing is known to, after a
    delete that it is gone, and after an update that it was refused and changed nothing. An `error` beside an object
    means that it exists, but not as it should. `adopted`: it was found after a lost answer, and the secrets of the body are
    not certain to have arrived.
    """

    __slots__ = ("adopted", "error", "found", "warnings")
    shown = ("found", "warnings", "error", "adopted")

    def __init__(
        self,
        found: Found | None = None,
        warnings: list[Note] | None = None,
        error: ImmutaError | None = None,
        *,
        adopted: bool = False,
    ) -> None:
        self.found = found
        self.warnings = warnings or []
        self.error = error
        self.adopted = adopted
