"""The names of operations."""

from __future__ import annotations

from immuta_simulator.authentication import AUTHENTICATE
from immuta_simulator.families import FAMILIES
from immuta_simulator.family import UNKNOWN

OPERATIONS: tuple[str, ...] = tuple(
    dict.fromkeys((*(name for family in FAMILIES for name in family.operations), AUTHENTICATE, UNKNOWN))
)
