"""YAML as Immuta's command line takes it, with the line of each key.

The command line is written in Go, and its files look like go-yaml's. That has the core schema of YAML 1.2, in which `yes` and a
date are text, and tabs between words. PyYAML has neither, so they are added here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Path = tuple[str | int, ...]

_BREAKS = "\r\n\x85\u2028\u2029"
_TAG = "tag:yaml.org,2002:"
_MERGE = "<<"
_NUMBERS = {
    # Go reads 010 as 8, other parsers as 10.
    f"{_TAG}int": (re.compile(r"[-+]?(?:0|[1-9][0-9]*)|0o[0-7]+|0x[0-9a-fA-F]+"), list("-+0123456789")),
    f"{_TAG}float": (
        re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?"),
        list("-+0123456789."),
    ),
}
_WORDS: dict[str, dict[str, bool | None]] = {
    f"{_TAG}bool": {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False},
    f"{_TAG}null": {"null": None, "Null": None, "NULL": None, "~": None, "": None},
}
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")
_DEEPEST = 100


class YamlError(ValueError):
    """A text that is not one document of YAML. `line` counts from 1, and is 0 where the fault has no line."""

    def __init__(self, text: str, line: int) -> None:
        super().__init__(text)
        self.line = line


class _Loader(yaml.SafeLoader):
    """PyYAML's loader with Go's tabs."""

    def scan_to_next_token(self) -> None:
        # A tab separates, except where it would indent.
        super().scan_to_next_token()
        while self.peek() == "\t" and (self.flow_level or not self.allow_simple_key):
            self.forward()
            super().scan_to_next_token()

    def scan_plain_spaces(self, indent: int, start_mark: Any) -> list[str]:
        length = 0
        while self.peek(length) in " \t":
            length += 1
        blanks = self.prefix(length)
        if "\t" not in blanks:
            return list(super().scan_plain_spaces(indent, start_mark) or ())
        self.forward(length)
        # A break of the line drops the blanks before it.
        if self.peek() in _BREAKS:
            return list(super().scan_plain_spaces(indent, start_mark) or ())
        return [blanks]


_Loader.yaml_implicit_resolvers = {}
for _tag, _words in _WORDS.items():
    _Loader.add_implicit_resolver(
        _tag,
        re.compile(f"(?:{'|'.join(map(re.escape, _words))})$"),
        sorted({word[:1] for word in _words}),
    )
for _tag, (_pattern, _first) in _NUMBERS.items():
    _Loader.add_implicit_resolver(_tag, re.compile(f"(?:{_pattern.pattern})$"), _first)


def parse(text: str) -> tuple[Any, dict[Path, int]]:
    """Returns the value of a document, and the line of every key and element in it, counted from 1.

    Raises YamlError for a syntax error, several documents, a key that stands twice or is not text, a number that parsers read
    differently or that JSON does not have, and a type that JSON does not have.
    """
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = " ".join(part for part in (error.context, error.problem) if part)
        raise YamlError(message, mark.line + 1 if mark else 0) from None
    except yaml.YAMLError as error:
        raise YamlError(str(error).splitlines()[0], 0) from None
    finally:
        loader.dispose()
    lines: dict[Path, int] = {}
    return (None if node is None else _value(node, (), lines, 0)), lines


def _value(node: Node, at: Path, lines: dict[Path, int], depth: int) -> Any:
    line = node.start_mark.line + 1
    lines.setdefault(at, line)
    if depth > _DEEPEST:
        raise YamlError("values are nested too deeply", line)
    if isinstance(node, MappingNode):
        found: dict[str, Any] = {}
        for key, inner in _members(node):
            if key in found:
                raise YamlError(f'the key "{key}" stands twice', inner.start_mark.line + 1)
            lines.setdefault((*at, key), inner.start_mark.line + 1)
            found[key] = _value(inner, (*at, key), lines, depth + 1)
        return found
    if isinstance(node, SequenceNode):
        return [_value(item, (*at, index), lines, depth + 1) for index, item in enumerate(node.value)]
    assert isinstance(node, ScalarNode)
    return _scalar(node, line)


def _members(node: MappingNode) -> Iterator[tuple[str, Node]]:
    """The members of a mapping; those that `<<` brings in come last, without the keys that stand in the mapping itself."""
    own: list[tuple[str, Node]] = []
    merged: list[Node] = []
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode) or key.tag != f"{_TAG}str":
            raise YamlError("a key is not text. Put it in quotes", line)
        if key.value == _MERGE and key.style is None:
            merged += value.value if isinstance(value, SequenceNode) else [value]
        else:
            own.append((key.value, value))
    yield from own
    seen = {key for key, _ in own}
    for each in merged:
        if not isinstance(each, MappingNode):
            raise YamlError("`<<` takes a mapping", each.start_mark.line + 1)
        for key, value in _members(each):
            if key not in seen:
                seen.add(key)
                yield key, value


def _scalar(node: ScalarNode, line: int) -> Any:
    text: str = node.value
    if node.tag == f"{_TAG}str":
        if node.style is None and _LEADING_ZERO.fullmatch(text):
            raise YamlError(
                f"parsers disagree about the number {text}. Put it in quotes, or remove the zeros before it",
                line,
            )
        return text
    if node.tag in _WORDS and text in _WORDS[node.tag]:
        return _WORDS[node.tag][text]
    if node.tag in _NUMBERS and _NUMBERS[node.tag][0].fullmatch(text):
        number = int(text, 0) if node.tag.endswith("int") else float(text)
        if math.isfinite(number):
            return number
    raise YamlError(
        f"{node.tag.removeprefix(_TAG)} is not a type of JSON, or the value is not of that type", line
    )
