"""The identity of an integration: set at its creation or import, and the same for good."""

from __future__ import annotations

import json
from typing import Any

import pytest
from immuta_provider.model.compiled.types import TYPES
from immuta_provider.plugin.protocol import messages
from immuta_provider.plugin.values import UNKNOWN
from immuta_provider.resources import identity
from support.calls import Calls
from support.core import InProcess
from table import numbered
from table.integrations import BASES, attributes

TRINO = "immuta_trino_integration"
S3 = "immuta_amazon_s3_integration"
MINE = {"host": "immuta.example", "id": "1"}


def nulls(calls: Calls, resource: str, **values: Any) -> dict[str, Any]:
    names = [a.name for a in calls.provider.resources[resource].schema.attributes]
    return {**dict.fromkeys(names), **values}


def test_every_type_is_identified_by_tenant_and_id(calls: Calls) -> None:
    answer = calls.ask(messages.GET_RESOURCE_IDENTITY_SCHEMAS)
    schema = {
        "version": 0,
        "identity_attributes": [
            {
                "name": "host",
                "type": b'"string"',
                "required_for_import": False,
                "optional_for_import": True,
                "description": "The tenant's host, with its port and path where it has any, for example "
                "`acme.hosted.immutacloud.com`. An import may leave it out; it is then that of the provider block.",
            },
            {
                "name": "id",
                "type": b'"string"',
                "required_for_import": True,
                "optional_for_import": False,
                "description": "Immuta's id of the integration, for example `7`.",
            },
        ],
    }
    text = json.dumps(schema, default=bytes.decode)
    for type in TYPES:
        found = json.dumps(answer.values["identity_schemas"][type.resource], default=bytes.decode)
        assert found == text.replace("Immuta's id of the integration, for example `7`", type.id_meaning)
    assert answer.diagnostics == []


@pytest.mark.parametrize(
    ("url", "tenant"),
    [
        ("https://acme.hosted.immutacloud.com", "acme.hosted.immutacloud.com"),
        ("https://ACME.hosted.immutacloud.com:443/", "acme.hosted.immutacloud.com"),
        ("http://localhost:80", "localhost"),
        ("http://localhost:8080", "localhost:8080"),
        ("http://localhost:443", "localhost:443"),
        ("https://gateway.example/Immuta/", "gateway.example/Immuta"),
        ("https://[2001:DB8::1]:8443", "[2001:db8::1]:8443"),
    ],
)
def test_spellings_of_a_tenant_have_the_same_identity(url: str, tenant: str) -> None:
    assert identity.tenant(url) == tenant
    assert identity.tenant(tenant) == tenant


@pytest.mark.parametrize(
    ("fault", "values"),
    [
        (None, ({"id": "1", "status": "enabled"}, MINE)),
        ("createError", ({"id": "1", "status": "createError"}, MINE)),
        ("forbidden", None),
    ],
    ids=["created", "failed after its creation", "not created"],
)
def test_an_integration_that_immuta_created_gets_an_identity(
    calls: Calls, transport: InProcess, fault: str | None, values: Any
) -> None:
    # Terraform 1.15 fails to show a plan in which the identity, or a part of it, is unknown.
    assert calls.plan(TRINO, {}) == (None, [])
    if fault:
        transport.fault(fault, operation="create")
    planned = nulls(calls, TRINO, id=UNKNOWN, status=UNKNOWN)
    answer = calls.apply(TRINO, planned, {}, None, None)
    expected = (None, None) if values is None else (nulls(calls, TRINO, **values[0]), values[1])
    assert answer.values == expected
    assert [d[0] for d in answer.diagnostics] == ["error"] * bool(fault)


def test_a_provider_that_is_not_configured_keeps_the_identity(transport: InProcess) -> None:
    unknown = Calls(transport, host=None)
    for before in (None, MINE):
        answer = unknown.read(TRINO, {"id": "1"}, before)
        assert (answer.values, [d[0] for d in answer.diagnostics]) == (before, ["warning"])


@pytest.mark.parametrize("before", [None, MINE, {"host": "former.example", "id": "1"}])
def test_a_read_adds_a_missing_identity_and_changes_none(
    calls: Calls, transport: InProcess, before: dict[str, str] | None
) -> None:
    transport.control.plant("integrations", {"type": "Trino"})
    assert calls.read(TRINO, {"id": "1"}, before) == (before or MINE, [])


def test_an_update_keeps_the_identity(calls: Calls, transport: InProcess) -> None:
    former = {"host": "former.example", "id": "1"}
    request = numbered(BASES["s3"], 1)
    transport.control.plant("integrations", request)
    config = attributes(request)
    prior = {
        **config,
        "id": "1",
        "status": "enabled",
        "aws_role_to_assume": "arn:aws:iam::1:role/a",
        "port": 443,
    }
    renamed = {**config, "name": "renamed"}
    assert calls.plan(S3, renamed, prior, former) == (former, [])
    planned = {**prior, "name": "renamed", "status": UNKNOWN}
    answer = calls.apply(S3, planned, renamed, prior, former)
    assert (answer.values[0]["name"], answer.values[1]) == ("renamed", former)


@pytest.mark.parametrize(
    "names",
    [
        {"id": "1", "host": None},
        {"id": " 1 ", "host": "immuta.example"},
        {"id": "1", "host": "https://IMMUTA.example/"},
    ],
)
def test_import_by_identity_takes_any_spelling(calls: Calls, names: dict[str, Any]) -> None:
    assert calls.import_(TRINO, identity=names) == ((nulls(calls, TRINO, id="1"), MINE), [])


def test_import_by_id_has_an_identity_too(calls: Calls) -> None:
    assert calls.import_(TRINO, id="1") == ((nulls(calls, TRINO, id="1"), MINE), [])


NO_ID = ("No integration id", "the id is empty. Import an integration by its id, for example `7`.")


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (
            {"id": "1", "host": "other.example"},
            (
                "Integration of another tenant",
                "the identity names the tenant 'other.example', but this provider block is for 'immuta.example'. Choose the "
                "provider block of that tenant (`provider = immuta.ALIAS` in the resource's block, and in the import block "
                "only if Terraform generates the resource block), or leave `host` out of the identity.",
            ),
        ),
        ({"id": " ", "host": None}, NO_ID),
        ({"id": None, "host": None}, NO_ID),
    ],
    ids=["another tenant", "a blank id", "no id"],
)
def test_import_by_an_unusable_identity_is_an_error(
    calls: Calls, names: dict[str, Any], text: tuple[str, str]
) -> None:
    assert calls.import_(TRINO, identity=names) == (None, [("error", *text)])


def test_import_by_identity_needs_a_configured_provider(transport: InProcess) -> None:
    unknown = Calls(transport, host=None)
    answer = unknown.import_(TRINO, identity={"id": "1", "host": None})
    assert (answer.values, [d[1] for d in answer.diagnostics]) == (None, ["Immuta cannot be reached yet"])
    assert unknown.import_(TRINO, id="1") == ((nulls(unknown, TRINO, id="1"), None), [])
