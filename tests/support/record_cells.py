"""The faults of records: each request of each verb of a row's life, each fault that may befall it, and the whole outcome.

The requests are those that a verb makes while Immuta is well, so a row gets its cells from its own requests alone.
"""

# ruff: noqa: E501 (a row of the table is a line)
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any, NamedTuple

from immuta_provider.model.fields import Routes
from immuta_simulator.control import Control
from support.core import Applied, Core, InProcess, Value
from support.fault_table import OWN, SUMMARIES
from table import ROWS, changed, numbered, prepare
from table.row import Request, Row

FEW = 20
"""As many planted objects of a collection are enough for one object of a row, and fill one page."""
UUID = re.compile(r"[0-9a-f]{8}(\\-[0-9a-f]{4}){3}\\-[0-9a-f]{12}")
PAGE = re.compile("offset=[1-9]")
RECORDS = [row for row in ROWS if isinstance(row.type.life, Routes)]
HTML = {"kind": "respond", "body": "<html><body>Sign in</body></html>"}
ACTIONS: dict[str, Any] = {
    "reset-before": "reset-before",
    "reset-after": "reset-after",
    "500-after": "server-error-after",
    "truncated": "truncated",
    "slow": {"kind": "delay", "seconds": 120},
    "401": "unauthorized",
    "429": "rate-limited",
    "500": "server-error",
    "503": "unavailable",
    "page-502": "html-502",
    "malformed": "malformed",
    "wrong-shape": "wrong-shape",
    "page-200": {**HTML, "status": 200},
    "403": "forbidden",
    "page-403": {**HTML, "status": 403},
    "404": "not-found",
    "page-404": "html-404",
    "empty-list": "empty-list",
}
OWN_ERRORS = {
    **OWN,
    "503": "failed",
    "page-200": "garbled",
    "page-403": "permission",
    "page-404": "no-api",
    "page-502": "failed",
}
TEXTS = {
    **SUMMARIES,
    "lost": "It is unknown whether the {noun} was created",
    "adopted": "A {noun} was recognised after a lost answer",
    "unread": "The {noun} was {verb}d, but could not be read back",
    "undeleted": "Immuta did not delete the {noun}",
    "unsure": "It is unknown whether the {noun} was deleted",
    "none": "Immuta shows no {noun} at all",
    "exists": "The {noun} exists already",
}
NEXT_STEP = re.compile(r"\b([Cc]heck|[Tt]ry again|[Aa]pply again|[Ll]ist the|needs the Immuta permission)\b")
# A connection that broke is described by the transport, which the tests' own stands in for.
WITHOUT_ANSWER = ("reset-before", "reset-after", "truncated", "slow")

# What passes is tried again; what does not is reported.
PASSING = "reset-before reset-after 500-after truncated slow 401 429 500 503 page-502"
LASTING = "malformed wrong-shape page-200 403 page-403 404 page-404"
# What is certainly not carried out, and what is although no answer says so.
UNDONE = "reset-before 401 429 500 503 page-502"
DONE = "reset-after 500-after truncated slow"

# `verbs : moments | faults | once, or on from there | outcome`. The moments: list, again (a later list), write, and look (the
# record's own route). by-search: the look searches the list. A later line wins. The outcomes:
#   well                            nothing is reported, and the verb is done
#   adopted, unread                 that warning, and the verb is done
#   own                             the fault's own error, and everything is as before
#   lost, none, undeleted, no-api   that error, and everything is as before
#   done                            the fault's own error, but Immuta has carried out the write
#   unsure                          that error, but Immuta has carried out the write
TABLE = f"""
create update delete read gone import : list again  | {PASSING}                                                    | once    | well
create update delete read gone import : list again  | {PASSING}                                                    | on      | own
create update delete read gone import : list again  | {LASTING}                                                    | once on | own
create update delete read gone import : list again  | empty-list                                                   | once on | well
delete read gone import by-search : list            | empty-list                                                   | on      | none
gone by-search : list                               | empty-list                                                   | once    | none
create by-search : list                             | empty-list                                                   | on      | unread

create : write                                      | 401 429                                                      | once    | well
create : write                                      | 401 429                                                      | on      | own
create : write                                      | 403 404                                                      | once on | own
create : write                                      | reset-before 500 503 page-200 page-403 page-404 page-502     | once on | lost
create : write                                      | {DONE} malformed                                             | once on | adopted
create : write                                      | wrong-shape                                                  | once on | well
create update : look                                | {PASSING}                                                    | once    | well
create update : look                                | {PASSING}                                                    | on      | unread
create update : look                                | {LASTING} empty-list                                         | once on | unread

update delete : write                               | {PASSING}                                                    | once    | well
update delete : write                               | {UNDONE}                                                     | on      | own
update delete : write                               | {DONE}                                                       | on      | done
update delete : write                               | malformed                                                    | once on | done
update delete : write                               | wrong-shape                                                  | once on | well
update delete : write                               | page-200 403 page-403 page-404                               | once on | own
update : write                                      | 404                                                          | once on | own
delete : write                                      | 404                                                          | once on | undeleted

delete : look                                       | {PASSING} malformed wrong-shape page-200 page-404            | once    | well
delete : look                                       | {PASSING} malformed wrong-shape page-200 page-404            | on      | unsure
delete : look                                       | 404 empty-list                                               | once on | well
delete : look                                       | 401                                                          | on      | done
delete : look                                       | 403 page-403                                                 | once on | done

gone : look                                         | {PASSING}                                                    | once    | well
gone : look                                         | {PASSING}                                                    | on      | own
gone : look                                         | wrong-shape page-200 403 page-403 page-404                   | once on | own
gone : look                                         | malformed                                                    | once on | no-api
gone by-search : look                               | malformed                                                    | once on | own
gone : look                                         | 404 empty-list                                               | once on | well
"""


def outcomes() -> dict[tuple[str, str, bool, str, str], str]:
    """The outcome for a verb, a moment, a look that searches (or not), a fault, and once or on."""
    found: dict[tuple[str, str, bool, str, str], str] = {}
    for line in filter(None, TABLE.splitlines()):
        where, faults, times, outcome = (part.strip() for part in line.split("|"))
        verbs, _, moments = (part.strip() for part in where.partition(":"))
        searches = (True,) if "by-search" in verbs else (False, True)
        for verb in verbs.removesuffix("by-search").split():
            keys = product([verb], moments.split(), searches, faults.split(), times.split())
            found.update(dict.fromkeys(keys, outcome))
    return found


class Call(NamedTuple):
    """One request of a verb: the `nth` to its path, which is a regular expression."""

    moment: str
    method: str
    path: str
    nth: int


class Cell(NamedTuple):
    row: Row
    verb: str
    call: Call
    fault: str
    often: str
    outcome: str

    @property
    def name(self) -> str:
        return f"{self.row}-{self.verb}-{self.call.moment}{self.call.nth}-{self.fault}-{self.often}"


class Life:
    """One object of a row, up to the moment before a verb."""

    def __init__(self, row: Row, verb: str, transport: InProcess) -> None:
        transport.reset()
        few = {name: objects[:FEW] for name, objects in row.planted.items()}
        prepare(transport.control, [replace(row, planted=few)])
        case = next(iter(row.base.values()))
        old = numbered(case.request, 1)
        self.row, self.verb, self.control = row, verb, transport.control
        self.old: Request = old
        self.new: Request = changed(old, numbered(case.updates[0], 1)) if verb == "update" else old
        self.world = Core(row.resource, transport=transport, environment=row.environment)
        if verb != "create":
            assert self.world.apply(row.attributes(old)).diagnostics == []
            assert self.world.instance is not None
            self.id: str = self.world.instance.state["id"]
        if verb == "gone":
            kept = self.world.instance
            assert self.world.apply(None).diagnostics == []
            self.world.instance = kept
        if verb == "import":
            self.world.instance = None
        self.control.clear_requests()

    def run(self) -> Applied:
        if self.verb in ("create", "update"):
            return self.world.apply(self.row.attributes(self.new))
        if self.verb == "delete":
            return self.world.apply(None)
        return self.world.import_(self.id) if self.verb == "import" else self.world.refresh()

    def calls(self) -> list[Call]:
        """The requests of the verb so far, without the later pages of a list."""
        routes = self.row.type.life
        assert isinstance(routes, Routes)
        list_path, _, list_query = routes.list.partition(" ")[2].partition("?")
        calls: list[Call] = []
        for request in self.control.requests()["requests"]:
            method, query = request["method"], request["query"]
            path = UUID.sub("[^/]+", f"^{re.escape(request['path'])}$")
            nth = 1 + sum((call.method, call.path) == (method, path) for call in calls)
            is_list = (method, request["path"]) == ("GET", list_path) and query.startswith(list_query) and "searchText" not in query
            seen = {call.moment for call in calls}
            if method != "GET":
                moment = "again-write" if "write" in seen else "write"
            elif is_list:
                moment = "page" if PAGE.search(query) else "again" if "list" in seen else "list"
            else:
                moment = "look" if "write" in seen else "ask"
            calls.append(Call(moment, method, path, nth))
        return [call for call in calls if call.moment != "page"]

    def configured(self, values: Value) -> Value:
        """Those of the values that are configured before or after the verb."""
        return {
            name: values.get(name)
            for request in (self.old, self.new)
            for name in self.row.attributes(request)
        }

    def state(self) -> Value | None:
        return None if self.world.instance is None else self.configured(self.world.instance.state)

    def holds(self) -> list[Request]:
        return list(self.row.held(self.control).values())


def cells() -> Iterator[Cell]:
    """Every cell of every row. A KeyError says for what the table has no line."""
    expected = outcomes()
    transport = InProcess(Control())
    for row in RECORDS:
        routes = row.type.life
        assert isinstance(routes, Routes)
        searches = routes.read.partition("?")[0] == routes.list.partition("?")[0]
        updates = ("update",) if next(iter(row.base.values())).updates else ()
        for verb in ("create", *updates, "delete", "read", "gone", "import"):
            life = Life(row, verb, transport)
            assert life.run().diagnostics == []
            for call in life.calls():
                for fault in ACTIONS:
                    if fault == "empty-list" and call.moment == "write":
                        continue
                    for often in ("once", "on"):
                        outcome = expected[verb, call.moment, searches, fault, often]
                        yield Cell(row, verb, call, fault, often, outcome)
    transport.close()


def play(cell: Cell, transport: InProcess) -> None:
    """The verb under the fault, and the applies after Immuta is well again; asserts it all."""
    life = Life(cell.row, cell.verb, transport)
    match = {"method": cell.call.method, "path": cell.call.path}
    times = 1 if cell.often == "once" else None
    life.control.add_fault(
        {"match": match, "action": ACTIONS[cell.fault], "call": cell.call.nth, "times": times}
    )
    applied = life.run()
    assert all(fault["hits"] for fault in life.control.faults())
    assert [(d.severity, d.summary) for d in applied.diagnostics] == reported(cell)
    for each in applied.diagnostics:
        assert_facts(cell, life, each.detail)
    assert (life.state(), life.holds()) == left(cell, life)
    life.control.clear_faults()
    announced = heal(life, fails=cell.outcome in ("own", "none"))
    assert cell.call.moment == "write" or announced == []


def reported(cell: Cell) -> list[tuple[str, str]]:
    if cell.outcome == "well":
        return []
    name = cell.outcome if cell.outcome not in ("own", "done") else OWN_ERRORS[cell.fault]
    severity = "warning" if name in ("adopted", "unread") else "error"
    return [(severity, TEXTS[name].format(noun=cell.row.type.noun, verb=cell.verb))]


def assert_facts(cell: Cell, life: Life, detail: str) -> None:
    """A text names the object, where one is known, and the next step. Only a write leaves a doubt."""
    assert "The provider failed on" not in detail
    assert "simulator-api-key" not in detail
    assert cell.call.moment == "write" or "earlier try" not in detail
    if cell.verb in ("update", "delete", "read", "gone"):
        assert life.id in detail
    if cell.outcome not in ("own", "done"):
        assert cell.row.type.noun in detail.lower()
    elif cell.fault not in WITHOUT_ANSWER:
        assert NEXT_STEP.search(detail), detail


def left(cell: Cell, life: Life) -> tuple[Value | None, list[Request]]:
    """The state, and what Immuta holds."""
    old, new = (life.configured(life.row.attributes(request)) for request in (life.old, life.new))
    before: dict[str, tuple[Value | None, list[Request]]] = {
        "create": (None, []),
        "gone": (old, []),
        "import": (None, [life.old]),
    }
    after: dict[str, tuple[Value | None, list[Request]]] = {"delete": (None, []), "gone": (None, [])}
    was = before.get(cell.verb, (old, [life.old]))
    then = after.get(cell.verb, (new, [life.new]))
    if cell.outcome in ("well", "adopted", "unread"):
        return then
    return (was[0], then[1]) if cell.outcome in ("done", "unsure") else was


def heal(life: Life, *, fails: bool) -> list[str]:
    """One more apply leads to the one object as configured and an empty plan; a failed import is imported again.

    Returns what the plan of that apply announced.
    """
    world, config = life.world, None if life.verb == "delete" else life.row.attributes(life.new)
    if life.verb == "import" and fails:
        exists = world.apply(config)
        assert exists.errors == [TEXTS["exists"].format(noun=life.row.type.noun)]
        assert f'id = "{life.id}"' in exists.diagnostics[-1].detail
        assert world.import_(life.id).diagnostics == []
    healed = world.apply(config)
    assert healed.diagnostics == []
    assert life.holds() == ([] if config is None else [life.new])
    for refresh in (True, False):
        again = world.apply(config, refresh=refresh)
        assert (again.action, again.diagnostics) == ("none", [])
    return healed.announced
