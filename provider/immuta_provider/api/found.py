"""Plain values of the client: compared by content, shown without what may be secret."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Record:
    """Equality over the attributes that a subclass names in `__slots__`, and a repr over those in `shown`."""

    __slots__: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and all(
            getattr(self, s) == getattr(other, s) for s in self.__slots__
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{s}={getattr(self, s)!r}' for s in self.shown)})"


class Note(Record):
    """A warning for the user beside a result that stands."""

    __slots__ = ("detail", "summary")
    shown = ("summary", "detail")

    def __init__(self, summary: str, detail: str) -> None:
        self.summary = summary
        self.detail = detail


class ValidationTest(Record):
    """One validation test: `status` is passed, failed, warning or skipped; `message` only when it failed."""

    __slots__ = ("message", "name", "status")
    shown = ("name", "status")

    def __init__(self, name: str, status: str, message: str = "") -> None:
        self.name = name
        self.status = status
        self.message = message


class Validation(Record):
    """The results of the tests that Immuta ran on the platform; empty when it said nothing of them."""

    __slots__ = ("status", "tests")
    shown = ("status", "tests")

    def __init__(self, status: str = "", tests: tuple[ValidationTest, ...] = ()) -> None:
        self.status = status
        self.tests = tests

    @property
    def failed(self) -> tuple[ValidationTest, ...]:
        return tuple(test for test in self.tests if test.status == "failed")


class Found(Record):
    """An object as Immuta told of it.

    `type` and `status` are "" where the answer did not say, and where the family has none. `body` is the whole JSON without
    credentials, and None where the answer held none (the answers to some writes). `tests` are the results of Immuta's
    validation tests.
    """

    __slots__ = ("body", "id", "status", "type", "validation")
    shown = ("id", "type", "status")

    def __init__(
        self,
        id: str,
        type: str = "",
        status: str = "",
        body: dict[str, Any] | None = None,
        validation: Validation | None = None,
    ) -> None:
        self.id = id
        self.type = type
        self.status = status
        self.body = body
        self.validation = validation or Validation()
