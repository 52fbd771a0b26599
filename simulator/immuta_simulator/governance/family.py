"""The family of tags, purposes, policies, projects and domains."""

from __future__ import annotations

from immuta_simulator.governance.rows import ROWS
from immuta_simulator.records.family import RecordFamily


class Governance(RecordFamily):
    rows = ROWS
