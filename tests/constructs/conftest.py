from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from immuta_constructs.cdk import App, TerraformStack, Testing


@pytest.fixture
def stack(tmp_path: Path) -> TerraformStack:
    return TerraformStack(App(outdir=str(tmp_path)), "stack")


@pytest.fixture
def synthesize() -> Callable[[TerraformStack], dict[str, Any]]:
    """Returns a synthesized stack as data, without cdktf's comments."""

    def synthesize(stack: TerraformStack) -> dict[str, Any]:
        document: dict[str, Any] = without_notes(json.loads(Testing.synth(stack)))
        return document

    return synthesize


def without_notes(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_notes(item) for key, item in value.items() if key != "//"}
    return [without_notes(item) for item in value] if isinstance(value, list) else value
