from __future__ import annotations

from collections.abc import Iterator

import pytest
from immuta_simulator.control import Control
from immuta_simulator.settings import Settings
from support.core import InProcess
from support.reads import Reads


@pytest.fixture
def transport() -> Iterator[InProcess]:
    made = InProcess(Control(Settings(polls=0)))
    yield made
    made.close()


@pytest.fixture
def reads(transport: InProcess) -> Reads:
    return Reads(transport)
