from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import generate_constructs
import pytest
from immuta_constructs import ImmutaProvider
from immuta_constructs.cdk import App, TerraformStack


@pytest.fixture
def empty_stack(tmp_path: Path) -> TerraformStack:
    return TerraformStack(App(outdir=str(tmp_path)), "stack")


@pytest.fixture
def stack(empty_stack: TerraformStack) -> TerraformStack:
    """A stack with the provider, without which nothing of Immuta's can be synthesized."""
    ImmutaProvider(empty_stack, "immuta")
    return empty_stack


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Any]:
    """Runs the text of a generated module, formatted as the generator writes it, as a module of the package."""

    def run(name: str, text: str) -> Any:
        file = f"{name.replace('.', '/')}.py"
        module = ModuleType(f"immuta_constructs.{name}")
        module.__package__ = module.__name__.rpartition(".")[0]
        monkeypatch.setitem(sys.modules, module.__name__, module)
        exec(compile(generate_constructs.formatted({file: text})[file], file, "exec"), module.__dict__)
        return module

    return run
