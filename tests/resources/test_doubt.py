"""Updates of records whose outcome is unknown, and whose values Immuta's answers do not show."""

from __future__ import annotations

import pytest
from immuta_provider.model.fields import Routes
from support.worlds import MakeCore
from table import ROWS, changed, numbered, prepare
from table.row import Change, Row


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
    assert [*row.stored(world.control).values()] == [new]

    back = world.apply(row.attributes(old))
    assert back.outcome == ("update", [])
    assert back.announced == [
        "The outcome of the last update is unknown, because its answer was lost or the resource's private state is damaged."
    ]
    assert [*row.stored(world.control).values()] == [old]
    world.assert_settled(row.attributes(old))


BACK = [
    pytest.param(row, change, id=f"{row}-{'-'.join(change)}")
    for row in ROWS
    if isinstance(row.type.life, Routes) and row.type.updatable
    for change in next(iter(row.base.values())).updates
]


@pytest.mark.parametrize(("row", "change"), BACK)
def test_an_update_that_is_refused_after_a_lost_answer_is_in_doubt(
    core: MakeCore, row: Row, change: Change
) -> None:
    """Immuta carried out the first try. An answer that lacks what was taken away does not show that it was stored before."""
    world = core(row.resource)
    prepare(world.control, [row])
    new = numbered(next(iter(row.base.values())).request, 1)
    old = changed(new, numbered(change, 1))
    assert world.apply(row.attributes(old)).diagnostics == []
    stored = row.stored(world.control)
    world.transport.fault("reset-after", method="POST|PUT")
    world.transport.fault("busy", call=2, times=None, method="POST|PUT")
    world.apply(row.attributes(new))
    world.control.clear_faults()

    assert world.apply(row.attributes(old)).errors == []
    assert row.stored(world.control) == stored
    assert world.apply(row.attributes(old)).action == "none"
