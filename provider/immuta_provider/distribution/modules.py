"""Finds the modules of the running provider: all that its entry module imports, at any depth.

They are found in the sources. So there is no list to maintain, and a forbidden import (pydantic, cdktf) is detected.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterator
from pathlib import Path


class NotSelfContainedError(Exception):
    """The running provider imports a module that is not in the plugin file."""


def reachable(root: Path, entries: Collection[str], carried: Collection[str]) -> dict[str, Path]:
    """The modules under `root` that `entries` (dotted names) import, at any depth, with their files.

    Imports inside functions count, and those under `if TYPE_CHECKING:` do not. `carried` has the top-level third-party packages
    in the plugin file. An import that is not below `root`, in `carried` or in the standard library raises NotSelfContainedError,
    unless it is in a `try` with an `except ImportError`.
    """
    found: dict[str, Path] = {}
    waiting = list(entries)
    for entry in entries:
        if _file(root, entry) is None:
            raise NotSelfContainedError(f"{entry} is not below {root}, so there is nothing to run")
    while waiting:
        name = waiting.pop()
        path = _file(root, name)
        if name in found or path is None:
            continue
        found[name] = path
        if "." in name:
            waiting.append(name.rpartition(".")[0])
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        for imported, optional in _imports(ast.parse(path.read_bytes(), str(path)).body, package):
            top = imported.partition(".")[0]
            if (root / top).is_dir():
                waiting.append(imported)
            elif not optional and top not in carried and top not in sys.stdlib_module_names:
                raise NotSelfContainedError(
                    f"{name} imports {imported}: the running provider may import the standard library, itself and "
                    f"{', '.join(sorted(carried))}, and nothing else. Move what needs {top} into a module that "
                    f"{', '.join(entries)} does not reach"
                )
    return found


def _file(root: Path, name: str) -> Path | None:
    path = root.joinpath(*name.split("."))
    for candidate in (path / "__init__.py", path.with_suffix(".py")):
        if candidate.is_file():
            return candidate
    return None


def _imports(body: list[ast.stmt], package: str, optional: bool = False) -> Iterator[tuple[str, bool]]:
    """The absolute names of imported modules, each with True if the import may fail.

    `from a import b` yields a and a.b, because b may be a module.
    """
    for statement in body:
        match statement:
            case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING")):
                yield from _imports(statement.orelse, package, optional)
            case ast.Import():
                yield from ((alias.name, optional) for alias in statement.names)
            case ast.ImportFrom():
                base = statement.module or ""
                if statement.level:
                    parent = package.split(".")[: len(package.split(".")) - statement.level + 1]
                    base = ".".join([*parent, *([base] if base else [])])
                yield base, optional
                yield from ((f"{base}.{alias.name}", optional) for alias in statement.names)
            case ast.Try():
                either = optional or _survives_absence(statement)
                for part in (statement.body, *(each.body for each in statement.handlers)):
                    yield from _imports(part, package, either)
                for part in (statement.orelse, statement.finalbody):
                    yield from _imports(part, package, optional)
            case _:
                for nested in ("body", "orelse"):
                    yield from _imports(getattr(statement, nested, []), package, optional)
                for case in getattr(statement, "cases", ()):
                    yield from _imports(case.body, package, optional)


def _survives_absence(statement: ast.Try) -> bool:
    names = {
        node.id
        for each in statement.handlers
        if each.type
        for node in ast.walk(each.type)
        if isinstance(node, ast.Name)
    }
    return bool(names & {"ImportError", "ModuleNotFoundError"})
