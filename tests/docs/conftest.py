from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from support.simulator import Simulator
from support.terraform import Terraform

Synthesized = Callable[[str], dict[str, Any]]


@pytest.fixture
def synthesized(tmp_path: Path) -> Synthesized:
    """What a Python program's only stack becomes, as data, without cdktf's own notes."""
    numbers = count()

    def run(program: str) -> dict[str, Any]:
        outdir = tmp_path / str(next(numbers))
        assert program.count("App()") == 1
        exec(compile(program.replace("App()", f"App(outdir={str(outdir)!r})"), "example", "exec"), {})
        (stack,) = outdir.glob("stacks/*/cdk.tf.json")
        document: dict[str, Any] = without_notes(json.loads(stack.read_text("utf-8")))
        return document

    return run


def without_notes(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_notes(item) for key, item in value.items() if key != "//"}
    return [without_notes(item) for item in value] if isinstance(value, list) else value


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    with Simulator() as running:
        yield running


@pytest.fixture(scope="session")
def initialized(tmp_path_factory: pytest.TempPathFactory, simulator: Simulator) -> Terraform:
    terraform = Terraform(
        tmp_path_factory.mktemp("docs"),
        environment={"IMMUTA_HOST": simulator.url, "IMMUTA_API_KEY": simulator.api_key},
    )
    terraform.write(
        {"terraform": {"required_providers": {"immuta": {"source": "cdktf-immuta/immuta"}}}}, "versions"
    )
    terraform.ok("init")
    return terraform


@pytest.fixture
def terraform(initialized: Terraform, simulator: Simulator) -> Terraform:
    """Terraform in a folder that knows the provider and holds nothing else, and an Immuta that holds nothing, either."""
    simulator.admin.reset()
    for name in ("main.tf", "terraform.tfstate", "terraform.tfstate.backup", "plan"):
        (initialized.folder / name).unlink(missing_ok=True)
    return initialized
