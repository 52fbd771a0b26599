"""The plugin file with the real Terraform: the hash in the lock file, and a folder that a run does not change."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from immuta_constructs.testing import Immuta
from immuta_provider.distribution import mirror
from support.running import REQUIRED, one_trino
from support.terraform import PROGRAMS, Terraform


def workspace(folder: Path, program: tuple[str, ...], prefix: Path) -> Terraform:
    mirror.install(prefix)
    folder.mkdir()
    terraform = Terraform(folder, program, mirror=prefix)
    terraform.write({"terraform": REQUIRED, **one_trino()})
    return terraform


def state_of(installed: Path) -> tuple[str, list[str]]:
    """The hash of an installed folder in lock files, and the folder's content."""
    return mirror.directory_hash(installed), [path.name for path in installed.iterdir()]


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_the_lock_file_of_one_prefix_serves_another_and_a_run_changes_nothing(
    tmp_path: Path, program: tuple[str, ...]
) -> None:
    first = workspace(tmp_path / "first", program, tmp_path / "prefix-one")
    first.ok("init")
    lock = (first.folder / ".terraform.lock.hcl").read_text()
    assert re.findall(r"h1:[^\"]+", lock) == [mirror.expected_hash()]

    second = workspace(tmp_path / "second", program, tmp_path / "deeper" / "prefix-two")
    shutil.copy(first.folder / ".terraform.lock.hcl", second.folder)
    second.ok("init", "-lockfile=readonly")
    assert (second.folder / ".terraform.lock.hcl").read_text() == lock
    # Were anything written beside the plugin, Terraform would refuse the folder from here on.
    installed = mirror.installed_folder(second.mirror)
    untouched = (mirror.expected_hash(), [mirror.plugin_name()])
    assert state_of(installed) == untouched
    with Immuta() as simulator:
        second.environment |= simulator.environment
        second.ok("apply", "-auto-approve")
        assert (state_of(installed), simulator.sent()) == (untouched, [{"type": "Trino"}])
        second.ok("destroy", "-auto-approve")
        assert (state_of(installed), simulator.sent()) == (untouched, [])
    second.ok("init", "-lockfile=readonly")
