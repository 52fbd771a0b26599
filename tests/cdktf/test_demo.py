"""`make demo` and `make demo-destroy`: what a first user sees, in a checkout of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from immuta_provider.distribution import mirror
from support.cdktf import IGNORED, plain
from support.terraform import ROOT, clean_environment

MIRROR = "==> The provider, into a mirror of this checkout"
LISTENS = "==> A local Immuta listens on ADDRESS"


class Checkout:
    """What of the checkout the demo needs, and a home folder that it has to leave alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "checkout"
        self.home = folder / "home"
        self.home.mkdir()
        (self.folder / "tools").mkdir(parents=True)
        shutil.copy(ROOT / "tools" / "demo.py", self.folder / "tools")
        stack = Path("examples", "quickstart")
        shutil.copytree(ROOT / stack, self.folder / stack, ignore=IGNORED)

    def demo(self, *arguments: str) -> tuple[int, str]:
        """What it prints comes without colours and with ADDRESS for the simulator's."""
        path = [Path(sys.prefix, "bin"), ROOT / "node_modules" / ".bin", os.environ["PATH"]]
        ended = subprocess.run(
            [sys.executable, self.folder / "tools" / "demo.py", *arguments],
            env={**clean_environment(), "PATH": os.pathsep.join(map(str, path)), "HOME": str(self.home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=180,
        )
        return ended.returncode, re.sub(r"http://127\.0\.0\.1:\d+", "ADDRESS", plain(ended.stdout))


def progress(output: str) -> list[str]:
    return [line for line in output.splitlines() if line.startswith(("==> ", "demo: "))]


def test_the_demo_and_its_end(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path)
    code, output = checkout.demo("deploy")
    assert code == 0, output
    assert progress(output) == [
        MIRROR,
        LISTENS,
        "==> cdktf deploy: seven integrations, one of each type",
        "==> What Immuta (ADDRESS) holds now:",
        "==> terraform plan, once more: nothing may be left to do",
        "==> Done: 7 integrations, and the second plan is empty. `make demo-destroy` takes them down again.",
    ]
    _, found, planned = re.split(r"holds now:|==> terraform plan, once more", output)
    held = [re.split(r" {2,}", line.strip()) for line in found.splitlines() if line]
    assert [id for id, _, _ in held] == ["1", "2", "3", "4", "5", "6", "7"]
    assert sorted((type, status) for _, type, status in held) == [
        ("Azure Synapse Analytics", "enabled"),
        ("Databricks", "enabled"),
        ("Google BigQuery", "enabled"),
        ("Native S3", "enabled"),
        ("Redshift", "enabled"),
        ("Snowflake", "enabled"),
        ("Trino", "enabled"),
    ]
    assert "No changes. Your infrastructure matches the configuration." in planned
    # What cdktf and jsii complain about, such as a Node that is past its end.
    assert re.findall(r".*(?:ERROR|!!|[Ww]arning).*", output) == []
    installed = mirror.installed_folder(checkout.folder / ".local" / "mirror")
    assert [path.name for path in installed.iterdir()] == [mirror.plugin_name()]

    code, output = checkout.demo("destroy")
    assert code == 0, output
    assert progress(output) == [
        MIRROR,
        LISTENS,
        "==> cdktf destroy",
        "==> Done: Immuta holds no integration any more.",
    ]
    assert "Destroy complete! Resources: 7 destroyed." in output
    assert checkout.demo("destroy") == (
        0,
        "==> There is nothing to take down: `make demo` has not run here since the last time.",
    )
    assert sorted(path.name for path in checkout.folder.iterdir()) == [".local", "examples", "tools"]
    assert list(checkout.home.iterdir()) == []
