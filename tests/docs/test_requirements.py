"""Every page, and every program that looks for a Python, requires the same versions."""

from __future__ import annotations

import re
import tomllib

import pytest
import setup_programs
from documentation import requirements
from support import pages

# Each names the oldest Python in a sentence or in code.
NAMING = [
    "CONTRIBUTING.md",
    "Makefile",
    "README.md",
    "docs/guides/state-and-backends.md",
    "docs/index.md",
    "provider/immuta_provider/distribution/launcher/prologue.sh",
    "tools/find_python.sh",
]


def words(path: str) -> str:
    return pages.words(pages.ROOT.joinpath(path).read_text("utf-8"))


@pytest.mark.parametrize("path", NAMING)
def test_the_oldest_python_is_the_same_everywhere(path: str) -> None:
    named = re.findall(r"(?<=Python )3\.\d+|(?<=Python >= )3\.\d+|(?<=[<>=] )\(3, \d+\)", words(path))
    assert {name.strip("()").replace(", ", ".") for name in named} == {requirements.OLDEST_PYTHON}


@pytest.mark.parametrize("path", ["README.md", "docs/index.md"])
def test_pages_have_the_same_requirements(path: str) -> None:
    assert [item for item in requirements.ITEMS if f"- {item}" not in words(path)] == []


def test_contributors_need_the_same_python() -> None:
    assert requirements.PYTHON in words("CONTRIBUTING.md")


def test_the_tools_check_for_the_oldest_python() -> None:
    tools = tomllib.loads(pages.ROOT.joinpath("pyproject.toml").read_text("utf-8"))["tool"]
    oldest = requirements.OLDEST_PYTHON
    assert (tools["mypy"]["python_version"], tools["ruff"]["target-version"]) == (
        oldest,
        f"py{oldest.replace('.', '')}",
    )


def test_the_set_up_accepts_the_versions_in_readme() -> None:
    assert ".".join(map(str, setup_programs.OLDEST_TERRAFORM)) == requirements.OLDEST_TERRAFORM
    oldest = ".".join(map(str, setup_programs.OLDEST_NODE))
    assert f"- Node {setup_programs.OLDEST_NODE[0]} with npm" in words("README.md")
    assert f"needs Node {oldest} or newer" in words("README.md")
    assert f"needs Node {oldest} or newer" in words("docs/guides/cdk-terrain.md")
