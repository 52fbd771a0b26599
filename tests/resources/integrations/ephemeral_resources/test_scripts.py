"""Scripts with the real secrets in them, for consumers that store nothing."""

from __future__ import annotations

import pytest
from immuta_provider.plugin.redaction import REDACTOR
from support.core import InProcess
from support.reads import Reads, sent
from table import changed
from table.integrations import BASES, by_hand, settings

NEW, EXISTING = "immuta_integration_script", "immuta_existing_integration_script"
BY_HAND = [base for base, request in BASES.items() if request["type"] not in ("Native S3", "Trino")]
SNOWFLAKE = by_hand("snowflake")


@pytest.mark.parametrize("base", BY_HAND)
def test_request_has_the_configured_settings(base: str, reads: Reads, transport: InProcess) -> None:
    request = by_hand(base)
    read = reads.ephemeral(NEW, script="create", **settings(request))
    assert read.told == []
    assert sent(transport, "script-create") == [request]
    assert f" Immuta {request['type']} integration, create script: " in read.value["content"]


def test_the_answer_has_the_settings_and_the_script(reads: Reads) -> None:
    read = reads.ephemeral(NEW, script="cleanup", **settings(SNOWFLAKE))
    own = {k: v for k, v in read.value["snowflake"].items() if v is not None}

    assert own == settings(SNOWFLAKE)["snowflake"]
    assert {k: v for k, v in read.value.items() if v is not None and k != "snowflake"} == {
        "script": "cleanup",
        "content": """\
-- Immuta Snowflake integration, cleanup script: remove the resources of a set-up that failed
-- host: acme-1.eu-central-1.snowflakecomputing.com
-- port: 443
-- database: IMMUTA
-- warehouse: IMMUTA_WH
DROP DATABASE "IMMUTA";
DROP USER "SETUP_ADMIN";
""",
    }


def test_the_secret_is_in_the_script_and_in_no_text(reads: Reads) -> None:
    content = reads.ephemeral(NEW, script="create", **settings(SNOWFLAKE)).value["content"]
    assert "ALTER USER \"SETUP_ADMIN\" PASSWORD = 'snowflake-password-1';" in content
    assert REDACTOR.clean("it said snowflake-password-1") == "it said (redacted)"
    assert REDACTOR.clean(content).strip() == "(redacted)"


@pytest.mark.parametrize("name", [NEW, EXISTING])
def test_every_secret_is_sensitive(name: str, reads: Reads) -> None:
    schema = reads.provider.ephemeral_resources[name].schema
    content = schema.attribute("content")
    assert content is not None
    assert content.sensitive
    snowflake = schema.attribute("snowflake")
    assert snowflake is not None
    assert snowflake.nested is not None
    assert {a.name for a in snowflake.nested.attributes if a.holds_secret} == {
        "password",
        "private_key",
        "private_key_password",
        "oauth_client_config",
        "connect_args",
    }


def test_a_secret_that_a_server_repeats_is_redacted(reads: Reads, transport: InProcess) -> None:
    refused = {"kind": "respond", "status": 400, "message": "bad: {request}"}
    transport.fault(refused, operation="script-create")
    [(_, summary, detail, _)] = reads.ephemeral(NEW, script="create", **settings(SNOWFLAKE)).told
    assert summary == "Immuta refused the request"
    assert "snowflake-password-1" not in detail
    assert '"username": "SETUP_ADMIN", "password": "(redacted)", "role": "ACCOUNTADMIN"' in detail


def test_the_scripts_of_an_existing_integration_have_the_configured_secrets(
    reads: Reads, transport: InProcess
) -> None:
    transport.control.plant("integrations", {**SNOWFLAKE, "config": {**SNOWFLAKE["config"], "port": 443}})
    new = changed(SNOWFLAKE, {"config.password": "another-password", "config.warehouse": "OTHER"})
    edit = reads.ephemeral(EXISTING, integration_id="1", script="edit", **settings(new))
    delete = reads.ephemeral(EXISTING, integration_id="1", script="delete")

    assert (edit.told, delete.told) == ([], [])
    assert sent(transport, "script-edit") == [new]
    assert sent(transport, "script-delete") == [None]
    assert "PASSWORD = 'another-password';" in edit.value["content"]
    assert delete.value["content"].startswith("-- Immuta Snowflake integration, delete script: ")
