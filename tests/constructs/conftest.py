from __future__ import annotations

from pathlib import Path

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
