"""The guides are right: their programs run, and Terraform prints what they quote."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from immuta_constructs.testing import Immuta
from immuta_provider.cli import main
from support import pages
from support.terraform import Terraform

Synthesized = Callable[[str], dict[str, Any]]

SECRETS = pages.DOCS / "guides" / "secrets-and-rotation.md"
IMPORTING = pages.DOCS / "guides" / "importing.md"
MANUAL = pages.DOCS / "guides" / "manual-setup.md"
STATE = pages.DOCS / "guides" / "state-and-backends.md"
GOVERNANCE = pages.DOCS / "guides" / "tags-and-purposes.md"
PROTECTION = pages.DOCS / "guides" / "protect-your-data.md"
FILES = pages.DOCS / "guides" / "policies-as-yaml.md"

FIRST = {"TF_VAR_snowflake_password": "first-password"}
SECOND = {"TF_VAR_snowflake_password": "second-password"}


def printed(result: tuple[int, str, str]) -> str:
    """The output of a command, without frames and line breaks."""
    return pages.words(result[1] + result[2])


def exports(page: Path) -> dict[str, str]:
    """The variables that a guide's shell lines set."""
    lines = [line for block in pages.code(page, "shell") for line in block.splitlines()]
    return dict(line.removeprefix("export ").split("=", 1) for line in lines if line.startswith("export "))


def revision(terraform: Terraform) -> Any:
    return terraform.state()["resources"][0]["instances"][0]["attributes"]["credentials_revision"]


@pytest.mark.parametrize("page", [SECRETS, IMPORTING, STATE, GOVERNANCE, PROTECTION], ids=pages.name)
def test_every_program_synthesizes(page: Path, synthesized: Synthesized) -> None:
    for program in pages.programs(page):
        assert synthesized(program)["resource"]


@pytest.mark.parametrize("page", [SECRETS, IMPORTING], ids=pages.name)
def test_the_program_is_the_hcl(page: Path, synthesized: Synthesized) -> None:
    (configuration,), (program,) = pages.configurations(page), pages.programs(page)
    block = re.search(r'^resource "(\w+)" "(\w+)" \{\n(.*?)^\}', configuration, re.MULTILINE | re.DOTALL)
    assert block is not None
    type, name, body = block.groups()
    assert synthesized(program)["resource"][type][name] == {
        argument: f"${{{value}}}" if value.startswith("var.") else json.loads(value)
        for argument, value in re.findall(r"^  (\w+) += (.+)$", body, re.MULTILINE)
    }


def test_the_guide_to_policies_as_yaml_is_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (text,), (program,), (quoted,) = (pages.code(FILES, each) for each in ("yaml", "python", "text"))
    file = tmp_path / "policies" / "mask-email.yaml"
    file.parent.mkdir()
    file.write_text(text)
    monkeypatch.chdir(tmp_path)
    # The process of Node keeps the folder that it was started in.
    program = program.replace("App()", f"App(outdir={str(tmp_path / 'out')!r})")
    exec(program, {})
    for stack in ("one-policy", "every-policy"):
        document = json.loads(Path("out", "stacks", stack, "cdk.tf.json").read_text())
        policy = document["resource"]["immuta_data_policy"]["mask-email"]
        assert (policy["policy_key"], "actions_json" in policy) == ("mask-email", False)
    file.write_text(text.replace("Mask e-mail", "[Mask e-mail]"))
    with pytest.raises(ValueError, match=re.escape(quoted.strip())):
        exec(program, {})


def test_the_backend_keeps_the_connection_string_out(synthesized: Synthesized) -> None:
    (program,) = pages.programs(STATE)
    assert synthesized(program)["terraform"]["backend"] == {"pg": {"schema_name": "immuta_trino"}}


def test_the_guide_to_secrets_and_rotation_is_right(terraform: Terraform, simulator: Immuta) -> None:
    (configuration,) = pages.configurations(SECRETS)
    rotation, other_key, no_teardown = pages.code(SECRETS, "text")
    key = {"IMMUTA_FINGERPRINT_KEY": "one key"}
    terraform.write(configuration)
    terraform.ok("apply", "-auto-approve", environment=FIRST)

    pages.assert_quoted(rotation, printed(terraform.run("plan", "-out", "plan", environment=SECOND)))
    assert terraform.run("apply", "plan").code == 1
    terraform.ok("apply", "plan", environment=SECOND)
    assert (revision(terraform), simulator.sent()[0]["config"]["password"]) == (2, "second-password")
    assert terraform.run("plan", "-detailed-exitcode", environment=SECOND).code == 0

    assert terraform.run("plan", "-detailed-exitcode", environment={**SECOND, **key}).code == 0
    terraform.ok("apply", "-auto-approve", environment={**FIRST, **key})
    for changed in ({"IMMUTA_FINGERPRINT_KEY": "another key"}, {}):
        pages.assert_quoted(other_key, printed(terraform.run("plan", environment={**FIRST, **changed})))

    ignored = configuration.replace(
        "= var.snowflake_password\n",
        "= var.snowflake_password\n  lifecycle {\n    ignore_changes = [password]\n  }\n",
    )
    terraform.write(ignored)
    assert terraform.run("plan", "-detailed-exitcode", environment={**SECOND, **key}).code == 0
    terraform.write(ignored.replace('"IMMUTA_WH"', '"OTHER_WH"'))
    terraform.ok("apply", "-auto-approve", environment={**SECOND, **key})
    assert simulator.sent()[0]["config"]["password"] == "second-password"

    destroy = terraform.run("destroy", "-auto-approve", environment=FIRST)
    assert destroy.code == 1
    pages.assert_quoted(no_teardown, printed(destroy))
    teardown = {name: value for name, value in exports(SECRETS).items() if name.startswith("IMMUTA_TEARDOWN")}
    terraform.ok("destroy", "-auto-approve", environment={**FIRST, **teardown})
    assert simulator.requests("delete")[-1]["body"] == {
        "authenticationType": "userPassword",
        "username": "SETUP_ADMIN",
        "password": "...",
        "role": "ACCOUNTADMIN",
    }


def test_the_guide_to_importing_is_right(terraform: Terraform, simulator: Immuta) -> None:
    (configuration,) = pages.configurations(IMPORTING)
    resource, block = configuration.split("import {")
    conflict, first_plan, generated = pages.code(IMPORTING, "text")
    config = {
        "host": "acme.eu-central-1.snowflakecomputing.com",
        "port": 443,
        "warehouse": "IMMUTA_WH",
        "database": "IMMUTA",
        "authenticationType": "userPassword",
        "username": "IMMUTA_SYSTEM_ACCOUNT",
        "password": "first-password",
    }
    simulator.plant(
        "integrations", {"type": "Snowflake", "autoBootstrap": False, "config": config, "status": "enabled"}
    )

    terraform.write(resource)
    pages.assert_quoted(conflict, printed(terraform.run("apply", "-auto-approve", environment=FIRST)))

    terraform.write(configuration)
    pages.assert_quoted(first_plan, printed(terraform.run("plan", environment=FIRST)))
    terraform.write(configuration.replace('"IMMUTA"', '"OTHER"'))
    replacement = printed(terraform.run("plan", environment=FIRST))
    assert "must be replaced" in replacement
    assert "this will destroy the imported resource" in replacement
    terraform.write(configuration)
    terraform.ok("apply", "-auto-approve", environment=FIRST)
    terraform.write(resource)
    assert terraform.run("plan", "-detailed-exitcode", environment=FIRST).code == 0

    terraform.ok("state", "rm", "immuta_snowflake_integration.snowflake")
    terraform.write("import {" + block)
    written = terraform.run("plan", "-generate-config-out=generated.tf")
    text = (terraform.folder / "generated.tf").read_text("utf-8")
    (terraform.folder / "generated.tf").unlink()
    assert (written.code, 'resource "immuta_snowflake_integration" "snowflake" {' in text) == (1, True)
    pages.assert_quoted(generated, printed(written))

    terraform.write(configuration.replace('"1"', '"99"'))
    assert "Cannot import non-existent remote object" in printed(terraform.run("plan", environment=FIRST))
    simulator.plant("integrations", {"type": "Trino", "status": "enabled"}, "99")
    assert "Integration of another type" in printed(terraform.run("plan", environment=FIRST))


def test_the_guide_has_the_block_that_install_prints(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (block,) = pages.code(STATE, "text")
    assert main(["install", "--mirror", str(tmp_path)]) == 0
    assert block.replace("/opt/terraform/providers", str(tmp_path)) in capsys.readouterr().out


def test_the_guide_to_manual_setup_is_right(terraform: Terraform, simulator: Immuta) -> None:
    """The scripts are read, the set-up comes before the integration, and a destroy takes the other direction."""
    (configuration,) = pages.configurations(MANUAL)
    secret = {
        "TF_VAR_immuta_private_key": "-----BEGIN PRIVATE KEY-----\nexample\n-----END PRIVATE KEY-----\n",
        "TF_VAR_immuta_public_key": "MIIBIjANBgkq",
    }
    terraform.write(configuration)
    order = printed(terraform.run("apply", "-auto-approve", environment=secret))
    assert order.index("terraform_data.setup: Creation complete") < order.index(
        "terraform_data.key: Creating"
    )
    assert order.index("terraform_data.key: Creation complete") < order.index("snowflake: Creating...")
    setup, key = (r for name in ("setup", "key") for r in terraform.state()["resources"] if r["name"] == name)
    assert key["instances"][0]["attributes"]["input"]["value"] == (
        "ALTER USER IMMUTA_SYSTEM_ACCOUNT SET RSA_PUBLIC_KEY = 'MIIBIjANBgkq'"
    )
    scripts = setup["instances"][0]["attributes"]["input"]["value"]
    assert [text.splitlines()[0].split(", ")[1].split(":")[0] for text in scripts.values()] == [
        "create script",
        "cleanup script",
    ]
    assert "example" not in json.dumps(terraform.state())
    assert terraform.run("plan", "-detailed-exitcode", environment=secret).code == 0
    assert simulator.sent()[0]["config"]["privateKey"]["content"].startswith("-----BEGIN")
    order = printed(terraform.run("destroy", "-auto-approve", environment=secret))
    assert order.index("snowflake: Destruction complete") < order.index("terraform_data.key: Destroying")
    assert order.index("terraform_data.key: Destruction") < order.index("terraform_data.setup: Destroying")
    assert simulator.held("integrations") == []


def governed(simulator: Immuta) -> dict[str, set[str]]:
    """The names of the tags and purposes that are not Immuta's own."""
    return {
        collection: {r["name"] for r in simulator.held(collection) if not r[reserved]}
        for collection, reserved in (("tags", "systemCreated"), ("purposes", "systemGenerated"))
    }


def resources_of(terraform: Terraform, environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    terraform.ok("plan", "-out", "plan", environment=environment)
    planned = terraform.show_json("plan")["planned_values"]["root_module"]["resources"]
    return {resource["address"]: resource["values"] for resource in planned}


def test_the_guide_to_tags_and_purposes_is_right(
    terraform: Terraform, simulator: Immuta, synthesized: Synthesized
) -> None:
    resources, imports = pages.code(GOVERNANCE, "hcl")
    permission, left_out, contains, reserved = pages.code(GOVERNANCE, "text")
    (program,) = pages.programs(GOVERNANCE)

    terraform.write(resources)
    in_hcl = resources_of(terraform)
    terraform.write({"resource": synthesized(program)["resource"]})
    assert resources_of(terraform) == in_hcl
    simulator.settings(missing_permissions=["GOVERNANCE"])
    pages.assert_quoted(permission, printed(terraform.run("plan")))
    simulator.settings(missing_permissions=[])

    terraform.ok("apply", "-auto-approve")
    purposes = {"Research", "Research.Medicine", "Research.Medicine.Oncology", "Research.Climate"}
    assert governed(simulator) == {"tags": {"PII", "PII.Email"}, "purposes": purposes}
    assert terraform.run("plan", "-detailed-exitcode").code == 0

    terraform.ok("state", "rm", "immuta_tag.pii", "immuta_purpose.research")
    terraform.write(f"{resources}\n{imports}")
    terraform.ok("apply", "-auto-approve")
    terraform.write(resources)
    assert terraform.run("plan", "-detailed-exitcode").code == 0

    climate = """,
    {
      name = "Research.Climate"
    }
"""
    assert climate in resources
    terraform.write(resources.replace(climate, "\n"))
    simulator.plant("purposes", {"name": "Research.History"})
    pages.assert_quoted(left_out, printed(terraform.run("plan", "-out", "plan")))
    terraform.ok("apply", "plan")
    assert governed(simulator)["purposes"] == purposes - {"Research.Climate"}

    simulator.plant("tags", {"name": "PII.Phone"})
    destroy = terraform.run("destroy", "-auto-approve")
    assert destroy.code == 1
    pages.assert_quoted(contains, printed(destroy))
    assert governed(simulator) == {"tags": {"PII", "PII.Phone"}, "purposes": set()}
    terraform.write(resources.replace('= "PII"\n', '= "PII"\n  force_destroy = true\n'))
    terraform.ok("apply", "-auto-approve")
    assert governed(simulator)["tags"] == {"PII", "PII.Email", "PII.Phone"}
    terraform.ok("destroy", "-auto-approve")
    assert governed(simulator) == {"tags": set(), "purposes": set()}

    (tag, _) = imports.split("\n\n")
    own = resources.split("\n\n")[0] + "\n" + tag
    terraform.write(own.replace('"PII"', '"Discovered"'))
    pages.assert_quoted(reserved, printed(terraform.run("plan")))


def test_the_guide_to_protecting_data_is_right(
    terraform: Terraform, simulator: Immuta, synthesized: Synthesized
) -> None:
    (hcl,) = map(pages.without_settings, pages.configurations(PROTECTION))
    edited, another_key = pages.code(PROTECTION, "text")
    (program,) = pages.programs(PROTECTION)
    secret = {name: value for name, value in exports(PROTECTION).items() if name.startswith("TF_VAR")}

    terraform.write(hcl)
    in_hcl = resources_of(terraform, secret)
    made = synthesized(program)
    terraform.write({"resource": made["resource"], "variable": made["variable"]})
    assert resources_of(terraform, secret) == in_hcl
    terraform.write(hcl)
    terraform.ok("apply", "-auto-approve", environment=secret)
    assert terraform.run("plan", "-detailed-exitcode", environment=secret).code == 0

    (masking,) = (one for one in simulator.held("policies") if one["type"] == "data")
    simulator.alter(
        "policies",
        masking["id"],
        staged=False,
        actions=[],
        updatedAt="2026-11-28T12:00:00Z",
        updatedByName="Ana",
    )
    pages.assert_quoted(edited, printed(terraform.run("plan", environment=secret)))
    terraform.ok("apply", "-auto-approve", environment=secret)
    assert terraform.run("plan", "-detailed-exitcode", environment=secret).code == 0
    (mended,) = (one for one in simulator.held("policies") if one["type"] == "data")
    assert mended["actions"] == masking["actions"]

    terraform.write(hcl.replace("mask-personal-data", "another-key"))
    pages.assert_quoted(another_key, printed(terraform.run("plan", environment=secret)))
    terraform.write(hcl)
    terraform.ok("destroy", "-auto-approve", environment=secret)
    assert [simulator.held(name) for name in ("policies", "groups", "datasources")] == [[], [], []]
