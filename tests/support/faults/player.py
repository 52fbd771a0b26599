"""One cell of the table of faults, played through the provider's handlers and then healed."""

from __future__ import annotations

import re

from support.core import Applied, InProcess, Refusal, Value
from support.faults.cell import Cell, Strike
from support.faults.kinds import ACTIONS, telling
from support.faults.life import NEW, OLD, Life
from support.faults.statuses import TURNS, status_of
from support.faults.texts import OF_A_STATUS, assert_facts, detail, plain, summary
from table.row import secret_path

API_KEY = "simulator-api-key"
FOUND_THERE = ("conflict", "exists", "has-already")
"""The errors of a create that finds the object in its place."""


def play(cell: Cell, transport: InProcess) -> None:
    """The cell's verb under its fault, then as many healthy applies as the cell says; asserts it all."""
    transport.reset()
    play = Play(cell, transport)
    play.prepare()
    play.assert_verb(play.life.run())
    play.assert_hit()
    play.heal()


class Play:
    def __init__(self, cell: Cell, transport: InProcess) -> None:
        self.cell = cell
        self.life = Life(cell.row, cell.verb, transport, teardown=cell.teardown)
        self.world, self.control = self.life.world, transport.control
        self.config = cell.row.attributes(self.life.new)
        self.output = ""
        self.has_secret = bool(secret_path(self.life.new))
        # The secrets of this run, which a server may quote in its texts.
        sent = {"create": OLD, "update": NEW}.get(cell.verb, "") if self.has_secret else ""
        passwords = {v for k, v in self.world.environment.items() if k.endswith("_PASSWORD")}
        self.secrets = [API_KEY, *passwords, *([cell.row.secret_form % sent] if sent else [])]

    def prepare(self) -> None:
        """Changes the status as the cell says, and adds the fault."""
        cell = self.cell
        self.control.settings.polls = TURNS.get(cell.verb, 0)
        if cell.call == "server":
            self._meanwhile()
        for strike in cell.strikes:
            self._strike(strike)

    def assert_verb(self, applied: Applied) -> None:
        cell, row = self.cell, self.cell.row
        self._check(applied)
        names = [("warning", name) for name in cell.warnings] + [("error", cell.error)] * bool(cell.error)
        details = [detail(cell, name, self.life.new.get("config", {})) for _, name in names]
        assert [(d.severity, d.summary, d.path) for d in applied.diagnostics] == [
            (severity, summary(row, name, cell.verb), ()) for severity, name in names
        ]
        for (_, name), actual, text in zip(names, applied.diagnostics, details, strict=True):
            if text is None:
                assert_facts(cell, name, actual.detail, self.life.id)
            else:
                assert plain(actual.detail) == text
        assert (self.life.state(), self.life.stored()) == (cell.state, cell.held)
        if cell.error == "teardown":
            assert not self.control.requests()["counts"].get("delete")

    def assert_hit(self) -> None:
        """Checks that each fault befell a request."""
        missed = [fault for fault in self.control.faults() if not fault["hits"]]
        unasked = [refusal for refusal in self.world.transport.refusals if refusal.seen < refusal.call]
        assert (missed, unasked) == ([], [])

    def heal(self) -> None:
        """Applies without faults until everything is as configured."""
        cell, world = self.cell, self.world
        self.control.clear_faults()
        world.transport.refusals.clear()
        if cell.fault == "stuck":
            self.control.alter(cell.row.statuses, "1", {"status": "enabled"})
        self.control.settings.polls = 1
        if cell.fault == "nothing":
            world.environment.update(cell.row.environment)
        way, _, count = cell.more.rpartition("+")
        counts = (0, 1) if count == "≤1" else (int(count),)
        if way == "untaint":
            self._untaint()
        elif way:
            self._import(way)
        if cell.verb == "delete":
            assert self._applies(None) in counts
            assert self.life.stored() in ("-", "disabled")
            assert self._check(world.apply(self.config)).errors == []
            counts = (0,)
        assert self._applies(self.config) in counts
        assert self.life.in_use() == [self.life.new]
        again = self._check(world.apply(self.config, refresh=False))
        assert (again.action, again.diagnostics) == ("none", [])

    def _applies(self, config: Value | None) -> int:
        """The number of applies until nothing is left to do; of destroys if `config` is None."""
        for count in range(4):
            if config is None and self.world.instance is None and not self.life.in_use():
                return count
            applied = self._check(self.world.apply(config))
            assert applied.errors == []
            assert {*applied.warnings} <= {summary(self.cell.row, name) for name in OF_A_STATUS}
            # Only a secret, or a write that may not be whole, is a reason that the values do not show.
            assert self.cell.writes or self.has_secret or applied.announced == []
            if applied.action == "none" and config is not None:
                return count
        raise AssertionError("no end of applies")

    def _untaint(self) -> None:
        """The removal of the tainted object lacks credentials, so that it stays until it is untainted."""
        before = len(self.control.requests()["requests"])
        applied = self._check(self.world.apply(self.config))
        assert applied.errors == [summary(self.cell.row, "teardown")]
        assert "terraform untaint" in applied.diagnostics[-1].detail
        assert {r["operation"] for r in self.control.requests()["requests"][before:]} == {"list"}
        assert self.world.instance is not None
        self.world.instance.tainted = False

    def _import(self, way: str) -> None:
        """Imports the object that an error names (`import`), that the next create finds in its place (`exists`), or that the user
        finds in Immuta as the error advises (`look`)."""
        id = self.life.id or "1"
        if way == "exists" or (way == "import" and self.cell.verb != "import"):
            if way == "exists" or not self._named():
                applied = self._check(self.world.apply(self.config))
                assert applied.errors[0] in [summary(self.cell.row, name) for name in FOUND_THERE]
                assert len(applied.errors) == 1
            assert self._named() == [id], self.output
        assert self._check(self.world.import_(id)).errors == []

    def _named(self) -> list[str]:
        """The ids in the import blocks that errors printed."""
        blocks = rf'import {{\n  to = {self.cell.row.resource}\.NAME\n  id = "(.+)"\n}}'
        return sorted(set(re.findall(blocks, self.output)))

    def _check(self, applied: Applied) -> Applied:
        """Checks what every apply has to fulfil."""
        text = "\n".join(f"{d.summary}: {d.detail}" for d in applied.diagnostics)
        self.output += text
        assert "The provider failed on" not in text, text
        assert not [secret for secret in self.secrets if secret in text], text
        assert len(self.life.in_use()) <= 1, self.life.in_use()
        return applied

    def _meanwhile(self) -> None:
        collection = self.cell.row.statuses
        if self.cell.fault == "removed":
            self.control.remove(collection, "1")
            return
        self.control.settings.deleted_record = "shown"
        self.control.alter(collection, "1", {"status": status_of(self.cell)})
        if self.cell.fault == "deleted":
            self.control.remove(collection, "1")

    def _strike(self, strike: Strike) -> None:
        if strike.fault == "refused":
            self.world.transport.refusals.append(
                Refusal(strike.match["operation"], strike.call, strike.times)
            )
            return
        if strike.fault in ACTIONS:
            action = telling(ACTIONS[strike.fault], " and ".join(self.secrets))
        else:
            action = {"kind": "outcome", "status": status_of(self.cell)}
        self.control.add_fault(
            {"match": dict(strike.match), "action": action, "call": strike.call, "times": strike.times}
        )
