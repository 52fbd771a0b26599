from __future__ import annotations

import ast
import io
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import requires
from pathlib import Path

import pytest
import requests
from immuta_provider.distribution.build import BOOT_WITHIN, assemble
from immuta_provider.distribution.dependencies import PinError, carried, pins
from immuta_provider.distribution.modules import NotSelfContainedError, reachable
from immuta_provider.distribution.packaged import plugin_file
from support.checkout import copy_to
from support.pythons import PYTHONS
from support.stand_in import LIBRARIES
from support.terraform import ROOT, clean_environment

BUILD = """
import sys
sys.path[:0] = sys.argv[2:]
from pathlib import Path
from immuta_provider.distribution.build import build
sys.stdout.buffer.write(build(Path(sys.argv[1])))
"""


@pytest.fixture(scope="session")
def members() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(plugin_file())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources in another folder, with other times and modes."""
    copy = copy_to(tmp_path_factory.mktemp("elsewhere") / "copy")
    for path in copy.rglob("*.py"):
        os.utime(path, (86400, 86400))
        path.chmod(0o600)
    return copy


@pytest.mark.parametrize("python", PYTHONS.values(), ids=PYTHONS)
def test_the_file_is_the_same_from_every_folder_with_every_python(checkout: Path, python: str) -> None:
    libraries = Path(requests.__file__).parents[1]
    command = [python, "-I", "-S", "-c", BUILD, str(checkout), str(checkout / "provider"), str(libraries)]
    assert subprocess.run(command, capture_output=True, check=True).stdout == plugin_file()


def test_a_change_of_the_sources_makes_a_new_copy_in_the_cache(sources: Path) -> None:
    def identity(content: bytes) -> bytes:
        return re.findall(rb'copy = f"([0-9a-f]{24})-', content)[0]  # type: ignore[no-any-return]

    first = assemble(sources, LIBRARIES)
    (sources / "immuta_provider" / "main.py").write_text("def main(): return 0\n")
    second = assemble(sources, LIBRARIES)
    third = assemble(sources, {**LIBRARIES, "library/inner.py": b"ANSWER = 43\n"})
    assert len({identity(content) for content in (first, second, third)}) == 3


def test_the_file_is_a_shell_script_and_a_zip_that_python_runs_too() -> None:
    content = plugin_file()
    assert content.startswith(b"#!/bin/sh\n")
    assert content.index(b"PK\x03\x04") <= BOOT_WITHIN
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None


def test_the_prologue_is_plain_posix_shell(tmp_path: Path) -> None:
    prologue = tmp_path / "prologue.sh"
    prologue.write_bytes(plugin_file().partition(b"\n# boot\n")[0] + b"\n")
    for shell in ("sh", "bash", "dash"):
        if shutil.which(shell):
            subprocess.run([shell, "-n", prologue], check=True)


def test_the_file_has_the_running_provider_and_nothing_else(members: dict[str, bytes]) -> None:
    tops = {name.partition("/")[0] for name in members}
    assert tops == {
        "__main__.py",
        "certifi",
        "charset_normalizer",
        "idna",
        "immuta_provider",
        "licences",
        "requests",
        "urllib3",
    }
    ours = {name for name in members if name.startswith("immuta_provider/")}
    assert {name for name in ours if "/distribution/" in name} == {
        "immuta_provider/distribution/__init__.py",
        "immuta_provider/distribution/launcher/__init__.py",
        "immuta_provider/distribution/launcher/bundle.py",
        "immuta_provider/distribution/launcher/cache.py",
        "immuta_provider/distribution/launcher/start.py",
    }
    assert {"immuta_provider/main.py", "immuta_provider/model/compiled/integrations.py"} < ours
    assert not ours & {"immuta_provider/cli.py", "immuta_provider/model/registry.py"}


def test_the_file_has_the_licences_of_the_libraries(members: dict[str, bytes]) -> None:
    pinned = {f"{name}-{version}" for name, version in pins(ROOT / "pyproject.toml").items()}
    assert {name.split("/")[1] for name in members if name.startswith("licences/")} == pinned


def test_the_pinned_versions_are_complete_and_those_of_development() -> None:
    pinned = pins(ROOT / "pyproject.toml")
    needed = {
        re.split(r"[ <>=!~\[;(]", requirement)[0].replace("_", "-")
        for name in pinned
        for requirement in requires(name) or ()
        if "extra ==" not in requirement
    }
    assert needed <= set(pinned)
    constraints = dict(
        line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line
    )
    assert {name: constraints[name] for name in pinned} == pinned
    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert [name for name in dependencies if name.startswith("requests")] == ["requests>=2.32.3,<3"]


# Imports all modules that the provider imports, and prints those that are not from the file.
IMPORT_ALL = """
import sys
sys.path.insert(0, sys.argv[1])
for name in sys.argv[2:]:
    __import__(name)
import requests
library = sys.path[1:]
for name, module in sorted(sys.modules.items()):
    file = getattr(module, "__file__", None)
    if file and not file.startswith((sys.argv[1], *library)):
        print(name, file)
print(requests.__file__)
"""


@pytest.mark.parametrize("python", PYTHONS.values(), ids=PYTHONS)
def test_the_running_provider_imports_itself_and_the_standard_library_only(
    python: str, members: dict[str, bytes], tmp_path: Path
) -> None:
    path = tmp_path / "plugin"
    path.write_bytes(plugin_file())
    names = [
        name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for name in members
        if name.startswith("immuta_provider/") and "/launcher/" not in name
    ]
    command = [python, "-I", "-S", "-B", "-c", IMPORT_ALL, str(path), *names]
    ended = subprocess.run(command, capture_output=True, text=True, env=clean_environment())
    assert (ended.stdout, ended.stderr) == (f"{path}/requests/__init__.py\n", "")


def package(root: Path, **files: str) -> Path:
    folder = root / "ours"
    folder.mkdir()
    for name, text in {"__init__": "", **files}.items():
        folder.joinpath(f"{name}.py").write_text(text)
    return root


def test_modules_are_found_by_imports(tmp_path: Path) -> None:
    root = package(
        tmp_path,
        main="from . import direct\nfrom .names import VALUE\nTYPE_CHECKING = False\nif TYPE_CHECKING:\n    import pydantic\n",
        direct="def later():\n    import json\n    from ours.lazy import x\n",
        names="VALUE = 1\n",
        lazy="x = 1\ntry:\n    import _sha9\nexcept ImportError:\n    from . import instead\n",
        instead="import requests.adapters\n",
        unused="import pydantic\n",
    )
    found = reachable(root, ["ours.main"], {"requests"})
    assert sorted(found) == ["ours", "ours.direct", "ours.instead", "ours.lazy", "ours.main", "ours.names"]


@pytest.mark.parametrize(
    "statement", ["import pydantic", "def f():\n    from pydantic.main import BaseModel"]
)
def test_an_import_from_outside_is_an_error_that_names_the_module(tmp_path: Path, statement: str) -> None:
    root = package(tmp_path, main="from . import model\n", model=f"{statement}\n")
    with pytest.raises(
        NotSelfContainedError, match=r"^ours\.model imports pydantic[.\w]*: the running provider may"
    ):
        reachable(root, ["ours.main"], {"requests"})


def test_a_missing_entry_module_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotSelfContainedError, match=r"^ours\.main is not below "):
        reachable(tmp_path, ["ours.main"], set())


@pytest.mark.parametrize(
    ("pinned", "text"),
    [
        (
            {"idna": "0.1"},
            r"^idna \S+ is installed, 0\.1 is pinned: run `make setup`, or `pip install idna==0\.1`$",
        ),
        ({"no-such-thing": "1"}, r"^no-such-thing is not installed: run `make setup`, or "),
    ],
)
def test_an_environment_without_the_pinned_libraries_is_an_error(pinned: dict[str, str], text: str) -> None:
    with pytest.raises(PinError, match=text):
        carried(pinned)


def test_a_library_that_was_changed_after_it_was_installed_is_an_error(tmp_path: Path) -> None:
    info = tmp_path / "changed-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: changed\nVersion: 1.0\n")
    (info / "RECORD").write_text("changed/__init__.py,sha256=wrong,1\n")
    (tmp_path / "changed").mkdir()
    (tmp_path / "changed" / "__init__.py").write_text("")
    script = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "from immuta_provider.distribution.dependencies import carried; carried({'changed': '1.0'})"
    )
    command = [sys.executable, "-c", script, str(tmp_path), str(ROOT / "provider")]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.stderr.splitlines()[-1] == (
        "immuta_provider.distribution.dependencies.PinError: changed/__init__.py of changed 1.0 is not the file that was "
        "installed: install it again with `pip install --force-reinstall changed==1.0`"
    )


def test_the_launcher_has_its_boot_marks_and_no_other() -> None:
    assert plugin_file()[:BOOT_WITHIN].count(b"\n# boot\n") == 3
    _, boot, start, _ = plugin_file().split(b"\n# boot\n", 3)
    for text in (boot, start):
        assert ast.parse(text) is not None
        assert b"@ID@" not in text
