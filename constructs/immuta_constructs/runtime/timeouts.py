"""The argument `timeouts`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeouts:
    """The longest time that each operation may take, including the wait for Immuta.

    Each is a duration such as `"30s"`, `"10m"` or `"1h30m"`. If nothing else changes, a change here only updates
    Terraform's state and sends nothing to Immuta.

    Args:
        create: longest time for a create. Default: 10 minutes.
        update: longest time for an update. Default: 10 minutes.
        delete: longest time for a delete. Default: 10 minutes.
    """

    create: str | None = None
    update: str | None = None
    delete: str | None = None
