"""The pytest plugin of the test kit. It imports nothing else of the distribution until a fixture is used."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from immuta_constructs.testing import Deploy, Immuta

SYNTHESIS = "immuta_constructs.testing.synthesis"


@pytest.fixture
def immuta() -> Iterator[Immuta]:
    """A simulated Immuta on 127.0.0.1 that holds nothing of its own, as `immuta_constructs.testing.Immuta`."""
    from immuta_constructs.testing import Immuta

    with Immuta() as running:
        yield running


@pytest.fixture
def deploy(immuta: Immuta, immuta_mirror: Path, tmp_path: Path) -> Deploy:
    """Deploys a stack to the fixture `immuta` with the real Terraform: `deploy(stack)`."""
    from immuta_constructs.testing import Deploy

    return Deploy(tmp_path / "deploy", immuta_mirror, immuta.environment)


@pytest.fixture(scope="session")
def immuta_mirror(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder from which Terraform installs the provider, for all tests of a session."""
    from immuta_provider.distribution import mirror

    folder = tmp_path_factory.mktemp("immuta-mirror")
    mirror.install(folder)
    return folder


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Explains the differences of what `synthesized` returned."""
    synthesis = sys.modules.get(SYNTHESIS)
    return synthesis.explained(left, right) if synthesis is not None and op == "==" else None
