"""The results of Immuta's validation tests, in a response or an error."""

from __future__ import annotations

from ..found import Validation, ValidationTest
from .json_body import text_or_empty
from .quoting import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .quoting import Quote

_MOST_TESTS = 50


def validation(value: Any) -> Validation:
    """Returns validation results. They are only informative, so malformed parts are dropped."""
    if not isinstance(value, dict):
        return Validation()
    tests = value.get("validationTests")
    return Validation(
        text_or_empty(value.get("status")),
        tuple(
            ValidationTest(
                text_or_empty(test.get("name")),
                text_or_empty(test.get("status")),
                text_or_empty(test.get("message")),
            )
            for test in (tests if isinstance(tests, list) else ())
            if isinstance(test, dict)
        ),
    )


def failed_tests(validation: Validation, quote: Quote) -> str:
    """Returns a heading and one line per failed test; "" if none failed."""
    failed = validation.failed
    if not failed:
        return ""
    lines = [
        f"  - {quoted(test.name, quote) or 'unnamed test'}: {quoted(test.message, quote) or 'no reason was given'}"
        for test in failed[:_MOST_TESTS]
    ]
    if len(failed) > _MOST_TESTS:
        lines.append(f"  - and {len(failed) - _MOST_TESTS} more")
    return "\n\nfailed validation tests:\n" + "\n".join(lines)
