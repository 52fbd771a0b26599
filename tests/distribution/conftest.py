from __future__ import annotations

from pathlib import Path

import pytest
from immuta_provider.distribution.build import assemble
from support.stand_in import LIBRARIES, MAIN, Plugin


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    package = tmp_path / "sources" / "immuta_provider"
    package.mkdir(parents=True)
    package.joinpath("__init__.py").write_text('__version__ = "0.1.0"\n')
    package.joinpath("main.py").write_text(MAIN)
    return package.parent


@pytest.fixture
def plugin(tmp_path: Path, sources: Path) -> Plugin:
    return Plugin(tmp_path, assemble(sources, LIBRARIES))
