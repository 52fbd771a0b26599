from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from immuta_constructs import testing
from immuta_constructs.testing import Immuta
from support.terraform import Terraform

Synthesized = Callable[[str], dict[str, Any]]


@pytest.fixture
def synthesized(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Synthesized:
    """Synthesizes the only stack of a Python program, as data without cdktf's own notes."""
    numbers = count()

    def run(program: str) -> dict[str, Any]:
        monkeypatch.setenv("CDKTF_OUTDIR", str(tmp_path / str(next(numbers))))
        names: dict[str, Any] = {}
        exec(compile(program, "example", "exec"), names)
        (stack,) = names["app"].node.children
        return testing.synthesized(stack)

    return run


@pytest.fixture(scope="session")
def simulator() -> Iterator[Immuta]:
    with Immuta() as running:
        yield running


@pytest.fixture(scope="session")
def initialized(tmp_path_factory: pytest.TempPathFactory, simulator: Immuta) -> Terraform:
    terraform = Terraform(
        tmp_path_factory.mktemp("docs"),
        environment=simulator.environment,
    )
    terraform.write(
        {"terraform": {"required_providers": {"immuta": {"source": "cdktf-immuta/immuta"}}}}, "versions"
    )
    terraform.ok("init")
    return terraform


@pytest.fixture
def terraform(initialized: Terraform, simulator: Immuta) -> Terraform:
    """Terraform in a folder that has nothing but the provider, and an Immuta without objects."""
    simulator.reset()
    for name in ("main.tf", "terraform.tfstate", "terraform.tfstate.backup", "plan"):
        (initialized.folder / name).unlink(missing_ok=True)
    return initialized
