"""Which of our modules the running provider consists of: all that its entry can reach by an import statement.

The rule is read off the sources, so that nothing has to be listed by hand and nothing that the running provider must not import
(pydantic, cdktf) can get into it unseen.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterator
from pathlib import Path


class NotSelfContainedError(Exception):
    """The running provider imports something that the plugin file would not carry."""


def reachable(root: Path, entries: Collection[str], carried: Collection[str]) -> dict[str, Path]:
    """The modules under `root` that `entries` (dotted names) import, at any depth, with their files.

    Imports under `if TYPE_CHECKING:` do not count; those inside functions do. `carried` names the top-level packages of others
    that the plugin carries. An import that is neither below `root`, nor carried, nor in the standard library is a
    NotSelfContainedError, unless it stands in a `try` with an `except ImportError`, which names an alternative.
    """
    found: dict[str, Path] = {}
    waiting = list(entries)
    for entry in entries:
        if _file(root, entry) is None:
            raise NotSelfContainedError(f"{entry} is not below {root}: there is nothing to run")
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
    """Absolute names, and whether the module can do without them.

    `from a import b` gives both a and a.b, which may be a module or a name in a.
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
