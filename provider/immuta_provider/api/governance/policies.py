"""Policies, which Immuta shows in other words than it takes."""

from __future__ import annotations

from ..records import RecordsLife

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..found import Found


class PoliciesLife(RecordsLife):
    """A policy's life."""

    def as_requested(self, found: Found) -> dict[str, Any]:
        from .v1_words import policy

        return policy(found.body or {})
