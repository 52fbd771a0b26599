"""The table of faults of every row of the test table, and the part of it that `make test` plays."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from immuta_provider.model.fields import Routes
from immuta_simulator.control import Control
from support.core import InProcess
from support.faults import routes, statuses
from support.faults.cell import Cell, life
from support.faults.kinds import LOST
from table import ROWS


@functools.cache
def cells() -> tuple[Cell, ...]:
    """The whole table: every fault of every request of every verb of every row."""
    transport = InProcess(Control())
    made: list[Cell] = []
    for row in ROWS:
        by_routes = isinstance(row.type.life, Routes)
        made += routes.cells(row, transport) if by_routes else statuses.cells(row)
    transport.close()
    assert len({cell.name for cell in made}) == len(made), "a cell is written down twice"
    return tuple(made)


def chosen(cells: Iterable[Cell]) -> list[Cell]:
    """Each outcome that a fault has for a verb in a life, once; and each lost answer to a write, for every row."""
    known: set[tuple[object, ...]] = set()
    found: list[Cell] = []
    for cell in cells:
        kind = (life(cell.row), cell.verb, cell.fault, cell.outcome)
        if kind not in known or (cell.writes and cell.fault in LOST):
            known.add(kind)
            found.append(cell)
    return found
