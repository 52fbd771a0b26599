from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from immuta_constructs.testing import Immuta
from support.canary_life import API_KEY, Traces
from support.worlds import core, new_transport, unused_transports


@pytest.fixture
def simulator() -> Iterator[Immuta]:
    with Immuta(api_key=API_KEY) as running:
        yield running


@pytest.fixture
def traces(tmp_path: Path, simulator: Immuta) -> Traces:
    return Traces(tmp_path, simulator)


__all__ = ["core", "new_transport", "simulator", "traces", "unused_transports"]
