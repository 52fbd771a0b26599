"""Checks of the user behind the credential: whether Immuta accepts it, and its permissions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..api.http.client import HttpClient
from ..api.http.errors import ImmutaError
from ..api.http.kind import Kind
from ..api.templates import expanded
from ..model import payload
from ..model.compiled.readings import READINGS
from .check import Check, failed, ok, skipped, warning
from .collections import Collection
from .limits import NETWORK_SECONDS

# The reading of the user who asks: the one that shows permissions.
CURRENT = next(each for each in READINGS if any(field.name == "permissions" for field in each.fields))
PATH = expanded(CURRENT.route, {})[1]


def checks(client: HttpClient, collections: tuple[Collection, ...]) -> Iterator[Check]:
    """The check of the credential, and the one of the permissions, which the collections need."""
    try:
        deadline = client.clock.now() + NETWORK_SECONDS
        answer = client.call("GET", PATH, deadline=deadline, attempts=1, kind=Kind(CURRENT.noun))
    except ImmutaError as error:
        yield failed("credential", error.detail, "")
        yield skipped("permissions", "the check credential failed")
        return
    user = payload.read(CURRENT, client.screen.value(answer)) if isinstance(answer, dict) else {}
    name = user.get("userid")
    if not name:
        yield failed(
            "credential",
            f"the answer to {CURRENT.route} does not name a user, so it is not Immuta's",
            "Check `host` (IMMUTA_HOST).",
        )
        yield skipped("permissions", "the check credential failed")
        return
    yield ok("credential", f"Immuta accepts it for the user {name} ({user.get('iamid')})")
    yield _permissions(user, collections)


def _permissions(user: dict[str, Any], collections: tuple[Collection, ...]) -> Check:
    name = "permissions"
    actual = user.get("permissions")
    if actual is None:
        return skipped(name, f"the answer to {CURRENT.route} does not show them")
    needed: dict[str, list[str]] = {}
    for each in collections:
        needed.setdefault(each.permission, []).extend(type.plural for type in each.types)
    missing = {permission: names for permission, names in needed.items() if permission not in actual}
    if not missing:
        return ok(name, ", ".join(sorted(needed)))
    shown = "; ".join(f"{each} ({', '.join(dict.fromkeys(names))})" for each, names in missing.items())
    return warning(
        name,
        f"the user does not have {shown}",
        "Add the permissions of what you deploy to the user in Immuta.",
    )
