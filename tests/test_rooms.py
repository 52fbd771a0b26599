"""The rooms of the code and the walls between them, read from every import statement, type-only ones included."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from immuta_provider.model.compiled.types import TYPES

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = {
    "immuta_provider": ROOT / "provider",
    "immuta_constructs": ROOT / "constructs",
    "immuta_simulator": ROOT / "simulator",
}

# Each room of the provider with the rooms that it may import. What is in none of them puts the others together.
WALLS: dict[str, set[str]] = {
    "plugin": {"plugin.log"},
    "plugin.log": {"plugin"},
    "plugin.protocol": {"plugin", "plugin.log"},
    "plugin.transport": {"plugin.log"},
    "model": set(),
    "api": {"api.http"},
    "api.http": {"api"},
    "api.integrations": {"api", "api.http"},
    "adopt": {"api", "api.http", "model", "plugin", "resources"},
    "resources": {"api", "api.http", "api.integrations", "model", "plugin", "plugin.log"},
    "distribution": set(),
    "doctor": {"api", "api.http", "distribution", "model", "plugin", "resources"},
}

# The version, and the program that the launcher starts: what `main` itself imports cannot import it, since that is a circle.
OPEN = {"immuta_provider", "immuta_provider.main"}


@cache
def modules(folder: Path, root: Path) -> dict[str, Path]:
    """The modules in a folder. `root` is the folder that Python looks for them in."""
    return {
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path
        for path in folder.rglob("*.py")
    }


@cache
def imports(package: str) -> dict[str, set[str]]:
    """The modules of all packages that each module of one package imports."""
    known = {name: path for one, root in PACKAGES.items() for name, path in modules(root / one, root).items()}
    own = modules(PACKAGES[package] / package, PACKAGES[package])
    return {name: set(_imported(name, path, known)) for name, path in own.items()}


def imports_below(root: Path) -> dict[str, set[str]]:
    """The modules in a folder that each of them imports."""
    known = modules(root, root)
    return {name: set(_imported(name, path, known)) for name, path in known.items()}


def _imported(name: str, path: Path, known: dict[str, Path]) -> Iterator[str]:
    parent = (name if path.name == "__init__.py" else name.rpartition(".")[0]).split(".")
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            above = parent[: len(parent) - node.level + 1] if node.level else []
            source = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                full = f"{source}.{alias.name}"
                yield from (full,) if full in known else (source,) if source in known else ()


def room_of(name: str) -> str | None:
    """The innermost room of a module."""
    inside = name.removeprefix("immuta_provider.")
    rooms = [room for room in WALLS if inside == room or inside.startswith(f"{room}.")]
    return max(rooms, key=len, default=None)


@pytest.mark.parametrize("package", [*PACKAGES, "tools", "tests"])
def test_no_modules_import_each_other_in_a_circle(package: str) -> None:
    found = imports(package) if package in PACKAGES else imports_below(ROOT / package)
    try:
        TopologicalSorter(found).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_each_room_imports_only_what_its_walls_let_in() -> None:
    assert [
        f"{name} imports {imported}"
        for name, found in imports("immuta_provider").items()
        if (room := room_of(name)) is not None
        for imported in sorted(found)
        if room_of(imported) not in {room, *WALLS[room]} and imported not in OPEN
    ] == []


def test_the_plugin_is_on_the_standard_library() -> None:
    plugin = PACKAGES["immuta_provider"] / "immuta_provider" / "plugin"
    imported = {
        name.partition(".")[0]
        for path in plugin.rglob("*.py")
        for name in _absolute(ast.walk(ast.parse(path.read_text("utf-8"))))
    }
    # Python 3.12 has the hashes under another name.
    assert imported - {*sys.stdlib_module_names, "_sha2"} == set()


CONSTRUCTS = ROOT / "constructs"
RUNS_THE_SIMULATOR = CONSTRUCTS / "immuta_constructs" / "testing" / "immuta.py"


def test_the_constructs_know_neither_the_plugin_nor_the_client() -> None:
    assert [
        f"{path.relative_to(CONSTRUCTS)} imports {name}"
        for path in sorted(CONSTRUCTS.rglob("*.py"))
        for name in _sources(ast.walk(ast.parse(path.read_text("utf-8"))))
        if name.startswith(("immuta_provider.plugin", "requests", "urllib3"))
    ] == []


def test_only_a_running_immuta_imports_the_simulator() -> None:
    """A project without the extra `testing` has the constructs all the same."""
    modules = {path: ast.parse(path.read_text("utf-8")) for path in CONSTRUCTS.rglob("*.py")}
    anywhere = {
        path
        for path, module in modules.items()
        if any(name.startswith("immuta_simulator") for name in _sources(ast.walk(module)))
    }
    assert anywhere == {RUNS_THE_SIMULATOR}
    at_import = [*_sources(modules[RUNS_THE_SIMULATOR].body)]
    assert [name for name in at_import if name.startswith("immuta_simulator")] == []


def _sources(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """The modules that import statements name, as they are written."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def _absolute(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """The modules of import statements without leading dots."""
    return _sources(node for node in nodes if not getattr(node, "level", 0))


def test_one_module_of_the_constructs_chooses_between_cdktf_and_cdktn() -> None:
    root = PACKAGES["immuta_constructs"]
    users = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        for name in _sources(ast.walk(ast.parse(path.read_text("utf-8"))))
        if name.partition(".")[0] in ("cdktf", "cdktn")
    }
    assert users == {"immuta_constructs/cdk.py"}


def test_the_simulator_imports_no_other_room() -> None:
    """A mistake of the provider cannot be one of the simulator as well."""
    imported = {
        name.partition(".")[0]
        for path in PACKAGES["immuta_simulator"].rglob("*.py")
        for name in _sources(ast.walk(ast.parse(path.read_text("utf-8"))))
    }
    allowed = {"fastapi", "immuta_simulator", "pydantic", "starlette", "uvicorn", "yaml"}
    assert imported - set(sys.stdlib_module_names) == allowed


# The modules that put the families together. No other one outside a family's folders imports from it.
TOGETHER = {
    "immuta_provider.model.registry",
    "immuta_provider.model.compiled.types",
    "immuta_provider.provider",
    "immuta_provider.resources.configured",
    "immuta_provider.resources.lives",
    "immuta_provider.resources.registry",
    "immuta_constructs.runtime.provider",
    "immuta_constructs.runtime.registry",
    "immuta_constructs.testing.immuta",  # its `sent` is for integrations
    "immuta_simulator.families",
}
FAMILIES = {
    path.name
    for path in (PACKAGES["immuta_provider"] / "immuta_provider" / "model").iterdir()
    if path.is_dir()
} - {"compiled", "__pycache__"}


def family_of(name: str) -> str:
    return next((part for part in name.split(".") if part in FAMILIES), "")


def is_generated(name: str) -> bool:
    """Tells if a program writes the module from the model, which has every family."""
    return "Generated by" in (ast.get_docstring(_tree(name)) or "")


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_outside_a_familys_folders_knows_the_family(package: str) -> None:
    assert [
        f"{name} imports {imported}"
        for name, found in imports(package).items()
        if name not in TOGETHER and not is_generated(name)
        for imported in sorted(found)
        if family_of(imported) not in ("", family_of(name))
    ] == []


def test_each_family_has_its_folder_in_the_simulator() -> None:
    folders = {
        path.parent.name for path in (PACKAGES["immuta_simulator"]).glob("immuta_simulator/*/family.py")
    }
    assert folders - {"records"} == FAMILIES


TYPE_NAMES = {
    name
    for type in TYPES
    for name in (type.resource, type.class_name, type.type, type.family, type.life)
    if isinstance(name, str) and name
}
NOUNS = {type.resource.removeprefix("immuta_") for type in TYPES} | {type.noun for type in TYPES}


@pytest.mark.parametrize("package", ["immuta_provider", "immuta_constructs"])
def test_no_module_outside_a_familys_folders_branches_on_a_name(package: str) -> None:
    """The name of a type or family is in no text of the common modules, and its noun in no comparison."""
    assert [
        f"{name} has {text!r}"
        for name in imports(package)
        if name not in TOGETHER and not is_generated(name) and not family_of(name)
        for text in _names_in(_tree(name))
    ] == []


def _tree(name: str) -> ast.Module:
    package = name.partition(".")[0]
    return ast.parse(modules(PACKAGES[package] / package, PACKAGES[package])[name].read_text("utf-8"))


def _names_in(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        compared = (
            [node.left, *node.comparators]
            if isinstance(node, ast.Compare)
            else [node.value]
            if isinstance(node, ast.MatchValue)
            else []
        )
        yield from (text for each in compared if (text := _text(each)) in NOUNS)
        if (text := _text(node)) in TYPE_NAMES:
            yield text


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
