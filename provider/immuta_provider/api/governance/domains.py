"""Domains, whose PUT changes only what it holds."""

from __future__ import annotations

from ..records import RecordsLife

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..life import Outcome
    from ..records import Body


class DomainsLife(RecordsLife):
    """A domain's life. An update sends null for a description that is not configured any more."""

    def update(
        self, id: str, body: Body, *, timeout: float, values: Mapping[str, Any], prior: Mapping[str, Any]
    ) -> Outcome:
        removed = {"description": None} if prior.get("description") else {}
        return super().update(id, {**removed, **body}, timeout=timeout, values=values, prior=prior)
