"""One check: its name, its outcome, and the next step if it is not well."""

from __future__ import annotations

from dataclasses import dataclass

OK = "ok"
WARNING = "warning"
FAILED = "failed"
SKIPPED = "skipped"


@dataclass(frozen=True)
class Check:
    """The outcome of one check.

    `name` is stable: programs read it. `text` says what was found, or why nothing was checked. `advice` is a whole sentence with
    the command or the step that mends it; "" if nothing has to be done.
    """

    name: str
    status: str
    text: str
    advice: str = ""

    @property
    def failed(self) -> bool:
        return self.status == FAILED


def ok(name: str, text: str) -> Check:
    return Check(name, OK, text)


def warning(name: str, text: str, advice: str) -> Check:
    return Check(name, WARNING, text, advice)


def failed(name: str, text: str, advice: str) -> Check:
    return Check(name, FAILED, text, advice)


def skipped(name: str, because: str) -> Check:
    return Check(name, SKIPPED, f"because {because}")
