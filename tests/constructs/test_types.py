"""Type checkers on programs of users: both refuse the marked lines, for the marked reason, and no other line.

A line of a program in `typed/` ends with `# refused: <argument>: <mypy's code>, <pyright's rule>` where it is wrong.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import immuta_constructs
import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(__file__).parent / "typed"
PACKAGES = [str(ROOT / name) for name in ("constructs", "provider", "simulator")]
REFUSED = re.compile(r"  # refused: (?P<argument>\w+): (?P<mypy>[\w-]+), (?P<pyright>\w+)$")


LITERAL = re.compile(r"Literal\[[^\]]*\]")
OWN = rf"\b(?:{'|'.join(immuta_constructs.__all__)})\b"
OWN_CLASSES = re.compile(rf"{OWN}(?: \| {OWN})*")
# cdktf's protocol has no members, so a type checker takes every object for one.
NEVER_REFUSED = "ITerraformIterator | None"
HAND_WRITTEN = ("immuta_constructs.aspects", "immuta_constructs.runtime")


def marked(checker: str) -> list[tuple[str, int, str]]:
    """The lines that a checker has to refuse, each with the checker's name of the reason."""
    return [
        (program.name, number, found[checker])
        for program in sorted(PROGRAMS.glob("*.py"))
        for number, line in enumerate(program.read_text("utf-8").splitlines(), 1)
        if (found := REFUSED.search(line))
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The programs where a user has them: outside this checkout."""
    return Path(shutil.copytree(PROGRAMS, tmp_path / "programs"))


def test_mypy_refuses_the_marked_lines_and_no_other(folder: Path) -> None:
    (folder / "mypy.ini").write_text(f"[mypy]\nstrict = True\nmypy_path = {':'.join(PACKAGES)}\n")
    cache = ROOT / ".mypy_cache" / "programs"
    command = [sys.executable, "-m", "mypy", "--no-error-summary", "--cache-dir", str(cache), "."]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert ended.stderr == ""
    errors = re.findall(r"^(\S+):(\d+): error: .* \[([\w-]+)\]$", ended.stdout, re.MULTILINE)
    assert sorted((file, int(line), code) for file, line, code in errors) == marked("mypy"), ended.stdout


def test_pyright_refuses_the_marked_lines_and_no_other(folder: Path) -> None:
    (folder / "pyrightconfig.json").write_text(json.dumps({"extraPaths": PACKAGES}))
    checker = str(ROOT / "node_modules" / ".bin" / "pyright")
    command = [checker, "--outputjson", "--pythonpath", sys.executable]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    errors = [
        (Path(each["file"]).name, each["range"]["start"]["line"] + 1, each["rule"])
        for each in json.loads(ended.stdout)["generalDiagnostics"]
    ]
    assert sorted(errors) == marked("pyright"), ended.stdout


def test_each_form_of_an_argument_is_taken_and_refused_once() -> None:
    """A form is a type in a signature, whichever literals and classes it names."""
    forms = {
        (name, argument): form
        for name in immuta_constructs.__all__
        for argument, form in forms_of(getattr(immuta_constructs, name)).items()
    }
    used = {
        (bool(refused), forms[called, argument])
        for path in sorted(PROGRAMS.glob("*.py"))
        for called, arguments, refused in calls(path.read_text("utf-8"))
        for argument in ({refused} if refused else arguments)
        if (called, argument) in forms
    }
    wanted = {(refused, form) for refused in (False, True) for form in forms.values()}
    assert wanted - used == {(True, NEVER_REFUSED)}


def forms_of(exported: Any) -> dict[str, str]:
    """The form of each keyword argument of a class, but not those of an error or an aspect."""
    if not isinstance(exported, type) or exported.__module__.startswith(HAND_WRITTEN):
        return {}
    parameters = inspect.signature(vars(exported)["__init__"]).parameters.values()
    return {
        each.name: OWN_CLASSES.sub("C", LITERAL.sub("Literal", str(each.annotation)))
        for each in parameters
        if each.kind is each.KEYWORD_ONLY
    }


def calls(program: str) -> Iterator[tuple[str, list[str], str]]:
    """Each call of a program: the name, the keyword arguments, and the argument that is refused on that line."""
    lines = program.splitlines()
    for node in ast.walk(ast.parse(program)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found = REFUSED.search(lines[node.lineno - 1])
            yield node.func.id, [each.arg or "" for each in node.keywords], found["argument"] if found else ""
