"""Diagnostics of wrong configurations as the real Terraform prints them: a sample of the table in tests/resources, with the
source line. A line with a secret is never printed."""

from __future__ import annotations

import re

import pytest
from support.terraform import Terraform

CONFIGURATION = """\
resource "immuta_amazon_s3_integration" "lake" {
  name                = "  "
  aws_account_id      = "210987654321"
  aws_region          = "Frankfurt"
  aws_location_role   = "immuta-location"
  aws_location_path   = "s3://lake/"
  authentication_type = "auto"
  aws_role_to_assume  = "arn:aws:iam::210987654321:role/immuta-grants"
  port                = 65536
  auto_bootstrap      = true
}

resource "immuta_snowflake_integration" "warehouse" {
  auto_bootstrap      = false
  host                = "acme.snowflakecomputing.com"
  warehouse           = "IMMUTA_WH"
  database            = "IMMUTA"
  authentication_type = "keyPair"
  username            = "IMMUTA"
  private_key         = { key_name = "KEY", user_filename = "immuta.p8", content = "hunter2-key" }
  additional_config   = "{\\"x\\": {\\"password\\": \\"hunter2-more\\"}, \\"x\\": {}}"
  lineage = {
    enabled           = true
    ingest_batch_size = 1.5
  }
  timeouts = {
    create = "10"
  }
}

resource "immuta_databricks_integration" "workspace" {
  auto_bootstrap      = false
  workspace_url       = "dbc-acme.cloud.databricks.com"
  http_path           = "/sql/1.0/warehouses/0a1b2c3d"
  authentication_type = "oAuthM2M"
  oauth_client_config = { use_certificate = false, client_id = "c", authority_url = "https://idp.example/token" }
  token               = "hunter2-token"
  group_pattern       = { denied = "immuta_exempt" }
}
"""
LAKE, WAREHOUSE, WORKSPACE = (
    ("immuta_amazon_s3_integration", "lake"),
    ("immuta_snowflake_integration", "warehouse"),
    ("immuta_databricks_integration", "workspace"),
)
# The summary, the resource, and the number of the printed line; 0 for the first line of the resource.
VALIDATED = (
    ("Warning: aws_region probably has the wrong form", LAKE, 4),
    ("Warning: lineage.enabled may not work as it is set", WAREHOUSE, 23),
    ("Warning: token is probably not used", WORKSPACE, 0),
    ("Warning: oauth_client_config.client_secret is probably missing", WORKSPACE, 0),
    ("Warning: group_pattern is empty", WORKSPACE, 38),
    ("Error: name is missing", LAKE, 2),
    ("Error: aws_location_role has the wrong form", LAKE, 5),
    ("Error: port is out of range", LAKE, 9),
    ("Error: auto_bootstrap has a value that Immuta does not accept", LAKE, 10),
    ("Error: additional_config has a key twice", WAREHOUSE, 0),
    ("Error: private_key.key_name has a value that Immuta does not accept", WAREHOUSE, 0),
    ("Error: lineage.ingest_batch_size is out of range", WAREHOUSE, 24),
    ("Error: timeouts.create is not a duration", WAREHOUSE, 27),
)
NESTED = (23, 24, 27)
"""Lines inside an attribute: Terraform 1.11 shows the resource in their place."""
EMPTY = """\
group_pattern is empty, which is the same as not setting it. Its attributes
are: deny. If you did set one, check its spelling: Terraform drops unknown
names silently. Otherwise remove group_pattern."""
"""The detail of one of them; tests/model/test_wording.py compares those of every kind."""

CLUSTER = 'resource "immuta_trino_integration" "cluster" {\n}\n'
BLOCK = """\
provider "immuta" {
  host    = "https://admin:hunter2-host@immuta.example"
  api_key = "hunter2-api-key"
}
"""
IN_THE_BLOCK = """\
Error: Invalid host

  with provider["registry.terraform.io/cdktf-immuta/immuta"],
  on main.tf line 3, in provider "immuta":
   3: provider "immuta" {

`host` contains user information (the part before an @), which would appear
in logs. Remove it from the URL, and set the credential as `api_key` or
`bearer_token`."""
NO_HOST = """\
Error: Immuta's host is missing

  with provider["registry.terraform.io/cdktf-immuta/immuta"],
  on <empty> line 0:
  (source code not available)

set `host` in the provider block, or IMMUTA_HOST in the environment, to the
URL of the Immuta tenant, for example "https://acme.hosted.immutacloud.com"."""
PLAIN_HTTP = """\
Warning: The connection to Immuta is not encrypted

  with provider["registry.terraform.io/cdktf-immuta/immuta"],
  on <empty> line 0:
  (source code not available)

`host` is "http://immuta.invalid": anyone on the network path can read the
traffic, including credentials. Use https."""


def rendered(summary: str, resource: tuple[str, str], number: int) -> str:
    """The diagnostic as Terraform prints it where it writes to no screen, without its detail."""
    type, name = resource
    lines = CONFIGURATION.splitlines()
    shown = number or lines.index(f'resource "{type}" "{name}" {{') + 1
    return (
        f'{summary}\n\n  with {type}.{name},\n  on main.tf line {shown}, in resource "{type}" "{name}":\n'
        f"{shown:>4}: {lines[shown - 1]}"
    )


def diagnostics(text: str) -> set[str]:
    """Every diagnostic in Terraform's output, without the order, since Terraform validates resources at once."""
    parts = re.split(r"^(?=(?:Error|Warning): )", text.partition("\n\u2500")[0], flags=re.MULTILINE)
    return {part.strip() for part in parts[1:]}


@pytest.fixture
def away(terraform: Terraform) -> Terraform:
    """A Terraform that does not know an Immuta."""
    for name in ("IMMUTA_HOST", "IMMUTA_API_KEY"):
        del terraform.environment[name]
    return terraform


def test_validate_shows_the_line_that_is_wrong_and_no_secret(away: Terraform) -> None:
    away.write(CONFIGURATION)
    code, stdout, stderr = away.run("validate", "-no-color")
    newer = {rendered(*each) for each in VALIDATED}
    older = {
        rendered(summary, resource, 0 if number in NESTED else number)
        for summary, resource, number in VALIDATED
    }
    shown = [part.split("\n\n") for part in diagnostics(stdout) | diagnostics(stderr)]
    found = {"\n\n".join(parts[:2]) for parts in shown}
    details = {parts[0]: "\n\n".join(parts[2:]) for parts in shown}
    assert (code, details["Warning: group_pattern is empty"]) == (1, EMPTY)
    assert found == (older if found & older - newer else newer)
    assert "hunter2" not in stdout + stderr


def test_error_in_the_provider_block_shows_its_first_line(away: Terraform) -> None:
    away.write(CLUSTER + BLOCK)
    code, stdout, stderr = away.run("validate", "-no-color")
    assert (code, stdout, diagnostics(stderr)) == (1, "", {IN_THE_BLOCK})
    away.write(CLUSTER)
    code, stdout, stderr = away.run("plan", "-no-color")
    assert (code, NO_HOST in diagnostics(stderr)) == (1, True)
    environment = {"IMMUTA_HOST": "http://immuta.invalid", "IMMUTA_API_KEY": "hunter2-api-key"}
    code, stdout, stderr = away.run("plan", "-no-color", environment=environment)
    assert (code, PLAIN_HTTP in diagnostics(stdout), stderr) == (0, True, "")
