"""One object of a row, up to the moment before a verb; the same for the lives of all types."""

from __future__ import annotations

from dataclasses import replace

from support.core import Applied, Core, InProcess, Instance, Value
from support.faults.snapshot import Snapshot
from support.terraform_values import without_nulls
from table import changed, numbered, prepare
from table.row import Request, Row, visible

OLD, NEW = "the old: swordfish-1", "the new: swordfish-2"
ENVIRONMENT = {"IMMUTA_FINGERPRINT_KEY": "a key for the tests"}
FEW = 20
"""Planted objects of a collection, which fill one page."""
MADE: dict[tuple[str, str], tuple[Snapshot, Instance | None]] = {}
"""A row's objects and its instance, by the row and their condition; each is made once in a process."""


class Life:
    """An update changes something that Immuta shows, and rotates the secret, if there is one, that it does not."""

    def __init__(self, row: Row, verb: str, transport: InProcess, *, teardown: bool = True) -> None:
        case = row.subject
        bare = numbered(case.request, 1)
        self.row, self.verb, self.control = row, verb, transport.control
        self.old: Request = row.with_secret(bare, OLD)
        self.new: Request = self.old
        if verb == "update":
            self.new = row.with_secret(changed(bare, numbered(case.updates[0], 1)), NEW)
        self.world = Core(row.resource, transport=transport, environment={**ENVIRONMENT, **row.environment})
        self._prepare({"create": "nothing", "gone": "gone"}.get(verb, "there"))
        if not teardown:
            for name in row.environment:
                del self.world.environment[name]
        self.id: str = "" if self.world.instance is None else self.world.instance.state["id"]
        if verb == "import":
            self.world.instance = None
        self.control.clear_requests()

    def _prepare(self, condition: str) -> None:
        row, control, known = self.row, self.control, (self.row.resource, condition)
        control.reset()
        control.settings.polls = 0
        for name, value in row.settings.items():
            setattr(control.settings, name, value)
        if known in MADE:
            snapshot, instance = MADE[known]
            snapshot.restore(control)
            self.world.instance = instance and Instance(instance.state, instance.private)
            return
        few = {name: objects[:FEW] for name, objects in row.planted.items()}
        prepare(control, [replace(row, planted=few)])
        if condition != "nothing":
            assert self.world.apply(row.attributes(self.old)).diagnostics == []
        if condition == "gone":
            kept = self.world.instance
            assert self.world.apply(None).diagnostics == []
            self.world.instance = kept
        MADE[known] = (Snapshot(control), self.world.instance)

    def run(self) -> Applied:
        if self.verb in ("create", "update"):
            return self.world.apply(self.row.attributes(self.new))
        if self.verb == "delete":
            return self.world.apply(None)
        return self.world.import_(self.id) if self.verb == "import" else self.world.refresh()

    def state(self) -> str:
        """The state in the words of `Cell`. What is configured has to be in it as a whole."""
        instance = self.world.instance
        if instance is None:
            return "-"
        shown = (
            self.row.imported(self.old, self.id) if self.verb == "import" else self.row.attributes(self.old)
        )
        age = self._age(self._configured(instance.state), shown, self.row.attributes(self.new))
        status = instance.state["status"] if self.row.statuses else ""
        return _words("tainted" if instance.tainted else "", age, status)

    def stored(self) -> str:
        """The one object that Immuta holds, in the words of `Cell`."""
        objects = self.row.stored(self.control)
        if not objects:
            return "-"
        ((id, request),) = objects.items()
        assert request in (self.old, self.new)
        age = ("old" if request == self.old else "new") if self.verb == "update" else ""
        return _words(age, self._statuses().get(id, ""))

    def in_use(self) -> list[Request]:
        """The requests of the objects that are neither removed nor disabled."""
        statuses = self._statuses()
        return [
            request
            for id, request in self.row.stored(self.control).items()
            if statuses.get(id) not in ("disabled", "deleted")
        ]

    def _statuses(self) -> dict[str, str]:
        collection = self.row.statuses
        return (
            {str(each["id"]): each["status"] for each in self.control.stored(collection)}
            if collection
            else {}
        )

    def _age(self, actual: Value, old: Value, new: Value) -> str:
        is_old = actual == self._configured(old)
        assert is_old or actual == self._configured(new), actual
        return ("old" if is_old else "new") if self.verb == "update" else ""

    def _configured(self, values: Value) -> Value:
        """Those of the values that are configured before or after the verb, and not secret."""
        names = {name for request in (self.old, self.new) for name in self.row.attributes(visible(request))}
        return {name: without_nulls(values.get(name)) for name in names}


def _words(*words: str) -> str:
    return " ".join(filter(None, words)) or "there"
