from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from immuta_simulator.control import Control
from support.adopted import Adopted, Resource, adopt, configurations, synthesized
from support.core import InProcess


@pytest.fixture
def transport() -> Iterator[InProcess]:
    """An Immuta of the test's own."""
    made = InProcess(Control())
    yield made
    made.close()


@pytest.fixture
def adopted(transport: InProcess, tmp_path: Path) -> Callable[..., Adopted]:
    """Writes the program of what that Immuta has."""
    return lambda **options: adopt(transport, tmp_path / "stack", force=True, **options)


@pytest.fixture
def resources(tmp_path: Path) -> Callable[[Adopted], dict[str, Resource]]:
    """The resources of a written program in Python."""
    return lambda program: configurations(synthesized(program.program, tmp_path / "out"))
