"""What the provider's construct puts into a stack's folder when an app is synthesized."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cdktf
import pytest
from cdktf import App, TerraformStack
from immuta_constructs import ImmutaProvider, TrinoIntegration
from immuta_constructs.runtime import lock
from immuta_provider.distribution import mirror
from immuta_provider.distribution.dependencies import PinError


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


def test_where_the_plugin_cannot_be_installed_there_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def install(_: Path) -> Any:
        raise mirror.InstallError("no such luck")

    monkeypatch.setattr(mirror, "install", install)
    app = App(outdir=str(tmp_path))
    stack = TerraformStack(app, "stack")
    provider = ImmutaProvider(stack, "immuta")
    app.synth()
    assert [entry.data for entry in provider.node.metadata if entry.type == "@cdktf/warn"] == [
        "the provider's plugin was not put into the stack's folder: no such luck"
    ]
    assert (tmp_path / "stacks" / "stack" / ".terraform.lock.hcl").exists()


def test_where_the_plugin_cannot_be_built_there_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def plugin_file() -> bytes:
        raise PinError("urllib3 2 is installed, 1 is pinned")

    monkeypatch.setattr(mirror, "plugin_file", plugin_file)
    app = App(outdir=str(tmp_path))
    provider = ImmutaProvider(TerraformStack(app, "stack"), "immuta")
    app.synth()
    assert [entry.data for entry in provider.node.metadata if entry.type == "@cdktf/warn"] == [
        "the provider's plugin was not put into the stack's folder: urllib3 2 is installed, 1 is pinned"
    ]
    assert files(tmp_path) == {"manifest.json", "stacks/stack/cdk.tf.json"}


def test_what_a_failed_plan_left_is_removed(tmp_path: Path) -> None:
    """Terraform would take it for configuration, beside the construct that was written after it."""
    left = tmp_path / "stacks" / "stack" / "generated_resources.tf"
    left.parent.mkdir(parents=True)
    left.write_text("...")
    app = App(outdir=str(tmp_path))
    ImmutaProvider(TerraformStack(app, "stack"), "immuta")
    app.synth()
    assert not left.exists()


def test_cdktfs_own_unit_tests_work(tmp_path: Path) -> None:
    stack = TerraformStack(cdktf.Testing.app(outdir=str(tmp_path)), "stack")
    ImmutaProvider(stack, "immuta")
    assert cdktf.Testing.to_have_provider(cdktf.Testing.synth(stack), "immuta")
