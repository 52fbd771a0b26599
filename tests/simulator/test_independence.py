"""The simulator runs without the provider and the constructs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SIMULATOR = Path(__file__).parents[2] / "simulator"
IMPORT_ALL = """
import pkgutil, sys, importlib, importlib.abc
class Closed(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"immuta_provider", "immuta_constructs", "constructs", "cdktf", "requests"}:
            raise ImportError(f"the simulator imported {name}")
sys.meta_path.insert(0, Closed())
sys.path.insert(0, sys.argv[1])
import immuta_simulator
names = sorted(m.name for m in pkgutil.walk_packages(immuta_simulator.__path__, "immuta_simulator."))
for name in names:
    importlib.import_module(name)
print(*names)
"""


def test_simulator_imports_without_provider_and_constructs() -> None:
    command = [sys.executable, "-c", IMPORT_ALL, str(SIMULATOR)]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    paths = (SIMULATOR / "immuta_simulator").rglob("*.py")
    names = {".".join(path.relative_to(SIMULATOR).with_suffix("").parts) for path in paths}
    names = {name.removesuffix(".__init__") for name in names} - {"immuta_simulator"}
    assert (done.stdout.split(), done.stderr) == (sorted(names), "")
