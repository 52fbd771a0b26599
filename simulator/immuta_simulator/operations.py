"""The name of what a request asks for."""

from __future__ import annotations

import re
from typing import Literal, get_args

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


def identify(method: str, path: str) -> tuple[Operation, str]:
    """The operation and the integration's id ("" where there is none)."""
    operation = COLLECTION.get((method, path))
    if operation:
        return operation, ""
    found = MEMBER_PATH.fullmatch(path)
    if not found:
        return "unknown", ""
    return MEMBER.get((method, found[2] or ""), "unknown"), found[1]
