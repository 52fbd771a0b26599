"""A family of records, which derives from its rows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from fastapi import APIRouter

from immuta_simulator.family import Claim, Family, Holding, Paths
from immuta_simulator.records.routes import mount, routes_of
from immuta_simulator.records.store import Collection, Records
from immuta_simulator.settings import Settings
from immuta_simulator.storage import Storage


class RecordFamily(Family):
    """A subclass has its collections in `rows`."""

    rows: ClassVar[tuple[Collection, ...]]
    operations = tuple(f"record-{verb}" for verb in ("list", "create", "get", "update", "delete"))

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        cls.permissions = tuple(dict.fromkeys(row.permission for row in cls.rows))
        cls.tags = {row.name.capitalize(): f"Create, read, change and delete {row.name}." for row in cls.rows}

    def __init__(self, settings: Settings, storage: Storage, now: Callable[[], float]) -> None:
        self.holdings = self.collections = {row.name: Records(row, settings, storage) for row in self.rows}
        lock = threading.RLock()
        for records in self.collections.values():
            records.others, records.lock = self.collections, lock
        self.paths = Paths(
            (route.method, route.path, Claim(f"record-{route.verb}", permission=row.permission))
            for row in self.rows
            for route in routes_of(row)
        )

    def joined(self, holdings: Mapping[str, Holding]) -> None:
        for records in self.collections.values():
            records.tenant = holdings

    def routes(self) -> Iterable[APIRouter]:
        return [mount(records) for records in self.collections.values()]
