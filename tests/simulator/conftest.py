"""The simulator called in-process, and payloads to begin with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from immuta_constructs.testing import Immuta
from immuta_simulator.control import Control
from support.simulator_client import Client, FakeTime


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
    return {
        "type": "Snowflake",
        "autoBootstrap": True,
        "config": {
            "host": "acme.snowflakecomputing.com",
            "warehouse": "WH",
            "database": "IMMUTA",
            "authenticationType": "userPassword",
            "username": "ADMIN",
            "password": "example-pw",
            "role": "ACCOUNTADMIN",
        },
    }


@pytest.fixture
def s3() -> dict[str, Any]:
    return {
        "type": "Native S3",
        "autoBootstrap": False,
        "config": {
            "name": "lake",
            "awsAccountId": "210987654321",
            "awsRegion": "eu-central-1",
            "awsLocationRole": "arn:aws:iam::210987654321:role/immuta",
            "awsLocationPath": "s3://acme-lake/",
            "authenticationType": "auto",
        },
    }
