"""One stored integration."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

TRANSITIONAL = frozenset({"creating", "editing", "deleting", "migrating"})
UNUSED = frozenset({"deleted", "disabled"})
"""Statuses in which an integration no longer occupies its host."""


@dataclass(slots=True)
class Pending:
    """A transition in progress."""

    outcome: str
    looks: int
    """The number of reads that still show the transitional status; -1 for a transition by time."""
    until: float
    """The end in seconds since the epoch; 0 for a transition by reads."""
    before: dict[str, Any] | None = None
    """The state to which a failed edit is rolled back."""


@dataclass(slots=True)
class Record:
    """An integration, secrets included."""

    id: int
    type: str
    automatic: bool
    sent: Any
    """The last accepted payload, unchanged."""
    config: dict[str, Any]
    """The payload's `config` with defaults."""
    status: str
    validation: dict[str, Any]
    pending: Pending | None = None
    place: str = field(default="", compare=False, repr=False)
    """The unique key of the integration in the tenant's index."""
    shown: bytes = field(default=b"", compare=False, repr=False)
    """The answer to GET, kept until something changes."""

    def to_json(self) -> dict[str, Any]:
        out = asdict(self)
        del out["shown"], out["place"]
        return out

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Record:
        pending = stored.pop("pending")
        return cls(**stored, pending=Pending(**pending) if pending else None)
