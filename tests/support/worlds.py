"""Fixtures of Immuta in process, and of Terraform's side of it. The conftest of a folder imports those that its tests use.

A simulator takes longer to make than most tests take to run, so it is used again: healthy, and holding nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from immuta_simulator.control import Control
from support.calls import Calls
from support.core import Core, InProcess
from support.reads import Reads

MakeCore = Callable[..., Core]


@pytest.fixture(scope="session")
def unused_transports() -> Iterator[list[InProcess]]:
    """Simulators that no test uses at the moment."""
    unused: list[InProcess] = []
    yield unused
    for each in unused:
        each.close()


@pytest.fixture
def new_transport(unused_transports: list[InProcess]) -> Iterator[Callable[[], InProcess]]:
    """Returns a simulator of its own for each call."""
    used: list[InProcess] = []

    def take() -> InProcess:
        used.append(unused_transports.pop() if unused_transports else InProcess(Control()))
        return used[-1]

    yield take
    for each in used:
        each.reset()
    unused_transports.extend(used)


@pytest.fixture
def transport(new_transport: Callable[[], InProcess]) -> InProcess:
    """A simulator."""
    return new_transport()


@pytest.fixture
def core(new_transport: Callable[[], InProcess]) -> MakeCore:
    """Makes a `Core`, with a simulator of its own unless `transport` is passed."""

    def make(resource: str, *, transport: InProcess | None = None, **options: Any) -> Core:
        return Core(resource, transport=transport or new_transport(), **options)

    return make


@pytest.fixture
def calls(transport: InProcess) -> Calls:
    """A configured provider, call by call."""
    return Calls(transport)


@pytest.fixture
def reads(transport: InProcess) -> Reads:
    """A configured provider, for data sources, ephemeral resources and functions."""
    return Reads(transport)


__all__ = ["MakeCore", "calls", "core", "new_transport", "reads", "transport", "unused_transports"]
