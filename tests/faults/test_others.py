"""Somebody else creates integrations at the same time: each resource ends with its own one, or with an error that names it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from immuta_provider.resources.secrets.private_state import PrivateState
from support.core import Applied, Core, InProcess
from support.faults.life import ENVIRONMENT, NEW, OLD
from support.faults.texts import OWN_ALREADY
from support.tenant import tenant_of
from table import changed, numbered
from table.integrations import BASES, TEARDOWN, attributes

SNOWFLAKE = changed(numbered(BASES["snowflake"], 1), {"config.password": OLD})
SAME = changed(SNOWFLAKE, {"config.password": NEW})
SIMILAR = [
    changed(SAME, {"config.warehouse": "OTHER_WH"}),
    changed(SAME, {"config.host": "acme-2.eu-central-1.snowflakecomputing.com"}),
    changed(SAME, {"autoBootstrap": False}),
    changed(numbered(BASES["redshift"], 1), {"config.host": SNOWFLAKE["config"]["host"]}),
]
IMPORT = "To manage an integration that exists already with this resource, import it:"
ADOPTED = "An integration was recognised after a lost answer"


def block(id: str) -> str:
    return (
        f'import {{\n  to = immuta_snowflake_integration.NAME\n  id = "{id}"\n}}\n\n'
        f'or in Python: SnowflakeIntegration(self, "NAME", ...).import_from("{id}")'
    )


def own(id: str) -> str:
    return f"{OWN_ALREADY.format(existing=id)}\n\n"


def world(transport: InProcess, resource: str = "immuta_snowflake_integration") -> Core:
    return Core(resource, transport=transport, environment={**ENVIRONMENT, **TEARDOWN})


def others_create(transport: InProcess, *requests: dict[str, Any]) -> None:
    """Between our list and our POST."""
    waiting = [copy.deepcopy(request) for request in requests]

    def before(operation: str) -> None:
        while operation == "create" and waiting:
            tenant_of(transport.control).create(waiting.pop(0))

    transport.before = before


def lose_the_answer(transport: InProcess, fault: str = "reset-after") -> None:
    transport.fault(fault, operation="create")


def assert_adopted(applied: Applied) -> None:
    assert (applied.errors, applied.warnings) == ([], [ADOPTED])


def only_sent(transport: InProcess) -> dict[str, Any]:
    """The last request for the only integration."""
    [integration] = transport.control.stored("integrations")
    request: dict[str, Any] = integration["sent"]
    return request


def test_an_equal_integration_that_comes_first_is_a_conflict(transport: InProcess) -> None:
    ours = world(transport)
    others_create(transport, SAME)
    assert ours.apply(attributes(SNOWFLAKE)).texts == [
        (
            "Immuta reports a conflict",
            'POST /integrations was answered with 409 Conflict: "Snowflake integration already exists on '
            'acme-1.eu-central-1.snowflakecomputing.com (id = 1)".\n\n'
            + own("1")
            + IMPORT
            + "\n\n"
            + block("1"),
        )
    ]
    assert ours.instance is None
    assert ours.import_("1").errors == []
    assert ours.apply(attributes(SNOWFLAKE)).action == "update"
    assert only_sent(transport) == SNOWFLAKE
    assert ours.apply(attributes(SNOWFLAKE)).action == "none"


def test_only_the_integration_that_is_as_sent_is_adopted(transport: InProcess) -> None:
    ours = world(transport)
    transport.control.plant("integrations", SIMILAR[1])

    lose_the_answer(transport)
    planted: list[str] = []

    def before(operation: str) -> None:
        if operation == "list" and "create" in transport.order and not planted:
            planted.extend(transport.control.plant("integrations", request)["id"] for request in SIMILAR)

    transport.before = before
    assert_adopted(ours.apply(attributes(SNOWFLAKE)))
    assert (ours.state["id"], planted) == ("2", ["3", "4", "5", "6"])
    assert len(transport.control.stored("integrations")) == 6


def test_two_integrations_that_are_as_sent_are_ambiguous(transport: InProcess) -> None:
    ours = world(transport)
    lose_the_answer(transport)

    def before(operation: str) -> None:
        if (
            operation == "list"
            and "create" in transport.order
            and len(transport.control.stored("integrations")) == 1
        ):
            transport.control.plant("integrations", SAME)

    transport.before = before
    assert ours.apply(attributes(SNOWFLAKE)).texts == [
        (
            "It is unknown which integration was created",
            "Immuta's answer to the create did not arrive. The new integrations have the ids 1, 2: several are exactly as "
            "configured. Check them in Immuta and import the one that this run created, or delete it and apply again."
            f"\n\n{IMPORT}\n\n{block('1')}\n\n{block('2')}",
        )
    ]
    assert ours.instance is None


def test_an_adopted_integration_of_somebody_else_gets_the_configured_secrets(transport: InProcess) -> None:
    """The POST was lost on its way, and an equal integration is there: it is adopted, and gets the secrets."""
    ours = world(transport)
    lose_the_answer(transport, "reset-before")
    others_create(transport, SAME)
    assert_adopted(ours.apply(attributes(SNOWFLAKE)))
    assert only_sent(transport) == SNOWFLAKE
    assert ours.apply(attributes(SNOWFLAKE)).action == "none"


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        ("update", "forbidden"),
        ("update", "invalid"),
        ("update", "not-found"),
        ("update", "reset-after"),
        ("update", "editError"),
        ("update", {"kind": "delay", "seconds": 120}),
        ("get", "reset-before"),
    ],
)
def test_secrets_that_cannot_be_sent_again_at_once_are_sent_by_the_next_apply(
    transport: InProcess, operation: str, fault: Any
) -> None:
    ours = world(transport)
    lose_the_answer(transport, "reset-before")
    others_create(transport, SAME)
    transport.fault(fault, operation=operation, times=None)
    applied = ours.apply(attributes(SNOWFLAKE))
    assert (applied.errors, applied.warnings[:2]) == ([], [ADOPTED, "The secrets were not sent again"])
    assert ours.instance is not None
    assert (ours.instance.state["id"], ours.instance.tainted) == ("1", False)
    assert PrivateState.decode(ours.instance.private).secrets == {}
    transport.control.clear_faults()
    transport.control.alter("integrations", "1", {"status": "enabled"})
    assert ours.apply(attributes(SNOWFLAKE)).outcome == ("update", [])
    assert only_sent(transport) == SNOWFLAKE
    assert ours.apply(attributes(SNOWFLAKE)).action == "none"


def test_every_new_integration_without_a_natural_key_is_a_candidate(transport: InProcess) -> None:
    ours = world(transport, "immuta_trino_integration")
    transport.control.plant("integrations", {"type": "Trino"})
    lose_the_answer(transport)
    others_create(transport, {"type": "Trino"}, SAME)
    applied = ours.apply({})
    assert applied.errors == ["It is unknown which integration was created"]
    detail = applied.diagnostics[0].detail
    assert "have the ids 2, 4: Immuta shows nothing that distinguishes integrations of this type" in detail
    assert [f'id = "{id}"' in detail for id in "1234"] == [False, True, False, True]
    assert (ours.instance, len(transport.control.stored("integrations"))) == (None, 4)


S3 = numbered(BASES["s3 with keys"], 1)


def s3_conflict(id: str) -> tuple[str, str]:
    return (
        "Immuta reports a conflict",
        'POST /integrations was answered with 422 Unprocessable entity: "Validation of prerequisite setup failed. Unable to '
        'create integration".\n\nfailed validation tests:\n'
        "  - There is no existing integration matching this configuration: An integration for this location path exists "
        f"already (id = {id}).\n"
        "  - The provided integration name is unique across Immuta S3 integrations: The name is taken by the integration "
        f"with id = {id}.\n\nIntegration {id} already exists with the same key in Immuta.\n\n"
        f"{own(id)}{IMPORT}\n\n"
        f'import {{\n  to = immuta_amazon_s3_integration.NAME\n  id = "{id}"\n}}\n\n'
        f'or in Python: AmazonS3Integration(self, "NAME", ...).import_from("{id}")',
    )


def test_conflict_in_a_failed_validation_test_names_the_integration(transport: InProcess) -> None:
    """Of S3 Immuta says so by validation tests, not by a conflict."""
    ours = world(transport, "immuta_amazon_s3_integration")
    transport.control.plant("integrations", {**S3, "status": "enabled"})
    assert ours.apply(attributes(S3)).texts == [s3_conflict("1")]
    assert ours.import_("1").errors == []
    assert ours.apply(attributes(S3)).errors == []
    assert only_sent(transport) == S3
