"""Updates of records whose outcome is unknown, and whose values Immuta's answers do not show."""

from __future__ import annotations

import pytest
from support.worlds import MakeCore
from table import ROWS, changed, numbered, prepare
from table.row import Row


@pytest.mark.parametrize("row", [row for row in ROWS if row.type.digested], ids=str)
def test_a_lost_update_that_is_taken_back_is_sent_again(core: MakeCore, row: Row) -> None:
    world = core(row.resource)
    prepare(world.control, [row])
    case = next(iter(row.base.values()))
    old = numbered(case.request, 1)
    # The state has the configured value, since Immuta shows the value in other words.
    hidden = next(change for change in case.updates if {*row.type.digested} & {*change})
    new = changed(old, hidden)
    assert world.apply(row.attributes(old)).diagnostics == []
    world.transport.fault("reset-after", method="POST")
    world.transport.fault("html-404", call=2, times=None, method="POST")
    assert world.apply(row.attributes(new)).errors == ["Immuta's API was not found"]
    world.control.clear_faults()
    assert [*row.held(world.control).values()] == [new]

    back = world.apply(row.attributes(old))
    assert back.outcome == ("update", [])
    assert back.announced == [
        "The outcome of the last update is unknown, because its answer was lost or the resource's private state is damaged."
    ]
    assert [*row.held(world.control).values()] == [old]
    world.assert_settled(row.attributes(old))
