"""The families of objects. No other common module knows one."""

from __future__ import annotations

from immuta_simulator.family import Family
from immuta_simulator.governance.family import Governance
from immuta_simulator.integrations.family import Integrations
from immuta_simulator.metadata.family import Metadata
from immuta_simulator.people.family import People

FAMILIES: tuple[type[Family], ...] = (Integrations, Governance, People, Metadata)
