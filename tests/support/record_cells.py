"""The faults of records: each request of each verb of a row's life, each fault that may befall it, and the whole outcome.

The requests are those that a verb makes while Immuta is well, so a row gets its cells from its own requests alone.
"""

# ruff: noqa: E501 (a row of the table is a line)
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
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
    "empty-list": "garbled",
}
TEXTS = {
    **SUMMARIES,
    "lost": "It is unknown whether the {noun} was created",
    "adopted": "The {noun} was recognised after a lost answer",
    "unread": "The {noun} was {verb}d, but could not be read back",
    "undeleted": "Immuta did not delete the {noun}",
    "unsure": "It is unknown whether the {noun} was deleted",
    "none": "Immuta shows no {noun} at all",
    "recognised": "The {noun} was recognised after a lost answer",
    "no-owner": "Immuta does not know the {owner}",
    "kept": "Immuta did not remove the {noun}",
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

VERBS = frozenset({"create", "update", "delete", "read", "gone", "import"})
# `verbs : moments | faults | once, or on from there | outcome`. The moments: list, again (a later list), write, look (the record's
# own route after a write), ask (before one, or without) and detail (every other route). A later line wins. Behind the verbs may
# stand a fact of the row, whose line is for such rows alone: see `facts`. The outcomes:
#   well                            nothing is reported, and the verb is done
#   adopted, recognised, unread     that warning, and the verb is done
#   own                             the fault's own error, and everything is as before
#   lost, none, undeleted, no-api, no-owner, kept   that error, and everything is as before
#   done                            the fault's own error, but Immuta has carried out the write
#   unsure                          that error, but Immuta has carried out the write
#   true                            not played: the answer reads exactly as the truth would
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

create update delete read gone import : ask detail  | {PASSING}                                                    | once    | well
create update delete read gone import : ask detail  | {PASSING}                                                    | on      | own
create update delete read gone import : ask detail  | {LASTING} empty-list                                         | once on | own

# What the list does not show is gone if its own route says so too. An empty answer proves it if the collection has others.
gone : ask                                          | malformed                                                    | once on | no-api
gone by-search : ask                                | malformed                                                    | once on | own
gone : ask                                          | 404                                                          | once on | well
gone : ask                                          | empty-list                                                   | once on | none
gone full : ask                                     | empty-list                                                   | once on | well

# What is created with an id of its own choice or by a PUT is sent again.
create repeats : write                              | reset-before 500 503 page-502                                | once    | well
create puts : write                                 | reset-after 500-after truncated slow                         | once    | well

# A user is updated in parts: those that Immuta does not show, or all.
update users : ask                                  | 404 empty-list                                               | once    | well
update users : ask                                  | 404 empty-list                                               | on      | unread

# An owner whose own route does not know it, and whom the list of owners shows, is not gone.
gone owned : ask                                    | malformed 404 empty-list                                     | once on | own
create attributes : ask write                       | 404                                                          | once on | no-owner
import attributes : ask                             | 404 wrong-shape                                              | once    | well
import user-attributes : ask                        | 404 wrong-shape                                              | on      | well
delete owned : look                                 | 404                                                          | once on | done
delete attributes : look                            | slow                                                         | once    | unsure
delete attributes : look                            | empty-list                                                   | once    | well
delete attributes : look                            | empty-list                                                   | on      | unsure
create delete read gone import members : ask        | empty-list                                                   | once    | well
create members : ask                                | empty-list                                                   | on      | unread
gone members : ask                                  | empty-list                                                   | on      | well
gone members : detail                               | wrong-shape 404 empty-list                                   | once on | well
delete read import members : ask                    | empty-list                                                   | on      | true

# The external ids are a part of a user, who is read before and after.
create update external_ids : write                  | 500-after reset-after truncated slow malformed               | on      | recognised
create update external_ids : write                  | malformed                                                    | once    | recognised
create update external_ids : write                  | reset-before 500 503 page-502                                | on      | own
create external_ids : write                         | page-200 page-403 page-404 404                               | once on | own
create update import external_ids : ask             | 404                                                          | once on | no-owner
delete external_ids : ask                           | 404                                                          | once on | kept
delete external_ids : write                         | {DONE} malformed                                             | once on | well
delete external_ids : write                         | 404                                                          | once on | own
delete external_ids : look                          | {PASSING}                                                    | on      | done
delete external_ids : look                          | malformed wrong-shape page-200 page-404 empty-list           | once on | done

# The details of a data source are of another route, and do not change.
create s3 : detail                                  | {PASSING}                                                    | on      | unread
create s3 : detail                                  | malformed page-200 403 page-403 page-404                     | once on | unread
create delete read s3 : detail                      | 404 wrong-shape                                              | once on | well
delete read s3 : ask                                | 404 wrong-shape                                              | once on | well
create s3 : detail                                  | empty-list                                                   | once on | unread
delete s3 : ask                                     | wrong-shape                                                  | on      | unsure
# The first of two requests disables, and the second removes.
delete s3 : write                                   | malformed                                                    | once on | own
import s3 : ask detail                              | 404 wrong-shape                                              | once on | true
import projects : detail                            | empty-list                                                   | once on | well
"""


class Line(NamedTuple):
    """One line of the table."""

    verbs: frozenset[str]
    facts: frozenset[str]
    moments: list[str]
    faults: list[str]
    times: list[str]
    outcome: str


def lines() -> Iterator[Line]:
    for line in TABLE.splitlines():
        if not line or line.startswith("#"):
            continue
        where, faults, times, outcome = (part.strip() for part in line.split("|"))
        words, _, moments = where.partition(":")
        verbs = frozenset(words.split())
        yield Line(verbs & VERBS, verbs - VERBS, moments.split(), faults.split(), times.split(), outcome)


LINES = [*lines()][::-1]


def expected(row: Row, verb: str, moment: str, fault: str, often: str) -> str:
    """The outcome in the last line for them. StopIteration says that the table has none."""
    known = facts(row)
    return next(
        line.outcome
        for line in LINES
        if verb in line.verbs
        and line.facts <= known
        and moment in line.moments
        and fault in line.faults
        and often in line.times
    )


def facts(row: Row) -> frozenset[str]:
    """by-search: the record's route searches the list. full: Immuta has such objects of its own. puts, repeats: the create is a
    PUT, or one with an id of its own choice. owned: the objects are read with their owner. And the adapter's name."""
    routes = row.type.life
    assert isinstance(routes, Routes)
    puts, owned = routes.create.startswith("PUT"), routes.adapter in ("attributes", "members")
    known = {
        "by-search": routes.read.partition("?")[0] == routes.list.partition("?")[0],
        "full": row.type.noun in ("tag", "purpose", "user"),
        "puts": puts,
        "repeats": puts or routes.chooses_id,
        "owned": owned,
        "user-attributes": row.type.noun == "user attribute",
        routes.adapter: True,
    }
    return frozenset(name for name, holds in known.items() if holds)


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
        own = re.compile(re.sub("{[^}]*}", "[^/]+", routes.read.partition(" ")[2].partition("?")[0]))
        calls: list[Call] = []
        seen: set[str] = set()
        for request in self.control.requests()["requests"]:
            method, query = request["method"], request["query"]
            path = UUID.sub("[^/]+", f"^{re.escape(request['path'])}$")
            nth = 1 + sum((call.method, call.path) == (method, path) for call in calls)
            is_list = (method, request["path"]) == ("GET", list_path) and query.startswith(list_query)
            if method != "GET":
                moment = "write"
            elif is_list:
                moment = "page" if PAGE.search(query) else "again" if "list" in seen else "list"
                if "searchText" in query:
                    moment = "look" if "write" in seen else "ask"
            elif own.fullmatch(request["path"]):
                moment = "look" if "write" in seen else "ask"
            else:
                moment = "detail"
            seen.add(moment)
            calls.append(Call(moment, method, path, nth))
        return [call for call in calls if call.moment != "page"]

    def configured(self, values: Value) -> Value:
        """Those of the values that are configured before or after the verb."""
        return {
            name: without_nulls(values.get(name))
            for request in (self.old, self.new)
            for name in self.row.attributes(request)
        }

    def state(self) -> Value | None:
        return None if self.world.instance is None else self.configured(self.world.instance.state)

    def holds(self) -> list[Request]:
        return list(self.row.held(self.control).values())


def without_nulls(value: Any) -> Any:
    """A value as it is configured: a state has every attribute of an object."""
    if isinstance(value, dict):
        return {key: without_nulls(each) for key, each in value.items() if each is not None}
    return [without_nulls(each) for each in value] if isinstance(value, list) else value


def cells() -> Iterator[Cell]:
    """Every cell, once for each kind of row, verb and request. A fault with one outcome for both is played once."""
    known: set[tuple[object, ...]] = set()
    transport = InProcess(Control())
    for row in RECORDS:
        updates = ("update",) if next(iter(row.base.values())).updates else ()
        # A user without external ids is still a user, so that state does not go.
        gone = () if "external_ids" in facts(row) else ("gone",)
        for verb in ("create", *updates, "delete", "read", *gone, "import"):
            life = Life(row, verb, transport)
            assert life.run().diagnostics == []
            for call in life.calls():
                for fault in ACTIONS:
                    if fault == "empty-list" and call.moment == "write":
                        continue
                    outcomes = {
                        expected(row, verb, call.moment, fault, often): often for often in ("once", "on")
                    }
                    for outcome, often in outcomes.items():
                        # The tries of the client and the shared list are the same for all.
                        passes = fault in PASSING.split() and call.moment != "write"
                        alike = often == "once" or call.moment in ("list", "again")
                        same = passes and (alike or fault not in ("401", "reset-after"))
                        kind = (None if same else facts(row), verb, call.moment, fault, often)
                        if outcome != "true" and kind not in known:
                            known.add(kind)
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
    announced = heal(life, fails=cell.outcome in ("own", "none", "no-owner"))
    assert cell.call.moment == "write" or announced == []


def reported(cell: Cell) -> list[tuple[str, str]]:
    if cell.outcome == "well":
        return []
    name = cell.outcome if cell.outcome not in ("own", "done") else OWN_ERRORS[cell.fault]
    severity = "warning" if name in ("adopted", "recognised", "unread") else "error"
    type = cell.row.type
    owner = type.resource.split("_")[1]
    text = TEXTS[name].format(noun=type.noun, verb=cell.verb, owner=owner)
    return [(severity, text)]


def assert_facts(cell: Cell, life: Life, detail: str) -> None:
    """A text names the object, where one is known, and the next step. Only a write leaves a doubt."""
    assert "The provider failed on" not in detail
    assert "simulator-api-key" not in detail
    assert cell.call.moment == "write" or "earlier try" not in detail
    if cell.verb in ("update", "delete", "read", "gone") and cell.outcome != "no-owner":
        assert life.id in detail
    if cell.outcome not in ("own", "done", "no-api"):
        assert cell.row.type.noun.lower() in detail.lower() or cell.outcome in (
            "no-owner",
            "recognised",
            "kept",
        )
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
    shown = cell.row.imported(life.old)
    after: dict[str, tuple[Value | None, list[Request]]] = {
        "delete": (None, []),
        "gone": (None, []),
        "import": ({name: without_nulls(shown.get(name)) for name in old or {}}, [life.old]),
    }
    was = before.get(cell.verb, (old, [life.old]))
    then = after.get(cell.verb, (new, [life.new]))
    if cell.outcome in ("well", "adopted", "recognised", "unread"):
        return then
    return (was[0], then[1]) if cell.outcome in ("done", "unsure") else was


def heal(life: Life, *, fails: bool) -> list[str]:
    """One more apply leads to the one object as configured and an empty plan; a failed import is imported again.

    Returns what the plan of that apply announced.
    """
    world, config = life.world, None if life.verb == "delete" else life.row.attributes(life.new)
    if life.verb == "import" and fails:
        exists = world.apply(config)
        (error,) = exists.errors
        assert error in (
            f"The {life.row.type.noun} exists already",
            "The user has such an external id already",
        )
        assert f'id = "{life.id}"' in exists.diagnostics[-1].detail
        assert world.import_(life.id).diagnostics == []
    healed = world.apply(config)
    assert healed.diagnostics == []
    assert life.holds() == ([] if config is None else [life.new])
    for refresh in (True, False):
        again = world.apply(config, refresh=refresh)
        assert (again.action, again.diagnostics) == ("none", [])
    return healed.announced
