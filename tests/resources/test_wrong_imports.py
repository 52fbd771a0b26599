"""What is said of an import that cannot be what was meant."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.core import Core, Diagnostic
from table.integrations import BASES

TRINO = "immuta_trino_integration"


@pytest.mark.parametrize(
    ("type", "shown"),
    [
        ("Native S3", "Native S3"),
        ("Google BigQuery", "Google BigQuery"),
        ("Sun\x1b[31m shine", "… shine"),
        ("password: hunter2", "password: …"),
        ("lake " * 1000, "lake " * 400 + " … (4999 characters in all)"),
    ],
)
def test_an_integration_of_another_type(core: Callable[..., Core], type: str, shown: str) -> None:
    world = core(TRINO)
    world.control.plant("integrations", BASES["trino"])
    lie = {"kind": "patch", "patch": {"type": type}}
    world.control.add_fault({"match": {"operation": "list"}, "action": lie})
    assert world.import_("1").diagnostics == [
        Diagnostic(
            "error",
            "Integration of another type",
            f"Immuta's integration 1 is of type {shown!r}, but immuta_trino_integration manages 'Trino'. Use the resource type "
            f"that "
            "fits, or the id of another integration.",
            (),
        )
    ]


def test_import_of_an_invalid_id_is_refused(core: Callable[..., Core]) -> None:
    assert core(TRINO).import_("abc").diagnostics == [
        Diagnostic(
            "error",
            "Immuta refused the request",
            'GET /integrations/abc was answered with 400 Bad Request: "… must be a number". The id is probably wrong, since '
            "the request contains nothing else. Immuta's ids are numbers, such as 7. List the integrations to find the right "
            "one (`GET /integrations`, or the data "
            "source `immuta_integrations`).\n\nThe resource is an immuta_trino_integration, and Immuta's id of it is abc.",
            (),
        )
    ]
