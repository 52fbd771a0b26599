"""The files that the provider's construct writes to a stack's folder during synthesis."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from immuta_constructs import ImmutaProvider, TrinoIntegration, cdk
from immuta_constructs.cdk import LIBRARY, App, TerraformStack
from immuta_provider.distribution import lock, mirror
from immuta_provider.distribution.dependencies import PinError
from support.stacks import warnings


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_the_plugin_and_the_lock_entry_are_there(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path))
    used = TerraformStack(app, "used")
    ImmutaProvider(used, "immuta")
    ImmutaProvider(used, "immuta-eu", alias="eu")
    TrinoIntegration(used, "trino")
    TerraformStack(app, "unused")
    app.synth()
    plugins = tmp_path / "stacks" / "used" / "terraform.d" / "plugins"
    installed = mirror.installed_folder(plugins)
    assert mirror.directory_hash(installed) == mirror.expected_hash()
    assert {name for name in files(tmp_path) if mirror.platform() in name or "plugins" not in name} == {
        "manifest.json",
        "stacks/unused/cdk.tf.json",
        "stacks/used/cdk.tf.json",
        "stacks/used/.terraform.lock.hcl",
        *(f"{installed.relative_to(tmp_path)}/{name}" for name in files(installed)),
    }
    assert (tmp_path / "stacks" / "used" / ".terraform.lock.hcl").read_text() == lock.with_entry(
        "", source=mirror.SOURCE, version=mirror.version(), checksum=mirror.expected_hash()
    )


@pytest.mark.parametrize(
    ("function", "error", "lock_is_written"),
    [
        ("install", mirror.InstallError("the disk is full"), True),
        ("plugin_file", PinError("urllib3 1 is pinned"), False),
    ],
    ids=["not installed", "not built"],
)
def test_a_plugin_that_cannot_be_made_causes_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, error: Exception, lock_is_written: bool
) -> None:
    def fail(*_: object) -> Any:
        raise error

    monkeypatch.setattr(mirror, function, fail)
    app = App(outdir=str(tmp_path))
    provider = ImmutaProvider(TerraformStack(app, "stack"), "immuta")
    app.synth()
    assert warnings(provider) == [f"the provider's plugin was not installed in the stack's folder: {error}"]
    lock_file = {"stacks/stack/.terraform.lock.hcl"} if lock_is_written else set()
    assert files(tmp_path) == {"manifest.json", "stacks/stack/cdk.tf.json"} | lock_file


def test_the_file_of_a_failed_plan_is_removed(tmp_path: Path) -> None:
    """Terraform would take it for configuration, beside the construct that was written after it."""
    left = tmp_path / "stacks" / "stack" / "generated_resources.tf"
    left.parent.mkdir(parents=True)
    left.write_text("...")
    app = App(outdir=str(tmp_path))
    ImmutaProvider(TerraformStack(app, "stack"), "immuta")
    app.synth()
    assert not left.exists()


def test_the_testing_class_of_the_library_synthesizes_the_provider(tmp_path: Path) -> None:
    stack = TerraformStack(cdk.Testing.app(outdir=str(tmp_path)), "stack")
    ImmutaProvider(stack, "immuta")
    assert cdk.Testing.to_have_provider(cdk.Testing.synth(stack), "immuta")


CA_FILES = f"""
from {LIBRARY} import App, TerraformStack, TerraformVariable
from immuta_constructs import ImmutaProvider

app = App()
for name, ca_file in {{
    "relative": "certs/ca.pem",
    "dotted": "./certs/../certs/ca.pem",
    "above": "../shared/ca.pem",
    "absolute": "/etc/ssl/acme.pem",
    "home": "~/ca.pem",
    "module": "${{path.module}}/ca.pem",
}}.items():
    ImmutaProvider(TerraformStack(app, name), "immuta", ca_file=ca_file)
variable = TerraformStack(app, "variable")
ImmutaProvider(variable, "immuta", ca_file=TerraformVariable(variable, "ca", type="string").string_value)
app.synth()
"""


@pytest.mark.parametrize("outdir", ["", "deep/out", "linked"])
def test_a_relative_ca_file_is_relative_to_the_programs_folder(tmp_path: Path, outdir: str) -> None:
    """Terraform runs in the stack's folder of the output, from which the path has to lead to the same file."""
    program, elsewhere = tmp_path / "program", tmp_path / "else" / "where"
    (program / "certs").mkdir(parents=True)
    elsewhere.mkdir(parents=True)
    (program / "deep").mkdir()
    (program / "linked").symlink_to(elsewhere)
    environment = {**os.environ, **({"CDKTF_OUTDIR": outdir} if outdir else {})}
    subprocess.run([sys.executable, "-c", CA_FILES], cwd=program, env=environment, check=True)
    stacks = program / (outdir or "cdktf.out") / "stacks"
    found = {
        folder.name: json.loads((folder / "cdk.tf.json").read_text())["provider"]["immuta"][0]["ca_file"]
        for folder in stacks.iterdir()
    }
    expected = {"relative": program / "certs/ca.pem", "dotted": program / "certs/ca.pem"}
    expected["above"] = tmp_path / "shared/ca.pem"
    relative = {name: found.pop(name) for name in expected}
    assert {name: (stacks / name / path).resolve() for name, path in relative.items()} == expected
    # An absolute path would differ from machine to machine.
    assert {path.startswith("../") for path in relative.values()} == {True}
    assert found == {
        "absolute": "/etc/ssl/acme.pem",
        "home": "~/ca.pem",
        "module": "${path.module}/ca.pem",
        "variable": "${var.ca}",
    }
