"""Scripts with the real secrets in them, for consumers that store nothing."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_provider.plugin.redaction import REDACTOR
from immuta_provider.plugin.values import UNKNOWN
from support.core import InProcess
from support.reads import Reads, sent
from table import changed, numbered
from table.integrations import BASES, ROWS, attributes

NEW, EXISTING = "immuta_integration_script", "immuta_existing_integration_script"
PLATFORMS = {row.type.type: row.resource[len("immuta_") : -len("_integration")] for row in ROWS}
MANUAL = {
    base: {**numbered(request, 1), "autoBootstrap": False}
    for base, request in BASES.items()
    if request["type"] not in ("Native S3", "Trino")
}
SNOWFLAKE = MANUAL["snowflake"]


def settings(request: dict[str, Any]) -> dict[str, Any]:
    """A request as the settings of its platform."""
    own = {k: v for k, v in attributes(request).items() if k != "auto_bootstrap"}
    return {PLATFORMS[request["type"]]: own}


@pytest.mark.parametrize("base", MANUAL)
def test_request_has_the_configured_settings(base: str, reads: Reads, transport: InProcess) -> None:
    read = reads.ephemeral(NEW, script="create", **settings(MANUAL[base]))

    assert read.told == []
    assert sent(transport, "script-create") == [MANUAL[base]]
    assert f" Immuta {MANUAL[base]['type']} integration, create script: " in read.value["content"]


def test_the_whole_answer(reads: Reads) -> None:
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
def test_whatever_is_secret_is_sensitive(name: str, reads: Reads) -> None:
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


def test_a_refusal_points_at_no_line_with_a_secret(reads: Reads, transport: InProcess) -> None:
    wrong = changed(SNOWFLAKE, {"config.port": 70000})
    assert reads.ephemeral(NEW, script="create", **settings(wrong)).places == [
        ("error", "snowflake.port is out of range", ())
    ]
    missing = changed(SNOWFLAKE, {"config.password": None})
    assert reads.ephemeral(NEW, script="create", **settings(missing)).places == [
        ("error", "snowflake.password is missing", ())
    ]
    assert transport.order == []


def test_a_server_that_repeats_what_it_was_sent(reads: Reads, transport: InProcess) -> None:
    transport.control.add_fault(
        {
            "match": {"operation": "script-create"},
            "action": {"kind": "respond", "status": 400, "message": "bad: {request}"},
        }
    )
    (told,) = reads.ephemeral(NEW, script="create", **settings(SNOWFLAKE)).told
    assert told[:2] == ("error", "Immuta refused the request")
    assert "snowflake-password-1" not in told[2]
    assert '"username": "SETUP_ADMIN", "password": "(redacted)", "role": "ACCOUNTADMIN"' in told[2]


def test_the_scripts_of_an_existing_integration(reads: Reads, transport: InProcess) -> None:
    transport.control.plant("integrations", {**SNOWFLAKE, "config": {**SNOWFLAKE["config"], "port": 443}})
    new = changed(SNOWFLAKE, {"config.password": "another-password", "config.warehouse": "OTHER"})
    edit = reads.ephemeral(EXISTING, integration_id="1", script="edit", **settings(new))
    delete = reads.ephemeral(EXISTING, integration_id="1", script="delete")

    assert (edit.told, delete.told) == ([], [])
    assert sent(transport, "script-edit") == [new]
    assert sent(transport, "script-delete") == [None]
    assert "PASSWORD = 'another-password';" in edit.value["content"]
    assert delete.value["content"].startswith("-- Immuta Snowflake integration, delete script: ")


@pytest.mark.parametrize(
    ("name", "config"),
    [
        (NEW, {"script": "create", **settings(SNOWFLAKE)}),
        (EXISTING, {"integration_id": "1", "script": "delete"}),
    ],
)
def test_a_provider_that_is_not_known_yet(name: str, config: dict[str, Any], transport: InProcess) -> None:
    read = Reads(transport, host=None).ephemeral(name, **config)
    assert (read.value, read.places) == (None, [("error", "Immuta cannot be reached yet", ())])


def test_unknown_values_are_not_checked(reads: Reads) -> None:
    own = settings(SNOWFLAKE)["snowflake"]
    for config in (
        {"script": "create", "snowflake": UNKNOWN},
        {"script": "create", "snowflake": {**own, "password": UNKNOWN}},
        {"script": UNKNOWN, "snowflake": own},
    ):
        assert reads.validate_ephemeral(NEW, **config) == []
