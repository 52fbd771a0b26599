"""The guide to CDK Terrain, and the lines of README about it."""

from __future__ import annotations

import json
import shutil
import subprocess
import tomllib
from pathlib import Path

from immuta_constructs import cdk
from support import pages
from support.cdktf import example

GUIDE = pages.DOCS / "guides" / "cdk-terrain.md"
README = pages.ROOT / "README.md"


def test_the_command_lines_are_the_tested_ones() -> None:
    files = [pages.ROOT / "package.json", pages.ROOT / "tools" / "cdktn" / "package.json"]
    versions = dict(
        pair for file in files for pair in json.loads(file.read_text())["devDependencies"].items()
    )
    installs = {name: f"npm install --global {name}@{versions[name]}" for name in ("cdktf-cli", "cdktn-cli")}
    assert installs["cdktn-cli"] in pages.code(GUIDE, "shell")[0].splitlines()
    readme = README.read_text("utf-8")
    assert [f"`{command}`" in readme for command in installs.values()] == [True, True]


def test_the_extras_are_those_of_the_package() -> None:
    project = tomllib.loads((pages.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for library in cdk.LIBRARIES:
        assert f'`pip install ".[{library}]"`' in README.read_text("utf-8")
        assert [each.partition(">")[0] for each in project["optional-dependencies"][library]] == [library]
    assert project["optional-dependencies"]["cdktf"][0] in project["dependencies"]


def test_the_command_of_the_guide_moves_a_program(tmp_path: Path) -> None:
    """tests/cdktf/test_cdktn.py deploys a program that is moved like this."""
    move, _ = pages.code(GUIDE, "shell")[1].splitlines()
    program = Path(shutil.copy(example("quickstart") / "main.py", tmp_path)).read_text("utf-8")
    subprocess.run(["sh", "-ec", move], cwd=tmp_path, check=True)
    moved = program.replace("from cdktf import", "from cdktn import")
    assert "from cdktf import" in program
    assert (tmp_path / "main.py").read_text("utf-8") == moved


def test_the_settings_have_the_constant_of_the_package() -> None:
    """tests/constructs/test_types.py has settings of its own."""
    assert hasattr(cdk, "IMMUTA_CDKTN")
    (settings,) = pages.code(GUIDE, "toml")
    assert tomllib.loads(settings)["tool"] == {
        "mypy": {"always_true": ["IMMUTA_CDKTN"]},
        "pyright": {"defineConstant": {"IMMUTA_CDKTN": True}},
    }
