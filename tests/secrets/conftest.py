from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from immuta_constructs.testing import Immuta
from support.canary_life import API_KEY, Traces
from support.core import Core


@pytest.fixture
def core() -> Iterator[Callable[..., Core]]:
    """Makes a `Core`, and closes every one that it made."""
    made: list[Core] = []

    def make(*arguments: Any, **options: Any) -> Core:
        made.append(Core(*arguments, **options))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def simulator() -> Iterator[Immuta]:
    with Immuta(api_key=API_KEY) as running:
        yield running


@pytest.fixture
def traces(tmp_path: Path, simulator: Immuta) -> Traces:
    return Traces(tmp_path, simulator)
