"""Puts the problems that `rules.py` finds into words: a summary, and a detail with what to do next."""

from __future__ import annotations

from immuta_provider.model import additional_config_rules, findings, rules
from immuta_provider.model.fields import (
    BOOL,
    NUMBER,
    OBJECT,
    OBJECTS,
    STRING,
    STRING_MAP,
    STRING_SET,
    STRINGS,
    STRINGS_MAP,
    Plain,
)
from immuta_provider.model.text import HIDDEN, a, either, joined, path_label, quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from immuta_provider.model.conditions import Named, Path
    from immuta_provider.model.fields import ResourceType, Way
    from immuta_provider.model.findings import Finding
    from immuta_provider.model.questions import Question

    Subject = ResourceType | Question
    Text = tuple[str, str]

KINDS = {
    STRING: "text",
    NUMBER: "a number",
    BOOL: "true or false",
    STRINGS: "a list of texts",
    STRING_SET: "a set of texts",
    STRING_MAP: "a map of texts",
    STRINGS_MAP: "a map of lists of texts",
    OBJECT: "an object",
    OBJECTS: "a list of objects",
}
"""A field's kind, to follow "has to be"."""

_PYTHON_TYPES = {
    "str": "text",
    "int": "a number",
    "float": "a number",
    "dict": "an object",
    "list": "a list",
    "tuple": "a list",
}


class Problem(Plain):
    """Something wrong with a configuration, in words that hold no secret. `strict`: an error; otherwise a warning.

    `path` is the exact place, as attribute names and list indexes.
    """

    __slots__ = ("detail", "path", "strict", "summary")

    def __init__(self, path: Path, strict: bool, summary: str, detail: str) -> None:
        self.path = path
        self.strict = strict
        self.summary = summary
        self.detail = detail


def problems(
    type: ResourceType,
    config: Mapping[str, Any],
    *,
    is_unknown: Callable[[object], bool] = rules.nothing_unknown,
) -> list[Problem]:
    """The findings of `rules.check`, in words."""
    return [problem(type, finding) for finding in rules.check(type, config, is_unknown=is_unknown)]


def problem(subject: Subject, finding: Finding) -> Problem:
    """One finding in words. `subject`: what was judged."""
    summary, detail = _TEXTS[finding.code](subject, finding, path_label(finding.path))
    return Problem(finding.path, finding.strict, summary, detail)


def empty(label: str, names: Sequence[str]) -> Text:
    """An object without a value: Terraform drops names that an object does not have, and an empty object is all that shows it."""
    return (
        f"{label} is empty",
        f"{label} is empty, which is the same as not setting it. Its attributes are: {', '.join(names)}. If you did set one, "
        f"check its spelling: Terraform drops unknown names silently. Otherwise remove {label}.",
    )


def wrong_duration(label: str, value: object, default: str) -> Text:
    """A timeout that is not a duration."""
    return (
        f"{label} is not a duration",
        f"{label} is {quote(value)}, but has to be a duration longer than zero: numbers with a unit each (h, m, s or ms), such "
        f'as "90s" or "1h30m". Change {label}, or remove it to use {default}.',
    )


def _missing(subject: Subject, finding: Finding, label: str) -> Text:
    field, when = finding.field, finding.facts["when"]
    condition = f" when {_condition(when)}" if when else ""
    state = "empty text" if finding.facts["blank"] else "not set"
    if not finding.strict:
        return (
            f"{label} is probably missing",
            f"Immuta probably needs {label}{condition}, but {label} is {state}. Set {label}, unless Immuta accepts the "
            f"{subject.noun} without it. Description: {field.description}",
        )
    owner = path_label(finding.path[:-1]) or f"every {subject.label}"
    return (
        f"{label} is missing",
        f"{owner} needs {field.name}{condition}, but {label} is {state}. Set {label}. Description: {field.description}",
    )


def _misplaced(subject: Subject, finding: Finding, label: str) -> Text:
    allowed, actual = finding.facts["allowed"], finding.facts["actual"]
    return (
        f"{label} is {'not allowed here' if finding.strict else 'probably not used'}",
        f"Immuta {'accepts' if finding.strict else 'probably uses'} {label} only when {_conditions(allowed)}, but "
        f"{_actual(actual)}. Remove {label}, or change {_names(allowed)}.",
    )


def _wrong_type(subject: Subject, finding: Finding, label: str) -> Text:
    kind = KINDS[finding.field.kind]
    return (
        f"{label} has the wrong type",
        f"{label} is {_seen(finding)}, but has to be {kind}. Set {label} to {kind}. Description: {finding.field.description}",
    )


def _null_element(subject: Subject, finding: Finding, label: str) -> Text:
    return (
        f"{label} is missing",
        f"{label} is null, but every element has to be {_element(finding)}. Set or remove the element.",
    )


def _wrong_element(subject: Subject, finding: Finding, label: str) -> Text:
    kind = _element(finding)
    return (
        f"{label} has the wrong type",
        f"{label} is {_seen(finding)}, but every element has to be {kind}. Set {label} to {kind}.",
    )


def _empty_object(subject: Subject, finding: Finding, label: str) -> Text:
    return empty(label, [field.name for field in finding.field.fields])


def _out_of_range(subject: Subject, finding: Finding, label: str) -> Text:
    field, low, high = finding.field, finding.field.minimum, finding.field.maximum
    allowed = "a whole number" if field.integer else "a number"
    if low is not None and high is not None:
        allowed += f" from {low} to {high}"
    elif low is not None:
        allowed += f" of at least {low}"
    elif high is not None:
        allowed += f" of at most {high}"
    otherwise = f", or remove it. Default: {field.default}" if field.default else "."
    return (
        f"{label} is out of range",
        f"{_has_to_be(label, finding, allowed)} Change {label}{otherwise}",
    )


def _unknown_choice(subject: Subject, finding: Finding, label: str) -> Text:
    field, values = finding.field, finding.field.choices.values if finding.field.choices else ()
    if not finding.strict:
        known = (
            f"The known values for {a(subject.label)} are {either(values)}."
            if values
            else f"No value is known for {a(subject.label)}."
        )
        where = f" in Immuta's documentation: {subject.documentation}" if subject.documentation else "."
        return (
            f"{label} has an unfamiliar value",
            f"{_shown(label, finding)} {known} The value is passed on as it is. Check the value{where}",
        )
    return (
        f"{label} has a value that Immuta does not accept",
        f"{_shown(label, finding)} Immuta accepts {'only ' if len(values) == 1 else ''}{either(values)} for {a(subject.label)}. "
        f"Set {label} to {'one of these' if len(values) > 1 else either(values)}{'' if field.required else ', or remove it'}.",
    )


def _unfit_choice(subject: Subject, finding: Finding, label: str) -> Text:
    allowed, actual = finding.facts["allowed"], finding.facts["actual"]
    value, names = f"{label} {quote(finding.facts['value'])}", _names(allowed)
    return (
        f"{value} {'does' if finding.strict else 'probably does'} not go with {names}",
        f"Immuta {'accepts' if finding.strict else 'probably accepts'} {value} only when "
        f"{_conditions(allowed)}, but {_actual(actual)}. Change {label} or {names}.",
    )


def _wrong_form(subject: Subject, finding: Finding, label: str) -> Text:
    unless = "" if finding.strict else ", unless Immuta accepts it"
    return (
        f"{label} {'has' if finding.strict else 'probably has'} the wrong form",
        f"{_has_to_be(label, finding, finding.field.pattern_hint)} Change {label}{unless}.",
    )


def _wrong_beginning(subject: Subject, finding: Finding, label: str) -> Text:
    above, beginning = path_label(finding.facts["above"]), quote(finding.facts["beginning"])
    allowed = f"text that begins with {beginning}, which is {above} and a dot"
    return (
        f"{label} has the wrong beginning",
        f"{_has_to_be(label, finding, allowed)} Change {label}.",
    )


def _not_json(subject: Subject, finding: Finding, label: str) -> Text:
    form = finding.field.as_json
    if form:
        return (
            f"{label} is not a JSON {form}",
            f"Immuta takes an {form} there. Set {label} to the JSON text of an {form}, built with jsonencode (json.dumps in "
            "Python).",
        )
    return (
        f"{label} is not JSON",
        f"{label} does not parse as JSON. The value is sent as it is, but Immuta will probably refuse it. Set {label} to the "
        "content of the file, not to its name, or build the text with jsonencode (json.dumps in Python).",
    )


def _advice(subject: Subject, finding: Finding, label: str) -> Text:
    return f"{label} may not work as it is set", finding.facts["text"]


def _several_ways(subject: Subject, finding: Finding, label: str) -> Text:
    return (
        "Arguments exclude each other",
        f"{_and(finding.facts['names'])} are set, but {finding.facts['reason']}. Set only {_ways(finding.facts['ways'])}.",
    )


def _no_way(subject: Subject, finding: Finding, label: str) -> Text:
    return (
        "Arguments are missing",
        f"{finding.facts['reason']}. Set {_ways(finding.facts['ways'])}.",
    )


def _duplicate_key(subject: Subject, finding: Finding, label: str) -> Text:
    return (
        f"{label} has a key twice",
        f"{label} has the key {quote(finding.facts['key'])} twice in one object, and only the last one would count. Remove one "
        "of the two.",
    )


def _not_an_object(subject: Subject, finding: Finding, label: str) -> Text:
    wrong = "is JSON, but not an object" if finding.facts["is_json"] else "does not parse as JSON"
    return (
        f"{label} is not a JSON object",
        f"{label} {wrong}. Set {label} to the JSON text of an object, built with jsonencode (json.dumps in Python).",
    )


def _has_attribute(subject: Subject, finding: Finding, label: str) -> Text:
    key, attribute = quote(finding.facts["key"]), finding.facts["attribute"]
    return (
        f"{label} repeats {attribute}",
        f"{label} has the key {key}, for which the {subject.noun} has an attribute. Remove the key, and set {attribute} instead.",
    )


def _looks_secret(subject: Subject, finding: Finding, label: str) -> Text:
    return (
        f"{label} has a key that looks like a secret",
        f"the key {quote(finding.facts['key'])} in {label} looks like a secret, and Terraform keeps {label} in its state. "
        "Remove the key. Secrets have attributes of their own, which are not stored.",
    )


_TEXTS: dict[str, Callable[[Subject, Finding, str], Text]] = {
    findings.MISSING: _missing,
    findings.MISPLACED: _misplaced,
    findings.WRONG_TYPE: _wrong_type,
    findings.NULL_ELEMENT: _null_element,
    findings.WRONG_ELEMENT: _wrong_element,
    findings.EMPTY_OBJECT: _empty_object,
    findings.OUT_OF_RANGE: _out_of_range,
    findings.UNKNOWN_CHOICE: _unknown_choice,
    findings.UNFIT_CHOICE: _unfit_choice,
    findings.WRONG_FORM: _wrong_form,
    findings.WRONG_BEGINNING: _wrong_beginning,
    findings.NOT_JSON: _not_json,
    findings.ADVICE: _advice,
    findings.SEVERAL_WAYS: _several_ways,
    findings.NO_WAY: _no_way,
    additional_config_rules.DUPLICATE_KEY: _duplicate_key,
    additional_config_rules.NOT_AN_OBJECT: _not_an_object,
    additional_config_rules.HAS_ATTRIBUTE: _has_attribute,
    additional_config_rules.LOOKS_SECRET: _looks_secret,
}


def _has_to_be(label: str, finding: Finding, allowed: str) -> str:
    if finding.facts["value"] is HIDDEN:
        return f"{_shown(label, finding)} It {'has' if finding.strict else 'is expected'} to be {allowed}."
    verb = "has" if finding.strict else "is expected"
    return f"{label} is {quote(finding.facts['value'])}, but {verb} to be {allowed}."


def _shown(label: str, finding: Finding) -> str:
    """The value in a sentence of its own."""
    if finding.facts["value"] is HIDDEN:
        return f"the value of {label} is not shown because it is secret."
    return f"{label} is {quote(finding.facts['value'])}."


def _seen(finding: Finding) -> str:
    """A value of the wrong kind. Not every number in Python is one in JSON: nan is not."""
    found, value = finding.facts["found"], finding.facts["value"]
    kind = _PYTHON_TYPES.get(found, a(found))
    if isinstance(value, bool) or kind == KINDS[finding.field.kind]:
        return quote(value)
    return kind if value is HIDDEN else f"{kind} ({quote(value)})"


def _element(finding: Finding) -> str:
    return KINDS[OBJECT if finding.field.kind == OBJECTS else STRING]


def _condition(named: Named) -> str:
    return " and ".join(f"{path_label(path)} is {either(values)}" for path, values in named)


def _conditions(several: Sequence[Named]) -> str:
    return " or ".join(map(_condition, several))


def _actual(named: Named) -> str:
    return " and ".join(f"{path_label(path)} is {quote(value)}" for path, value in named)


def _ways(ways: Sequence[Way]) -> str:
    """Alternatives: `id or type (with host if needed)`."""
    shown = [_and(way.needs) + (f" (with {_and(way.may)} if needed)" if way.may else "") for way in ways]
    return joined(shown, "or")


def _and(names: Sequence[str]) -> str:
    return joined(names, "and")


def _names(conditions: Sequence[Named]) -> str:
    return _and(list(dict.fromkeys(path_label(path) for named in conditions for path, _ in named)))
