"""The data sources with one integration and with all of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from immuta_provider.model.compiled.integrations import INTEGRATIONS
from immuta_simulator.integrations.samples import SAMPLES
from support.core import InProcess
from support.reads import Read, Reads, refused
from table import changed

ONE, ALL = "immuta_integration", "immuta_integrations"
VALIDATION = {
    "status": "failed",
    "validationTests": [
        {"name": "Initial Validation: Basic Connection Test", "status": "passed", "result": []},
        {
            "name": "Validate Automatic: Database Does Not Exist",
            "status": "failed",
            "message": "User taylor could not sign in with password 'hunter2-in-clear'.",
        },
    ],
}
SHOWN_VALIDATION = {
    "status": "failed",
    "tests": [
        {"name": "Initial Validation: Basic Connection Test", "status": "passed", "message": None},
        {
            "name": "Validate Automatic: Database Does Not Exist",
            "status": "failed",
            "message": "User taylor could not sign in with password …",
        },
    ],
}
SNOWFLAKE = {
    "id": "1",
    "type": "Snowflake",
    "host": "organization.us-east-1.snowflakecomputing.com",
    "auto_bootstrap": True,
    "status": "recurringValidationError",
    "validation": SHOWN_VALIDATION,
}
SNOWFLAKE_CONFIG = {
    "host": "organization.us-east-1.snowflakecomputing.com",
    "warehouse": "SAMPLE_WAREHOUSE",
    "database": "SNOWFLAKE_SAMPLE_DATA",
    "authentication_type": "userPassword",
    "username": "taylor@snowflake.com",
    "role": "ACCOUNTADMIN",
}


@pytest.fixture(autouse=True)
def integrations(transport: InProcess) -> None:
    """1: Snowflake, unhealthy. 2: Trino. 3 and 4: Redshift on one host. 5: Redshift elsewhere."""
    unhealthy = {"status": "recurringValidationError", "validationResults": VALIDATION}
    redshift = SAMPLES["Redshift"]
    for request in (
        {**SAMPLES["Snowflake"], **unhealthy},
        {**SAMPLES["Trino"], "config": {"apiKey": "the-key-of-the-cluster"}},
        redshift,
        changed(redshift, {"config.database": "other"}),
        changed(redshift, {"config.host": "second.example"}),
    ):
        transport.control.plant("integrations", request)


def parsed(value: Any) -> Any:
    """An integration with its settings as an object."""
    return {**value, "config_json": json.loads(value["config_json"])} if value["config_json"] else value


@pytest.mark.parametrize(
    "found_by",
    [
        {"id": "1"},
        {"type": "Snowflake"},
        {"type": "Snowflake", "host": "organization.us-east-1.snowflakecomputing.com"},
    ],
)
def test_one_integration_is_found_by_id_or_host(
    found_by: dict[str, str], reads: Reads, transport: InProcess
) -> None:
    read = reads.data(ONE, **found_by)
    assert read.told == []
    assert parsed(read.value) == {**SNOWFLAKE, "config_json": SNOWFLAKE_CONFIG}
    assert transport.order == ["list"]


def test_another_spelling_of_the_host_stays_as_it_is_written(reads: Reads) -> None:
    read = reads.data(ONE, type="Redshift", host="SECOND.example.")
    assert (read.value["id"], read.value["host"]) == ("5", "SECOND.example.")


def test_an_id_that_is_not_listed_is_read(reads: Reads, transport: InProcess) -> None:
    transport.fault("empty-list", operation="list")
    assert reads.data(ONE, id="1").value["type"] == "Snowflake"
    assert transport.order == ["list", "get"]


HALF = [{"id": "1"}, {"id": "2", "type": "Trino"}, {"id": "3", "config": {}}, {"id": "9", "type": "Redshift"}]


@pytest.fixture
def half(transport: InProcess) -> None:
    """An Immuta whose list says less than its other routes, and still names one that is gone."""
    action = {"kind": "respond", "status": 200, "body": HALF}
    transport.fault(action, operation="list", times=None)


@pytest.mark.parametrize("found_by", [{"id": "1"}, {"type": "Snowflake"}])
@pytest.mark.usefixtures("half")
def test_values_missing_in_the_list_are_read(found_by: dict[str, str], reads: Reads) -> None:
    read = reads.data(ONE, **found_by)
    assert read.told == []
    assert parsed(read.value) == {**SNOWFLAKE, "config_json": SNOWFLAKE_CONFIG}


@pytest.mark.usefixtures("half")
def test_values_missing_in_the_list_are_read_for_each_integration(reads: Reads, transport: InProcess) -> None:
    shown = [(i["id"], i["type"], i["host"]) for i in reads.data(ALL).value["integrations"]]
    assert shown == [
        ("1", "Snowflake", "organization.us-east-1.snowflakecomputing.com"),
        ("2", "Trino", None),
        ("3", "Redshift", "organization.aws.amazon.com"),
    ]
    assert transport.order == ["list", "get", "get", "get", "get"]
    assert [i["id"] for i in reads.data(ALL, type="Redshift").value["integrations"]] == ["3"]


HOSTS = {each.type: each.host_field for each in INTEGRATIONS if each.host_field}


@pytest.mark.parametrize("type", HOSTS)
@pytest.mark.parametrize("spelling", ["{}", "https://{}/", "HTTPS://{}:443/?o=123", " {}. "])
def test_every_type_that_has_a_host_is_found_by_it(
    type: str, spelling: str, reads: Reads, transport: InProcess
) -> None:
    key = next(
        f.key for each in INTEGRATIONS for f in each.fields if each.type == type and f.name == HOSTS[type]
    )
    planted = changed(SAMPLES[type], {f"config.{key}": "found.example"})
    id = transport.control.plant("integrations", planted)["id"]
    host = spelling.format("Found.example")
    read = reads.data(ONE, type=type, host=host)
    assert (read.told, read.value["id"], read.value["host"]) == ([], str(id), host)


def test_four_types_have_a_host() -> None:
    assert HOSTS == {
        "Azure Synapse Analytics": "host",
        "Databricks": "workspace_url",
        "Redshift": "host",
        "Snowflake": "host",
    }


def test_the_key_of_a_cluster_is_not_shown(reads: Reads) -> None:
    read = reads.data(ONE, type="Trino")
    assert read == Read(
        {
            "id": "2",
            "type": "Trino",
            "host": None,
            "auto_bootstrap": False,
            "status": "enabled",
            "validation": {"status": "passed", "tests": []},
            "config_json": "{}",
        },
        [],
    )


def test_no_secret_is_shown(reads: Reads, transport: InProcess) -> None:
    """Immuta may show secrets unmasked, and settings that this provider does not know."""
    config = {
        **SAMPLES["Snowflake"]["config"],
        "password": "a-secret",
        "connectArgs": "PRIV_KEY_FILE_PWD=a-secret",
        "privateKey": {"keyName": "PRIV_KEY_FILE", "userFilename": "immuta.p8", "content": "a-secret"},
        "newSetting": {"of": "a-secret"},
    }
    body = {"id": "1", "type": "Snowflake", "status": "enabled", "config": config}
    action = {"kind": "respond", "status": 200, "body": [body]}
    transport.fault(action, operation="list", times=None)
    for read in (reads.data(ONE, id="1"), reads.data(ALL)):
        assert read.told == []
        assert "a-secret" not in repr(read)
    assert json.loads(reads.data(ONE, id="1").value["config_json"]) == {
        **SNOWFLAKE_CONFIG,
        "private_key": {"key_name": "PRIV_KEY_FILE", "user_filename": "immuta.p8"},
    }


@pytest.mark.parametrize(
    ("config", "error"),
    [
        (
            {"type": "Redshift"},
            (
                "Several integrations fit",
                "Immuta has 3 integrations of type 'Redshift':\n"
                "  - id 3, host organization.aws.amazon.com, status enabled\n"
                "  - id 4, host organization.aws.amazon.com, status enabled\n"
                "  - id 5, host second.example, status enabled\n"
                "Set `host` to one of these hosts, or set `id` instead.",
                (),
            ),
        ),
        (
            {"type": "Redshift", "host": "organization.aws.amazon.com"},
            (
                "Several integrations fit",
                "Immuta has 2 integrations of type 'Redshift' on 'organization.aws.amazon.com':\n"
                "  - id 3, host organization.aws.amazon.com, status enabled\n"
                "  - id 4, host organization.aws.amazon.com, status enabled\n"
                "Set `id` instead.",
                (),
            ),
        ),
        (
            {"type": "Snowflake", "host": "h.example"},
            (
                "No such integration",
                "Immuta has no integration of type 'Snowflake' on 'h.example'. Those of that type are:\n"
                "  - id 1, host organization.us-east-1.snowflakecomputing.com, status recurringValidationError\n"
                "Correct `type` or `host`, or create the integration first.",
                (),
            ),
        ),
        (
            {"id": "9"},
            (
                "Immuta does not know it",
                'GET /integrations/9 was answered with 404 Not found: "No Integration found with ID 9". List the integrations to '
                "find the right id.",
                (),
            ),
        ),
    ],
)
def test_no_match_and_several_matches_are_errors(config: Any, error: Any, reads: Reads) -> None:
    assert reads.data(ONE, **config) == refused(*error[:2], *error[2])


def test_an_unfamiliar_type_warns(reads: Reads) -> None:
    assert reads.data(ONE, type="snowflake").places == [
        ("warning", "type has an unfamiliar value", ("type",)),
        ("error", "No such integration", ()),
    ]


def test_integration_in_use_precedes_a_disabled_one(reads: Reads, transport: InProcess) -> None:
    transport.control.alter("integrations", "4", {"status": "disabled"})
    assert reads.data(ONE, type="Redshift", host="organization.aws.amazon.com").value["id"] == "3"
    transport.control.alter("integrations", "3", {"status": "deleted"})
    fresh = Reads(transport).data(ONE, type="Redshift", host="organization.aws.amazon.com").value
    assert (fresh["id"], fresh["status"]) == ("4", "disabled")


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({}, ["1", "2", "3", "4"]),
        ({"type": "Redshift"}, ["3", "4"]),
        ({"type": "Redshift", "status": "enabled"}, ["3"]),
        ({"status": "deleted"}, ["5"]),
        ({"type": "Databricks"}, []),
    ],
)
def test_filters_leave_the_integrations_that_fit(
    filters: dict[str, str], ids: list[str], reads: Reads, transport: InProcess
) -> None:
    transport.control.alter("integrations", "4", {"status": "editError"})
    transport.control.alter("integrations", "5", {"status": "deleted"})
    read = reads.data(ALL, **filters)
    assert read.told == []
    assert {k: v for k, v in read.value.items() if k != "integrations" and v is not None} == filters
    assert [i["id"] for i in read.value["integrations"]] == ids
    assert transport.order == ["list"]


def test_each_of_many_is_shown_as_one_alone(reads: Reads, transport: InProcess) -> None:
    listed = reads.data(ALL).value["integrations"]
    assert listed == [reads.data(ONE, id=i["id"]).value for i in listed]
    assert transport.order == ["list"]


def test_an_unfamiliar_filter_warns(reads: Reads) -> None:
    read = reads.data(ALL, type="snowflake", status="Enabled")
    assert (read.value, read.places) == (
        {"type": "snowflake", "status": "Enabled", "integrations": []},
        [
            ("warning", "type has an unfamiliar value", ("type",)),
            ("warning", "status has an unfamiliar value", ("status",)),
        ],
    )


def test_unknown_types_and_statuses_are_shown(reads: Reads, transport: InProcess) -> None:
    body = [
        {"id": 1, "type": "New", "status": "pausing", "config": {"host": "h"}},
        {"id": 2, "type": ["odd"]},
    ]
    transport.fault({"kind": "respond", "status": 200, "body": body}, operation="list")
    transport.fault({"kind": "respond", "status": 200, "body": body[1]}, operation="get")
    nothing = dict.fromkeys(("type", "host", "auto_bootstrap", "status", "validation", "config_json"))
    assert reads.data(ALL).value["integrations"] == [
        {**nothing, "id": "1", "type": "New", "status": "pausing"},
        {**nothing, "id": "2"},
    ]


@pytest.mark.parametrize("name", [ONE, ALL])
def test_a_refused_list_is_an_error(name: str, reads: Reads, transport: InProcess) -> None:
    transport.fault("forbidden", operation="list")
    read = reads.data(name, type="Trino")
    assert (read.value, read.places) == (None, [("error", "Immuta denied the permission", ())])
