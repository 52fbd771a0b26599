"""Advice about the installed plugin: after the command or the setting that it names, the plugin starts."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from immuta_provider import cli
from immuta_provider.distribution import mirror
from support.altered_plugin import dev_overrides
from support.plugin_process import first_line
from support.running import REQUIRED, one_trino
from support.terraform import Terraform, clean_environment

PROGRAMS = Path(sys.executable).parent


def test_a_damaged_plugin_is_installed_again(tmp_path: Path) -> None:
    folder = tmp_path / ".terraform.d" / "plugins"
    mirror.install(folder)
    (plugin,) = mirror.installed_folder(folder).glob("terraform-provider-*")
    plugin.write_bytes(plugin.read_bytes()[:-1000])
    command = re.search(r"install it again with `cdktf-immuta (\w+)`", first_line(plugin, HOME=str(tmp_path)))
    assert command is not None
    environment = {**clean_environment(), "HOME": str(tmp_path)}
    subprocess.run([PROGRAMS / "cdktf-immuta", command[1]], env=environment, check=True, capture_output=True)
    assert first_line(plugin, HOME=str(tmp_path)).startswith("1|6|")


def test_a_folder_that_may_be_written_is_chosen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert cli.main(["install", "--mirror", str(tmp_path / "file" / "mirror")]) == 1
    refused = capsys.readouterr()
    assert refused.out == ""
    assert refused.err.startswith(f"cdktf-immuta install: cannot write {tmp_path}/file/mirror/")
    option = re.search(r"Choose a folder that you may write with `(--mirror) DIR`", refused.err)
    assert option is not None
    assert cli.main(["install", option[1], str(tmp_path / "mirror")]) == 0
    assert mirror.directory_hash(mirror.installed_folder(tmp_path / "mirror")) == mirror.expected_hash()


def test_the_command_serves_under_dev_overrides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Terraform runs the command itself, as on Windows."""
    with monkeypatch.context() as windows:
        windows.setattr(sys, "platform", "win32")
        with pytest.raises(mirror.InstallError) as caught:
            mirror.install(tmp_path / "mirror")
    command = re.search(r"Use the `([\w-]+)` command with `dev_overrides`", str(caught.value))
    assert command is not None
    shutil.copy(PROGRAMS / command[1], tmp_path / command[1])
    terraform = Terraform(tmp_path)
    terraform.write({"terraform": REQUIRED, **one_trino()})
    terraform.ok("validate", environment={"TF_CLI_CONFIG_FILE": str(dev_overrides(tmp_path))})
