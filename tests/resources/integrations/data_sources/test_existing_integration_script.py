"""The scripts of integrations that Immuta has, without a secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from immuta_provider.api.http.exchange import Response
from immuta_provider.model import placeholders
from immuta_provider.plugin.values import UNKNOWN
from immuta_simulator.integrations.samples import SAMPLES
from support.core import InProcess
from support.reads import Read, Reads, sent

NAME = "immuta_existing_integration_script"
SNOWFLAKE = {
    "host": "acme.eu-central-1.snowflakecomputing.com",
    "warehouse": "IMMUTA_WH",
    "database": "IMMUTA",
    "authentication_type": "userPassword",
    "username": "IMMUTA_SYSTEM",
}
DATABRICKS = {"workspace_url": "h.example", "http_path": "/sql", "authentication_type": "token"}
CONFIG = {
    "host": "acme.eu-central-1.snowflakecomputing.com",
    "warehouse": "IMMUTA_WH",
    "database": "IMMUTA",
    "authenticationType": "userPassword",
    "username": "IMMUTA_SYSTEM",
    "password": "the-real-password",
}
REQUEST = {"type": "Snowflake", "autoBootstrap": False, "config": CONFIG}
EDIT = """\
-- Immuta Snowflake integration, edit script: bring the resources that Immuta manages up to date
-- host: acme.eu-central-1.snowflakecomputing.com
-- port: 443
-- database: IMMUTA
-- warehouse: OTHER_WH
ALTER DATABASE "IMMUTA";
ALTER USER "IMMUTA_SYSTEM" PASSWORD = '<PASSWORD>';
GRANT ALL ON DATABASE "IMMUTA" TO "IMMUTA_SYSTEM";
"""
DELETE = """\
-- Immuta Snowflake integration, delete script: remove the resources that Immuta manages
-- host: acme.eu-central-1.snowflakecomputing.com
-- port: 443
-- database: IMMUTA
-- warehouse: IMMUTA_WH
DROP DATABASE "IMMUTA";
DROP USER "IMMUTA_SYSTEM";
"""


def added(operation: str, text: str) -> Callable[[str, Response], Response]:
    """An `InProcess.after` that puts a text at the end of each script."""

    def after(answered: str, response: Response) -> Response:
        if answered != operation:
            return response
        return Response(response.status, response.headers, response.body + text.encode())

    return after


@pytest.fixture(autouse=True)
def integration(transport: InProcess) -> None:
    transport.control.plant("integrations", {**REQUEST, "config": {**CONFIG, "port": 443}})


def test_the_edit_script(reads: Reads, transport: InProcess) -> None:
    new = {**SNOWFLAKE, "warehouse": "OTHER_WH"}
    read = reads.data(NAME, integration_id="1", script="edit", snowflake=new)

    assert read.told == []
    assert {k: v for k, v in read.value.items() if v is not None and k != "snowflake"} == {
        "integration_id": "1",
        "script": "edit",
        "content": EDIT,
        "placeholders": {"password": "<PASSWORD>"},
    }
    assert transport.order == ["list", "script-edit"]
    config = {**CONFIG, "warehouse": "OTHER_WH", "password": "<PASSWORD>"}
    assert sent(transport, "script-edit") == [{**REQUEST, "config": config}]


def test_the_delete_script(reads: Reads, transport: InProcess) -> None:
    read = reads.data(NAME, integration_id=" 1 ", script="delete")

    assert read.told == []
    assert {k: v for k, v in read.value.items() if v is not None} == {
        "integration_id": " 1 ",
        "script": "delete",
        "content": DELETE,
        "placeholders": {},
    }
    assert sent(transport, "script-delete") == [None]


def test_a_script_with_a_secret_that_is_known_is_not_taken_over(reads: Reads, transport: InProcess) -> None:
    """Immuta may write what it holds into a script, and another resource of the run brings the same secret."""
    transport.after = added("script-delete", "-- was: the-real-password\n")
    # Not known is not seen, which is why `content` is sensitive.
    assert (
        reads.data(NAME, integration_id="1", script="delete").value["content"].endswith("the-real-password\n")
    )

    own = {**SNOWFLAKE, "password": "the-real-password"}
    ephemeral = reads.ephemeral(NAME, integration_id="1", script="edit", snowflake=own)
    assert ephemeral.told == []
    assert reads.data(NAME, integration_id="1", script="delete") == Read(
        None,
        [
            (
                "error",
                "The script contains a secret",
                "the delete script of integration 1, as Immuta wrote it, contains a configured secret. "
                "Terraform would keep the script in its state, so the script was not stored. Use the ephemeral resource "
                "immuta_existing_integration_script instead, which takes the same arguments and is not stored.",
                (),
            )
        ],
    )
    assert reads.ephemeral(NAME, integration_id="1", script="delete").value["content"].endswith("password\n")


def test_a_script_is_no_secret_of_the_next_one(reads: Reads) -> None:
    ephemeral = reads.ephemeral(NAME, integration_id="1", script="delete")
    assert ephemeral.value["content"] == DELETE
    for _ in range(2):
        read = reads.data(NAME, integration_id="1", script="delete")
        assert (read.value["content"], read.told) == (DELETE, [])


def test_a_placeholder_is_no_secret_beside_a_real_key(reads: Reads, transport: InProcess) -> None:
    """Key files have their first and their last line in common."""
    transport.after = added("script-edit", placeholders.PEM)
    key = "-----BEGIN PRIVATE " + "KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEF\n-----END PRIVATE " + "KEY-----\n"
    pair: dict[str, Any] = {
        **SNOWFLAKE,
        "authentication_type": "keyPair",
        "private_key": {"key_name": "PRIV_KEY_FILE", "user_filename": "rsa_key.p8"},
    }
    own = {**pair, "private_key": {**pair["private_key"], "content": key}}
    assert reads.ephemeral(NAME, integration_id="1", script="edit", snowflake=own).told == []
    read = reads.data(NAME, integration_id="1", script="edit", snowflake=pair)
    assert (read.told, read.value["placeholders"]) == ([], {"private_key.content": placeholders.PEM})


def test_script_of_an_existing_integration_is_sensitive(reads: Reads) -> None:
    content = reads.provider.data_sources[NAME].schema.attribute("content")
    assert content is not None
    assert content.sensitive


def test_unlisted_integration_is_read_by_its_id(reads: Reads, transport: InProcess) -> None:
    transport.control.add_fault({"match": {"operation": "list"}, "action": "empty-list"})
    assert reads.data(NAME, integration_id="1", script="delete").value["content"] == DELETE
    assert transport.order == ["list", "get", "script-delete"]


def test_the_type_that_the_list_does_not_tell_is_read(reads: Reads, transport: InProcess) -> None:
    trino = transport.control.plant("integrations", SAMPLES["Trino"])
    action = {"kind": "respond", "status": 200, "body": [{"id": trino["id"]}]}
    transport.control.add_fault({"match": {"operation": "list"}, "action": action})
    (told,) = reads.data(NAME, integration_id=trino["id"], script="delete").told
    assert told[:2] == ("error", "Starburst (Trino) has no scripts")
    assert transport.order == ["list", "get"]


@pytest.mark.parametrize(
    ("config", "told"),
    [
        (
            {"integration_id": "1", "script": "create"},
            ("script has a value that Immuta does not accept", ("script",)),
        ),
        ({"integration_id": " ", "script": "delete"}, ("integration_id is missing", ("integration_id",))),
        ({"integration_id": "1", "script": "edit"}, ("Arguments are missing", ())),
        (
            {"integration_id": "1", "script": "edit", "snowflake": SNOWFLAKE, "databricks": DATABRICKS},
            ("Arguments exclude each other", ()),
        ),
        (
            {"integration_id": "1", "script": "delete", "snowflake": SNOWFLAKE},
            ("snowflake is not allowed here", ("snowflake",)),
        ),
        (
            {"integration_id": "1", "script": "edit", "snowflake": {**SNOWFLAKE, "port": 70000}},
            ("snowflake.port is out of range", ("snowflake", "port")),
        ),
    ],
)
def test_impossible_scripts_are_refused_without_a_request(
    config: Any, told: Any, reads: Reads, transport: InProcess
) -> None:
    read = reads.data(NAME, **config)
    assert (read.value, read.places) == (None, [("error", *told)])
    assert transport.order == []


@pytest.mark.parametrize(("type", "title"), [("Trino", "Starburst (Trino)"), ("Native S3", "Amazon S3")])
def test_a_type_without_scripts_is_named(type: str, title: str, reads: Reads, transport: InProcess) -> None:
    transport.control.plant("integrations", SAMPLES[type])
    assert reads.data(NAME, integration_id="2", script="delete") == Read(
        None,
        [
            (
                "error",
                f"{title} has no scripts",
                f"Immuta's integration 2 is of type {type!r}, and Immuta writes no scripts for {title} integrations. Set "
                "`integration_id` to the id of an integration of another type.",
                ("integration_id",),
            )
        ],
    )
    assert transport.order == ["list"]


def test_settings_of_another_type(reads: Reads, transport: InProcess) -> None:
    assert reads.data(NAME, integration_id="1", script="edit", databricks=DATABRICKS) == Read(
        None,
        [
            (
                "error",
                "Settings of another type",
                "Immuta's integration 1 is of type 'Snowflake', but databricks is set. Set snowflake instead, or set "
                "`integration_id` to the id of a Databricks Unity Catalog integration.",
                (),
            )
        ],
    )
    assert transport.order == ["list"]


def test_an_integration_that_immuta_set_up_itself(reads: Reads, transport: InProcess) -> None:
    transport.control.alter("integrations", "1", {"autoBootstrap": True})
    assert reads.data(NAME, integration_id="1", script="delete") == Read(
        None,
        [
            (
                "error",
                "Immuta refused the request",
                'POST /integrations/1/scripts/delete was answered with 400 Bad request: "Scripts are only for integrations '
                "that "
                'are configured manually … false)". Correct the cause that it names and try again. If it names none, check '
                "Immuta's logs.\n\nThe request was for the delete script of the Snowflake integration 1. Immuta set that "
                "integration up itself (`auto_bootstrap = true`), and changes and removes it without a script.",
                (),
            )
        ],
    )


def test_an_integration_that_immuta_does_not_have(reads: Reads) -> None:
    (told,) = reads.data(NAME, integration_id="9", script="delete").told
    assert told == (
        "error",
        "Immuta does not know it",
        'GET /integrations/9 was answered with 404 Not found: "No Integration found with ID 9". List the integrations to find '
        "the right id.\n\nThe request was for the delete script of integration 9.",
        (),
    )


def test_an_immuta_without_the_route(reads: Reads, transport: InProcess) -> None:
    action = {
        "kind": "respond",
        "status": 404,
        "body": {"statusCode": 404, "error": "Not Found", "message": "Not Found"},
    }
    transport.control.add_fault({"match": {"operation": "script-delete"}, "action": action})
    (told,) = reads.data(NAME, integration_id="1", script="delete").told
    assert told[:2] == ("error", "This Immuta does not provide the script")
    assert told[2].endswith("\n\nThe request was for the delete script of the Snowflake integration 1.")


def test_unknown_values_are_not_checked(reads: Reads) -> None:
    for config in (
        {"integration_id": UNKNOWN, "script": "delete"},
        {"integration_id": UNKNOWN, "script": UNKNOWN, "snowflake": SNOWFLAKE},
        {"integration_id": "1", "script": "edit", "snowflake": UNKNOWN},
        {"integration_id": "1", "script": "edit", "snowflake": UNKNOWN, "databricks": UNKNOWN},
    ):
        assert reads.validate_data(NAME, **config) == []
