"""One cell of the table of faults: a row of the test table, a verb, what befalls one of its requests, and the whole outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from immuta_provider.model.fields import Routes
from table.row import Row


class Strike(NamedTuple):
    """A fault at the `call`-th request that matches, and at the next ones up to `times` of them (None: for good)."""

    fault: str
    match: Mapping[str, str]
    call: int
    times: int | None


class Cell(NamedTuple):
    """The expectation of one line of the table for one row, one request and one fault.

    - call: the request that the fault befalls, by the word of its life
    - which: the first such request (`1`), every one, or another choice of its life
    - error, warnings: short names of summaries in `texts.SUMMARIES`
    - state, held: what the state and Immuta hold of the one object. `-` is nothing; otherwise words in this order: `tainted`,
      then `old` or `new` in an update, then the status of a type that has one; `there` where no word is left
    - more: how many healthy applies lead to one object as configured and an empty plan (for a delete: how many destroys to
      nothing); `≤1` is one at most. The word before a plus sign is the way there, see `player`.
    """

    row: Row
    verb: str
    call: str
    fault: str
    which: str
    error: str
    warnings: tuple[str, ...]
    state: str
    held: str
    more: str
    strikes: tuple[Strike, ...] = ()
    teardown: bool = True

    @property
    def name(self) -> str:
        teardown = "" if self.teardown else "-without-teardown"
        return f"{self.verb}-{self.call}-{self.fault}-{self.which}-{short(self.row)}{teardown}"

    @property
    def writes(self) -> bool:
        """True if the fault befalls a request that changes something."""
        return self.call.rstrip("0123456789") in ("write", "create", "update", "delete", "create+list")

    @property
    def outcome(self) -> tuple[object, ...]:
        return self.error, self.warnings, self.state, self.held, self.more, self.teardown


def short(row: Row) -> str:
    """A short name of the row."""
    return next(iter(row.base)).replace(" ", "_")


def life(row: Row) -> str:
    """The name of the row's life, as `resources/lives.py` distinguishes them."""
    return row.type.life.adapter or "records" if isinstance(row.type.life, Routes) else row.type.life
