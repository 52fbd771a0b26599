"""The guide to testing: its files are a project whose tests pass, and pytest prints what it quotes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from support import pages
from support.terraform import clean_environment

GUIDE = pages.DOCS / "guides" / "testing.md"
WRONG = """
def test_a_wrong_expectation(stack: TerraformStack) -> None:
    found = synthesized(stack)["resource"]["immuta_snowflake_integration"]["snowflake"]
    assert found == {
        **{key: value for key, value in found.items() if key not in ("audit", "password")},
        "audit": {"enabled": False},
        "password": Secret.variable("password"),
        "role": "SYSADMIN",
    }
"""
LITERAL = """
def test_a_literal(tmp_path: Path) -> None:
    stack = build(App(outdir=str(tmp_path)))
    Aspects.of(stack).add(DenyLiteralSecrets())
    BigQueryIntegration(stack, "bigquery", role="immuta", dataset_suffix="_secure", credential="a literal")
    synthesized(stack)
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that the guide shows."""
    folder = tmp_path_factory.mktemp("project")
    for name, text in re.findall(r"`(\w+\.py)`:\n\n```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL):
        (folder / name).write_text(text)
    assert len(list(folder.iterdir())) == len(pages.code(GUIDE, "python"))
    return folder


def pytest_in(folder: Path, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *arguments]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=clean_environment())
    return ended.returncode, ended.stdout


def test_the_tests_of_the_guide_pass(project: Path) -> None:
    code, output = pytest_in(project)
    assert code == 0, output
    assert "4 passed" in output
    left = {path.name for path in project.iterdir() if path.suffix != ".py"}
    assert left <= {"__pycache__"}


@pytest.mark.parametrize(
    ("file", "addition", "quoted"), [("test_governance", WRONG, 0), ("test_rules", LITERAL, 1)]
)
def test_failures_are_as_the_guide_quotes_them(project: Path, file: str, addition: str, quoted: int) -> None:
    failing = project / f"{file}_failing.py"
    failing.write_text((project / f"{file}.py").read_text() + addition)
    code, output = pytest_in(project, failing.name, "-k", addition.split("(")[0].split()[-1])
    failing.unlink()
    assert code == 1
    shown = "\n".join(line.removeprefix("E").strip() for line in output.splitlines() if line.startswith("E "))
    pages.assert_quoted(pages.code(GUIDE, "text")[quoted], pages.words(shown))
