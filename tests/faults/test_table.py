"""Every cell of the table of faults through the provider's handlers, on a clock of the tests' own."""

from __future__ import annotations

import pytest
from support.core import InProcess
from support.fault_cells import play
from support.fault_table import Cell, cells


@pytest.mark.parametrize("cell", cells(), ids=lambda cell: cell.name)
def test_a_cell(cell: Cell, transport: InProcess) -> None:
    play(cell, transport)
