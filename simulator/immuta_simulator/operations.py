"""The names of operations."""

from __future__ import annotations

import re
from typing import Literal, get_args

from immuta_simulator.records.rows import ROWS

Operation = Literal[
    "list",
    "create",
    "get",
    "status",
    "update",
    "delete",
    "regenerate",
    "script-create",
    "script-initial-create",
    "script-cleanup",
    "script-post-cleanup",
    "script-delete",
    "script-edit",
    "authenticate",
    "record-list",
    "record-create",
    "record-get",
    "record-update",
    "record-delete",
    "unknown",
]
OPERATIONS: tuple[Operation, ...] = get_args(Operation)

COLLECTION: dict[tuple[str, str], Operation] = {
    ("GET", "/integrations"): "list",
    ("POST", "/integrations"): "create",
    ("POST", "/integrations/scripts/create"): "script-create",
    ("POST", "/integrations/scripts/initial-create"): "script-initial-create",
    ("POST", "/integrations/scripts/cleanup"): "script-cleanup",
    ("POST", "/integrations/scripts/post-cleanup"): "script-post-cleanup",
    ("POST", "/bim/apikey/authenticate"): "authenticate",
}
MEMBER: dict[tuple[str, str], Operation] = {
    ("GET", ""): "get",
    ("PUT", ""): "update",
    ("DELETE", ""): "delete",
    ("GET", "/status"): "status",
    ("POST", "/regenerate"): "regenerate",
    ("POST", "/scripts/delete"): "script-delete",
    ("POST", "/scripts/edit"): "script-edit",
}
MEMBER_PATH = re.compile(r"/integrations/([^/]+)(/status|/regenerate|/scripts/delete|/scripts/edit)?")


RECORD_PATHS: dict[str, str] = {row.path: row.name for row in ROWS}
UPSERT_PATHS: dict[str, str] = {row.upsert.path: row.name for row in ROWS if row.upsert}
RECORD: dict[tuple[str, bool], Operation] = {
    ("GET", False): "record-list",
    ("POST", False): "record-create",
    ("GET", True): "record-get",
    ("PUT", True): "record-update",
    ("DELETE", True): "record-delete",
}


def of_record(method: str, path: str) -> Operation | None:
    if path in UPSERT_PATHS:
        return "record-create" if method == "POST" else None
    if path in RECORD_PATHS:
        return RECORD.get((method, False))
    if path.rpartition("/")[0] in RECORD_PATHS:
        return RECORD.get((method, True))
    return None


def permission_of(path: str) -> str:
    """Returns the permission that a path requires; "" for that of the integrations."""
    for row in ROWS:
        if path == row.path or path.startswith(f"{row.path}/") or (row.upsert and path == row.upsert.path):
            return row.permission
    return ""


def identify(method: str, path: str) -> tuple[Operation, str]:
    """Returns the operation and the integration's id ("" if there is none)."""
    operation = COLLECTION.get((method, path)) or of_record(method, path)
    if operation:
        return operation, ""
    found = MEMBER_PATH.fullmatch(path)
    if not found:
        return "unknown", ""
    return MEMBER.get((method, found[2] or ""), "unknown"), found[1]
