"""Every collection, one row each."""

from __future__ import annotations

from immuta_simulator.governance.tags import TAGS
from immuta_simulator.records.store import Collection

ROWS: tuple[Collection, ...] = (TAGS,)
