"""The simulator called in-process and on a socket, and two requests of the table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from immuta_constructs.testing import Immuta
from immuta_simulator.control import Control
from support.simulator_client import Client, FakeTime
from table import numbered
from table.integrations import BASES


@pytest.fixture(scope="session")
def shared_client() -> Iterator[Client]:
    """Made once: an application takes longer to build than most tests to run."""
    time = FakeTime()
    client = Client(Control(now=time), time)
    yield client
    client.close()


@pytest.fixture
def client(shared_client: Client) -> Client:
    shared_client.time.reset()
    shared_client.control.reset()
    return shared_client


@pytest.fixture(scope="module")
def running() -> Iterator[Immuta]:
    """On a real socket, for a whole module."""
    with Immuta() as simulator:
        yield simulator


@pytest.fixture
def simulator(running: Immuta) -> Immuta:
    running.reset()
    return running


@pytest.fixture
def snowflake() -> dict[str, Any]:
    request: dict[str, Any] = numbered(BASES["snowflake"], 1)
    return request


@pytest.fixture
def s3() -> dict[str, Any]:
    request: dict[str, Any] = numbered(BASES["s3"], 1)
    return request
