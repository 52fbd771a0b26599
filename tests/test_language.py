"""Docstrings, comments, test names and hand-written pages are plain English, as far as a program can check that (see
CONTRIBUTING.md)."""

from __future__ import annotations

import ast
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PRODUCT = ("provider", "constructs", "simulator", "tools")
ROOMS = (*PRODUCT, "tests", "examples")

RULES = {
    "begins with the verb or the noun": re.compile(r"(?:what|whether|which|where|how)\b", re.IGNORECASE),
    "says `is not a`": re.compile(
        r".*(?<!\bthere )\b(?:is|are) no (?!longer\b|more\b|less\b|later\b|one\b)[a-zA-Z]", re.DOTALL
    ),
}


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """The docstrings (those after a constant included) and the whole comments of a file, each with its line."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        body = getattr(node, "body", None)
        for statement in body if isinstance(body, list) else ():
            match statement:
                case ast.Expr(value=ast.Constant(value=str(text))):
                    yield statement.lineno, text
    comment: list[str] = []
    first = previous = 0
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type != tokenize.COMMENT:
                continue
            line = token.start[0]
            alone = token.line[: token.start[1]].strip() == ""
            if comment and not (alone and line == previous + 1):
                yield first, " ".join(comment)
                comment = []
            first = first if comment else line
            comment.append(token.string.lstrip("#! "))
            previous = line
    if comment:
        yield first, " ".join(comment)


def findings(path: Path) -> list[str]:
    place = path.relative_to(ROOT).as_posix()
    return sorted(
        f"{place}:{line}: {rule}: {text.split(chr(10))[0][:80]}"
        for line, text in texts(path)
        for rule, pattern in RULES.items()
        if pattern.match(text.strip())
    )


def test_docstrings_and_comments_are_plain_english() -> None:
    assert [
        each for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) for each in findings(path)
    ] == []


DIALECT = frozenset({"held", "wanted", "given", "said", "filled", "told", "spelt"})
"""Words that say which side a value is on only to those who know: *actual*, *configured*, *sent* and *found* say it to all."""
NOT_DIALECT = frozenset({"given_up"})


def names(tree: ast.AST) -> Iterator[str]:
    """The names that a module binds: functions, classes, parameters, variables and fields."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield name


def dialect(path: Path) -> list[str]:
    """The names of a module that have a word of the dialect."""
    return sorted(
        name
        for name in set(names(ast.parse(path.read_bytes()))) - NOT_DIALECT
        if DIALECT & set(name.lower().split("_"))
    )


def test_names_are_words_of_the_field() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): dialect(path)
        for room in PRODUCT
        for path in sorted((ROOT / room).rglob("*.py"))
    }
    assert {path: names for path, names in found.items() if names} == {}


RIDDLE = re.compile(
    r"^ *(?:async )?def (test_(?:(?:what|whether|which|where|how|it|its|they)_\w+"
    r"|\w*(?:(?<!_there)_(?:is|are)_no_(?!longer|more|less|later|one)|_told(?![a-z])|_asked(?![a-z])|_goes_|no_such)\w*))",
    re.MULTILINE,
)


def test_names_of_tests_are_statements_in_plain_words() -> None:
    assert [
        f"{path.relative_to(ROOT).as_posix()}: {name}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for name in RIDDLE.findall(path.read_text("utf-8"))
    ] == []


PAGES = ("README.md", "CONTRIBUTING.md", "simulator/README.md", "docs/guides/*.md")


def test_hand_written_pages_say_is_not() -> None:
    prose = {
        path.relative_to(ROOT).as_posix(): re.sub(
            r"^```.*?^```$|\*is no\*", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL
        )
        for pattern in PAGES
        for path in sorted(ROOT.glob(pattern))
    }
    assert [place for place, text in prose.items() if RULES["says `is not a`"].match(text)] == []


def test_each_rule_finds_its_violation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    path = tmp_path / "riddles.py"
    path.write_text(
        '"""What it is."""\n'
        "LIMIT = 3\n"
        '"""How many."""\n'
        "# This is a comment of two lines, in which a port is\n"
        "# no number, and there is no other.\n"
        "x = 1  # where it is\n"
        "def f(given) -> None:\n"
        '    """Whatever is no longer there, however it went."""\n'
        "    self.told_apart = given_up = 1\n"
    )
    assert dialect(path) == ["given", "told_apart"]
    assert findings(path) == [
        "riddles.py:1: begins with the verb or the noun: What it is.",
        "riddles.py:3: begins with the verb or the noun: How many.",
        "riddles.py:4: says `is not a`: This is a comment of two lines, in which a port is no number, and there is no ot",
        "riddles.py:6: begins with the verb or the noun: where it is",
    ]
