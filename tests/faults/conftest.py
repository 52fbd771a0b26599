from __future__ import annotations

from collections.abc import Iterator

import pytest
from immuta_simulator.control import Control
from support.core import InProcess


@pytest.fixture(scope="session")
def shared_transport() -> Iterator[InProcess]:
    """One for all tests, since a simulator takes longer to make than a test to run."""
    made = InProcess(Control())
    yield made
    made.close()


@pytest.fixture
def transport(shared_transport: InProcess) -> Iterator[InProcess]:
    """Healthy, and holding nothing."""
    shared_transport.reset()
    yield shared_transport
    shared_transport.reset()
