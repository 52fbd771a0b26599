from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
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
