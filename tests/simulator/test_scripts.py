"""Scripts for manual set-ups."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_simulator.integrations.samples import SAMPLES
from support.simulator_client import Client, refusal
from table import changed

WITHOUT_ID = ("create", "initial-create", "cleanup", "post-cleanup")
SERVED = {
    "Native S3": (),
    "Azure Synapse Analytics": WITHOUT_ID,
    "Databricks": ("create", "cleanup"),
    "Google BigQuery": ("create",),
    "Redshift": ("create", "initial-create", "cleanup"),
    "Snowflake": ("create", "cleanup"),
    "Trino": (),
}
WITH_ID = ("Azure Synapse Analytics", "Databricks", "Redshift", "Snowflake")


def manual(type_name: str) -> dict[str, Any]:
    sample = SAMPLES[type_name]
    return sample if type_name == "Trino" else {**sample, "autoBootstrap": False}


def refused(message: str) -> tuple[int, Any]:
    return refusal(400, "Bad request", message)


SNOWFLAKE_CREATE = """\
-- Immuta Snowflake integration, create script: set up the resources that Immuta manages
-- host: organization.us-east-1.snowflakecomputing.com
-- port: 443
-- database: SNOWFLAKE_SAMPLE_DATA
-- warehouse: SAMPLE_WAREHOUSE
CREATE DATABASE "SNOWFLAKE_SAMPLE_DATA";
ALTER USER "taylor@snowflake.com" PASSWORD = 'abc''1234';
GRANT ALL ON DATABASE "SNOWFLAKE_SAMPLE_DATA" TO "taylor@snowflake.com";
"""
BIGQUERY_CREATE = f"""\
# Immuta Google BigQuery integration, create script: set up the resources that Immuta manages
# port: 443
# dataset: immuta
# datasetSuffix: _secureView
# location: us-east1
gcloud iam roles create immuta --title='Immuta'
gcloud iam service-accounts create immuta --display-name='Immuta'
bq mk --location=us-east1 immuta
cat > immuta-key.json <<'KEY'
{SAMPLES["Google BigQuery"]["config"]["credential"]}
KEY
"""


def test_a_script_has_identifiers_and_credentials(client: Client) -> None:
    snowflake = changed(manual("Snowflake"), {"config.password": "abc'1234"})

    scripts = [
        client.ask("POST", "/integrations/scripts/create", payload)
        for payload in (snowflake, manual("Google BigQuery"))
    ]

    assert scripts == [(200, SNOWFLAKE_CREATE), (200, BIGQUERY_CREATE)]


@pytest.mark.parametrize(
    ("type_name", "action"), [(name, action) for name in SERVED for action in WITHOUT_ID]
)
def test_a_type_has_the_scripts_that_its_set_up_needs(client: Client, type_name: str, action: str) -> None:
    status, answer = client.ask("POST", f"/integrations/scripts/{action}", manual(type_name))

    if action in SERVED[type_name]:
        assert status == 200
        assert f" Immuta {type_name} integration, {action} script: " in answer.splitlines()[0]
    else:
        assert (status, answer) == refused(f"There is no {action} script for {type_name} integrations.")
    assert client.control.held("integrations") == []


def test_the_form_of_a_script_is_a_setting(client: Client) -> None:
    def answer() -> tuple[str, Any]:
        response = client.send("POST", "/integrations/scripts/cleanup", json=manual("Redshift"))
        is_json = response.headers["content-type"] == "application/json; charset=utf-8"
        return response.headers["content-type"], response.json() if is_json else response.text

    _, text = plain = answer()
    client.control.change_settings({"script_form": "json"})
    wrapped = answer()
    client.control.change_settings({"script_form": "string"})
    string = answer()

    assert plain[0] == "text/plain; charset=utf-8"
    assert wrapped == ("application/json; charset=utf-8", {"script": text})
    assert string == ("application/json; charset=utf-8", text)


@pytest.mark.parametrize("type_name", WITH_ID)
def test_existing_integration_has_scripts_to_delete_and_edit(client: Client, type_name: str) -> None:
    client.create(manual(type_name))
    new = changed(manual(type_name), {"config.username": "someone-else"})

    delete = client.ask("POST", "/integrations/1/scripts/delete")
    edit = client.ask("POST", "/integrations/1/scripts/edit", new)

    assert (delete[0], edit[0]) == (200, 200)
    assert f" Immuta {type_name} integration, delete script: " in delete[1]
    assert f" Immuta {type_name} integration, edit script: " in edit[1]
    assert "someone-else" in edit[1]
    assert "someone-else" not in delete[1]


@pytest.mark.parametrize("type_name", ["Native S3", "Google BigQuery", "Trino"])
@pytest.mark.parametrize("action", ["delete", "edit"])
def test_types_without_scripts_refuse_them(client: Client, type_name: str, action: str) -> None:
    client.create(manual(type_name))

    answer = client.ask("POST", f"/integrations/1/scripts/{action}", manual(type_name))

    assert answer == refused(f"There is no {action} script for {type_name} integrations.")


def test_an_automatic_set_up_does_not_have_scripts(client: Client, snowflake: dict[str, Any]) -> None:
    client.create(snowflake)

    answer = refused("Scripts are only for integrations that are configured manually (autoBootstrap: false).")
    assert client.ask("POST", "/integrations/scripts/create", snowflake) == answer
    assert client.ask("POST", "/integrations/1/scripts/delete") == answer
    assert client.ask("POST", "/integrations/1/scripts/edit", snowflake) == answer


def test_the_payload_of_a_script_is_checked(client: Client, snowflake: dict[str, Any]) -> None:
    client.create(manual("Snowflake"))
    moved = changed(manual("Snowflake"), {"config.host": "elsewhere.example"})
    del snowflake["config"]["host"]

    incomplete = client.ask("POST", "/integrations/scripts/create", snowflake)
    frozen = client.ask("POST", "/integrations/1/scripts/edit", moved)

    assert (incomplete[0], incomplete[1]["message"]) == (400, '"config.host" is required')
    assert (frozen[0], frozen[1]["message"]) == (400, '"config.host" cannot be changed')
