"""The simulator shares no code with what it is there to check."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

SIMULATOR = Path(__file__).parents[2] / "simulator"
ALLOWED = {"fastapi", "immuta_simulator", "pydantic", "starlette", "uvicorn", "yaml"}
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


def modules() -> list[Path]:
    return sorted((SIMULATOR / "immuta_simulator").rglob("*.py"))


def test_simulator_imports_without_provider_and_constructs() -> None:
    command = [sys.executable, "-c", IMPORT_ALL, str(SIMULATOR)]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    names = [".".join(path.relative_to(SIMULATOR).with_suffix("").parts) for path in modules()]
    names = sorted(name.removesuffix(".__init__") for name in names if name != "immuta_simulator.__init__")
    assert (done.stdout.split(), done.stderr) == (names, "")


def test_simulator_imports_no_other_room() -> None:
    imported = set()
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}: relative import"
                imported.add((node.module or "").split(".")[0])

    assert imported - set(sys.stdlib_module_names) == ALLOWED
