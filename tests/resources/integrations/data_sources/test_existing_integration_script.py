"""The scripts of integrations that Immuta has, without a secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from immuta_provider.api.http.exchange import Response
from immuta_provider.model import placeholders
from immuta_simulator.integrations.samples import SAMPLES
from support.core import InProcess
from support.reads import Reads, refused, sent
from table import changed
from table.integrations import by_hand, settings
from table.row import visible

NAME = "immuta_existing_integration_script"
REQUEST = by_hand("snowflake")
SETTINGS = settings(visible(REQUEST))
SNOWFLAKE = SETTINGS["snowflake"]
PASSWORD = REQUEST["config"]["password"]
DELETE_SCRIPT = {"integration_id": "1", "script": "delete"}
EDIT = """\
-- Immuta Snowflake integration, edit script: bring the resources that Immuta manages up to date
-- host: acme-1.eu-central-1.snowflakecomputing.com
-- port: 443
-- database: IMMUTA
-- warehouse: OTHER_WH
ALTER DATABASE "IMMUTA";
ALTER USER "SETUP_ADMIN" PASSWORD = '<PASSWORD>';
GRANT ALL ON DATABASE "IMMUTA" TO "SETUP_ADMIN";
"""
DELETE = """\
-- Immuta Snowflake integration, delete script: remove the resources that Immuta manages
-- host: acme-1.eu-central-1.snowflakecomputing.com
-- port: 443
-- database: IMMUTA
-- warehouse: IMMUTA_WH
DROP DATABASE "IMMUTA";
DROP USER "SETUP_ADMIN";
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
    transport.control.plant("integrations", changed(REQUEST, {"config.port": 443}))


def test_the_edit_script_has_the_new_settings(reads: Reads, transport: InProcess) -> None:
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
    changes = {"config.warehouse": "OTHER_WH", "config.password": "<PASSWORD>"}
    assert sent(transport, "script-edit") == [changed(REQUEST, changes)]


def test_the_delete_script_needs_the_id_alone(reads: Reads, transport: InProcess) -> None:
    read = reads.data(NAME, integration_id=" 1 ", script="delete")

    assert read.told == []
    assert {k: v for k, v in read.value.items() if v is not None} == {
        "integration_id": " 1 ",
        "script": "delete",
        "content": DELETE,
        "placeholders": {},
    }
    assert sent(transport, "script-delete") == [None]


def test_a_script_with_a_known_secret_is_not_stored(reads: Reads, transport: InProcess) -> None:
    """Immuta may write a stored secret into a script, and another resource of the run configures the same secret."""
    transport.after = added("script-delete", "-- was: snowflake-password-1\n")
    # Not known is not seen, which is why `content` is sensitive.
    assert reads.data(NAME, **DELETE_SCRIPT).value["content"].endswith("snowflake-password-1\n")

    own = {**SNOWFLAKE, "password": PASSWORD}
    ephemeral = reads.ephemeral(NAME, integration_id="1", script="edit", snowflake=own)
    assert ephemeral.told == []
    assert reads.data(NAME, **DELETE_SCRIPT) == refused(
        "The script contains a secret",
        "the delete script of integration 1, as Immuta wrote it, contains a configured secret. "
        "Terraform would keep the script in its state, so the script was not stored. Use the ephemeral resource "
        "immuta_existing_integration_script instead, which takes the same arguments and is not stored.",
    )
    assert reads.ephemeral(NAME, **DELETE_SCRIPT).value["content"].endswith("password-1\n")


def test_a_script_is_not_a_secret_for_the_next_one(reads: Reads) -> None:
    ephemeral = reads.ephemeral(NAME, **DELETE_SCRIPT)
    assert ephemeral.value["content"] == DELETE
    for _ in range(2):
        read = reads.data(NAME, **DELETE_SCRIPT)
        assert (read.value["content"], read.told) == (DELETE, [])


def test_a_placeholder_is_not_a_secret_beside_a_real_key(reads: Reads, transport: InProcess) -> None:
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
    transport.fault("empty-list", operation="list")
    assert reads.data(NAME, **DELETE_SCRIPT).value["content"] == DELETE
    assert transport.order == ["list", "get", "script-delete"]


def test_a_type_that_is_missing_in_the_list_is_read(reads: Reads, transport: InProcess) -> None:
    trino = transport.control.plant("integrations", SAMPLES["Trino"])
    action = {"kind": "respond", "status": 200, "body": [{"id": trino["id"]}]}
    transport.fault(action, operation="list")
    [error] = reads.data(NAME, integration_id=trino["id"], script="delete").told
    assert error[:2] == ("error", "Starburst (Trino) has no scripts")
    assert transport.order == ["list", "get"]


@pytest.mark.parametrize(("type", "title"), [("Trino", "Starburst (Trino)"), ("Native S3", "Amazon S3")])
def test_a_type_without_scripts_is_refused(type: str, title: str, reads: Reads, transport: InProcess) -> None:
    transport.control.plant("integrations", SAMPLES[type])
    assert reads.data(NAME, integration_id="2", script="delete") == refused(
        f"{title} has no scripts",
        f"Immuta's integration 2 is of type {type!r}, and Immuta writes no scripts for {title} integrations. Set "
        "`integration_id` to the id of an integration of another type.",
        "integration_id",
    )
    assert transport.order == ["list"]


def test_settings_of_another_type_are_refused(reads: Reads, transport: InProcess) -> None:
    assert reads.data(
        NAME, integration_id="1", script="edit", **settings(visible(by_hand("databricks")))
    ) == refused(
        "Settings of another type",
        "Immuta's integration 1 is of type 'Snowflake', but databricks is set. Set snowflake instead, or set "
        "`integration_id` to the id of a Databricks Unity Catalog integration.",
    )
    assert transport.order == ["list"]


def test_an_integration_that_immuta_set_up_itself_has_no_script(reads: Reads, transport: InProcess) -> None:
    transport.control.alter("integrations", "1", {"autoBootstrap": True})
    assert reads.data(NAME, **DELETE_SCRIPT) == refused(
        "Immuta refused the request",
        'POST /integrations/1/scripts/delete was answered with 400 Bad request: "Scripts are only for integrations '
        "that "
        'are configured manually … false)". Correct the cause that it names and try again. If it names none, check '
        "Immuta's logs.\n\nThe request was for the delete script of the Snowflake integration 1. Immuta set that "
        "integration up itself (`auto_bootstrap = true`), and changes and removes it without a script.",
    )


def test_a_missing_integration_is_an_error(reads: Reads) -> None:
    [error] = reads.data(NAME, integration_id="9", script="delete").told
    assert error == (
        "error",
        "Immuta does not know it",
        'GET /integrations/9 was answered with 404 Not found: "No Integration found with ID 9". List the integrations to find '
        "the right id.\n\nThe request was for the delete script of integration 9.",
        (),
    )
