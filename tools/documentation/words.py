"""The facts of a field, in words.

A rule that was read in Immuta's pages is an error when it is broken, one that was recalled or inferred is a warning: the
page says which.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from bindings.text import lower_first
from immuta_provider.model.fields import Choices, Field, ResourceType, When
from immuta_provider.model.text import a as with_article
from immuta_provider.plugin import types
from immuta_provider.plugin.schema import Attribute

_TYPES: dict[types.Type, str] = {types.STRING: "String", types.NUMBER: "Number", types.BOOL: "Boolean"}
_NESTED = {"single": "Object", "list": "List of Object", "set": "Set of Object", "map": "Map of Object"}
_EQUIVALENT = {
    "case": "Case makes no difference.",
    "hostname": "Case, and a dot or a slash at the end, make no difference.",
    "json": "Layout and the order of keys make no difference.",
    "url": "Case in the scheme and host, and a slash at the end, make no difference.",
}


def type_of(attribute: Attribute) -> str:
    if attribute.nested is not None:
        return _NESTED[attribute.nested.nesting]
    assert attribute.type is not None
    return _plain(attribute.type)


def _plain(type: types.Type) -> str:
    for collection in (types.ListOf, types.SetOf, types.MapOf):
        if isinstance(type, collection):
            return f"{collection.name.capitalize()} of {_plain(type.element)}"
    return _TYPES[type]


def tags(attribute: Attribute, field: Field | None) -> list[str]:
    """The attribute's type, and the words that the page explains once."""
    found = [type_of(attribute)]
    if attribute.write_only:
        found.append("Write-only")
    elif attribute.sensitive:
        found.append("Sensitive")
    if attribute.requires_replace and not (field and _only_choice(field.choices)):
        found.append("Forces replacement")
    if field is not None and field.computed:
        found.append("Computed if not set")
    return found


def about(field: Field) -> list[str]:
    """The facts of a field beside its tags, a sentence or two each."""
    parts = [field.description, *_values(field), *_presence(field)]
    if field.equivalence:
        parts.append(_EQUIVALENT[field.equivalence])
    if field.default and not _expected(field):
        parts.append(f"Default: {lower_first(field.default)}")
    return parts


def advice(type: ResourceType, path: tuple[str, ...]) -> list[str]:
    """The warnings that the model gives about this field and others together."""
    return [
        f"Warns when {condition(when)}: {text}"
        for dotted, when, text in type.advice
        if dotted == ".".join(path)
    ]


def a(noun: str) -> str:
    """A noun with its article at the beginning of a sentence."""
    text = with_article(noun)
    return f"{text[0].upper()}{text[1:]}"


def condition(when: When) -> str:
    """A condition, to follow "when"."""
    return " and ".join(f"`{name}` is {either(values)}" for name, values in when.fields)


def either(values: Iterable[object]) -> str:
    shown = [_shown(value) for value in values]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


def _values(field: Field) -> list[str]:
    parts = []
    if field.choices is not None:
        label = "Accepted" if field.choices.strict else "Known"
        parts.append(f"{label}: {either(field.choices.values)} ({_else(field.choices.strict)}).")
    parts += [
        f"{_shown(value)} only when {condition(when)} ({_problem(when.strict)} otherwise)."
        for value, when in field.choice_when
    ]
    if field.pattern:
        pattern = f"`{field.pattern}`"
        parts.append(f"Form: {field.pattern_hint}, matching {pattern} ({_else(field.pattern_strict)}).")
    bounds = _bounds(field)
    if bounds:
        parts.append(f"Range: {bounds} ({_else(True)}).")
    if field.as_json:
        shown = "a list" if field.as_json == "array" else "a mapping"
        parts.append(f"Form: a JSON {field.as_json} (anything else is an error).")
        parts.append(f"Write it with `jsonencode`; in Python, pass {shown}.")
    elif field.text_format == "json":
        parts.append("Text that is not JSON is a warning.")
    if field.text_format == "pem":
        parts.append("Line breaks may be written as `\\n`; Immuta gets real line breaks.")
    return parts


def _bounds(field: Field) -> str:
    number = "whole numbers" if field.integer else "numbers"
    low, high = field.minimum, field.maximum
    if low is not None and high is not None:
        return f"{number} from {low} to {high}"
    if low is not None:
        return f"{number} of at least {low}"
    if high is not None:
        return f"{number} of at most {high}"
    return number if field.integer else ""


def _presence(field: Field) -> list[str]:
    if _expected(field):
        return ["Expected always (a warning if missing)."]
    due = {
        strict: [condition(when) for when in field.required_when if when.strict is strict]
        for strict in (True, False)
    }
    only = [condition(when) for when in field.only_when]
    misplaced = _problem(all(when.strict for when in field.only_when))
    parts = []
    for strict, conditions in due.items():
        if not conditions:
            continue
        text = f"{'Required' if strict else 'Expected'} when {_any_of(conditions)} ({_problem(strict)} if missing)"
        if only == conditions:
            text, only = f"{text}, and used only then ({misplaced} otherwise)", []
        parts.append(f"{text}.")
    if only:
        parts.append(f"Used only when {_any_of(only)} ({misplaced} otherwise).")
    return parts


def _expected(field: Field) -> bool:
    """Is it always required, as far as is known?"""
    return any(not when.fields for when in field.required_when)


def _any_of(conditions: list[str]) -> str:
    return ", or when ".join(conditions)


def _only_choice(choices: Choices | None) -> bool:
    return choices is not None and choices.strict and len(choices.values) == 1


def _else(strict: bool) -> str:
    return f"anything else is {_problem(strict)}"


def _problem(strict: bool) -> str:
    return "an error" if strict else "a warning"


def _shown(value: object) -> str:
    return "not set" if value is None else f"`{json.dumps(value)}`"
