from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.simulator import Simulator
from support.terraform import PROGRAMS, Terraform


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator() as running:
        yield running


@pytest.fixture
def one_terraform(tmp_path: Path, simulator: Simulator) -> Terraform:
    """The first Terraform that there is: for what is the provider's doing, whichever Terraform runs it."""
    return _terraform(next(iter(PROGRAMS)), tmp_path, simulator)


@pytest.fixture(params=PROGRAMS)
def terraform(request: pytest.FixtureRequest, tmp_path: Path, simulator: Simulator) -> Terraform:
    """Every Terraform that there is."""
    return _terraform(request.param, tmp_path, simulator)


def _terraform(program: str, folder: Path, simulator: Simulator) -> Terraform:
    environment = {"IMMUTA_HOST": simulator.url, "IMMUTA_API_KEY": simulator.api_key}
    return Terraform(folder, PROGRAMS[program], environment=environment)
