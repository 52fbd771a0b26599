from __future__ import annotations

from pathlib import Path

import pytest
from immuta_constructs.testing import Immuta
from support.terraform import PROGRAMS, Terraform


@pytest.fixture
def one_terraform(tmp_path: Path, immuta: Immuta) -> Terraform:
    """The first Terraform that there is: for what is the provider's doing, whichever Terraform runs it."""
    return _terraform(next(iter(PROGRAMS)), tmp_path, immuta)


@pytest.fixture(params=PROGRAMS)
def terraform(request: pytest.FixtureRequest, tmp_path: Path, immuta: Immuta) -> Terraform:
    """Every Terraform that there is."""
    return _terraform(request.param, tmp_path, immuta)


def _terraform(program: str, folder: Path, immuta: Immuta) -> Terraform:
    return Terraform(folder, PROGRAMS[program], environment=immuta.environment)
