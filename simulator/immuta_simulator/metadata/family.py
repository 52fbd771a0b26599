"""The family of data sources."""

from __future__ import annotations

from immuta_simulator.metadata.data_sources import DATA_SOURCES
from immuta_simulator.records.family import RecordFamily


class Metadata(RecordFamily):
    rows = (DATA_SOURCES,)
