"""The argument `timeouts`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeouts:
    """The time that an operation may take, waiting for Immuta included, before Terraform gives it up.

    Each is a duration such as `"30s"`, `"10m"` or `"1h30m"`. A change here alone is stored in Terraform's state and
    sends nothing to Immuta.

    Args:
        create: for creating it. Default: 10 minutes.
        update: for changing it. Default: 10 minutes.
        delete: for deleting it. Default: 10 minutes.
    """

    create: str | None = None
    update: str | None = None
    delete: str | None = None
