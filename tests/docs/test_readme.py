"""README and CONTRIBUTING agree with the repository."""

from __future__ import annotations

import re
import tomllib
from itertools import chain

import immuta_constructs
from immuta_provider.doctor import collections
from immuta_provider.model.compiled.types import TYPES
from immuta_provider.provider import ImmutaProvider
from support import pages
from support.pages import ROOT

README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


def test_the_first_stack_is_the_example_of_that_name() -> None:
    (program,) = pages.code(README, "python")
    assert program == (ROOT / "examples/first_stack/main.py").read_text("utf-8")
    assert len(program.splitlines()) <= 25


def test_every_name_of_the_reference_exists() -> None:
    provider = ImmutaProvider({})
    terraform = {
        *(*provider.resources, *provider.data_sources, *provider.ephemeral_resources),
        *(*provider.actions, *provider.functions),
    }
    table = README.split("## Reference")[1].split("##")[0]
    named = set(re.findall(r"`(immuta_\w+|\w+_host)`", table))
    assert terraform == named
    classes = {type.class_name for type in TYPES}
    reads = {name for name in immuta_constructs.__all__ if name.startswith(("DataImmuta", "EphemeralImmuta"))}
    assert set(re.findall(r"`([A-Z]\w+)`", table)) == classes | reads


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"make ([a-z-]+)", README + CONTRIBUTING))
    assert named - {"it", "a"} <= targets
    assert {"demo", "demo-destroy", "test", "setup", "lint", "generate", "soak", "bench"} <= named


def test_the_rooms_exist() -> None:
    table = CONTRIBUTING.split("## The rooms")[1].split("##")[0]
    rooms = re.findall(r"^\| `([a-z_/]+)/` \|", table, re.MULTILINE)
    provider = {init.parent for init in (ROOT / "provider/immuta_provider").glob("*/__init__.py")}
    assert {folder.relative_to(ROOT).as_posix() for folder in provider} - set(rooms) == set()
    assert [room for room in rooms if not (ROOT / room).is_dir()] == []


def test_every_file_that_contributing_names_exists() -> None:
    named = set(re.findall(r"`([a-z_0-9/]+/[a-z_0-9.]*[a-z_0-9]+\.py)`", CONTRIBUTING))
    roots = (ROOT, ROOT / "provider/immuta_provider", ROOT / "simulator/immuta_simulator")
    assert len(named) > 20
    assert {path for path in named if not any((root / path).is_file() for root in roots)} == set()


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    dependencies = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    names = {re.split(r"[\[<>=; ]", each)[0] for each in dependencies} - {"cdktf-immuta"}
    table = CONTRIBUTING.split("## Dependencies")[1]
    cells = re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
    assert names - {name.strip() for cell in cells for name in cell.split(",")} == set()


def test_the_permissions_are_those_of_the_model() -> None:
    table = README.split("| objects | permission |")[1].split("\n\n")[0]
    named = re.findall(r"\| `([A-Z0-9_]+)`", table)
    assert set(named) == {each.permission for each in collections.of_model()}
