"""Slashes inside a segment of a path, sent as `%2F`. A decoded path does not tell them from those between segments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

SLASH = "\ufdd0"
"""Stands for such a slash until the parameters of the route are known: a noncharacter of Unicode, which no text has."""


def routed(scope: Mapping[str, Any]) -> str:
    """The decoded path of a request, as the routes match it."""
    parts = re.split(rb"%2[Ff]", scope.get("raw_path") or b"")
    if len(parts) < 2:
        return str(scope["path"])
    return SLASH.join(unquote(part.decode("ascii", "replace")) for part in parts)


def restored(segment: str) -> str:
    """The value that a segment of a routed path stands for."""
    return segment.replace(SLASH, "/")
