"""The scripts of integrations that Immuta does not have, without a secret."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_provider.model.placeholders import JSON, PEM
from support.core import InProcess
from support.reads import Reads, refused, sent
from table import changed
from table.integrations import BASES, by_hand, settings
from table.row import SECRET_KEYS, snake, visible

NAME = "immuta_integration_script"
# Every secret of each base: its place in the request, and the placeholder that is sent there.
SECRETS: dict[str, dict[str, str]] = {
    "synapse": {"password": "<PASSWORD>"},
    "databricks": {"token": "<TOKEN>"},
    "databricks with oauth": {"oAuthClientConfig.clientSecret": "<CLIENT_SECRET>"},
    "bigquery": {"credential": JSON},
    "redshift": {"password": "<PASSWORD>"},
    "redshift with keys": {"secretKey": "<SECRET_KEY>"},
    "redshift with okta": {"okta.password": "<PASSWORD>"},
    "snowflake": {"password": "<PASSWORD>"},
    "snowflake with key pair": {"privateKey.content": PEM},
    "snowflake with oauth": {"oAuthClientConfig.oauthPrivateKey.content": PEM},
}
SNOWFLAKE = settings(visible(by_hand("snowflake")))
SCRIPT = """\
-- Immuta Snowflake integration, create script: set up the resources that Immuta manages
-- host: acme-1.eu-central-1.snowflakecomputing.com
-- port: 443
-- database: IMMUTA
-- warehouse: IMMUTA_WH
CREATE DATABASE "IMMUTA";
ALTER USER "SETUP_ADMIN" PASSWORD = '<PASSWORD>';
GRANT ALL ON DATABASE "IMMUTA" TO "SETUP_ADMIN";
"""


def value_at(request: dict[str, Any], path: str) -> Any:
    value: Any = request["config"]
    for step in path.split("."):
        value = value[step]
    return value


def middle(text: str) -> str:
    """The line between a key file's first and last, or the only one."""
    lines = text.splitlines()
    return lines[len(lines) // 2]


@pytest.mark.parametrize("base", SECRETS)
def test_placeholders_stand_for_every_secret(base: str, reads: Reads, transport: InProcess) -> None:
    request = by_hand(base)
    read = reads.data(NAME, script="create", **settings(visible(request)))

    assert read.told == []
    placeholders = {f"config.{path}": text for path, text in SECRETS[base].items()}
    assert sent(transport, "script-create") == [changed(request, placeholders)]
    assert sorted(read.value["placeholders"].values()) == sorted(SECRETS[base].values())
    for path, placeholder in SECRETS[base].items():
        # The simulator writes the secrets of the request into the script, as Immuta is believed to do.
        assert middle(placeholder) in read.value["content"]
        assert middle(value_at(request, path)) not in read.value["content"]


def test_the_secrets_of_every_base_are_tested() -> None:
    assert SECRETS.keys() == {
        base for base, request in BASES.items() if request["type"] not in ("Native S3", "Trino")
    }


def test_the_answer_has_the_settings_the_script_and_the_placeholders(reads: Reads) -> None:
    read = reads.data(NAME, script="create", **SNOWFLAKE)
    assert {k: v for k, v in read.value.items() if v is not None and k != "snowflake"} == {
        "script": "create",
        "content": SCRIPT,
        "placeholders": {"password": "<PASSWORD>"},
    }
    assert {k: v for k, v in read.value["snowflake"].items() if v is not None} == SNOWFLAKE["snowflake"]


def test_no_attribute_name_looks_like_a_secret(reads: Reads) -> None:
    for name in (NAME, "immuta_existing_integration_script"):
        schema = reads.provider.data_sources[name].schema
        platforms = [a.nested for a in schema.attributes if a.nested is not None]
        names = set()
        while platforms:
            nested = platforms.pop()
            names |= {a.name for a in nested.attributes if a.nested is None}
            platforms += [a.nested for a in nested.attributes if a.nested is not None]
        assert "key_name" in names
        assert names.isdisjoint(snake(key) for key in SECRET_KEYS)


@pytest.mark.parametrize("script", ["create", "initial-create", "cleanup", "post-cleanup"])
def test_each_script_has_its_route(script: str, reads: Reads, transport: InProcess) -> None:
    read = reads.data(NAME, script=script, **settings(visible(by_hand("synapse"))))
    assert read.told == []
    assert read.value["content"].startswith(
        f"-- Immuta Azure Synapse Analytics integration, {script} script: "
    )
    assert len(sent(transport, f"script-{script}")) == 1


def test_an_unfamiliar_script_is_requested(reads: Reads) -> None:
    read = reads.data(NAME, script="cleanup", **settings(visible(by_hand("bigquery"))))
    assert (read.value, read.places) == (
        None,
        [
            ("warning", "script has an unfamiliar value", ("script",)),
            ("error", "Immuta refused the request", ()),
        ],
    )
    assert read.told[1][2].endswith(
        "\n\nThe request was for the cleanup script of a Google BigQuery integration."
    )


def test_an_immuta_without_the_route_is_an_error(reads: Reads, transport: InProcess) -> None:
    transport.fault("html-404", operation="script-create")
    assert reads.data(NAME, script="create", **SNOWFLAKE) == refused(
        "This Immuta does not provide the script",
        "POST /integrations/scripts/create was answered with 404: not every release of Immuta has this route. Copy the "
        "script from Immuta's app settings page, or update Immuta. If this release has the route, check `host` "
        "(IMMUTA_HOST), including its path.\n\nThe request was for the create script of a Snowflake integration.",
    )
