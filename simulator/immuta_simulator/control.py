"""Reads and changes a running simulator, without HTTP.

The admin routes call the same methods, so a test may use either. Methods may be called from any thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from immuta_simulator.faults import Fault, Faults
from immuta_simulator.integrations.holdings import Change, Planted
from immuta_simulator.integrations.tenant import Tenant, merged
from immuta_simulator.journal import Journal
from immuta_simulator.records.rows import ROWS
from immuta_simulator.records.store import Collection, Collections
from immuta_simulator.refusal import Refusal
from immuta_simulator.settings import Settings
from immuta_simulator.storage import Storage
from immuta_simulator.tokens import Tokens


class Control:
    def __init__(
        self,
        settings: Settings | None = None,
        storage: Storage | None = None,
        *,
        rows: tuple[Collection, ...] = ROWS,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.settings = settings.model_copy() if settings else Settings()
        self.initial = self.settings.model_copy()
        self.tenant = Tenant(self.settings, storage, now=now)
        self.collections = Collections(rows, self.settings, storage)
        self.tokens = Tokens(self.settings, now)
        self.fault_rules = Faults()
        self.journal = Journal()

    def integrations(self) -> list[dict[str, Any]]:
        """Returns the stored integrations: `id, type, autoBootstrap, status, sent, config, validationResults`.

        `sent` is the last accepted payload, unchanged; `config` includes defaults. Secrets are in plain text, but null in the
        `config` of an automatic set-up, which needs them only once.
        """
        return self.tenant.inspect()

    def integration(self, id: str) -> dict[str, Any]:
        return self.tenant.inspect_one(id)

    def plant(self, integration: Mapping[str, Any], id: str | None = None) -> dict[str, Any]:
        """Store an integration without any check; with an id, replace that one or make it."""
        return self.tenant.plant(parsed(Planted, integration), id)

    def alter(self, id: str, change: Mapping[str, Any]) -> dict[str, Any]:
        """Merge-patch an integration's `status`, `config`, `autoBootstrap` or `validationResults` (drift)."""
        return self.tenant.alter(id, parsed(Change, change))

    def remove(self, id: str) -> None:
        """Delete an integration at once, as if someone else had done it."""
        self.tenant.remove(id)

    def records(self, collection: str) -> list[dict[str, Any]]:
        """The records of a collection, such as `tags`."""
        return list(self.collections.of(collection).by_id.values())

    def plant_record(self, collection: str, record: Mapping[str, Any]) -> dict[str, Any]:
        """Store a record without any check."""
        return self.collections.of(collection).add(dict(record))

    def alter_record(self, collection: str, id: str, change: Mapping[str, Any]) -> dict[str, Any]:
        """Merge-patch a record (drift)."""
        records = self.collections.of(collection)
        record = records.numbered(id)
        if record is None:
            raise Refusal(404, f"there is no record {id} in {collection}")
        return records.add(merged(record, dict(change)))

    def remove_record(self, collection: str, id: str) -> None:
        """Delete a record at once, as if someone else had done it."""
        records = self.collections.of(collection)
        record = records.numbered(id)
        if record is None:
            raise Refusal(404, f"there is no record {id} in {collection}")
        records.drop(record)

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
        self.adopt(changed)
        return self.get_settings()

    def adopt(self, settings: Settings) -> None:
        for name in Settings.model_fields:
            setattr(self.settings, name, getattr(settings, name))
        self.tenant.forget_answers()

    def expire_tokens(self) -> None:
        self.tokens.expire()

    def reset(self) -> None:
        """Resets to a new tenant: the initial settings, ids and numbers from 1, and no faults, tokens or requests."""
        self.adopt(self.initial)
        self.tenant.reset()
        self.collections.reset()
        self.tokens.expire()
        self.fault_rules.reset()
        self.clear_requests()

    def close(self) -> None:
        self.tenant.close()


Model = TypeVar("Model", Fault, Settings, Planted, Change)


def parsed(model: type[Model], value: object) -> Model:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        problems = ((".".join(map(str, e["loc"])), e["msg"]) for e in error.errors(include_url=False))
        raise Refusal(
            400, "; ".join(f"{place}: {text}" if place else text for place, text in problems)
        ) from error
