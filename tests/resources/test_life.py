"""Each row of the table through the provider's own handlers: created, changed, changed back, destroyed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.core import Core, Diagnostic
from support.scenarios import BASES, FULL, Row, attributes, filled, imported, more_rows, resource_of, rows

# "update" for the others, which set something that is not read back. Trino has no PUT for that.
ACTION_AFTER_IMPORT = {"s3": "none", "trino": "none", "trino in full": "replace"}

TEARDOWN = {
    f"IMMUTA_TEARDOWN_{platform}_{attribute}": value
    for platform in ("SNOWFLAKE", "REDSHIFT", "AZURE_SYNAPSE")
    for attribute, value in {
        "AUTHENTICATION_TYPE": "userPassword",
        "USERNAME": "admin",
        "PASSWORD": "teardown-password",
    }.items()
}
ENVIRONMENT = {**TEARDOWN, "IMMUTA_FINGERPRINT_KEY": "a key for the tests"}


@pytest.mark.parametrize(
    "row", [*rows(), *more_rows()], ids=lambda row: f"{row.resource}-{row.name}-{row.action}"
)
def test_a_change_there_and_back(core: Callable[..., Core], row: Row) -> None:
    world = core(row.resource, environment=ENVIRONMENT)
    for request, action in ((row.before, "create"), (row.after, row.action), (row.before, row.action)):
        config = attributes(request)
        applied = world.apply(config)
        sent = row.before if row.action == "none" else request
        assert (applied.action, applied.diagnostics) == (action, [])
        assert [i["sent"] for i in world.control.integrations()] == [sent]
        for refresh in (True, False):
            again = world.apply(config, refresh=refresh)
            assert (again.action, again.diagnostics) == ("none", [])
    destroyed = world.apply(None)
    assert (destroyed.action, destroyed.diagnostics, world.instance) == ("delete", [], None)
    assert world.control.integrations() == []


@pytest.mark.parametrize("secrets", ["mask", "omit"])
@pytest.mark.parametrize("base", BASES | FULL)
def test_import_reads_all_that_immuta_tells(core: Callable[..., Core], base: str, secrets: str) -> None:
    request = filled((BASES | FULL)[base], 1)
    resource = resource_of(request)
    others = core(resource, environment=ENVIRONMENT)
    others.control.change_settings({"secrets": secrets})
    assert others.apply(attributes(request)).diagnostics == []
    world = core(resource, environment=ENVIRONMENT, control=others.control)
    assert world.import_("1").diagnostics == []
    revision = {} if resource == "immuta_trino_integration" else {"credentials_revision": 1}
    read = {**imported(request), "id": "1", "status": "enabled", **revision}
    assert world.instance is not None
    assert world.instance.state == world.full(read)
    applied = world.apply(attributes(request))
    assert (applied.action, applied.diagnostics) == (ACTION_AFTER_IMPORT.get(base, "update"), [])
    assert world.control.integrations()[0]["sent"] == request
    assert world.apply(attributes(request)).action == "none"


def test_an_update_sends_what_cannot_change_in_the_spelling_that_immuta_has(
    core: Callable[..., Core],
) -> None:
    request = filled(BASES["snowflake"], 1)
    world = core("immuta_snowflake_integration", environment=ENVIRONMENT)
    assert world.apply(attributes(request)).diagnostics == []
    config = {**attributes(request), "host": request["config"]["host"].upper()}
    assert world.apply(config).action == "none"
    applied = world.apply({**config, "warehouse": "OTHER_WH"})
    assert (applied.action, applied.diagnostics) == ("update", [])
    sent = {**request, "config": {**request["config"], "warehouse": "OTHER_WH"}}
    assert [i["sent"] for i in world.control.integrations()] == [sent]


def test_what_a_failed_update_may_have_left_behind_is_sent_over(core: Callable[..., Core]) -> None:
    """Back to the old secret after a lost answer: the fingerprint fits, and Immuta has the new one."""
    request = filled(BASES["snowflake"], 1)
    world = core("immuta_snowflake_integration", environment=ENVIRONMENT)
    assert world.apply(attributes(request)).diagnostics == []
    world.control.add_fault({"match": {"operation": "update"}, "action": "malformed"})
    rotated = {**attributes(request), "password": "another-password"}
    assert world.apply(rotated).errors == ["Immuta's answer cannot be understood"]
    assert world.control.integrations()[0]["sent"]["config"]["password"] == "another-password"
    applied = world.apply(attributes(request))
    assert (applied.action, applied.diagnostics) == ("update", [])
    assert [i["sent"] for i in world.control.integrations()] == [request]
    assert world.apply(attributes(request)).action == "none"


def test_teardown_credentials_for_a_host_that_no_integration_has_are_told_once(
    core: Callable[..., Core],
) -> None:
    credentials = {
        "authentication_type": "userPassword",
        "username": "admin",
        "password": "teardown-password",
    }
    request = filled(BASES["snowflake"], 1)
    hosts = {"ACME-1.eu-central-1.snowflakecomputing.com.": credentials, "misspelt.example": credentials}
    world = core("immuta_snowflake_integration", provider_config={"teardown_credentials": {"hosts": hosts}})
    assert world.apply(attributes(request)).diagnostics == []
    assert world.apply(attributes(request)).diagnostics == [
        Diagnostic(
            "warning",
            "Teardown credentials for a host without an integration",
            "no integration in Immuta has the host 'misspelt.example', which `teardown_credentials.hosts` names. Compare it "
            "with the integration's `host`; if that is about to be created, there is nothing to do.",
            (),
        )
    ]
    assert world.apply(None).errors == []
    assert world.control.integrations() == []
