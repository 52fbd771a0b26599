"""Data sources that read one route: whole values, filters, pages, details, and answers that cannot be used."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest
from immuta_provider.api.http.exchange import Response
from immuta_provider.model.compiled.readings import READINGS
from immuta_provider.model.fields import Reading
from immuta_provider.plugin.values import UNKNOWN
from support.core import InProcess
from support.reads import Reads

SOURCES = "immuta_data_sources"
PLAIN = {
    "name": "Orders",
    "blobHandlerType": "Snowflake",
    "remoteSchema": "SALES",
    "remoteTable": "ORDERS",
    "connectionString": "svc@acme.example:443/PROD",
    "domainId": "8e5f0c1e",
    "domainName": "Sales",
    "tags": [{"name": "Acme.PII", "source": "curated"}, {"name": "Acme.Sales", "source": "curated"}],
    "globalPolicies": [{"id": 4, "name": "Mask PII", "type": "data", "disabled": False, "accessGrant": None}],
}
ROW = {
    "id": "1",
    "name": "Orders",
    "platform": "Snowflake",
    "schema": "SALES",
    "table": "ORDERS",
    "connection_string": "svc@acme.example:443/PROD",
    "status": "passed",
    "deleted": False,
    "domain_id": "8e5f0c1e",
    "domain_name": "Sales",
    "tags": None,
    "policies": None,
}
DETAILS = {
    "tags": ["Acme.PII", "Acme.Sales"],
    "policies": [{"id": "4", "name": "Mask PII", "type": "data", "disabled": False}],
}


def requested(transport: InProcess) -> list[tuple[str, list[tuple[str, str]]]]:
    """The path and the query of each request so far."""
    return [(each["path"], parse_qsl(each["query"])) for each in transport.requests()]


def answering(body: Any) -> Callable[[str, Response], Response]:
    """Every answer with another body."""
    return lambda operation, response: Response(200, response.headers, json.dumps(body).encode())


def page(offset: int) -> tuple[str, list[tuple[str, str]]]:
    return ("/dataSource", [("size", "200"), ("offset", str(offset))])


def test_identity_managers_are_all_read(reads: Reads, transport: InProcess) -> None:
    transport.control.plant("iams", {"name": "corp ldap", "displayName": "LDAP", "oauth": True})
    own = {"id": "bim", "display_name": "Immuta", "type": "bim", "oauth": False}
    other = {"id": "corp ldap", "display_name": "LDAP", "type": "ldap", "oauth": True}
    assert reads.data("immuta_iams") == ({"iams": [own, other]}, [])
    assert requested(transport) == [("/bim/iam", [])]


def test_the_current_user_has_the_attributes_of_both_sources(reads: Reads, transport: InProcess) -> None:
    own = {"bimAuthorizations": {"country": ["DE", "FR"]}, "iamAuthorizations": {"team": ["red"]}}
    transport.control.alter("users", "1", own)
    assert reads.data("immuta_current_user") == (
        {
            "id": "1",
            "iamid": "bim",
            "userid": "admin@immuta.example",
            "name": "Admin",
            "email": "admin@immuta.example",
            "profile_id": "1",
            "permissions": ["GOVERNANCE", "USER_ADMIN"],
            "authorizations": {"country": ["DE", "FR"], "team": ["red"]},
        },
        [],
    )
    assert requested(transport) == [("/bim/rpc/user/current", [])]


def test_data_sources_have_details_where_these_are_configured(reads: Reads, transport: InProcess) -> None:
    transport.control.plant("datasources", PLAIN)
    arguments = dict.fromkeys(
        ("search_text", "platform", "schema", "tag", "status", "domain_id", "with_policies")
    )
    assert reads.data(SOURCES) == ({**arguments, "data_sources": [ROW]}, [])
    assert requested(transport) == [page(0)]
    transport.control.clear_requests()
    detailed = {**arguments, "with_policies": True, "data_sources": [{**ROW, **DETAILS}]}
    assert reads.data(SOURCES, with_policies=True) == (detailed, [])
    assert requested(transport) == [page(0), ("/dataSource/1", [])]


@pytest.mark.parametrize(
    ("argument", "value", "parameter"),
    [
        ("search_text", "orders", "searchText"),
        ("platform", "Snowflake", "blobHandlerType[]"),
        ("schema", "SALES", "schema"),
        ("tag", "Acme.PII", "tag[]"),
        ("status", "passed", "status[]"),
        ("domain_id", "8e5f0c1e", "domainId"),
    ],
)
def test_immuta_is_sent_each_filter(
    reads: Reads, transport: InProcess, argument: str, value: str, parameter: str
) -> None:
    transport.control.plant("datasources", PLAIN)
    other = {"name": "Lake", "remoteSchema": "LAKE", "status": "failed"}
    transport.control.plant("datasources", other)
    found, diagnostics = reads.data(SOURCES, **{argument: value})
    assert (diagnostics, [each["name"] for each in found["data_sources"]]) == ([], ["Orders"])
    path, query = page(0)
    assert requested(transport) == [(path, [(parameter, value), *query])]


def test_every_page_is_read(reads: Reads, transport: InProcess) -> None:
    for number in range(201):
        transport.control.plant("datasources", {"name": f"Lake {number}"})
    found, diagnostics = reads.data(SOURCES)
    names = [each["name"] for each in found["data_sources"]]
    assert (diagnostics, names) == ([], [f"Lake {number}" for number in range(201)])
    assert requested(transport) == [page(0), page(200)]


def test_a_data_source_that_is_removed_meanwhile_is_left_out(reads: Reads, transport: InProcess) -> None:
    for name in ("Gone", "Lake"):
        transport.control.plant("datasources", {"name": name})

    def remove(operation: str) -> None:
        if operation == "record-get" and len(transport.control.stored("datasources")) == 2:
            transport.control.remove("datasources", "1")

    transport.before = remove
    found, diagnostics = reads.data(SOURCES, with_policies=True)
    assert (diagnostics, [each["name"] for each in found["data_sources"]]) == ([], ["Lake"])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ana@acme.example@acme.example:443/PROD", True),
        ("acme.example/PROD", True),
        ("acme.example:443/my data", True),
        ("svc:hunter2@acme.example:443/PROD", False),
        ("svc:1234@acme.example/PROD", False),
        ("jdbc:snowflake://acme.example/?password=hunter2", False),
        ("acme.example:443/PROD;PWD=hunter2", False),
    ],
)
def test_a_connection_string_of_another_form_is_null(
    reads: Reads, transport: InProcess, text: str, shown: bool
) -> None:
    transport.control.plant("datasources", {**PLAIN, "connectionString": text})
    found, _ = reads.data(SOURCES)
    assert found["data_sources"][0]["connection_string"] == (text if shown else None)


def test_a_known_secret_in_an_answer_is_null(reads: Reads, transport: InProcess) -> None:
    tags = [{"name": "simulator-api-key"}]
    transport.control.plant("datasources", {**PLAIN, "remoteTable": "a simulator-api-key", "tags": tags})
    transport.control.alter("users", "1", {"profile": {"name": "simulator-api-key"}})
    row = {**ROW, "table": None}
    assert reads.data(SOURCES).value["data_sources"] == [row]
    detailed = {**row, "policies": DETAILS["policies"]}
    assert reads.data(SOURCES, with_policies=True).value["data_sources"] == [detailed]
    assert reads.data("immuta_current_user").value["name"] is None


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: reading.resource)
@pytest.mark.parametrize("body", ["text", 7, {"hits": {}}, ["x"], None])
def test_an_answer_of_another_shape_is_an_error_or_empty(
    reads: Reads, transport: InProcess, reading: Reading, body: Any
) -> None:
    transport.after = answering(body)
    value, diagnostics = reads.data(reading.resource)
    summaries = [each[:2] for each in diagnostics]
    unusable = (None, [("error", "Immuta's answer cannot be understood")])
    if reading.plural and isinstance(body, list) and not reading.items:
        # A list leaves out elements that are not objects.
        assert (value, summaries) == ({reading.collection: []}, [])
    elif not reading.plural and isinstance(body, dict):
        assert (value, summaries) == (dict.fromkeys(field.name for field in reading.fields), [])
    else:
        assert (value, summaries) == unusable


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: reading.resource)
def test_a_refused_read_is_an_error(reads: Reads, transport: InProcess, reading: Reading) -> None:
    transport.control.change_settings({"missing_permissions": ["USER_ADMIN", "CREATE_S3_DATASOURCE"]})
    value, diagnostics = reads.data(reading.resource)
    assert (value, [each[:2] for each in diagnostics]) == (None, [("error", "Immuta denied the permission")])


def test_arguments_are_judged_before_anything_is_read(reads: Reads, transport: InProcess) -> None:
    assert reads.validate_data(SOURCES, platform=UNKNOWN, with_policies=UNKNOWN, status="failed") == []
    [(severity, _, _, path)] = reads.validate_data(SOURCES, status="broken")
    assert (severity, path) == ("warning", ("status",))
    assert requested(transport) == []
