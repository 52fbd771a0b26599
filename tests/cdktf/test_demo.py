"""`make demo` and `make demo-destroy` as a first user sees them, in a checkout of its own."""

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
    """The part of the checkout that the demo needs, and a home folder that it has to leave unchanged."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "checkout"
        self.home = folder / "home"
        self.home.mkdir()
        (self.folder / "tools").mkdir(parents=True)
        shutil.copy(ROOT / "tools" / "demo.py", self.folder / "tools")
        for example in ("quickstart", "getting_started"):
            stack = Path("examples", example)
            shutil.copytree(ROOT / stack, self.folder / stack, ignore=IGNORED)

    def demo(self, *arguments: str) -> tuple[int, str]:
        """Returns the exit code and the output, without colours and with ADDRESS for the simulator's address."""
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


def test_the_demo_deploys_two_stacks_and_destroys_them(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path)
    code, output = checkout.demo("deploy")
    assert code == 0, output
    assert progress(output) == [
        MIRROR,
        LISTENS,
        "==> cdktf deploy: seven integrations, one of each type",
        "==> cdktf deploy: the whole Getting Started guide: integrations, protected data, registered data",
        "==> Objects in Immuta (ADDRESS):",
        "==> terraform plan of quickstart, once more: nothing may be left to do",
        "==> terraform plan of getting_started, once more: nothing may be left to do",
        "==> Done: 19 objects, and both second plans are empty. `make demo-destroy` takes them down again.",
    ]
    _, found, planned = re.split(r"Objects in Immuta \S+:|==> terraform plan of quickstart", output)
    assert [re.sub(" {2,}", "  ", line.strip()) for line in found.splitlines() if line] == [
        "integrations",
        *sorted(
            (
                "Azure Synapse Analytics  enabled",
                "Databricks  enabled",
                "Google BigQuery  enabled",
                *["Native S3  enabled"] * 2,
                "Redshift  enabled",
                *["Snowflake  enabled"] * 2,
                "Trino  enabled",
            )
        ),
        "mapped users",
        "taylor@example.com  TAYLOR, arn:aws:iam::123456789:role/analyst",
        "groups",
        "analysts",
        "stewards",
        "tags",
        "Acme",
        "Acme.Personal",
        "Acme.Sales",
        "policies",
        "data  Mask personal data",
        "subscription  Analysts and stewards read sales",
        "data sources",
        "Lake customers",
        "Lake orders",
    ]
    assert planned.count("No changes. Your infrastructure matches the configuration.") == 2
    # Complaints of cdktf and jsii, such as about a Node that is past its end.
    assert re.findall(r".*(?:ERROR|!!|[Ww]arning).*", output) == []
    installed = mirror.installed_folder(checkout.folder / ".local" / "mirror")
    assert [path.name for path in installed.iterdir()] == [mirror.plugin_name()]

    code, output = checkout.demo("destroy")
    assert code == 0, output
    assert progress(output) == [
        MIRROR,
        LISTENS,
        "==> cdktf destroy: getting_started",
        "==> cdktf destroy: quickstart",
        "==> Done: Immuta has no object of the demo any more.",
    ]
    assert re.findall(r"Destroy complete! Resources: (\d+) destroyed", output) == ["14", "7"]
    assert checkout.demo("destroy") == (
        0,
        "==> There is nothing to take down: `make demo` has not run here since the last time.",
    )
    assert sorted(path.name for path in checkout.folder.iterdir()) == [".local", "examples", "tools"]
    assert list(checkout.home.iterdir()) == []
