"""An integration as Immuta tells of it, and the results of its validation tests."""

from __future__ import annotations

from ..records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


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


class Integration(Record):
    """An integration as Immuta told of it.

    `config` is None where the answer held none (the answers to writes, and of the status route). `type` and `status` are
    "" and `auto_bootstrap` is None where the answer did not say. The key of a Trino cluster is never in it.
    """

    __slots__ = ("auto_bootstrap", "config", "id", "status", "type", "validation")
    shown = ("id", "type", "status")

    def __init__(
        self,
        id: str,
        type: str = "",
        status: str = "",
        auto_bootstrap: bool | None = None,
        config: dict[str, Any] | None = None,
        validation: Validation | None = None,
    ) -> None:
        self.id = id
        self.type = type
        self.status = status
        self.auto_bootstrap = auto_bootstrap
        self.config = config
        self.validation = validation or Validation()

    def updated(self, newer: Integration) -> Integration:
        """What is known after `newer`, which may know less, was heard of the same integration."""
        return Integration(
            self.id,
            newer.type or self.type,
            newer.status or self.status,
            self.auto_bootstrap if newer.auto_bootstrap is None else newer.auto_bootstrap,
            self.config if newer.config is None else newer.config,
            newer.validation if newer.validation.tests or newer.validation.status else self.validation,
        )
