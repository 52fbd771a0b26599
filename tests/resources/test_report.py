"""Texts of the report that quote a server."""

from __future__ import annotations

from immuta_provider.model.compiled.integrations import BY_RESOURCE
from immuta_provider.plugin.diagnostics import Diagnostics
from immuta_provider.plugin.redaction import REDACTOR
from immuta_provider.resources import quoting, report


def test_a_contradiction_is_bounded_and_shows_no_secret() -> None:
    REDACTOR.learn("abc12")
    REDACTOR.learn("hunter2-hunter2")
    diagnostics = Diagnostics()
    report.contradictions(
        [
            (("warehouse",), "WH", "x" * 10_000_000),
            (("role",), "R", "abc12"),
            (("database",), "D", "HUNTER2-HUNTER2"),
        ],
        BY_RESOURCE["immuta_snowflake_integration"],
        quoting.sent,
        diagnostics,
    )
    assert [each.detail.split("\n") for each in diagnostics] == [
        [
            f"warehouse: sent 'WH', Immuta reports '{'x' * 1999} … (10000002 characters in all)",
            f"role: sent 'R', Immuta reports {quoting.WITHHELD}",
            "database: sent 'D', Immuta reports '(redacted)'",
            "The state keeps the sent values, and the next plan shows the difference.",
        ]
    ]
