"""Every cell of the table of faults of records, through the provider's handlers."""

from __future__ import annotations

import pytest
from support.core import InProcess
from support.record_cells import Cell, cells, play


@pytest.mark.parametrize("cell", [*cells()], ids=lambda cell: cell.name)
def test_a_cell(cell: Cell, transport: InProcess) -> None:
    play(cell, transport)
