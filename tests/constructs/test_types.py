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
from support.cdktf import ENVIRONMENTS
from support.terraform import ROOT

PROGRAMS = Path(__file__).parent / "typed"
# The first function is right over both libraries. The second one uses classes that each library has of its own.
OF_THE_LIBRARY = Path(__file__).parent / "typed_library"
Error = tuple[str, int, str]
"""A program, a line, and the checker's name of the reason."""
REFUSED = re.compile(r"  # refused: (?P<argument>\w+): (?P<mypy>[\w-]+), (?P<pyright>\w+)$")


LITERAL = re.compile(r"Literal\[[^\]]*\]")
OWN = rf"\b(?:{'|'.join(immuta_constructs.__all__)})\b"
OWN_CLASSES = re.compile(rf"{OWN}(?: \| {OWN})*")
HAND_WRITTEN = ("immuta_constructs.aspects", "immuta_constructs.runtime")


def marked(programs: Path, checker: str) -> list[Error]:
    """The lines that a checker has to refuse, each with the checker's name of the reason."""
    return [
        (program.name, number, found[checker])
        for program in sorted(programs.glob("*.py"))
        for number, line in enumerate(program.read_text("utf-8").splitlines(), 1)
        if (found := REFUSED.search(line))
    ]


def copied(programs: Path, folder: Path, library: str) -> Path:
    """The programs over a library, where a user has them: outside this checkout."""
    target = Path(shutil.copytree(programs, folder / "programs"))
    for program in target.glob("*.py"):
        program.write_text(program.read_text().replace("from cdktf import", f"from {library} import"))
    return target


def found_by_mypy(folder: Path, library: str, *, configured: bool) -> list[Error]:
    """The errors of mypy in a folder of programs. With `configured` its settings name cdktn."""
    settings = "[mypy]\nstrict = True\n"
    (folder / "mypy.ini").write_text(settings + ("always_true = IMMUTA_CDKTN\n" if configured else ""))
    cache = ROOT / ".mypy_cache" / f"programs-{library}{'-configured' if configured else ''}"
    command = [sys.executable, "-m", "mypy", "--no-error-summary", "--cache-dir", str(cache)]
    command += ["--python-executable", str(ENVIRONMENTS[library] / "bin" / "python"), "."]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert ended.stderr == ""
    errors = re.findall(r"^(\S+):(\d+): error: .* \[([\w-]+)\]$", ended.stdout, re.MULTILINE)
    return sorted((file, int(line), code) for file, line, code in errors)


def found_by_pyright(folder: Path, library: str, *, configured: bool) -> list[Error]:
    """The errors of pyright in a folder of programs. With `configured` its settings name cdktn."""
    (folder / "pyrightconfig.json").write_text(json.dumps({"defineConstant": {"IMMUTA_CDKTN": configured}}))
    checker = str(ROOT / "node_modules" / ".bin" / "pyright")
    command = [checker, "--outputjson", "--pythonpath", str(ENVIRONMENTS[library] / "bin" / "python")]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    return sorted(
        (Path(each["file"]).name, each["range"]["start"]["line"] + 1, each["rule"])
        for each in json.loads(ended.stdout)["generalDiagnostics"]
    )


@pytest.mark.parametrize("library", ENVIRONMENTS)
def test_mypy_refuses_the_marked_lines_and_no_other(tmp_path: Path, library: str) -> None:
    folder = copied(PROGRAMS, tmp_path, library)
    assert found_by_mypy(folder, library, configured=library == "cdktn") == marked(PROGRAMS, "mypy")


def test_pyright_refuses_the_marked_lines_and_no_other(tmp_path: Path) -> None:
    folder = copied(PROGRAMS, tmp_path, "cdktf")
    assert found_by_pyright(folder, "cdktf", configured=False) == marked(PROGRAMS, "pyright")


@pytest.mark.parametrize(
    ("library", "configured", "announced"),
    [("cdktf", False, False), ("cdktn", True, False), ("cdktn", False, True)],
)
def test_a_type_checker_that_knows_the_library_accepts_its_classes(
    tmp_path: Path, library: str, configured: bool, announced: bool
) -> None:
    folder = copied(OF_THE_LIBRARY, tmp_path, library)
    found = (
        found_by_mypy(folder, library, configured=configured),
        found_by_pyright(folder, library, configured=configured),
    )
    expected = marked(OF_THE_LIBRARY, "mypy"), marked(OF_THE_LIBRARY, "pyright")
    assert found == (expected if announced else ([], []))


def test_each_form_of_an_argument_is_accepted_and_refused_once() -> None:
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
    expected = {(refused, form) for refused in (False, True) for form in forms.values()}
    assert expected - used == set()


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
