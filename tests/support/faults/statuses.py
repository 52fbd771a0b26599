"""The faults of lives with statuses: the table of faults, verbs and moments of an integration.

A line is `call | faults | which of the calls | types | error | warnings | state | Immuta | more`:

- call: the operation that the faults befall (`list`, `create` is the POST, `get`, `status`, `update` is the PUT, `delete`);
  `server` stands for a status that the integration has before the verb begins. `create+list` and `list+get`: the second
  call fails while the first one does so, too (its answer is lost; the list is empty).
- faults: names of `kinds.ACTIONS`, or the status in which the work ends; groups of them are in `GROUPS`
- which: `1` the first such call of the verb, `2` the second, `every` all of them, `2+` all from the second on, `again` the
  second try of the first one, whose answer did not come
- types: the facts of the types for which it holds, see `facts`
- error, warnings, state, Immuta, more: as in `Cell`. The error `own` is that of the fault itself, the status `itself` that of the line.

The waiting calls of a create or update are `get` three times, `status` twice, `get` once more; those of a delete `get`
three times and `list` once, after the `list` of the refresh.
"""

# ruff: noqa: E501 (a row of the table is a line)
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from immuta_provider.model.integrations.type import IntegrationType
from support.faults.cell import Cell, Strike
from support.faults.kinds import ACTIONS
from support.faults.texts import own_error
from table.row import Row

OPERATIONS = {"create+list": "list", "list+get": "get"}
STUCK = {"create": "creating", "update": "editing", "delete": "deleting", "server": "creating"}
"""The status in which the work never ends."""
TURNS = {"create": 4, "update": 4, "delete": 2}
"""Looks at a transitional status until it ends, by verb."""

GROUPS = {
    # Another try succeeds; nothing was done for certain; the answer to what was done is lost; another try fails as well.
    "PASSING": "refused reset-before reset-after slow truncated 401 429 429-after 500 502",
    "UNDONE": "refused reset-before 429 429-after 500 502",
    "DONE": "reset-after slow truncated",
    "REFUSED": "redirect 403 404 html-404",
}

CREATE = """
# Before the POST nothing can be lost: what passes is tried again, the rest ends the run.
list        | PASSING                                               | 1             | any           | -         | -         | enabled             | enabled     | 0
list        | PASSING                                               | every         | identity      | own       | -         | -                   | -           | 1
list        | REFUSED malformed wrong-shape                         | 1 every again | identity      | own       | -         | -                   | -           | 1
list        | empty-list                                            | 1 every       | any           | -         | -         | enabled             | enabled     | 0
list        | PASSING empty-list                                    | again         | identity      | -         | -         | enabled             | enabled     | 0

# The POST: sent again where it certainly was not carried out.
create      | refused 401 429 429-after                             | 1             | any           | -         | -         | enabled             | enabled     | 0
create      | refused 401 429 429-after                             | every         | any           | own       | -         | -                   | -           | 1
create      | 403 404 busy exists 422                               | 1 every       | any           | own       | -         | -                   | -           | 1

# An answer of a server before Immuta proves nothing.
create      | redirect html-404                                     | 1 every       | any           | lost      | -         | -                   | -           | 1
create      | redirect html-404                                     | again         | identity      | lost      | -         | -                   | -           | 1

# Not carried out, which only a search tells; repeated where an identity keeps a second one from being made.
create      | reset-before 500 502                                  | 1             | identity      | -         | -         | enabled             | enabled     | 0
create      | reset-before 500 502                                  | 1             | nameless      | lost      | -         | -                   | -           | 1
create      | reset-before 500 502                                  | every         | any           | lost      | -         | -                   | -           | 1
create      | refused 401 429 429-after                             | again         | identity      | -         | -         | enabled             | enabled     | 0
create      | 403 404 busy exists                                   | again         | identity      | own       | -         | -                   | -           | 1
create      | reset-before 500 502 422                              | again         | identity      | lost      | -         | -                   | -           | 1

# Carried out, and the answer lost. Whether Immuta has our secrets is not certain: the same apply sends them by PUT.
create      | DONE malformed wrong-shape 500-after                  | 1 every again | identity      | -         | adopted   | enabled             | enabled     | 0
create      | DONE malformed wrong-shape 500-after                  | 1 every       | no-put        | ambiguous | -         | -                   | creating    | import+0
create      | DONE malformed wrong-shape 500-after                  | 1 every       | nameless put  | ambiguous | -         | -                   | creating    | import+1

# The search after a lost answer fails, too.
create+list | PASSING malformed html-404 404 wrong-shape empty-list | 2             | identity      | -         | adopted   | enabled             | enabled     | 0
create+list | 403 redirect                                          | 2             | identity      | lost      | -         | -                   | creating    | import+1
create+list | UNDONE 401 html-404 404 403 redirect                  | 2+            | identity      | lost      | -         | -                   | creating    | import+1
create+list | DONE malformed wrong-shape                            | 2+            | identity      | lost      | -         | -                   | enabled     | import+1
create+list | UNDONE 401 html-404 404 403 redirect empty-list       | 2+            | no-put        | lost      | -         | -                   | creating    | look+0
create+list | DONE malformed wrong-shape                            | 2+            | no-put        | lost      | -         | -                   | enabled     | look+0
create+list | empty-list                                            | 2+            | by-conflict   | conflict  | -         | -                   | creating    | import+1
create+list | empty-list                                            | 2+            | by-validation | lost      | -         | -                   | creating    | look+1

# How the set-up ends.
create      | createError                                           | 1             | any           | set-up    | -         | tainted createError | createError | 1
create      | stuck                                                 | 1             | any           | -         | not-ready | creating            | creating    | 0
create      | editError migrateError recurringValidationError       | 1             | put           | -         | unhealthy | itself              | itself      | 1
create      | editError migrateError recurringValidationError       | 1             | no-put        | -         | unhealthy | itself              | itself      | 0
create      | deleteError                                           | 1             | any           | -         | unhealthy | itself              | itself      | 0
create      | disabled                                              | 1             | any           | -         | unhealthy | disabled            | disabled    | 1
create      | hibernating                                           | 1             | any           | -         | strange   | hibernating         | hibernating | 0
create      | deleted                                               | 1             | any           | vanished  | -         | tainted creating    | -           | 1

# The wait: nothing says that the integration is not healthy, so a wait that fails is a warning.
get         | PASSING malformed wrong-shape 404 html-404            | 1 2 4         | identity      | -         | -         | enabled             | enabled     | 0
get         | UNDONE 401 html-404                                   | every         | any           | -         | not-ready | creating            | creating    | 0
get         | DONE malformed wrong-shape                            | every         | any           | -         | not-ready | creating            | enabled     | 0
get         | 403 redirect                                          | 1 2 every     | identity      | -         | not-ready | creating            | creating    | 0
get         | 404                                                   | every         | any           | -         | -         | enabled             | enabled     | 0
status      | PASSING malformed                                     | 1 2           | identity      | -         | -         | enabled             | enabled     | 0
status      | UNDONE 401                                            | every         | identity      | -         | not-ready | creating            | creating    | 0
status      | DONE malformed                                        | every         | identity      | -         | not-ready | creating            | enabled     | 0
status      | 403 redirect                                          | 1 2 every     | identity      | -         | not-ready | creating            | creating    | 0
status      | 404 html-404 wrong-shape                              | 1 2 every     | identity      | -         | -         | enabled             | enabled     | 0

# The integration is set up, and then cannot be read.
get         | PASSING malformed wrong-shape html-404                | 4+            | identity      | -         | unread    | enabled             | enabled     | 0
get         | 403 redirect                                          | 4 4+          | identity      | -         | unread    | enabled             | enabled     | 0
get         | 404                                                   | 4+            | identity      | -         | -         | enabled             | enabled     | 0
"""

UPDATE = """
# The refresh before it.
list   | PASSING empty-list                               | 1 again       | identity | -        | -         | new enabled      | new enabled      | 0
list   | empty-list                                       | every         | identity | -        | -         | new enabled      | new enabled      | 0
list   | PASSING                                          | every         | identity | own      | -         | old enabled      | old enabled      | 1
list   | REFUSED malformed wrong-shape                    | 1 every again | identity | own      | -         | old enabled      | old enabled      | 1

# A PUT replaces as a whole, so it may be sent again; a refused one changes nothing.
update | PASSING busy exists-itself 500-after             | 1             | put      | -        | -         | new enabled      | new enabled      | 0
update | UNDONE 401 busy exists-itself                    | every         | put      | own      | -         | old enabled      | old enabled      | 1
update | redirect 403 404 html-404 422 exists             | 1 every       | put      | own      | -         | old enabled      | old enabled      | 1
update | PASSING busy exists-itself 500-after malformed   | again         | identity | -        | -         | new enabled      | new enabled      | 0
update | redirect 403 404 html-404 422 exists wrong-shape | again         | identity | own      | -         | old enabled      | new editing      | 1

# Carried out, and the answer lost for good: the rotated secret is found again.
update | DONE 500-after                                   | every         | put      | own      | -         | old enabled      | new editing      | 1
update | malformed wrong-shape                            | 1 every       | put      | own      | -         | old enabled      | new editing      | 1

# How the edit ends.
update | editError                                        | 1             | put      | edit     | -         | old editError    | old editError    | 1
update | createError                                      | 1             | put      | edit     | -         | old createError  | new createError  | 1
update | migrateError                                     | 1             | put      | edit     | -         | old migrateError | old migrateError | 1
update | stuck                                            | 1             | put      | timeout  | -         | old editing      | new editing      | 0
update | recurringValidationError                         | 1             | put      | -        | unhealthy | new itself       | new itself       | 1
update | deleteError                                      | 1             | put      | -        | unhealthy | new deleteError  | new deleteError  | 0
update | disabled                                         | 1             | put      | -        | unhealthy | new disabled     | new disabled     | 1
update | hibernating                                      | 1             | put      | -        | strange   | new hibernating  | new hibernating  | 0
update | deleted                                          | 1             | put      | vanished | -         | old editing      | -                | 1

# The wait: an edit that fails later is rolled back, so a wait that fails is an error. One that does not fail is found by the
# next refresh, and is not begun anew.
get    | PASSING malformed wrong-shape 404 html-404       | 1 2 4         | identity | -        | -         | new enabled      | new enabled      | 0
get    | UNDONE html-404                                  | every         | identity | timeout  | -         | old editing      | new editing      | 0
get    | DONE malformed wrong-shape                       | every         | identity | timeout  | -         | old editing      | new enabled      | 0
get    | 403 redirect                                     | 1 2 every     | identity | own      | -         | old editing      | new editing      | 0
get    | 401                                              | every         | identity | own      | -         | old editing      | new editing      | 0
get    | 404                                              | every 4+      | identity | -        | -         | new enabled      | new enabled      | 0
status | PASSING malformed                                | 1 2           | identity | -        | -         | new enabled      | new enabled      | 0
status | UNDONE                                           | every         | identity | timeout  | -         | old editing      | new editing      | 0
status | DONE malformed                                   | every         | identity | timeout  | -         | old editing      | new enabled      | 0
status | 403 redirect                                     | 1 2 every     | identity | own      | -         | old editing      | new editing      | 0
status | 401                                              | every         | identity | own      | -         | old editing      | new editing      | 0
status | 404 html-404 wrong-shape                         | 1 2 every     | identity | -        | -         | new enabled      | new enabled      | 0

# The update is carried out, and then the integration cannot be read.
get    | PASSING malformed wrong-shape html-404           | 4+            | identity | -        | unread    | new enabled      | new enabled      | 0
get    | 403 redirect                                     | 4 4+          | identity | -        | unread    | new enabled      | new enabled      | 0
"""

DELETE = """
# The refresh before it.
list   | PASSING empty-list                                                      | 1             | any      | -         | -        | -           | -           | 0
list   | empty-list                                                              | every         | any      | -         | -        | -           | -           | 0
list   | PASSING                                                                 | every         | identity | own       | -        | enabled     | enabled     | 1
list   | REFUSED malformed wrong-shape                                           | 1 every again | identity | own       | -        | enabled     | enabled     | 1
list   | PASSING empty-list                                                      | again         | identity | -         | -        | -           | -           | 0

# The DELETE: after an error the resource stays.
delete | PASSING busy exists-itself 500-after                                    | 1             | any      | -         | -        | -           | -           | 0
delete | UNDONE 401 busy exists-itself                                           | every         | any      | own       | -        | enabled     | enabled     | 1
delete | redirect 403 html-404 422 exists                                        | 1 every       | any      | own       | -        | enabled     | enabled     | 1
delete | PASSING busy exists-itself 500-after                                    | again         | identity | -         | -        | -           | -           | 0
delete | redirect 403 html-404 422 exists                                        | again         | identity | own       | -        | enabled     | enabled     | 1
delete | malformed wrong-shape                                                   | again         | identity | own       | -        | enabled     | deleting    | 1
delete | 404                                                                     | again         | identity | undeleted | -        | enabled     | enabled     | 1
delete | DONE 500-after                                                          | every         | any      | own       | -        | enabled     | deleting    | 1
delete | malformed wrong-shape                                                   | 1 every       | any      | own       | -        | enabled     | deleting    | 1

# Immuta does not know the integration by its id, but lists it, so it is not gone.
delete | 404                                                                     | 1 every       | any      | undeleted | -        | enabled     | enabled     | 1

# How the removal ends.
delete | stuck                                                                   | 1             | any      | timeout   | -        | deleting    | deleting    | 1
delete | deleteError                                                             | 1             | any      | removal   | -        | deleteError | deleteError | 1
delete | createError editError hibernating migrateError recurringValidationError | 1             | any      | undeleted | -        | itself      | itself      | 1
delete | disabled                                                                | 1             | any      | -         | disabled | -           | disabled    | 0

# The wait: an integration is gone if Immuta itself neither knows nor lists it.
get    | PASSING malformed wrong-shape 404 html-404                              | 1 2           | identity | -         | -        | -           | -           | 0
get    | UNDONE html-404                                                         | every         | any      | timeout   | -        | deleting    | deleting    | 1
get    | DONE malformed wrong-shape                                              | every         | any      | timeout   | -        | deleting    | -           | 1
get    | 403 redirect                                                            | 1 2 every     | identity | own       | -        | deleting    | deleting    | 1
get    | 401                                                                     | every         | any      | own       | -        | deleting    | deleting    | 1
get    | 404                                                                     | every         | any      | -         | -        | -           | -           | 0
list   | PASSING malformed wrong-shape html-404 404                              | 2             | identity | -         | -        | -           | -           | 0
list   | empty-list                                                              | 2 2+          | identity | -         | -        | -           | -           | 0
list   | UNDONE DONE malformed wrong-shape 404 html-404                          | 2+            | identity | timeout   | -        | deleting    | -           | 1
list   | 403 redirect                                                            | 2 2+          | identity | own       | -        | deleting    | -           | 1
list   | 401                                                                     | 2+            | identity | own       | -        | deleting    | -           | 1
"""

READ = """
# A refresh that fails keeps what was known.
list     | PASSING empty-list                                          | 1             | any      | -   | -        | enabled  | enabled  | 0
list     | PASSING                                                     | every         | any      | own | -        | enabled  | enabled  | 0
list     | REFUSED malformed wrong-shape                               | 1 every       | any      | own | -        | enabled  | enabled  | 0
list     | empty-list                                                  | every         | any      | -   | -        | enabled  | enabled  | 0
list     | PASSING empty-list                                          | again         | identity | -   | -        | enabled  | enabled  | 0
list     | REFUSED malformed wrong-shape                               | again         | identity | own | -        | enabled  | enabled  | 0

# Not listed: its own route is asked.
list+get | PASSING                                                     | 1 again       | identity | -   | -        | enabled  | enabled  | 0
list+get | PASSING                                                     | every         | identity | own | -        | enabled  | enabled  | 0
list+get | redirect 403 html-404 malformed wrong-shape                 | 1 every again | identity | own | -        | enabled  | enabled  | 0

# Two lists without it and Immuta's own 404: it is gone.
list+get | 404                                                         | 1 every       | put      | -   | -        | -        | enabled  | import+1
list+get | 404                                                         | again         | identity | -   | -        | -        | enabled  | import+1

# The status of the integration changed meanwhile.
server   | createError editError migrateError recurringValidationError | 1             | put      | -   | sick     | itself   | itself   | 1
server   | createError editError migrateError recurringValidationError | 1             | no-put   | -   | sick     | itself   | itself   | 0
server   | deleteError                                                 | 1             | any      | -   | sick     | itself   | itself   | 0
server   | hibernating                                                 | 1             | any      | -   | strange  | itself   | itself   | 0
server   | stuck                                                       | 1             | any      | -   | -        | creating | creating | 0
server   | disabled                                                    | 1             | any      | -   | disabled | -        | disabled | 1
server   | deleted removed                                             | 1             | any      | -   | -        | -        | -        | 1
"""

IMPORT = """
list     | PASSING empty-list                                          | 1 again       | identity | -   | -        | enabled  | enabled  | 1
list     | PASSING empty-list                                          | 1             | no-put   | -   | -        | enabled  | enabled  | 0
list     | PASSING                                                     | every         | identity | own | -        | -        | enabled  | import+1
list     | PASSING                                                     | every         | no-put   | own | -        | -        | enabled  | import+0
list     | REFUSED malformed wrong-shape                               | 1 every again | identity | own | -        | -        | enabled  | import+1
list     | REFUSED malformed wrong-shape                               | 1 every       | no-put   | own | -        | -        | enabled  | import+0
list+get | PASSING                                                     | 1 again       | identity | -   | -        | enabled  | enabled  | 1
list+get | PASSING                                                     | every         | identity | own | -        | -        | enabled  | import+1
list+get | redirect 403 html-404 malformed wrong-shape                 | 1 every again | identity | own | -        | -        | enabled  | import+1
list+get | 404                                                         | again 1 every | identity | -   | -        | -        | enabled  | import+1
list     | empty-list                                                  | every         | identity | -   | -        | enabled  | enabled  | 1
list     | empty-list                                                  | every         | no-put   | -   | -        | enabled  | enabled  | 0
server   | createError editError migrateError recurringValidationError | 1             | put      | -   | sick     | itself   | itself   | 1
server   | deleteError                                                 | 1             | identity | -   | sick     | itself   | itself   | 1
server   | deleteError                                                 | 1             | no-put   | -   | sick     | itself   | itself   | 0
server   | hibernating                                                 | 1             | identity | -   | strange  | itself   | itself   | 1
server   | hibernating                                                 | 1             | no-put   | -   | strange  | itself   | itself   | 0
server   | stuck                                                       | 1             | identity | -   | -        | creating | creating | 1
server   | stuck                                                       | 1             | no-put   | -   | -        | creating | creating | 0
server   | deleted removed                                             | 1             | any      | -   | -        | -        | -        | 1
server   | disabled                                                    | 1             | any      | -   | disabled | -        | disabled | 1
"""

WITHOUT_TEARDOWN = """
# No request is sent, and the resource stays as it was; a verb that needs no credentials is as always.
delete | nothing                              | 1 | bootstrap    | teardown | teardown | enabled             | enabled       | 1
delete | nothing                              | 1 | no-bootstrap | -        | -        | -                   | -             | 0
create | createError                          | 1 | bootstrap    | set-up   | -        | tainted createError | createError   | untaint+1
create | createError                          | 1 | no-bootstrap | set-up   | -        | tainted createError | createError   | 1
update | editError                            | 1 | put          | edit     | -        | old editError       | old editError | 1
server | createError recurringValidationError | 1 | bootstrap    | -        | sick     | itself              | itself        | 1
"""

TABLES = {"create": CREATE, "update": UPDATE, "delete": DELETE, "read": READ, "import": IMPORT}


def facts(row: Row) -> set[str]:
    """identity: Immuta shows by what an integration is distinguished, or the type is nameless; a second one of the same identity is
    refused by-conflict, or by-validation. put: it can be updated. bootstrap: Immuta sets it up, and wants credentials to remove it.
    any: every type."""
    type: Any = row.type
    assert isinstance(type, IntegrationType)
    known = {
        "identity": bool(type.unique_by),
        "put": type.updatable,
        "bootstrap": bool(type.teardown_platform),
    }
    names = {name if holds else f"no-{name}" for name, holds in known.items()}
    if known["identity"]:
        names.add("by-validation" if row.refused_by_validation else "by-conflict")
    return {"any", *("nameless" if name == "no-identity" else name for name in names)}


def cells(row: Row) -> Iterator[Cell]:
    """The cells of one row."""
    for verb, table in TABLES.items():
        for line in table.splitlines():
            yield from _of_line(row, verb, line, teardown=True)
    for line in WITHOUT_TEARDOWN.splitlines():
        call = line.partition("|")[0].strip()
        yield from _of_line(row, {"server": "read"}.get(call, call), line, teardown=False)


def _of_line(row: Row, verb: str, line: str, *, teardown: bool) -> Iterator[Cell]:
    if not line or line.startswith("#"):
        return
    call, faults, which, types, error, warnings, state, held, more = (c.strip() for c in line.split("|"))
    if not set(types.split()) <= facts(row):
        return
    for name, group in GROUPS.items():
        faults = faults.replace(name, group)
    for fault in faults.split():
        for one in which.split():
            yield Cell(
                row,
                verb,
                call,
                fault,
                one,
                "" if error == "-" else own_error(call, fault) if error == "own" else error,
                () if warnings == "-" else tuple(warnings.split()),
                state.replace("itself", fault),
                held.replace("itself", fault),
                more,
                tuple(_strikes(call, fault, one)),
                teardown,
            )


def _strikes(call: str, fault: str, which: str) -> Iterator[Strike]:
    if call == "server" or fault == "nothing":
        return
    if call == "create+list":
        yield _strike("create", "reset-after", 1, 1)
    elif call == "list+get":
        yield _strike("list", "empty-list", 1, None)
    operation = OPERATIONS.get(call, call)
    if which == "again":
        # The first PUT is carried out, and has to be remembered whatever the second one meets.
        yield _strike(operation, "reset-after" if call == "update" else "reset-before", 1, 1)
        which = "2"
    first = 1 if which == "every" else int(which.rstrip("+"))
    yield _strike(operation, fault, first, None if which == "every" or which.endswith("+") else 1)


def _strike(operation: str, fault: str, call: int, times: int | None) -> Strike:
    return Strike(fault, {"operation": operation}, call, times)


def status_of(cell: Cell) -> str:
    """The status that the fault of a cell leads to; "" if the fault is of a request."""
    if cell.fault in ACTIONS or cell.fault in ("refused", "nothing", "removed"):
        return ""
    return STUCK[cell.call] if cell.fault == "stuck" else cell.fault
