"""The test kit: comparisons, their explanations, and deployments of a test author."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import immuta_pytest
import pytest
from immuta_constructs import (
    ColumnTagField,
    DataPolicy,
    DataPolicyAction,
    HashMasking,
    ImmutaProvider,
    MaskingRule,
    Secret,
    SnowflakeAudit,
    SnowflakeIntegration,
    Tag,
)
from immuta_constructs.cdk import (
    Annotations,
    App,
    Fn,
    LocalBackend,
    TerraformOutput,
    TerraformStack,
    TerraformVariable,
)
from immuta_constructs.testing import Deploy, DeploymentError, Immuta, Terraform, synthesized
from immuta_constructs.testing.synthesis import explained
from support.snowflake import SNOWFLAKE
from support.terraform import home


def test_a_block_equals_what_a_program_passes(stack: TerraformStack) -> None:
    pii = Tag(stack, "pii", name="PII")
    texts = TerraformVariable(stack, "texts", type="list(string)")
    number = TerraformVariable(stack, "number", type="number")
    arguments: dict[str, Any] = {
        **SNOWFLAKE,
        "role": pii.name,
        "port": number.number_value,
        "password": Secret.variable("password"),
        "audit": SnowflakeAudit(enabled=True),
        "workspaces": {"enabled": True, "warehouses": texts.list_value},
        "connect_args": f"PASSPHRASE={Secret.variable('passphrase')}",
        "user_role_pattern": None,
    }
    SnowflakeIntegration(stack, "one", **arguments)
    rule = MaskingRule(fields=[ColumnTagField(column_tag=Fn.upper(pii.name))], masking_config=HashMasking())
    policy: dict[str, Any] = {
        "policy_key": "k",
        "name": "n",
        "actions": [DataPolicyAction(rules=[rule])],
        "applies_when_selected_by_owner": True,
    }
    DataPolicy(stack, "two", **policy)
    found = synthesized(stack)["resource"]
    assert found["immuta_snowflake_integration"]["one"] == arguments
    assert found["immuta_snowflake_integration"] == {"one": arguments}
    assert found["immuta_snowflake_integration"]["one"] == {
        **SNOWFLAKE,
        "role": "${immuta_tag.pii.name}",
        "port": "${var.number}",
        "password": "${var.password}",
        "audit": {"enabled": True},
        "workspaces": {"enabled": True, "warehouses": "${var.texts}"},
        "connect_args": "PASSPHRASE=${var.passphrase}",
    }
    assert policy == found["immuta_data_policy"]["two"]
    assert found["immuta_snowflake_integration"]["one"] != {**arguments, "role": "other"}
    assert found["immuta_snowflake_integration"]["one"] != "one"


def test_a_failed_comparison_shows_each_difference_by_its_path(stack: TerraformStack) -> None:
    TerraformVariable(stack, "unused", type="string")
    SnowflakeIntegration(
        stack,
        "one",
        **SNOWFLAKE,
        password=Secret.variable("password"),
        workspaces={"enabled": True, "warehouses": ["A", "B"]},
        user_role_pattern={"exclude": ["A"]},
    )
    expected = {
        **SNOWFLAKE,
        "password": Secret.variable("other"),
        "role": "R",
        "workspaces": {"enabled": "yes", "warehouses": ["A", "C"]},
        "user_role_pattern": {"exclude": []},
    }
    del expected["host"]
    found = synthesized(stack)
    with pytest.raises(AssertionError) as caught:
        assert found["resource"]["immuta_snowflake_integration"]["one"] == expected
    assert str(caught.value) == (
        "assert resource.immuta_snowflake_integration.one is not as expected:\n"
        '  host is "acme.snowflakecomputing.com", but is not expected\n'
        '  password is "${var.password}", "${var.other}" is expected\n'
        '  user_role_pattern.exclude is ["A"], [] is expected\n'
        '  workspaces.enabled is true, "yes" is expected\n'
        '  workspaces.warehouses[1] is "B", "C" is expected\n'
        '  role is missing, "R" is expected'
    )
    with pytest.raises(AssertionError, match=r"^assert the stack is not as expected:\n"):
        assert found == {"resource": {}}
    assert found["variable"].keys() == {"unused", "password"}
    assert explained([1], [2]) is None


def test_the_error_of_a_missing_key_names_the_keys_that_exist(stack: TerraformStack) -> None:
    Tag(stack, "pii", name="PII")
    found = synthesized(stack)
    with pytest.raises(KeyError, match=r"there is no phi in resource\.immuta_tag, which has pii"):
        found["resource"]["immuta_tag"]["phi"]
    with pytest.raises(
        KeyError, match="there is no output in the stack, which has provider, resource, terraform"
    ):
        found["output"]


def test_a_synthesis_runs_the_validations_and_returns_the_warnings(empty_stack: TerraformStack) -> None:
    tag = Tag(empty_stack, "pii", name="PII")
    with pytest.raises(RuntimeError, match="without a matching provider construct"):
        synthesized(empty_stack)
    ImmutaProvider(empty_stack, "immuta")
    Annotations.of(tag).add_warning("think twice")
    assert synthesized(empty_stack).warnings == ["[stack/pii] think twice"]
    Annotations.of(tag).add_error("not this one")
    with pytest.raises(RuntimeError, match=r"\[stack/pii\] not this one"):
        synthesized(empty_stack)


def test_a_second_synthesis_has_what_was_added_since_the_first(stack: TerraformStack) -> None:
    first = TerraformVariable(stack, "first", type="string")
    SnowflakeIntegration(stack, "one", **SNOWFLAKE, password=first.string_value)
    before = synthesized(stack).warnings
    second = TerraformVariable(stack, "second", type="string")
    SnowflakeIntegration(stack, "two", **SNOWFLAKE, password=second.string_value)
    after = synthesized(stack).warnings
    assert [[text.split()[0] for text in warnings] for warnings in (before, after)] == [
        ["[stack/one]"],
        ["[stack/one]", "[stack/two]"],
    ]


HEAVY = "cdktf constructs jsii pydantic requests fastapi immuta_provider immuta_constructs"


@pytest.mark.parametrize(
    ("module", "heavy"),
    [("immuta_pytest", HEAVY), ("immuta_constructs.testing", "immuta_simulator immuta_simulator.server")],
)
def test_a_module_of_the_kit_imports_nothing_heavy(module: str, heavy: str) -> None:
    """pytest imports the plugin in every session of every project that has the distribution."""
    program = f"import {module}, sys; print(set('{heavy}'.split()) & sys.modules.keys())"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout == "set()\n"


def test_the_plugin_is_an_entry_point_of_pytest() -> None:
    (plugin,) = (each for each in entry_points(group="pytest11") if each.name == "immuta")
    assert plugin.load() is immuta_pytest


def test_the_error_of_a_missing_simulator_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "immuta_simulator.server", None)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    message = 'uvicorn is not installed; `pip install "cdktf-immuta\\[testing\\]"` brings it'
    monkeypatch.delitem(sys.modules, "immuta_simulator.server")
    with pytest.raises(ModuleNotFoundError, match=f"^{message}$"), Immuta():
        pass


def test_the_error_of_a_missing_terraform_names_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERRAFORM_BINARY_NAME", "tofu-of-nobody")
    with pytest.raises(FileNotFoundError) as caught:
        Terraform(tmp_path, tmp_path)
    assert str(caught.value) == (
        "tofu-of-nobody is not on PATH. Install Terraform or OpenTofu >= 1.11, or set TERRAFORM_BINARY_NAME to the program"
    )


def governance(
    folder: Path, *, name: str = "PII", import_from: str | None = None, **arguments: Any
) -> TerraformStack:
    """A stack as for a tenant: with a connection of its own, and a state that others share."""
    stack = TerraformStack(App(outdir=str(folder)), "governance")
    LocalBackend(stack, path=str(folder / "shared.tfstate"))
    ImmutaProvider(stack, "immuta", host="https://immuta.invalid", api_key=Secret.variable("api_key"))
    tag = Tag(stack, "pii", name=name, **arguments)
    if import_from is not None:
        tag.import_from(import_from)
    TerraformOutput(stack, "tag", value=tag.name)
    return stack


def test_a_stack_is_planned_deployed_updated_and_destroyed(
    deploy: Deploy, immuta: Immuta, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", home())
    variables = {"api_key": "unused"}

    def plan(**changes: Any) -> dict[str, str]:
        return deploy.prepare(governance(tmp_path, **changes), variables=variables).plan()

    planted = immuta.plant("tags", {"name": "PII"})
    assert plan(import_from="PII") == {"immuta_tag.pii": "import", "output.tag": "create"}
    immuta.remove("tags", planted["id"])
    assert plan() == {"immuta_tag.pii": "create", "output.tag": "create"}
    deployed = deploy(governance(tmp_path), variables=variables)
    assert (deployed.outputs, deployed.plan()) == ({"tag": "PII"}, {})
    assert [tag["name"] for tag in immuta.held("tags") if not tag["systemCreated"]] == ["PII"]
    assert plan(force_destroy=True) == {"immuta_tag.pii": "update"}
    assert plan(name="PHI") == {"immuta_tag.pii": "replace", "output.tag": "update"}
    assert deploy(governance(tmp_path, force_destroy=True), variables=variables).plan() == {}
    immuta.fault("forbidden", operation="record-delete")
    with pytest.raises(DeploymentError, match=r"^terraform destroy ended with status 1:\nError: ") as caught:
        deployed.destroy()
    assert "403 Forbidden" in str(caught.value)
    deployed.destroy()
    assert [tag["name"] for tag in immuta.held("tags") if not tag["systemCreated"]] == []
    assert deployed.outputs == {}
    assert not (tmp_path / "shared.tfstate").exists()
