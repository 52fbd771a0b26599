"""Resource identity and `terraform query`, with a Terraform that has them, and an older one beside it."""

from __future__ import annotations

import http.client
import json
import re
from typing import Any

import pytest
from immuta_constructs.testing import Immuta
from support.pages import words
from support.running import instances
from support.terraform import PROGRAMS, Terraform
from support.terraform_values import without_nulls
from table import BY_RESOURCE, numbered
from table.integrations import BASES, ROWS, attributes

TRINO = """
resource "immuta_trino_integration" "this" {
  timeouts = { update = "5m" }
}
"""
LAKE, WAREHOUSE = numbered(BASES["s3"], 1), numbered(BASES["snowflake"], 1)
CLUSTER = BASES["trino"]


@pytest.fixture
def tenant(immuta: Immuta) -> str:
    return immuta.url.removeprefix("http://")


def create(immuta: Immuta, *requests: dict[str, Any]) -> None:
    """Creates integrations without Terraform, with the ids from 1 on."""
    immuta.settings(polls=0)
    headers = {"authorization": immuta.api_key, "content-type": "application/json"}
    for request in requests:
        connection = http.client.HTTPConnection(immuta.url.removeprefix("http://"), timeout=30)
        connection.request("POST", "/integrations", json.dumps(request), headers)
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


def found(terraform: Terraform) -> list[Any]:
    """The results of `terraform query`."""
    lines = [json.loads(line) for line in terraform.ok("query", "-json").splitlines()]
    return [line["list_resource_found"] for line in lines if line["type"] == "list_resource_found"]


def identities(terraform: Terraform) -> dict[str, Any]:
    return {r["type"]: r["instances"][0].get("identity") for r in terraform.state()["resources"]}


def test_import_by_identity_takes_the_id_and_the_own_tenant(
    newest: Terraform, immuta: Immuta, tenant: str
) -> None:
    create(immuta, CLUSTER)
    block = "import {\n  to = immuta_trino_integration.this\n  identity = { %s }\n}\n"
    newest.write(TRINO + block % 'id = "1", host = "other.example"')
    code, _, stderr = newest.run("plan")
    assert (code, "Error: Integration of another tenant" in stderr) == (1, True), stderr

    newest.write(TRINO + block % "id = 1")
    whole = {"host": tenant, "id": "1"}
    assert newest.plan_changes()["immuta_trino_integration.this"]["importing"] == {"identity": whole}
    newest.ok("apply", "plan")
    assert identities(newest) == {"immuta_trino_integration": whole}
    newest.assert_empty_plan()
    assert len(immuta.stored("integrations")) == 1


def test_an_identity_of_another_tenant_is_imported_through_its_provider_block(
    newest: Terraform, immuta: Immuta
) -> None:
    with Immuta() as other:
        create(other, CLUSTER)
        alias = f'provider "immuta" {{\n  alias = "other"\n  host = "{other.url}"\n}}\n'
        identity = f'identity = {{ id = "1", host = "{other.url.removeprefix("http://")}" }}'
        wrong = f"import {{\n  to = immuta_trino_integration.this\n  {identity}\n}}\n"
        newest.write(alias + TRINO + wrong)
        code, _, stderr = newest.run("plan")
        advice = "(`provider = immuta.ALIAS` in the resource's block, and"
        assert (code, advice in words(stderr)) == (1, True), stderr

        own = TRINO.replace("{\n", "{\n  provider = immuta.other\n", 1)
        newest.write(alias + own + wrong)
        assert "1 to import, 0 to add" in newest.ok("plan")

        generating = wrong.replace("{\n", "{\n  provider = immuta.other\n", 1)
        newest.write(alias + generating)
        assert "1 to import, 0 to add" in newest.ok("plan", "-generate-config-out=made.tf")
    assert immuta.stored("integrations") == []


def test_every_type_is_found_by_a_query_and_imported_by_its_identity(
    newest: Terraform, immuta: Immuta, tenant: str
) -> None:
    of_each = {row.resource: numbered(next(iter(row.base.values())).request, 1) for row in ROWS}
    create(immuta, *of_each.values())
    query = newest.folder / "all.tfquery.hcl"
    query.write_text("".join(f'list "{each}" "all" {{\n  provider = immuta\n}}\n' for each in of_each))
    whole = {each: {"host": tenant, "id": str(id)} for id, each in enumerate(of_each, 1)}
    assert {one["resource_type"]: one["identity"] for one in found(newest)} == whole

    query.unlink()
    newest.write(
        {
            "resource": {each: {"this": attributes(request)} for each, request in of_each.items()},
            "import": [{"to": f"{each}.this", "identity": whole[each]} for each in of_each],
        },
        "imported",
    )
    changes = newest.plan_changes()
    assert {address: change["importing"] for address, change in changes.items()} == {
        f"{each}.this": {"identity": identity} for each, identity in whole.items()
    }
    assert {(*change["actions"],) for change in changes.values()} <= {("no-op",), ("update",)}
    newest.ok("apply", "plan")
    assert identities(newest) == whole
    newest.assert_empty_plan()
    assert "POST /integrations 200" not in immuta.calls()


def test_a_state_of_an_older_terraform_gets_an_identity_and_can_return(
    newest: Terraform, immuta: Immuta, tenant: str
) -> None:
    mine = {"immuta_trino_integration": {"host": tenant, "id": "1"}}
    newest.write(TRINO)
    stdout = newest.ok("apply", "-auto-approve")
    assert "Plan: 1 to add, 0 to change, 0 to destroy." in stdout
    assert identities(newest) == mine

    older = newest.state()
    instance = older["resources"][0]["instances"][0]
    del instance["identity"], instance["identity_schema_version"]
    older["serial"] += 1
    older["terraform_version"] = "1.11.4"
    (newest.folder / "terraform.tfstate").write_text(json.dumps(older))
    newest.assert_empty_plan()
    newest.write(TRINO.replace("5m", "6m"))
    newest.ok("apply", "-auto-approve")
    assert identities(newest) == mine

    for minutes, program in enumerate(PROGRAMS.values(), 7):
        terraform = Terraform(newest.folder, program, environment=newest.environment)
        terraform.assert_empty_plan()
        terraform.write(TRINO.replace("5m", f"{minutes}m"))
        assert "0 added, 1 changed, 0 destroyed." in terraform.ok("apply", "-auto-approve")
        assert [each["timeouts"]["update"] for each in instances(terraform)] == [f"{minutes}m"]
        terraform.assert_empty_plan()
    assert identities(newest) == mine
    assert len(immuta.stored("integrations")) == 1


def test_query_lists_what_immuta_has(newest: Terraform, immuta: Immuta, tenant: str) -> None:
    create(immuta, LAKE, WAREHOUSE, numbered(BASES["snowflake"], 2), CLUSTER)
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
    host   = "ACME-1.eu-central-1.snowflakecomputing.com"
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
    results = [
        (one["address"], one["display_name"], one["identity"], without_nulls(one.get("resource_object")))
        for one in found(newest)
    ]
    name, identity = "Snowflake: acme-1.eu-central-1.snowflakecomputing.com", {"host": tenant, "id": "2"}
    state = BY_RESOURCE["immuta_snowflake_integration"].imported(WAREHOUSE, "2")
    assert sorted(results) == [
        ("list.immuta_amazon_s3_integration.all", "Amazon S3: lake-1", {"host": tenant, "id": "1"}, None),
        ("list.immuta_snowflake_integration.acme", name, identity, state),
        ("list.immuta_snowflake_integration.first", name, identity, None),
    ]
    assert immuta.calls() == ["GET /integrations 200"]


def test_query_writes_configuration_that_imports_without_a_change(
    newest: Terraform, immuta: Immuta, tenant: str
) -> None:
    create(immuta, LAKE, CLUSTER)
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
  aws_location_path     = "s3://lake-1/"
  aws_location_role     = "arn:aws:iam::210987654321:role/immuta-location"
  aws_region            = "eu-central-1"
  aws_role_to_assume    = "arn:aws:iam::210987654321:role/immuta-grants"
  aws_secret_access_key = null # sensitive
  name                  = "lake-1"
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
