"""The written program: names, references, text, order, the chosen objects, and errors."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from immuta_provider.cli import main
from support.adopted import Adopted, Resource, adopt
from support.core import InProcess
from table import changed, numbered
from table.integrations import BASES

Adopt = Callable[..., Adopted]
Resources = Callable[[Adopted], dict[str, Resource]]

SNOWFLAKE = changed(
    numbered(BASES["snowflake"], 1),
    {"autoBootstrap": False, "config.role": None, "config.port": 443, "config.audit": {"enabled": False}},
)
ODD = [
    "class",
    "7 sisters",
    "PII",
    "pii",
    "p-i.i",
    "Zuständigkeit",
    "顧客",
    "\"quoted\" and 'quoted'",
    "back\\slash",
    "two\nlines\tand a tab",
    "${var.secret} %{ if true } $${x} %%{y} $",
    "\u202ereversed\u200b",
    "🙂" * 40,
    "def f(): pass # noqa",
]


def plant_people(transport: InProcess) -> None:
    control = transport.control
    control.plant("users", {"userid": "ana", "profile": {"name": "Ana", "email": "ana@acme.example"}})
    control.plant("groups", {"name": "Analysts", "iamid": "bim"}, "8")
    control.plant("groups", {"name": "Engineers", "iamid": "okta"}, "9")
    control.plant("tags", {"name": "Acme.PII", "source": "curated"})
    control.plant(
        "policies",
        {
            "policyKey": "readers",
            "name": "Readers",
            "type": "subscription",
            "actions": {
                "type": "entitlements",
                "entitlements": {
                    "operator": "any",
                    "groups": ["Analysts", "Engineers"],
                    "attributes": [{"name": "team", "value": "a"}],
                },
            },
            "circumstances": [
                {"type": "tags", "tag": "Acme.PII"},
                {"type": "columnTags", "columnTag": "Else"},
            ],
            "circumstanceOperator": "all",
        },
    )


def formatted(program: str) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "-"]
    return subprocess.run(command, input=program, capture_output=True, text=True, check=True).stdout


def test_odd_names_are_kept(transport: InProcess, adopted: Adopt, resources: Resources) -> None:
    for name in ODD:
        transport.control.plant("groups", {"name": name, "iamid": "bim", "description": f"About {name}"})
    written = adopted(types=["immuta_group"])
    assert {each.config["name"]: each.config.get("description") for each in resources(written).values()} == {
        name: f"About {name}" for name in ODD
    }
    names = re.findall(r"^    (\w+) = Group\(", written.program, re.MULTILINE)
    assert all(name.isascii() and name.startswith("group_") for name in names)
    assert len(set(names)) == len(ODD)
    assert written.program.replace("\n", "").isprintable()
    assert formatted(written.program) == written.program


def test_a_new_object_with_the_same_name_changes_no_other_name(transport: InProcess, adopted: Adopt) -> None:
    transport.control.plant("groups", {"name": "A B", "iamid": "bim"}, "20")
    before = adopted(types=["immuta_group"]).program
    assert adopted(types=["immuta_group"]).program == before
    transport.control.plant("groups", {"name": "a-b", "iamid": "bim"}, "30")
    after = adopted(types=["immuta_group"]).program
    assert re.findall(r'(\w+)\.import_from\("(\d+)"\)', after) == [
        ("group_a_b", "20"),
        ("group_a_b_30", "30"),
    ]


def test_an_object_that_names_another_refers_to_it(
    transport: InProcess, adopted: Adopt, resources: Resources
) -> None:
    plant_people(transport)
    user = transport.control.held("users")[-1]["id"]
    transport.control.plant("members", {"group": 8, "uid": user})
    written = adopted()
    found = resources(written)
    policy = found["immuta_subscription_policy.subscription_policy_readers"]
    assert policy.config == {
        "policy_key": "readers",
        "name": "Readers",
        "actions": {
            "type": "entitlements",
            "entitlements": {
                "operator": "any",
                "groups": ["Analysts", "Engineers"],
                "attributes": [{"name": "team", "value": "a"}],
            },
        },
        "circumstances": [{"type": "tags", "tag": "Acme.PII"}, {"type": "columnTags", "column_tag": "Else"}],
        "circumstance_operator": "all",
    }
    assert policy.expressions == (
        "immuta_group.group_analysts.name",
        "immuta_tag.tag_acme_pii.name",
    )
    member = found["immuta_group_member.group_member_analysts_ana"]
    assert member.expressions == ("immuta_group.group_analysts.id", "immuta_user.user_ana.userid")
    line = "# - Group okta / Engineers (id 9): another identity manager decides about it, so that it is never managed."
    assert line in written.program.replace("\n#   ", " ")
    assert "Left out of the groups, because another identity manager decides about it" in written.shown


def test_written_program_is_typed_and_formatted(transport: InProcess, adopted: Adopt, tmp_path: Path) -> None:
    plant_people(transport)
    transport.control.plant("integrations", SNOWFLAKE, "1")
    written = adopted()
    assert formatted(written.program) == written.program
    command = [sys.executable, "-m", "mypy", "--strict", str(tmp_path / "stack" / "main.py")]
    checked = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout


def test_defaults_are_left_out_and_secrets_are_variables(
    transport: InProcess, adopted: Adopt, resources: Resources
) -> None:
    transport.control.plant("integrations", SNOWFLAKE, "1")
    written = adopted(families=["integrations"])
    (snowflake,) = resources(written).values()
    required = ("auto_bootstrap", "host", "warehouse", "database", "authentication_type")
    assert snowflake.config.keys() == {*required, "username", "password"}
    assert snowflake.expressions == ("var.snowflake_integration_acme_1_password",)
    assert "#   TF_VAR_snowflake_integration_acme_1_password" in written.program
    assert "export TF_VAR_snowflake_integration_acme_1_password=..." in written.shown


def test_no_touch_ignores_secrets_and_leaves_out_what_would_be_written_again(
    transport: InProcess, adopted: Adopt, resources: Resources
) -> None:
    plant_people(transport)
    transport.control.plant("integrations", SNOWFLAKE, "1")
    written = adopted(no_touch=True)
    found = resources(written)
    assert found["immuta_snowflake_integration.snowflake_integration_acme_1"].ignored == ("password",)
    assert "immuta_subscription_policy.subscription_policy_readers" not in found
    assert "its first deploy would write it again" in written.shown


def test_hcl_has_the_same_resources(transport: InProcess, adopted: Adopt) -> None:
    plant_people(transport)
    written = adopted(hcl=True, names=["readers", "analysts"])
    assert (written.status, written.program) == (
        0,
        """\
# The objects of an Immuta tenant, as `cdktf-immuta adopt` found them.
# Each import block takes an object into the state. Remove these blocks after the first apply.

terraform {
  required_providers {
    immuta = {
      source  = "registry.terraform.io/cdktf-immuta/immuta"
      version = "0.1.0"
    }
  }
}

# The tenant is in IMMUTA_HOST, and the key in IMMUTA_API_KEY.
provider "immuta" {}

# The people.

resource "immuta_group" "group_analysts" {
  name = "Analysts"
}

import {
  to = immuta_group.group_analysts
  id = "8"
}

# The governance.

resource "immuta_subscription_policy" "subscription_policy_readers" {
  policy_key = "readers"
  name       = "Readers"
  actions = {
    type = "entitlements"
    entitlements = {
      operator = "any"
      groups   = [immuta_group.group_analysts.name, "Engineers"]
      attributes = [{
        name  = "team"
        value = "a"
      }]
    }
  }
  circumstances = [
    {
      type = "tags"
      tag  = "Acme.PII"
    },
    {
      type       = "columnTags"
      column_tag = "Else"
    },
  ]
  circumstance_operator = "all"
}

import {
  to = immuta_subscription_policy.subscription_policy_readers
  id = "1"
}
""",
    )


def test_each_collection_is_requested_once(transport: InProcess, adopted: Adopt) -> None:
    for number in range(300):
        transport.control.plant("tags", {"name": f"Tag-{number}", "source": "curated"})
    transport.order.clear()
    written = adopted(types=["immuta_tag"])
    assert transport.order == ["record-list"]
    assert written.program.count("= Tag(") == 300
    assert "  50 tags so far\n" in written.told
    assert written.told.endswith("Read 300 tags\n")


def test_existing_files_are_overwritten_only_by_force(transport: InProcess, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("mine")
    refused = adopt(transport, tmp_path)
    assert (refused.status, refused.program, transport.order) == (1, "mine", [])
    assert refused.told == (
        f"cdktf-immuta adopt: {tmp_path / 'main.py'} exists already, and nothing was written. Choose another folder with --out, "
        "or overwrite it with --force.\n"
    )
    assert adopt(transport, tmp_path, force=True).status == 0


def test_a_type_that_the_user_may_not_read_is_named(transport: InProcess, adopted: Adopt) -> None:
    transport.control.plant("tags", {"name": "Acme", "source": "curated"})
    transport.control.change_settings({"missing_permissions": ["USER_ADMIN"]})
    written = adopted(types=["immuta_tag", "immuta_group"])
    assert written.status == 0
    assert "tag_acme" in written.program
    assert "# - Group all groups: they could not be read: Immuta denied the permission." in written.program


def test_a_missing_host_is_the_error_of_the_provider(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("IMMUTA_HOST", raising=False)
    assert main(["adopt", "--out", str(tmp_path / "stack")]) == 1
    assert capsys.readouterr().err.startswith("cdktf-immuta adopt: error: ")
    assert not (tmp_path / "stack").exists()


def test_an_unknown_type_is_an_error_that_names_the_types(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with pytest.raises(SystemExit):
        main(["adopt", "--out", str(tmp_path), "--type", "tags"])
    assert "'tags' is not a type; the types are amazon_s3_integration, " in capsys.readouterr().err
