"""Every collection, one row each."""

from __future__ import annotations

from immuta_simulator.collections.purposes import PURPOSES
from immuta_simulator.collections.store import Collection
from immuta_simulator.collections.tags import TAGS

ROWS: tuple[Collection, ...] = (TAGS, PURPOSES)
