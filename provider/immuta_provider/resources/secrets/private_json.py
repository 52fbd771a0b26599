"""Reads private state as version 0.1.0 wrote it: a JSON object.

Terraform stores no private state for a plan without change, so that this form stays until the next update.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...plugin.paths import Path
    from .fingerprints import Fingerprint


def read(data: bytes) -> tuple[list[Path], dict[str, Fingerprint], bool, list[Path]]:
    """The configured paths, fingerprints, doubt and planned paths. Raises ValueError, TypeError, KeyError, AttributeError or
    RecursionError if `data` is damaged."""
    import json

    value: Any = json.loads(data)
    return (
        _paths(value["configured"]),
        _fingerprints(value["secrets"]),
        _bool(value.get("doubtful", False)),
        _paths(value.get("planned", [])),
    )


def _paths(value: Any) -> list[Path]:
    if not (isinstance(value, list) and all(map(_is_path, value))):
        raise ValueError("not a list of paths")
    return [tuple(path) for path in value]


def _is_path(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(type(step) in (str, int) for step in value)


def _fingerprints(value: Any) -> dict[str, Fingerprint]:
    if not (isinstance(value, dict) and all(isinstance(each, dict) for each in value.values())):
        raise ValueError("not fingerprints by their paths")
    return value


def _bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("not a bool")
    return value
