"""Imports of an integration of another type, and by an id that cannot be one."""

from __future__ import annotations

import pytest
from support.worlds import MakeCore
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
def test_an_integration_of_another_type_is_not_imported(core: MakeCore, type: str, shown: str) -> None:
    world = core(TRINO)
    world.control.plant("integrations", BASES["trino"])
    world.transport.fault({"kind": "patch", "patch": {"type": type}}, operation="list")
    assert world.import_("1").texts == [
        (
            "Integration of another type",
            f"Immuta's integration 1 is of type {shown!r}, but immuta_trino_integration manages 'Trino'. Use the resource type "
            "that fits, or the id of another integration.",
        )
    ]
    assert world.instance is None


def test_import_of_an_invalid_id_is_refused(core: MakeCore) -> None:
    assert core(TRINO).import_("abc").texts == [
        (
            "Immuta refused the request",
            'GET /integrations/abc was answered with 400 Bad Request: "… must be a number". The id is probably wrong, since '
            "the request contains nothing else. Immuta's ids are numbers, such as 7. List the integrations to find the right "
            "one (`GET /integrations`, or the data source `immuta_integrations`).\n\nThe resource is an "
            "immuta_trino_integration, and Immuta's id of it is abc.",
        )
    ]
