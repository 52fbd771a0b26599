"""Value objects of the client. They are compared by content, and their repr shows no secret."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Record:
    """The base class of value objects: equality over the subclass's `__slots__`, and a repr of the attributes in `shown`."""

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
    """A warning for the user about an operation that succeeded."""

    __slots__ = ("detail", "summary")
    shown = ("summary", "detail")

    def __init__(self, summary: str, detail: str) -> None:
        self.summary = summary
        self.detail = detail


class ValidationTest(Record):
    """The result of one validation test. `status` is passed, failed, warning or skipped; only a failed test has a `message`."""

    __slots__ = ("message", "name", "status")
    shown = ("name", "status")

    def __init__(self, name: str, status: str, message: str = "") -> None:
        self.name = name
        self.status = status
        self.message = message


class Validation(Record):
    """The results of the tests that Immuta ran on the platform; empty if the response contains none."""

    __slots__ = ("status", "tests")
    shown = ("status", "tests")

    def __init__(self, status: str = "", tests: tuple[ValidationTest, ...] = ()) -> None:
        self.status = status
        self.tests = tests

    @property
    def failed(self) -> tuple[ValidationTest, ...]:
        return tuple(test for test in self.tests if test.status == "failed")


class Found(Record):
    """An object as a response of Immuta describes it.

    `type` and `status` are "" if the response omits them or the family has none. `body` is the whole JSON without
    credentials; None if the response has no body, as for some writes. `validation` has the results of Immuta's validation
    tests.
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
