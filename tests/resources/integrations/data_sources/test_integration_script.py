"""The scripts of integrations that Immuta does not have, without a secret."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_provider.model.placeholders import JSON, PEM
from immuta_provider.plugin.values import UNKNOWN
from support.core import InProcess
from support.reads import Read, Reads, sent
from table import changed, numbered
from table.integrations import BASES, ROWS, attributes

NAME = "immuta_integration_script"
PLATFORMS = {row.type.type: row.resource[len("immuta_") : -len("_integration")] for row in ROWS}
MANUAL = {
    base: {**numbered(request, 1), "autoBootstrap": False}
    for base, request in BASES.items()
    if request["type"] not in ("Native S3", "Trino")
}
# Every secret of each base: its place in the request, and what is sent there.
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
SNOWFLAKE = {
    "host": "acme.eu-central-1.snowflakecomputing.com",
    "warehouse": "IMMUTA_WH",
    "database": "IMMUTA",
    "authentication_type": "userPassword",
    "username": "IMMUTA_SYSTEM",
}
SCRIPT = """\
-- Immuta Snowflake integration, create script: set up the resources that Immuta manages
-- host: acme.eu-central-1.snowflakecomputing.com
-- port: 443
-- database: IMMUTA
-- warehouse: IMMUTA_WH
CREATE DATABASE "IMMUTA";
ALTER USER "IMMUTA_SYSTEM" PASSWORD = '<PASSWORD>';
GRANT ALL ON DATABASE "IMMUTA" TO "IMMUTA_SYSTEM";
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


def settings(base: str) -> dict[str, Any]:
    """A base as a data source takes it: without its secrets."""
    request = changed(MANUAL[base], {f"config.{path}": None for path in SECRETS[base]})
    return {k: v for k, v in attributes(request).items() if k != "auto_bootstrap"}


@pytest.mark.parametrize("base", SECRETS)
def test_no_secret_is_asked_for_sent_or_told(base: str, reads: Reads, transport: InProcess) -> None:
    read = reads.data(NAME, script="create", **{PLATFORMS[MANUAL[base]["type"]]: settings(base)})

    assert read.told == []
    placeholders = {f"config.{path}": text for path, text in SECRETS[base].items()}
    assert sent(transport, "script-create") == [changed(MANUAL[base], placeholders)]
    assert sorted(read.value["placeholders"].values()) == sorted(SECRETS[base].values())
    for path, placeholder in SECRETS[base].items():
        # The simulator writes what it was sent into the script, as Immuta is believed to do.
        assert middle(placeholder) in read.value["content"]
        assert middle(value_at(MANUAL[base], path)) not in read.value["content"]


def test_every_base_is_tried() -> None:
    assert set(SECRETS) == set(MANUAL)


def test_the_whole_answer(reads: Reads) -> None:
    read = reads.data(NAME, script="create", snowflake=SNOWFLAKE)

    assert {k: v for k, v in read.value.items() if v is not None and k != "snowflake"} == {
        "script": "create",
        "content": SCRIPT,
        "placeholders": {"password": "<PASSWORD>"},
    }
    assert {k: v for k, v in read.value["snowflake"].items() if v is not None} == SNOWFLAKE


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
        assert (
            names
            & {
                "password",
                "token",
                "client_secret",
                "credential",
                "secret_key",
                "session_token",
                "content",
                "private_key_password",
                "connect_args",
            }
            == set()
        )


@pytest.mark.parametrize("script", ["create", "initial-create", "cleanup", "post-cleanup"])
def test_each_script_has_its_route(script: str, reads: Reads, transport: InProcess) -> None:
    read = reads.data(NAME, script=script, azure_synapse=settings("synapse"))
    assert read.told == []
    assert read.value["content"].startswith(
        f"-- Immuta Azure Synapse Analytics integration, {script} script: "
    )
    assert len(sent(transport, f"script-{script}")) == 1


@pytest.mark.parametrize("form", ["text", "json", "string"])
def test_each_form_of_the_answer(form: str, reads: Reads, transport: InProcess) -> None:
    transport.control.change_settings({"script_form": form})
    assert reads.data(NAME, script="create", snowflake=SNOWFLAKE).value["content"] == SCRIPT


@pytest.mark.parametrize(
    ("script", "config", "told"),
    [
        (
            "setup",
            {"snowflake": SNOWFLAKE},
            ("script has a value that Immuta does not accept", ("script",)),
        ),
        (
            "initial-create",
            {"snowflake": SNOWFLAKE},
            ("script has a value that Immuta does not accept", ("script",)),
        ),
        (
            "post-cleanup",
            {"redshift": settings("redshift")},
            ("script has a value that Immuta does not accept", ("script",)),
        ),
        ("create", {}, ("Arguments are missing", ())),
        (
            "create",
            {"snowflake": SNOWFLAKE, "redshift": settings("redshift")},
            ("Arguments exclude each other", ()),
        ),
        (
            "create",
            {"snowflake": {**SNOWFLAKE, "authentication_type": "keyPair"}},
            ("snowflake.private_key is missing", ("snowflake", "private_key")),
        ),
        (
            "create",
            {"snowflake": {**SNOWFLAKE, "additional_config": '{"api_token": "x"}'}},
            ("snowflake.additional_config has a key that looks like a secret", ()),
        ),
    ],
)
def test_impossible_scripts_are_refused_without_a_request(
    script: str, config: Any, told: Any, reads: Reads, transport: InProcess
) -> None:
    read = reads.data(NAME, script=script, **config)
    assert (read.value, read.places) == (None, [("error", *told)])
    assert transport.order == []


def test_a_script_that_may_exist_is_asked_for(reads: Reads) -> None:
    read = reads.data(NAME, script="cleanup", bigquery=settings("bigquery"))
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


def test_unknown_values_are_not_checked(reads: Reads) -> None:
    for config in (
        {"script": UNKNOWN, "snowflake": SNOWFLAKE},
        {"script": "create", "snowflake": UNKNOWN},
        {"script": "create", "snowflake": UNKNOWN, "redshift": UNKNOWN},
        {"script": "create", "snowflake": {**SNOWFLAKE, "authentication_type": UNKNOWN}},
    ):
        assert reads.validate_data(NAME, **config) == []


def test_an_immuta_without_the_route(reads: Reads, transport: InProcess) -> None:
    transport.control.add_fault({"match": {"operation": "script-create"}, "action": "html-404"})
    assert reads.data(NAME, script="create", snowflake=SNOWFLAKE) == Read(
        None,
        [
            (
                "error",
                "This Immuta does not provide the script",
                "POST /integrations/scripts/create was answered with 404: not every release of Immuta has this route. Copy the "
                "script from Immuta's app settings page, or update Immuta. If this release has the route, check `host` "
                "(IMMUTA_HOST), including its path.\n\nThe request was for the create script of a Snowflake integration.",
                (),
            )
        ],
    )


def test_a_lost_answer_is_asked_for_again(reads: Reads, transport: InProcess) -> None:
    for action in ("reset-after", "html-502", "rate-limited"):
        transport.control.add_fault({"match": {"operation": "script-create"}, "action": action})
    assert reads.data(NAME, script="create", snowflake=SNOWFLAKE).value["content"] == SCRIPT
    assert transport.order == ["script-create"] * 4


def test_a_provider_that_is_not_known_yet(transport: InProcess) -> None:
    assert Reads(transport, host=None).data(NAME, script="create", snowflake=SNOWFLAKE) == Read(
        None,
        [
            (
                "error",
                "Immuta cannot be reached yet",
                "the provider's host or credential is not known. Set `host` and `api_key` (or `bearer_token`) in the provider "
                "block, or IMMUTA_HOST and IMMUTA_API_KEY in the environment. If they are known only after apply, add the "
                "resources that create them to `depends_on`; the data source is then read during apply.",
                (),
            )
        ],
    )
