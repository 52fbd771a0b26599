"""Every collection: the rows of each family."""

from __future__ import annotations

from immuta_simulator.governance import rows as governance
from immuta_simulator.records.store import Collection

ROWS: tuple[Collection, ...] = (*governance.ROWS,)
