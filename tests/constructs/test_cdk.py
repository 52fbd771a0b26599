"""The choice between cdktf and cdktn (CDK Terrain)."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from immuta_constructs import cdk
from support import pages
from support.cdktf import ENVIRONMENTS
from support.terraform import clean_environment

BOTH = ("cdktf", "cdktn")
GUESS = (
    "cdktf and cdktn are both installed, and the program imported neither before immuta_constructs, which uses cdktf because "
    "every installation has it. To use cdktn, import it first or set IMMUTA_CDK=cdktn. IMMUTA_CDK=cdktf ends this warning."
)


@pytest.mark.parametrize(
    ("variable", "modules", "installed", "chosen"),
    [
        ("", (), ("cdktf",), ("cdktf", "")),
        ("", (), ("cdktn",), ("cdktn", "")),
        ("", (), BOTH, ("cdktf", GUESS)),
        ("", ("os", "constructs", "cdktn.testing"), BOTH, ("cdktf", GUESS)),
        ("", ("os", "cdktf"), BOTH, ("cdktf", "")),
        ("", ("os", "cdktn"), BOTH, ("cdktn", "")),
        ("", ("cdktn", "os", "cdktf"), BOTH, ("cdktn", "")),
        ("", ("cdktf", "os", "cdktn"), BOTH, ("cdktf", "")),
        ("cdktf", (), BOTH, ("cdktf", "")),
        ("cdktn", ("cdktf", "cdktn"), BOTH, ("cdktn", "")),
        ("cdktn", (), ("cdktn",), ("cdktn", "")),
    ],
)
def test_the_variable_decides_before_the_first_import_and_the_import_before_the_installation(
    variable: str, modules: tuple[str, ...], installed: tuple[str, ...], chosen: tuple[str, str]
) -> None:
    assert cdk.choice(variable, modules, installed) == chosen


@pytest.mark.parametrize(
    ("variable", "installed", "message"),
    [
        (
            "",
            (),
            "immuta_constructs needs cdktf or cdktn (CDK Terrain), and neither is installed. Run `pip install "
            '"cdktf-immuta[cdktf]"` or `pip install "cdktf-immuta[cdktn]"`.',
        ),
        ("cdk", BOTH, 'IMMUTA_CDK is "cdk", but has to be cdktf or cdktn. Set one of them, or unset it.'),
        (
            "cdktn",
            ("cdktf",),
            'IMMUTA_CDK is cdktn, which is not installed. Run `pip install "cdktf-immuta[cdktn]"`, or unset it.',
        ),
    ],
)
def test_a_choice_that_cannot_be_made_is_an_error(
    variable: str, installed: tuple[str, ...], message: str
) -> None:
    with pytest.raises(ImportError, match=f"^{re.escape(message)}$"):
        cdk.choice(variable, (), installed)


PROGRAM = """
import {imports}
from immuta_constructs import ImmutaProvider, Tag, cdk

print(cdk.LIBRARY)
try:
    ImmutaProvider({library}.TerraformStack({library}.App(), "stack"), "immuta")
except Exception as error:
    print(error)
"""
# The last text of the guide.
FOREIGN = (
    'the Immuta provider "stack/immuta" cannot be deployed as written, 1 problem:\n- '
    + pages.code(pages.DOCS / "guides" / "cdk-terrain.md", "text")[-1]
)


@pytest.mark.parametrize(
    ("imports", "library", "printed"),
    [("cdktn", "cdktn", "cdktn\n"), ("cdktf, cdktn", "cdktn", f"cdktf\n{FOREIGN}")],
)
def test_a_program_gets_the_library_that_it_imports(
    tmp_path: Path, imports: str, library: str, printed: str
) -> None:
    done = run(tmp_path, PROGRAM.format(imports=imports, library=library))
    assert (done.stdout, GUESS in done.stderr) == (printed, False)


def test_a_program_that_imports_neither_library_gets_a_warning(tmp_path: Path) -> None:
    done = run(tmp_path, "from immuta_constructs import Tag, cdk; print(cdk.LIBRARY)")
    assert (done.stdout, GUESS in done.stderr) == ("cdktf\n", True)


def run(folder: Path, program: str) -> subprocess.CompletedProcess[str]:
    """Runs a program where both are installed."""
    python = ENVIRONMENTS["cdktn"] / "bin" / "python"
    return subprocess.run(
        [python, "-c", program],
        cwd=folder,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=True,
    )


def test_a_folder_of_the_name_does_not_count_as_the_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cdktn").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert [library for library in BOTH if cdk.is_installed(library)] == ["cdktf"]
