"""Terraform's template language. `${…}` and `%{…}` are evaluated; `$${` and `%%{` are escapes of `${` and `%{`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_OPENING = re.compile(r"(?P<escape>\$\$\{|%%\{)|[$%]\{")
# Everything that opens or closes a nested part of a sequence, and the escapes that look like it.
_MARK = re.compile(r'\\.|\$\$\{|%%\{|[$%]\{|["{}]', re.DOTALL)
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SPECIAL = re.compile(r'[\\"\x00-\x1f\x7f]')


def has_template(text: str) -> bool:
    """Tells if `text` contains a template sequence."""
    return next_sequence(text) is not None


def literal(value: Any) -> Any:
    """Returns plain data in which each text stands for itself: its template sequences are escaped, at every depth."""
    if isinstance(value, dict):
        return {literal(key): literal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [literal(item) for item in value]
    return re.sub(r"([$%])\{", r"\1\1{", value) if isinstance(value, str) else value


def expression(template: str) -> str:
    """Returns an expression with the template's value: the content of a lone `${…}`, else a quoted template."""
    if template.startswith("${") and _end(template, 2) == len(template):
        return template[2:-1].removeprefix("~").removesuffix("~").strip()
    quoted = (piece if has_template(piece) else _SPECIAL.sub(_escaped, piece) for piece in _pieces(template))
    return f'"{"".join(quoted)}"'


def _pieces(template: str) -> Iterator[str]:
    """Yields the sequences of a template and the literal text between them."""
    start = 0
    while (opening := next_sequence(template, start)) is not None:
        if opening.start() > start:
            yield template[start : opening.start()]
        # An unclosed sequence is not changed; Terraform refuses it.
        start = _end(template, opening.end()) or len(template)
        yield template[opening.start() : start]
    if start < len(template):
        yield template[start:]


def next_sequence(template: str, start: int = 0) -> re.Match[str] | None:
    """Returns the opening of the first sequence at or after `start`; None if there is none."""
    return next((match for match in _OPENING.finditer(template, start) if match["escape"] is None), None)


def _end(template: str, start: int) -> int | None:
    """Returns the end of the sequence whose content begins at `start`; None if it is not closed."""
    closing = ["}"]
    for match in _MARK.finditer(template, start):
        mark = match[0]
        if mark == closing[-1]:
            closing.pop()
            if not closing:
                return match.end()
        elif closing[-1] == '"':
            closing += ["}"] if mark in ("${", "%{") else []
        elif mark in ('"', "{", "${", "%{"):
            closing.append('"' if mark == '"' else "}")
    return None


def _escaped(character: re.Match[str]) -> str:
    return _ESCAPES.get(character[0], f"\\u{ord(character[0]):04x}")
