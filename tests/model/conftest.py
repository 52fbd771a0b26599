from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def samples() -> dict[str, Any]:
    """The sample request of each type in Immuta's Getting Started guide, by resource."""
    loaded: dict[str, Any] = json.loads((Path(__file__).parent / "samples.json").read_text("utf-8"))
    return loaded
