"""The statuses that Immuta gives an integration."""

from __future__ import annotations

# The statuses of Immuta's response schema page. Any other status counts as settled, and is reported as unknown.
TRANSITIONAL = frozenset({"creating", "editing", "deleting", "migrating"})

DEGRADED = frozenset({"createError", "editError", "deleteError", "migrateError", "recurringValidationError"})

GONE = frozenset({"deleted", "disabled"})

KNOWN = TRANSITIONAL | DEGRADED | GONE | {"enabled"}
