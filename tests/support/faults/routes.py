"""The faults of lives by routes: each request of each verb of a record, each fault that may befall it, and the whole outcome.

The requests are those that a verb makes while Immuta is well, so a row gets its cells from its own requests alone.
"""

# ruff: noqa: E501 (a row of the table is a line)
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from immuta_provider.model.fields import Routes
from support.core import InProcess
from support.faults.cell import Cell, Strike
from support.faults.life import Life
from support.faults.texts import OWN
from table.row import Row

UUID = re.compile(r"[0-9a-f]{8}(\\-[0-9a-f]{4}){3}\\-[0-9a-f]{12}")
PAGE = re.compile("offset=[1-9]")

# A fault that passes leads to another try; a lasting one is reported.
PASSING = "reset-before reset-after 500-after truncated slow 401 429 500 503 502"
LASTING = "malformed wrong-shape page-200 403 page-403 404 html-404"
# The write is certainly not carried out, or it is although no answer says so.
UNDONE = "reset-before 401 429 500 503 502"
DONE = "reset-after 500-after truncated slow"

VERBS = frozenset({"create", "update", "delete", "read", "gone", "import"})
# `verbs : moments | faults | once, or on from there | outcome`. The moments: list, again (a later list), write, look (the record's
# own route after a write), ask (before one, or without) and detail (every other route); `write2` is the second write alone. A later
# line wins. Behind the verbs may stand a fact of the row, whose line is for such rows alone: see `facts`. The outcomes:
#   well                            nothing is reported, and the verb is done
#   adopted, recognised, unread, named      that warning, and the verb is done
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
create : write                                      | reset-before 500 503 page-200 page-403 html-404 502     | once on | lost
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
update delete : write                               | page-200 403 page-403 html-404                               | once on | own
update : write                                      | 404                                                          | once on | own
delete : write                                      | 404                                                          | once on | undeleted

delete : look                                       | {PASSING} malformed wrong-shape page-200 html-404            | once    | well
delete : look                                       | {PASSING} malformed wrong-shape page-200 html-404            | on      | unsure
delete : look                                       | 404 empty-list                                               | once on | well
delete : look                                       | 401                                                          | on      | done
delete : look                                       | 403 page-403                                                 | once on | done

create update delete read gone import : ask detail  | {PASSING}                                                    | once    | well
create update delete read gone import : ask detail  | {PASSING}                                                    | on      | own
create update delete read gone import : ask detail  | {LASTING} empty-list                                         | once on | own

# A record that the list does not show is gone if its own route says so too. An empty answer proves it if the collection has others.
gone : ask                                          | malformed                                                    | once on | no-api
gone by-search : ask                                | malformed                                                    | once on | own
gone : ask                                          | 404                                                          | once on | well
gone : ask                                          | empty-list                                                   | once on | none
gone full : ask                                     | empty-list                                                   | once on | well

# A create with an id of its own choice or by a PUT is sent again.
create repeats : write                              | reset-before 500 503 502                                | once    | well
create puts : write                                 | reset-after 500-after truncated slow                         | once    | well

# A user is updated in parts: those that Immuta does not show, or all.
update users : ask                                  | 404 empty-list                                               | once    | well
update users : ask                                  | 404 empty-list                                               | on      | unread

# An owner whose own route does not know it, and whom the list of owners shows, is not gone.
gone owned : ask                                    | malformed 404 empty-list                                     | once on | own
create attributes : ask write                       | 404                                                          | once on | no-owner
import attributes : ask                             | 404 wrong-shape                                              | once    | well
import attributes : ask2                            | 404 wrong-shape                                              | once    | own
import user-attributes : ask                        | 404 wrong-shape                                              | once on | well
delete owned : look                                 | 404                                                          | once on | done
delete attributes : look                            | slow                                                         | once    | unsure
delete attributes : look                            | empty-list                                                   | once    | well
delete attributes : look                            | empty-list                                                   | on      | unsure
create delete read gone import members : ask        | empty-list                                                   | once    | well
create members : ask                                | empty-list                                                   | on      | unread
gone members : ask                                  | empty-list                                                   | on      | well
gone members : detail                               | wrong-shape 404                                              | once on | well
delete read import members : ask                    | empty-list                                                   | on      | true

# The external ids are a part of a user, who is read before and after.
create update external_ids : write                  | 500-after reset-after truncated slow malformed               | on      | recognised
create update external_ids : write                  | malformed                                                    | once    | recognised
create update external_ids : write                  | reset-before 500 503 502                                | on      | own
create external_ids : write                         | page-200 page-403 html-404 404                               | once on | own
create update import external_ids : ask             | 404                                                          | once on | no-owner
delete external_ids : ask                           | 404                                                          | once on | kept
delete external_ids : write                         | {DONE} malformed                                             | once on | well
delete external_ids : write                         | 404                                                          | once on | own
delete external_ids : look                          | {PASSING}                                                    | on      | done
delete external_ids : look                          | malformed wrong-shape page-200 html-404 empty-list           | once on | done

# The details of a data source are of another route, and do not change.
create s3 : detail                                  | {PASSING}                                                    | on      | unread
create s3 : detail                                  | malformed page-200 403 page-403 html-404                     | once on | unread
create delete read s3 : detail                      | 404 wrong-shape                                              | once on | well
delete read s3 : ask                                | 404 wrong-shape                                              | once on | well
create s3 : detail                                  | empty-list                                                   | once on | unread
delete s3 : ask                                     | wrong-shape                                                  | on      | unsure
# The first of two requests disables, and the second removes.
delete s3 : write                                   | malformed                                                    | once on | own
delete s3 : write2                                  | malformed                                                    | once on | done
import s3 : ask detail                              | 404 wrong-shape                                              | once on | true
import projects : detail                            | empty-list                                                   | once on | well

# The names in a policy are looked up for a warning alone.
create update names : detail                        | {PASSING} {LASTING}                                          | once on | well
create update names : detail                        | empty-list                                                   | once on | named
"""

FAULTS = [*dict.fromkeys((*PASSING.split(), *LASTING.split(), "empty-list"))]
# The state and Immuta's objects, before each verb and after it.
STATES = {
    "create": (("-", "-"), ("there", "there")),
    "delete": (("there", "there"), ("-", "-")),
    "read": (("there", "there"), ("there", "there")),
    "gone": (("there", "-"), ("-", "-")),
    "import": (("-", "there"), ("there", "there")),
}


class Line(NamedTuple):
    """One line of the table."""

    verbs: frozenset[str]
    facts: frozenset[str]
    moments: frozenset[str]
    faults: list[str]
    times: list[str]
    outcome: str


def _lines() -> Iterator[Line]:
    for line in TABLE.splitlines():
        if not line or line.startswith("#"):
            continue
        where, faults, times, outcome = (part.strip() for part in line.split("|"))
        words, _, moments = where.partition(":")
        verbs = frozenset(words.split())
        yield Line(
            verbs & VERBS, verbs - VERBS, frozenset(moments.split()), faults.split(), times.split(), outcome
        )


LINES = [*_lines()][::-1]


def expected(row: Row, verb: str, moment: str, nth: int, fault: str, often: str) -> str:
    """The outcome in the last line for the `nth` request of that moment. StopIteration says that the table has none."""
    known = facts(row)
    return next(
        line.outcome
        for line in LINES
        if verb in line.verbs
        and line.facts <= known
        and not line.moments.isdisjoint((moment, f"{moment}{nth}"))
        and fault in line.faults
        and often in line.times
    )


def facts(row: Row) -> frozenset[str]:
    """by-search: the record's route searches the list. full: Immuta has such objects of its own. puts, repeats: the create is a
    PUT, or one with an id of its own choice. owned: the objects are read with their owner. names: Immuta takes names of what does
    not exist. And the adapter's name."""
    routes = row.type.life
    assert isinstance(routes, Routes)
    puts, owned = routes.create.startswith("PUT"), routes.adapter in ("attributes", "members")
    known = {
        "by-search": routes.read.partition("?")[0] == routes.list.partition("?")[0],
        "full": row.type.noun in ("tag", "purpose", "user"),
        "puts": puts,
        "repeats": puts or routes.chooses_id,
        "owned": owned,
        "names": row.type.accepts_unknown_names,
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


def calls(row: Row, verb: str, transport: InProcess) -> list[Call]:
    """The requests of a verb while Immuta is well, without the later pages of a list."""
    life = Life(row, verb, transport)
    assert life.run().diagnostics == []
    routes = row.type.life
    assert isinstance(routes, Routes)
    list_path, _, list_query = routes.list.partition(" ")[2].partition("?")
    own = re.compile(re.sub("{[^}]*}", "[^/]+", routes.read.partition(" ")[2].partition("?")[0]))
    calls: list[Call] = []
    seen: set[str] = set()
    for request in life.control.requests()["requests"]:
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


def cells(row: Row, transport: InProcess) -> Iterator[Cell]:
    """The cells of one row. A fault with one outcome for both is played for good."""
    updates = ("update",) if row.subject.updates else ()
    # A user without external ids is still a user, so that state does not go.
    gone = () if "external_ids" in facts(row) else ("gone",)
    for verb in ("create", *updates, "delete", "read", *gone, "import"):
        met: list[str] = []
        for call in calls(row, verb, transport):
            met.append(call.moment)
            number = met.count(call.moment)
            name = call.moment if number == 1 else f"{call.moment}{number}"
            for fault in FAULTS:
                if fault == "empty-list" and call.moment == "write":
                    continue
                outcomes = {
                    expected(row, verb, call.moment, number, fault, often): often for often in ("once", "on")
                }
                for outcome, often in outcomes.items():
                    if outcome != "true":
                        yield _cell(row, verb, name, call, fault, often, outcome)


def _cell(row: Row, verb: str, name: str, call: Call, fault: str, often: str, outcome: str) -> Cell:
    before, after = STATES.get(verb, (("old", "old"), ("new", "new")))
    own = OWN[fault]
    warned = outcome in ("adopted", "recognised", "unread", "named")
    error = "" if warned or outcome == "well" else own if outcome in ("own", "done") else outcome
    is_done = warned or outcome == "well"
    imported_again = verb == "import" and outcome in ("own", "none", "no-owner")
    return Cell(
        row,
        verb,
        name,
        fault,
        "1" if often == "once" else "every",
        error,
        (outcome,) if warned else (),
        state=(after if is_done else before)[0],
        held=(after if is_done or outcome in ("done", "unsure") else before)[1],
        more="exists+≤1" if imported_again else "≤1",
        strikes=(
            Strike(
                fault, {"method": call.method, "path": call.path}, call.nth, 1 if often == "once" else None
            ),
        ),
    )
