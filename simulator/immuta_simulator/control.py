"""Reads and changes a running simulator, without HTTP.

The admin routes call the same methods, so a test may use either. Methods may be called from any thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from immuta_simulator import authentication
from immuta_simulator.families import FAMILIES
from immuta_simulator.family import UNKNOWN, Claim, Family, Holding
from immuta_simulator.faults import Fault, Faults
from immuta_simulator.journal import Journal
from immuta_simulator.refusal import Refusal
from immuta_simulator.settings import Settings
from immuta_simulator.shapes import parsed
from immuta_simulator.storage import Memory, Storage
from immuta_simulator.tokens import Tokens


class Control:
    def __init__(
        self,
        settings: Settings | None = None,
        storage: Storage | None = None,
        *,
        families: tuple[type[Family], ...] = FAMILIES,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.settings = settings.model_copy() if settings else Settings()
        self.initial = self.settings.model_copy()
        self.storage = storage or Memory()
        self.families = tuple(family(self.settings, self.storage, now) for family in families)
        self.holdings = {name: one for family in self.families for name, one in family.holdings.items()}
        for family in self.families:
            family.joined(self.holdings)
        self.tokens = Tokens(self.settings, now)
        self.fault_rules = Faults()
        self.journal = Journal()

    def claim(self, method: str, path: str) -> tuple[Family | None, Claim]:
        """Finds the family of a path. The exchange of the key belongs to none."""
        if (method, path) == ("POST", authentication.PATH):
            return None, Claim(authentication.AUTHENTICATE)
        for family in self.families:
            claim = family.paths.claim(method, path)
            if claim is not None:
                return family, claim
        return None, Claim(UNKNOWN)

    def holding(self, collection: str) -> Holding:
        found = self.holdings.get(collection)
        if found is None:
            raise Refusal(404, f"there is no collection {collection}; there is {', '.join(self.holdings)}")
        return found

    def stored(self, collection: str) -> list[dict[str, Any]]:
        """Returns the stored objects of a collection, such as `integrations` or `tags`, secrets in plain text."""
        return self.holding(collection).inspect()

    def stored_one(self, collection: str, id: str) -> dict[str, Any]:
        return self.holding(collection).inspect_one(id)

    def plant(self, collection: str, object: Mapping[str, Any], id: str | None = None) -> dict[str, Any]:
        """Store an object without any check; with an id, replace that one or make it."""
        return self.holding(collection).plant(object, id)

    def alter(self, collection: str, id: str, change: Mapping[str, Any]) -> dict[str, Any]:
        """Merge-patch an object (drift)."""
        return self.holding(collection).alter(id, change)

    def remove(self, collection: str, id: str) -> None:
        """Delete an object at once, as if someone else had done it."""
        self.holding(collection).remove(id)

    def faults(self) -> list[dict[str, Any]]:
        return [rule.model_dump() for rule in self.fault_rules.rules]

    def add_fault(self, fault: Fault | Mapping[str, Any]) -> dict[str, Any]:
        """Switch a fault on; see `faults.Fault` for the keys. Refuses (400) one that is malformed."""
        rule = fault if isinstance(fault, Fault) else parsed(Fault, fault)
        return self.fault_rules.add(rule).model_dump()

    def remove_fault(self, number: int) -> None:
        if not self.fault_rules.remove(number):
            raise Refusal(404, f"there is no fault {number}")

    def clear_faults(self) -> None:
        self.fault_rules.clear()

    def requests(self, operation: str | None = None) -> dict[str, Any]:
        """`{"counts": {operation: n}, "requests": [...]}`; the list may be narrowed to one operation."""
        return self.journal.to_json(operation)

    def clear_requests(self) -> None:
        self.journal.clear()

    def get_settings(self) -> dict[str, Any]:
        return self.settings.model_dump(exclude={"api_key"})

    def change_settings(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Change some settings; all or none. The API key stays what it was at start."""
        if "api_key" in changes:
            raise Refusal(400, "api_key is fixed when the simulator starts; leave it out")
        changed = parsed(Settings, {**self.settings.model_dump(), **changes})
        permissions = {name for family in self.families for name in family.permissions}
        if unknown := set(changed.missing_permissions) - permissions:
            raise Refusal(
                400,
                f"missing_permissions: there is no {', '.join(sorted(unknown))}; "
                f"there is {', '.join(sorted(permissions))}",
            )
        self.adopt(changed)
        return self.get_settings()

    def adopt(self, settings: Settings) -> None:
        for name in Settings.model_fields:
            setattr(self.settings, name, getattr(settings, name))
        for family in self.families:
            family.settings_changed()

    def expire_tokens(self) -> None:
        self.tokens.expire()

    def reset(self) -> None:
        """Resets to a new tenant: the initial settings, ids and numbers from 1, and no faults, tokens or requests."""
        self.adopt(self.initial)
        for holding in self.holdings.values():
            holding.reset()
        self.tokens.expire()
        self.fault_rules.reset()
        self.clear_requests()

    def close(self) -> None:
        self.storage.close()
