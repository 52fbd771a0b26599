"""Finds what the provider's errors and warnings advise: every sentence in its source that tells the user to do something."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

PROVIDER = Path(__file__).parents[2] / "provider" / "immuta_provider"

# Modules and rooms that no run of the provider reaches: the command line, and the errors of building the plugin file.
OUTSIDE = (
    "adopt/",
    "cli.py",
    "distribution/build.py",
    "distribution/dependencies.py",
    "distribution/modules.py",
)
GENERATED = "compiled"
LAUNCHER = PROVIDER / "distribution" / "launcher" / "prologue.sh"

# Descriptions of attributes and types, which say what may be set.
DESCRIBING = frozenset(
    {
        "About",
        "Attribute",
        "Field",
        "IdentityAttribute",
        "Option",
        "Parameter",
        "ReadSchema",
        "Schema",
        "Spec",
    }
    | {"argument", "id_argument", "cached_property"}
)
ADVISING_KEYWORD = "advice"

VERBS = (
    "add|apply|change|check|choose|compare|configure|copy|correct|create|delete|destroy|fix|give|import|install|keep|leave|list|"
    "look|lower|make|move|put|raise|remove|renew|repair|replace|report|resolve|restore|run|send|set|start|try|use|write"
)
# At the beginning of a clause, or as the second of two verbs.
IMPERATIVE = re.compile(
    rf"(?:^|[.:;,] (?:or |and |then |please )?|\b(?:or|and|either) )(?:{VERBS})\b(?!-| of\b| resource type)|; allowed are ",
    re.IGNORECASE,
)
COMMAND = re.compile(r"`terraform (?:untaint|apply|state rm)")
SENTENCE_END = re.compile(r"(?<=[.!?]) +|\n\n")
SHELL_ERROR = re.compile(r'fail "(.*?)"(?: ;;)?$', re.MULTILINE)
FEWEST_WORDS = 3


def advice() -> dict[str, list[str]]:
    """The sentences with advice of each module, each once; `{}` stands for a value."""
    found: dict[str, list[str]] = {}
    for path in sorted(PROVIDER.rglob("*.py")):
        module = path.relative_to(PROVIDER).as_posix()
        if not module.startswith(OUTSIDE) and GENERATED not in path.parts:
            sentences = list(dict.fromkeys(sentences_of(path.read_text("utf-8"))))
            if sentences:
                found[module] = sentences
    errors = SHELL_ERROR.findall(LAUNCHER.read_text("utf-8"))
    found[LAUNCHER.relative_to(PROVIDER).as_posix()] = list(dict.fromkeys(_advising(errors)))
    return found


def sentences_of(source: str) -> Iterator[str]:
    """The sentences with advice in a module's texts, in order."""
    return _advising(_texts(ast.parse(source)))


def _advising(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for sentence in SENTENCE_END.split(text):
            stripped = sentence.strip()
            if len(text.split()) >= FEWEST_WORDS and (
                IMPERATIVE.search(stripped) or COMMAND.search(stripped)
            ):
                yield stripped


def _texts(node: ast.AST) -> Iterator[str]:
    """Every text below a node, docstrings and descriptions apart."""
    match node:
        case ast.JoinedStr(values=parts):
            yield "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in parts)
            for part in parts:
                if isinstance(part, ast.FormattedValue):
                    yield from _texts(part.value)
        case ast.Constant(value=str(text)):
            yield text
        case ast.Expr(value=ast.Constant()):
            return
        case ast.Call(func=ast.Name(id=name)) if name in DESCRIBING:
            for keyword in node.keywords:
                if keyword.arg == ADVISING_KEYWORD:
                    yield from _texts(keyword.value)
        case ast.keyword(arg="description"):
            return
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _texts(child)
