"""Edits in Immuta of what it shows in other words than the request's, seen by the digest of the last write."""

from __future__ import annotations

from . import digest, report
from .secrets.private_state import PrivateState

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..api.found import Found
    from ..api.http.client import HttpClient
    from ..model.fields import ResourceType
    from ..plugin.interfaces import Object


def compared(type: ResourceType, state: Object, found: Found, client: HttpClient, private: bytes) -> bytes:
    """Says in `state` that the object was edited, if its digest is another than the remembered one. Returns the private state,
    with the actual digest if none was remembered, as after an import."""
    actual = digest.of(type, found.body)
    if not actual:
        return private
    remembered = PrivateState.decode(private)
    if not remembered.digest:
        remembered.digest = actual
        return remembered.encode()
    # An update whose outcome is unknown may have made the difference.
    same = remembered.digest == actual or remembered.doubtful
    state["edited"] = None if same else report.text(description(found.body or {}), client)
    return private


def description(body: Mapping[str, Any]) -> str:
    """Says when an object was edited, and by whom, as far as an answer tells."""
    when, who = body.get("updatedAt"), body.get("updatedByName")
    return " ".join(
        [
            "edited in Immuta",
            *([f"at {when}"] if isinstance(when, str) and when else []),
            *([f"by {who}"] if isinstance(who, str) and who else []),
        ]
    )
