from __future__ import annotations

from pathlib import Path

import pytest
from immuta_provider.distribution.build import assemble
from support.stand_in import LIBRARIES, Plugin, write_sources


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    return write_sources(tmp_path / "sources")


@pytest.fixture
def plugin(tmp_path: Path, sources: Path) -> Plugin:
    return Plugin(tmp_path, assemble(sources, LIBRARIES))
