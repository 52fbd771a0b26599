"""What has to happen when a call to Immuta goes wrong: the table of faults, verbs and moments.

A row is `call | faults | which of the calls | types | error | warnings | state | Immuta | more`:

- call: the operation that the faults befall (`list`, `create` is the POST, `get`, `status`, `update` is the PUT, `delete`);
  `server` stands for a status that the integration has before the verb begins. `create+list` and `list+get`: the second
  call goes wrong while the first one does so, too (its answer is lost; the list is empty).
- faults: names of `fault_cells.ACTIONS`, or the status in which the work ends; groups of them are in `GROUPS`
- which: `1` the first such call of the verb, `2` the second, `every` all of them, `2+` all from the second on, `again` the
  second try of the first one, whose answer did not come
- types: snowflake, redshift and synapse are set up by Immuta itself and told apart by their host, s3 by its name, trino (which
  has no PUT either) and bigquery by nothing visible
- error: the one error's summary by its short name in `SUMMARIES`; `own` is that of the fault itself
- state: the status that Terraform keeps (`-`: no resource), after `tainted` where it is; `old` or `new`: the configuration
- Immuta: the status in which it holds the one integration (`-`: none), after `old` or `new`: the payload
- more: how many healthy applies lead to one integration as configured and an empty plan (for delete: how many
  destroys to nothing). `import+1`: after the import block that was printed was used; `look+1`: after the user looked in
  Immuta as the error asks, and imported what is there.

The waiting calls of a create or update are `get` three times, `status` twice, `get` once more; those of a delete `get`
three times and `list` once, after the `list` of the refresh.
"""

# ruff: noqa: E501 (a row of the table is a line)
from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

SUMMARIES = {
    "refused": "Immuta could not be reached",
    "broken": "The connection to Immuta broke",
    "slow": "Immuta did not answer in time",
    "redirect": "Immuta answered with a redirect",
    "credential": "Immuta did not accept the credential",
    "permission": "Immuta denied the permission",
    "unknown": "Immuta does not know it",
    "no-api": "Immuta's API was not found",
    "conflict": "Immuta reports a conflict",
    "invalid": "Immuta's validation failed",
    "too-often": "Immuta's rate limit was reached",
    "failed": "Immuta failed to answer",
    "garbled": "Immuta's answer cannot be understood",
    "lost": "It is unknown whether the integration was created",
    "ambiguous": "It is unknown which integration was created",
    "set-up": "Immuta could not set up the integration",
    "edit": "Immuta could not update the integration",
    "removal": "Immuta could not delete the integration",
    "undeleted": "Immuta did not delete the integration",
    "vanished": "The integration disappeared",
    "timeout": "Immuta needs longer than the timeout",
    "teardown": "No credentials to remove the {title} integration",
    "adopted": "An integration was recognised after a lost answer",
    "not-ready": "The integration was {done}, but is not ready yet",
    "unread": "The integration was {done}, but could not be read back",
    "unhealthy": "The integration was {done}, but is not healthy",
    "strange": "The integration has an unknown status",
    "sick": "The {title} integration is not healthy",
    "disabled": "The integration was force-disabled",
}

OWN = {
    "refused": "refused",
    "reset-before": "broken",
    "reset-after": "broken",
    "truncated": "broken",
    "slow": "slow",
    "redirect": "redirect",
    "401": "credential",
    "403": "permission",
    "404": "unknown",
    "html-404": "no-api",
    "busy": "conflict",
    "exists": "conflict",
    "exists-itself": "conflict",
    "422": "invalid",
    "429": "too-often",
    "429-after": "too-often",
    "500": "failed",
    "500-after": "failed",
    "502": "failed",
    "malformed": "garbled",
    "wrong-shape": "garbled",
}

GROUPS = {
    # What another try mends, what says for certain that nothing was done, what loses the answer to what was done, and
    # what will be said again.
    "PASSING": "refused reset-before reset-after slow truncated 401 429 429-after 500 502",
    "UNDONE": "refused reset-before 429 429-after 500 502",
    "DONE": "reset-after slow truncated",
    "REFUSED": "redirect 403 404 html-404",
}

CREATE = """
# Before the POST nothing can be lost: what passes is tried again, the rest ends the run.
list        | PASSING                                    | 1         | snowflake trino                   | -         | -         | enabled             | enabled     | 0
list        | PASSING                                    | every     | snowflake                         | own       | -         | -                   | -           | 1
list        | REFUSED malformed wrong-shape              | 1 every   | snowflake                         | own       | -         | -                   | -           | 1
list        | empty-list                                 | 1 every   | snowflake trino                   | -         | -         | enabled             | enabled     | 0
list        | PASSING empty-list                         | again     | snowflake                         | -         | -         | enabled             | enabled     | 0
list        | REFUSED malformed wrong-shape              | again     | snowflake                         | own       | -         | -                   | -           | 1

# The POST: sent again where it certainly was not carried out.
create      | refused 401 429 429-after                  | 1         | snowflake redshift trino bigquery | -         | -         | enabled             | enabled     | 0
create      | refused 401 429 429-after                  | every     | snowflake trino                   | own       | -         | -                   | -           | 1
create      | 403 404 busy exists 422                    | 1 every   | snowflake trino bigquery          | own       | -         | -                   | -           | 1
create      | 403 404 busy exists 422                    | 1         | s3 synapse databricks             | own       | -         | -                   | -           | 1

# What something before Immuta says proves nothing.
create      | redirect html-404                          | 1 every   | snowflake trino bigquery          | lost      | -         | -                   | -           | 1
create      | redirect html-404                          | 1 again   | s3                                | lost      | -         | -                   | -           | 1
create      | redirect html-404                          | again     | snowflake                         | lost      | -         | -                   | -           | 1

# Not carried out, which only a search tells; repeated where an identity keeps a second one from being made.
create      | reset-before 500 502                       | 1         | snowflake redshift                | -         | -         | enabled             | enabled     | 0
create      | reset-before 500 502                       | 1         | trino bigquery                    | lost      | -         | -                   | -           | 1
create      | reset-before 500 502                       | every     | snowflake redshift trino bigquery | lost      | -         | -                   | -           | 1
create      | refused 401 429 429-after                  | again     | snowflake redshift s3             | -         | -         | enabled             | enabled     | 0
create      | 403 404 busy exists                        | again     | snowflake s3                      | own       | -         | -                   | -           | 1
create      | reset-before 500 502 422                   | again     | snowflake s3                      | lost      | -         | -                   | -           | 1

# Carried out, and the answer lost. Whether Immuta has our secrets is not certain: the same apply sends them by PUT.
create      | DONE malformed wrong-shape 500-after       | 1 every   | snowflake redshift                | -         | adopted   | enabled             | enabled     | 0
create      | DONE malformed wrong-shape 500-after       | 1 again   | s3                                | -         | adopted   | enabled             | enabled     | 0
create      | DONE malformed wrong-shape 500-after       | again     | snowflake redshift                | -         | adopted   | enabled             | enabled     | 0
create      | DONE malformed wrong-shape 500-after       | 1 every   | trino                             | ambiguous | -         | -                   | creating    | import+0
create      | DONE malformed wrong-shape 500-after       | 1 every   | bigquery                          | ambiguous | -         | -                   | creating    | import+1

# The search after a lost answer goes wrong, too.
create+list | PASSING malformed html-404 404 wrong-shape | 2         | snowflake                         | -         | adopted   | enabled             | enabled     | 0
create+list | empty-list                                 | 2         | snowflake                         | -         | adopted   | enabled             | enabled     | 0
create+list | 403 redirect                               | 2         | snowflake                         | lost      | -         | -                   | creating    | import+1
create+list | UNDONE 401 html-404 404 403 redirect       | 2+        | snowflake                         | lost      | -         | -                   | creating    | import+1
create+list | DONE malformed wrong-shape                 | 2+        | snowflake                         | lost      | -         | -                   | enabled     | import+1
create+list | UNDONE 401 html-404 404 403 redirect       | 2+        | trino                             | lost      | -         | -                   | creating    | look+0
create+list | empty-list                                 | 2+        | trino                             | lost      | -         | -                   | creating    | look+0
create+list | DONE malformed wrong-shape                 | 2+        | trino                             | lost      | -         | -                   | enabled     | look+0
create+list | empty-list                                 | 2+        | snowflake                         | conflict  | -         | -                   | creating    | import+1

# How the set-up ends.
create      | createError                                | 1         | snowflake redshift trino bigquery | set-up    | -         | tainted createError | createError | 1
create      | stuck                                      | 1         | snowflake redshift trino bigquery | -         | not-ready | creating            | creating    | 0
create      | editError migrateError                     | 1         | snowflake redshift bigquery       | -         | unhealthy | itself              | itself      | 1
create      | recurringValidationError                   | 1         | snowflake redshift bigquery       | -         | unhealthy | itself              | itself      | 1
create      | editError migrateError                     | 1         | trino                             | -         | unhealthy | itself              | itself      | 0
create      | recurringValidationError                   | 1         | trino                             | -         | unhealthy | itself              | itself      | 0
create      | deleteError                                | 1         | snowflake redshift trino bigquery | -         | unhealthy | itself              | itself      | 0
create      | disabled                                   | 1         | snowflake redshift trino bigquery | -         | unhealthy | disabled            | disabled    | 1
create      | hibernating                                | 1         | snowflake redshift trino bigquery | -         | strange   | hibernating         | hibernating | 0
create      | deleted                                    | 1         | snowflake trino                   | vanished  | -         | tainted creating    | -           | 1

# The wait: the integration is fine as far as anybody knows, so a wait that fails is a warning.
get         | PASSING malformed wrong-shape 404 html-404 | 1 2       | snowflake                         | -         | -         | enabled             | enabled     | 0
get         | UNDONE 401 html-404                        | every     | snowflake trino                   | -         | not-ready | creating            | creating    | 0
get         | DONE malformed                             | every     | snowflake trino                   | -         | not-ready | creating            | enabled     | 0
get         | wrong-shape                                | every     | snowflake trino                   | -         | not-ready | creating            | enabled     | 0
get         | 403 redirect                               | 1 2 every | snowflake                         | -         | not-ready | creating            | creating    | 0
get         | 404                                        | every     | snowflake trino                   | -         | -         | enabled             | enabled     | 0
status      | PASSING malformed                          | 1 2       | snowflake                         | -         | -         | enabled             | enabled     | 0
status      | UNDONE 401                                 | every     | snowflake                         | -         | not-ready | creating            | creating    | 0
status      | DONE malformed                             | every     | snowflake                         | -         | not-ready | creating            | enabled     | 0
status      | 403 redirect                               | 1 2 every | snowflake                         | -         | not-ready | creating            | creating    | 0
status      | 404 html-404 wrong-shape                   | 1 2 every | snowflake                         | -         | -         | enabled             | enabled     | 0

# Set up, and then not to be read.
get         | PASSING malformed wrong-shape 404 html-404 | 4         | snowflake                         | -         | -         | enabled             | enabled     | 0
get         | PASSING malformed wrong-shape html-404     | 4+        | snowflake                         | -         | unread    | enabled             | enabled     | 0
get         | 403 redirect                               | 4 4+      | snowflake                         | -         | unread    | enabled             | enabled     | 0
get         | 404                                        | 4+        | snowflake                         | -         | -         | enabled             | enabled     | 0
"""

UPDATE = """
# The refresh before it.
list   | PASSING empty-list                         | 1 again   | snowflake                   | -        | -         | new enabled      | new enabled      | 0
list   | empty-list                                 | every     | snowflake                   | -        | -         | new enabled      | new enabled      | 0
list   | PASSING                                    | every     | snowflake                   | own      | -         | old enabled      | old enabled      | 1
list   | REFUSED malformed wrong-shape              | 1 every   | snowflake                   | own      | -         | old enabled      | old enabled      | 1
list   | REFUSED malformed wrong-shape              | again     | snowflake                   | own      | -         | old enabled      | old enabled      | 1

# A PUT replaces as a whole, so it may be sent again; a refused one changes nothing.
update | PASSING busy exists-itself 500-after       | 1         | snowflake redshift bigquery | -        | -         | new enabled      | new enabled      | 0
update | UNDONE 401 busy exists-itself              | every     | snowflake bigquery          | own      | -         | old enabled      | old enabled      | 1
update | redirect 403 404 html-404 422 exists       | 1 every   | snowflake bigquery          | own      | -         | old enabled      | old enabled      | 1
update | PASSING busy exists-itself 500-after       | again     | snowflake s3                | -        | -         | new enabled      | new enabled      | 0
update | malformed                                  | again     | snowflake s3                | -        | -         | new enabled      | new enabled      | 0
update | redirect 403 404 html-404 422 exists       | again     | snowflake s3                | own      | -         | old enabled      | new editing      | 1

# Carried out, and the answer lost for good: the rotated secret is found again.
update | DONE 500-after                             | every     | snowflake bigquery          | own      | -         | old enabled      | new editing      | 1
update | malformed wrong-shape                      | 1 every   | snowflake redshift bigquery | own      | -         | old enabled      | new editing      | 1
update | wrong-shape                                | again     | snowflake s3                | own      | -         | old enabled      | new editing      | 1

# How the edit ends.
update | editError                                  | 1         | snowflake redshift bigquery | edit     | -         | old editError    | old editError    | 1
update | createError                                | 1         | snowflake redshift bigquery | edit     | -         | old createError  | new createError  | 1
update | migrateError                               | 1         | snowflake redshift bigquery | edit     | -         | old migrateError | old migrateError | 1
update | stuck                                      | 1         | snowflake redshift bigquery | timeout  | -         | old editing      | new editing      | 0
update | recurringValidationError                   | 1         | snowflake redshift bigquery | -        | unhealthy | new itself       | new itself       | 1
update | deleteError                                | 1         | snowflake redshift bigquery | -        | unhealthy | new deleteError  | new deleteError  | 0
update | disabled                                   | 1         | snowflake redshift bigquery | -        | unhealthy | new disabled     | new disabled     | 1
update | hibernating                                | 1         | snowflake redshift bigquery | -        | strange   | new hibernating  | new hibernating  | 0
update | deleted                                    | 1         | snowflake bigquery          | vanished | -         | old editing      | -                | 1

# The wait: an edit that fails later is rolled back, so a wait that fails is an error. One that does not fail is found by the
# next refresh, and is not begun anew.
get    | PASSING malformed wrong-shape 404 html-404 | 1 2       | snowflake                   | -        | -         | new enabled      | new enabled      | 0
get    | UNDONE html-404                            | every     | snowflake                   | timeout  | -         | old editing      | new editing      | 0
get    | DONE malformed wrong-shape                 | every     | snowflake                   | timeout  | -         | old editing      | new enabled      | 0
get    | 403 redirect                               | 1 2 every | snowflake                   | own      | -         | old editing      | new editing      | 0
get    | 401                                        | every     | snowflake                   | own      | -         | old editing      | new editing      | 0
get    | 404                                        | every     | snowflake                   | -        | -         | new enabled      | new enabled      | 0
status | PASSING malformed                          | 1 2       | snowflake                   | -        | -         | new enabled      | new enabled      | 0
status | UNDONE                                     | every     | snowflake                   | timeout  | -         | old editing      | new editing      | 0
status | DONE malformed                             | every     | snowflake                   | timeout  | -         | old editing      | new enabled      | 0
status | 403 redirect                               | 1 2 every | snowflake                   | own      | -         | old editing      | new editing      | 0
status | 401                                        | every     | snowflake                   | own      | -         | old editing      | new editing      | 0
status | 404 html-404 wrong-shape                   | 1 2 every | snowflake                   | -        | -         | new enabled      | new enabled      | 0

# Carried out, and then not to be read.
get    | PASSING malformed wrong-shape 404 html-404 | 4         | snowflake                   | -        | -         | new enabled      | new enabled      | 0
get    | PASSING malformed wrong-shape html-404     | 4+        | snowflake                   | -        | unread    | new enabled      | new enabled      | 0
get    | 403 redirect                               | 4 4+      | snowflake                   | -        | unread    | new enabled      | new enabled      | 0
get    | 404                                        | 4+        | snowflake                   | -        | -         | new enabled      | new enabled      | 0
"""

DELETE = """
# The refresh before it.
list   | PASSING empty-list                         | 1         | snowflake trino                   | -         | -        | -           | -           | 0
list   | empty-list                                 | every     | snowflake trino                   | -         | -        | -           | -           | 0
list   | PASSING                                    | every     | snowflake                         | own       | -        | enabled     | enabled     | 1
list   | REFUSED malformed wrong-shape              | 1 every   | snowflake                         | own       | -        | enabled     | enabled     | 1
list   | PASSING empty-list                         | again     | snowflake                         | -         | -        | -           | -           | 0
list   | REFUSED malformed wrong-shape              | again     | snowflake                         | own       | -        | enabled     | enabled     | 1

# The DELETE: after an error the resource stays.
delete | PASSING busy exists-itself 500-after       | 1         | snowflake redshift trino bigquery | -         | -        | -           | -           | 0
delete | UNDONE 401 busy exists-itself              | every     | snowflake trino                   | own       | -        | enabled     | enabled     | 1
delete | redirect 403 html-404 422 exists           | 1 every   | snowflake trino                   | own       | -        | enabled     | enabled     | 1
delete | PASSING busy exists-itself 500-after       | again     | snowflake s3                      | -         | -        | -           | -           | 0
delete | redirect 403 html-404 422 exists           | again     | snowflake s3                      | own       | -        | enabled     | enabled     | 1
delete | malformed wrong-shape                      | again     | snowflake s3                      | own       | -        | enabled     | deleting    | 1
delete | 404                                        | again     | snowflake s3                      | undeleted | -        | enabled     | enabled     | 1
delete | DONE 500-after                             | every     | snowflake trino                   | own       | -        | enabled     | deleting    | 1
delete | malformed wrong-shape                      | 1 every   | snowflake trino                   | own       | -        | enabled     | deleting    | 1

# Immuta does not know it by its id, and shows it all the same: not gone.
delete | 404                                        | 1 every   | snowflake trino                   | undeleted | -        | enabled     | enabled     | 1

# How the removal ends.
delete | stuck                                      | 1         | snowflake redshift trino bigquery | timeout   | -        | deleting    | deleting    | 1
delete | deleteError                                | 1         | snowflake redshift trino bigquery | removal   | -        | deleteError | deleteError | 1
delete | createError editError hibernating          | 1         | snowflake trino                   | undeleted | -        | itself      | itself      | 1
delete | migrateError recurringValidationError      | 1         | snowflake trino                   | undeleted | -        | itself      | itself      | 1
delete | disabled                                   | 1         | snowflake redshift trino bigquery | -         | disabled | -           | disabled    | 0

# The wait: gone is what Immuta itself does not know and does not list.
get    | PASSING malformed wrong-shape 404 html-404 | 1 2       | snowflake                         | -         | -        | -           | -           | 0
get    | UNDONE html-404                            | every     | snowflake trino                   | timeout   | -        | deleting    | deleting    | 1
get    | DONE malformed wrong-shape                 | every     | snowflake trino                   | timeout   | -        | deleting    | -           | 1
get    | 403 redirect                               | 1 2 every | snowflake                         | own       | -        | deleting    | deleting    | 1
get    | 401                                        | every     | snowflake trino                   | own       | -        | deleting    | deleting    | 1
get    | 404                                        | every     | snowflake trino                   | -         | -        | -           | -           | 0
list   | PASSING malformed wrong-shape html-404 404 | 2         | snowflake                         | -         | -        | -           | -           | 0
list   | empty-list                                 | 2 2+      | snowflake                         | -         | -        | -           | -           | 0
list   | UNDONE DONE malformed wrong-shape          | 2+        | snowflake                         | timeout   | -        | deleting    | -           | 1
list   | 404 html-404                               | 2+        | snowflake                         | timeout   | -        | deleting    | -           | 1
list   | 403 redirect                               | 2 2+      | snowflake                         | own       | -        | deleting    | -           | 1
list   | 401                                        | 2+        | snowflake                         | own       | -        | deleting    | -           | 1
"""

READ = """
# A refresh that fails keeps what was known.
list     | PASSING empty-list                          | 1       | snowflake trino                   | -   | -        | enabled  | enabled  | 0
list     | PASSING                                     | every   | snowflake trino                   | own | -        | enabled  | enabled  | 0
list     | REFUSED malformed wrong-shape               | 1 every | snowflake trino                   | own | -        | enabled  | enabled  | 0
list     | empty-list                                  | every   | snowflake trino                   | -   | -        | enabled  | enabled  | 0
list     | PASSING empty-list                          | again   | snowflake                         | -   | -        | enabled  | enabled  | 0
list     | REFUSED malformed wrong-shape               | again   | snowflake                         | own | -        | enabled  | enabled  | 0

# Not listed: its own route is asked.
list+get | PASSING                                     | 1       | snowflake                         | -   | -        | enabled  | enabled  | 0
list+get | PASSING                                     | every   | snowflake                         | own | -        | enabled  | enabled  | 0
list+get | redirect 403 html-404 malformed wrong-shape | 1 every | snowflake                         | own | -        | enabled  | enabled  | 0
list+get | PASSING                                     | again   | snowflake                         | -   | -        | enabled  | enabled  | 0
list+get | redirect 403 html-404 malformed wrong-shape | again   | snowflake                         | own | -        | enabled  | enabled  | 0

# Two lists without it and Immuta's own word that there is none: as gone as can be told.
list+get | 404                                         | 1 every | snowflake redshift bigquery       | -   | -        | -        | enabled  | import+1
list+get | 404                                         | again   | snowflake                         | -   | -        | -        | enabled  | import+1

# What the integration came to meanwhile.
server   | createError editError migrateError          | 1       | snowflake redshift bigquery       | -   | sick     | itself   | itself   | 1
server   | recurringValidationError                    | 1       | snowflake redshift bigquery       | -   | sick     | itself   | itself   | 1
server   | createError editError migrateError          | 1       | trino                             | -   | sick     | itself   | itself   | 0
server   | recurringValidationError                    | 1       | trino                             | -   | sick     | itself   | itself   | 0
server   | deleteError                                 | 1       | snowflake redshift trino bigquery | -   | sick     | itself   | itself   | 0
server   | hibernating                                 | 1       | snowflake redshift trino bigquery | -   | strange  | itself   | itself   | 0
server   | stuck                                       | 1       | snowflake redshift trino bigquery | -   | -        | creating | creating | 0
server   | disabled                                    | 1       | snowflake redshift trino bigquery | -   | disabled | -        | disabled | 1
server   | deleted removed                             | 1       | snowflake redshift trino bigquery | -   | -        | -        | -        | 1
"""

IMPORT = """
list     | PASSING empty-list                          | 1       | snowflake                   | -   | -        | enabled  | enabled  | 1
list     | PASSING empty-list                          | 1       | trino                       | -   | -        | enabled  | enabled  | 0
list     | PASSING                                     | every   | snowflake                   | own | -        | -        | enabled  | import+1
list     | PASSING                                     | every   | trino                       | own | -        | -        | enabled  | import+0
list     | REFUSED malformed wrong-shape               | 1 every | snowflake                   | own | -        | -        | enabled  | import+1
list     | REFUSED malformed wrong-shape               | 1 every | trino                       | own | -        | -        | enabled  | import+0
list+get | PASSING                                     | 1       | snowflake                   | -   | -        | enabled  | enabled  | 1
list+get | PASSING                                     | every   | snowflake                   | own | -        | -        | enabled  | import+1
list+get | redirect 403 html-404 malformed wrong-shape | 1 every | snowflake                   | own | -        | -        | enabled  | import+1
list     | PASSING empty-list                          | again   | snowflake                   | -   | -        | enabled  | enabled  | 1
list     | REFUSED malformed wrong-shape               | again   | snowflake                   | own | -        | -        | enabled  | import+1
list+get | PASSING                                     | again   | snowflake                   | -   | -        | enabled  | enabled  | 1
list+get | redirect 403 html-404 malformed wrong-shape | again   | snowflake                   | own | -        | -        | enabled  | import+1
list+get | 404                                         | again   | snowflake                   | -   | -        | -        | enabled  | import+1
list     | empty-list                                  | every   | snowflake                   | -   | -        | enabled  | enabled  | 1
list     | empty-list                                  | every   | trino                       | -   | -        | enabled  | enabled  | 0
list+get | 404                                         | 1 every | snowflake                   | -   | -        | -        | enabled  | import+1
server   | createError editError migrateError          | 1       | snowflake redshift bigquery | -   | sick     | itself   | itself   | 1
server   | recurringValidationError                    | 1       | snowflake redshift bigquery | -   | sick     | itself   | itself   | 1
server   | deleteError                                 | 1       | snowflake                   | -   | sick     | itself   | itself   | 1
server   | deleteError                                 | 1       | trino                       | -   | sick     | itself   | itself   | 0
server   | hibernating                                 | 1       | snowflake                   | -   | strange  | itself   | itself   | 1
server   | hibernating                                 | 1       | trino                       | -   | strange  | itself   | itself   | 0
server   | stuck                                       | 1       | snowflake                   | -   | -        | creating | creating | 1
server   | stuck                                       | 1       | trino                       | -   | -        | creating | creating | 0
server   | deleted removed                             | 1       | snowflake trino             | -   | -        | -        | -        | 1
server   | disabled                                    | 1       | snowflake trino             | -   | disabled | -        | disabled | 1
"""

WITHOUT_TEARDOWN = """
# Nothing is asked of Immuta, and the resource stays as it was; what needs no credentials goes on as ever.
delete | nothing                              | 1 | snowflake redshift synapse | teardown | teardown | enabled             | enabled       | 1
delete | nothing                              | 1 | trino bigquery s3          | -        | -        | -                   | -             | 0
create | createError                          | 1 | snowflake redshift synapse | set-up   | -        | tainted createError | createError   | untaint+1
create | createError                          | 1 | trino bigquery s3          | set-up   | -        | tainted createError | createError   | 1
update | editError                            | 1 | snowflake synapse s3       | edit     | -        | old editError       | old editError | 1
server | createError recurringValidationError | 1 | snowflake redshift synapse | -        | sick     | itself              | itself        | 1
"""


class Cell(NamedTuple):
    """One row's expectation for one fault, one choice of calls and one type."""

    verb: str
    call: str
    fault: str
    which: str
    type: str
    error: str
    warnings: tuple[str, ...]
    state: str
    held: str
    more: str
    teardown: bool = True

    @property
    def name(self) -> str:
        teardown = "" if self.teardown else "-without-teardown"
        return f"{self.verb}-{self.call}-{self.fault}-{self.which}-{self.type}{teardown}"


def cells() -> list[Cell]:
    """The whole table."""
    made = [
        cell
        for verb, table in (
            ("create", CREATE),
            ("update", UPDATE),
            ("delete", DELETE),
            ("read", READ),
            ("import", IMPORT),
        )
        for cell in _cells(verb, table)
    ]
    for cell in _cells("", WITHOUT_TEARDOWN):
        made.append(cell._replace(verb={"server": "read"}.get(cell.call, cell.call), teardown=False))
    assert len({cell.name for cell in made}) == len(made), "a cell is written down twice"
    return made


def _own(call: str, fault: str) -> str:
    """A route without an id is there in every Immuta: its 404 is another server's."""
    return "no-api" if fault == "404" and call in ("list", "create") else OWN[fault]


def _cells(verb: str, table: str) -> Iterator[Cell]:
    for line in table.splitlines():
        if not line or line.startswith("#"):
            continue
        call, faults, which, types, error, warnings, state, held, more = (c.strip() for c in line.split("|"))
        for name, group in GROUPS.items():
            faults = faults.replace(name, group)
        for fault in faults.split():
            for one in which.split():
                for type in types.split():
                    yield Cell(
                        verb,
                        call,
                        fault,
                        one,
                        type,
                        "" if error == "-" else _own(call, fault) if error == "own" else error,
                        () if warnings == "-" else tuple(warnings.split()),
                        state.replace("itself", fault),
                        held.replace("itself", fault),
                        more,
                    )
