"""Judges a configuration by the rules of the model, and yields each problem as data; `wording.py` puts it into words.

The same rules serve Terraform's plan (with values that are unknown yet) and the Python constructs (with tokens). A rule that
was read in Immuta's pages is strict; one that was recalled or inferred only warns, since Immuta itself decides in the end. One
mistake makes one finding: a rule that depends on a missing or invalid value is not judged.
"""

from __future__ import annotations

from immuta_provider.model.conditions import Scope, is_kind
from immuta_provider.model.derived import ADDITIONAL_CONFIG, derived_fields
from immuta_provider.model.fields import NUMBER, OBJECT, OBJECTS, STRING_MAP, STRING_SET, STRINGS
from immuta_provider.model.findings import (
    ADVICE,
    EMPTY_OBJECT,
    MISPLACED,
    MISSING,
    NOT_JSON,
    NULL_ELEMENT,
    OUT_OF_RANGE,
    UNFIT_CHOICE,
    UNKNOWN_CHOICE,
    WRONG_BEGINNING,
    WRONG_ELEMENT,
    WRONG_FORM,
    WRONG_TYPE,
    Finding,
)
from immuta_provider.model.numbers import number
from immuta_provider.model.patterns import matches
from immuta_provider.model.pem import as_sent
from immuta_provider.model.text import HIDDEN, a, joined
from immuta_provider.model.ways import violations as ways_violations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from immuta_provider.model.conditions import Path
    from immuta_provider.model.fields import Field, ResourceType


def nothing_unknown(value: object) -> bool:
    """Returns False: every value of the data is known."""
    return False


def check(
    type: ResourceType,
    config: Mapping[str, Any],
    at: Path = (),
    *,
    is_unknown: Callable[[object], bool] = nothing_unknown,
) -> list[Finding]:
    """Every problem of `config`, in the order of the model's fields; `at`: where it stands itself.

    `config` maps attribute names to values, the derived ones included; absent and None mean "not set", and names that no
    attribute has are passed over. A value that is unknown at any depth is never refused, and what depends on it is not judged.
    """
    top = Scope((*derived_fields(type), *type.fields), config, is_unknown, at)
    found = [*members(top), *_advice(type, top)]
    if not any(finding.strict for finding in found):
        for ways in type.ways:
            names = joined([joined(way.needs, "with") for way in ways], "and")
            found += ways_violations(ways, top, f"{a(type.noun)} takes exactly one of {names}")
    return found


def safe_path(type: ResourceType, path: Path) -> Path:
    """`path`, cut before the first step that holds a secret at any depth.

    `additional_config` counts as one: it is free text, in which a secret may stand by mistake.
    """
    fields = type.fields
    for position, step in enumerate(path):
        if isinstance(step, int):
            continue
        if position == 0 and step == ADDITIONAL_CONFIG.name:
            return ()
        field = next((f for f in fields if f.name == step), None)
        if field is None:
            return path
        if field.holds_secret:
            return path[:position]
        fields = field.fields
    return path


def members(scope: Scope) -> Iterator[Finding]:
    """Every problem of the fields of one object, at every depth."""
    for field in scope.fields:
        value = scope.values.get(field.name)
        if not scope.is_unknown(value):
            yield from _member(field, value, (*scope.path, field.name), scope)


def _member(field: Field, value: Any, path: Path, scope: Scope) -> Iterator[Finding]:
    if value is None:
        yield from _missing(field, path, scope, blank=False)
        return
    if not is_kind(field.kind, value):
        yield Finding(WRONG_TYPE, path, field, **_seen(value, quotable=not field.holds_secret))
        return
    if isinstance(value, str) and not value.strip():
        missing = list(_missing(field, path, scope, blank=True))
        if missing:
            yield from missing
            return
    yield from _misplaced(field, path, scope)
    yield from _value(field, value, path, scope)


def _missing(field: Field, path: Path, scope: Scope, *, blank: bool) -> Iterator[Finding]:
    if field.required:
        yield Finding(MISSING, path, field, blank=blank, when=())
        return
    due = [when for when in field.required_when if scope.holds(when) is True]
    if due:
        when = next((each for each in due if each.strict), due[0])
        yield Finding(MISSING, path, field, strict=when.strict, blank=blank, when=scope.resolved(when))


def _misplaced(field: Field, path: Path, scope: Scope) -> Iterator[Finding]:
    if field.only_when and all(scope.holds(when) is False for when in field.only_when):
        yield Finding(
            MISPLACED,
            path,
            field,
            strict=all(when.strict for when in field.only_when),
            allowed=tuple(map(scope.resolved, field.only_when)),
            actual=scope.actual(*field.only_when),
        )


def _value(field: Field, value: Any, path: Path, scope: Scope) -> Iterator[Finding]:
    if field.kind == OBJECT:
        yield from _object(field, value, path, scope)
    elif field.kind == OBJECTS:
        yield from _elements(field, value, path, scope)
    elif field.kind in (STRINGS, STRING_SET):
        yield from _texts(field, value, path, scope)
    elif field.kind == STRING_MAP:
        yield from _texts_by_key(field, value, path, scope)
    elif field.kind == NUMBER:
        yield from _number(field, value, path)
    elif field is ADDITIONAL_CONFIG:
        yield from _additional_config(value, path, scope)
    elif field.choices is not None and value not in field.choices.values:
        yield Finding(UNKNOWN_CHOICE, path, field, strict=field.choices.strict, value=_shown(field, value))
    else:
        yield from _choice(field, value, path, scope)
        yield from _text(field, value, path, scope)


def _object(field: Field, value: Any, path: Path, scope: Scope) -> Iterator[Finding]:
    found = list(members(scope.inside(field, value, field.name)))
    if field.fields and not found and all(value.get(inner.name) is None for inner in field.fields):
        found = [Finding(EMPTY_OBJECT, path, field, strict=False)]
    yield from found


def _elements(field: Field, value: Any, path: Path, scope: Scope) -> Iterator[Finding]:
    for index, item in enumerate(value):
        if scope.is_unknown(item):
            continue
        if isinstance(item, dict):
            yield from members(scope.inside(field, item, field.name, index))
        else:
            # A value in the place of an object may be one of its secrets.
            yield _wrong_element(field, item, (*path, index), quotable=False)


def _texts(field: Field, value: Any, path: Path, scope: Scope) -> Iterator[Finding]:
    for index, item in enumerate(value):
        if not scope.is_unknown(item) and not isinstance(item, str):
            yield _wrong_element(field, item, (*path, index), quotable=not field.secret)


def _texts_by_key(field: Field, value: Any, path: Path, scope: Scope) -> Iterator[Finding]:
    for key, item in value.items():
        if not scope.is_unknown(item) and not isinstance(item, str):
            yield _wrong_element(field, item, (*path, key), quotable=not field.secret)


def _wrong_element(field: Field, item: object, path: Path, *, quotable: bool) -> Finding:
    if item is None:
        return Finding(NULL_ELEMENT, path, field)
    return Finding(WRONG_ELEMENT, path, field, **_seen(item, quotable=quotable))


def _number(field: Field, value: object, path: Path) -> Iterator[Finding]:
    amount = number(value)
    fits = (
        amount is not None
        and (not field.integer or isinstance(amount, int))
        and (field.minimum is None or amount >= field.minimum)
        and (field.maximum is None or amount <= field.maximum)
    )
    if not fits:
        yield Finding(OUT_OF_RANGE, path, field, value=_shown(field, amount))


def _choice(field: Field, value: object, path: Path, scope: Scope) -> Iterator[Finding]:
    for choice, when in field.choice_when:
        if value == choice and scope.holds(when) is False:
            yield Finding(
                UNFIT_CHOICE,
                path,
                field,
                strict=when.strict,
                value=_shown(field, value),
                allowed=(scope.resolved(when),),
                actual=scope.actual(when),
            )


def _text(field: Field, value: Any, path: Path, scope: Scope) -> Iterator[Finding]:
    shown = _shown(field, value)
    if field.pattern and not matches(field.pattern, as_sent(field, value)):
        yield Finding(WRONG_FORM, path, field, strict=field.pattern_strict, value=shown)
    if field.text_format == "json" and not _is_json(value, field.as_json):
        yield Finding(NOT_JSON, path, field, strict=bool(field.as_json))
    beginning = _beginning(field, scope)
    if beginning is not None and (not value.startswith(beginning) or value == beginning):
        above = (*scope.enclosing.path, field.extends) if scope.enclosing else ()
        yield Finding(WRONG_BEGINNING, path, field, value=shown, above=above, beginning=beginning)


def _beginning(field: Field, scope: Scope) -> str | None:
    """The text that the value has to begin with; None where there is none, or where it depends on an invalid value."""
    outer = scope.enclosing
    if not field.extends or outer is None:
        return None
    above = outer.values.get(field.extends)
    if outer.is_unknown(above) or not isinstance(above, str) or not above.strip():
        return None
    own = next(f for f in outer.fields if f.name == field.extends)
    return f"{above}." if above.startswith(_beginning(own, outer) or "") else None


def _additional_config(text: str, path: Path, scope: Scope) -> Iterator[Finding]:
    from immuta_provider.model import additional_config_rules

    for code, facts in additional_config_rules.violations(text, scope.top.fields, scope.top.values):
        yield Finding(code, path, ADDITIONAL_CONFIG, **facts)


def _advice(type: ResourceType, top: Scope) -> Iterator[Finding]:
    for dotted, when, text in type.advice:
        if top.holds(when) is True:
            path = tuple(dotted.split("."))
            yield Finding(ADVICE, (*top.path, *path), dict(type.walk())[path], strict=False, text=text)


def _shown(field: Field, value: object) -> object:
    return HIDDEN if field.secret else value


def _seen(value: object, *, quotable: bool) -> dict[str, Any]:
    """The facts that a message may show of a value of the wrong kind."""
    quoted = isinstance(value, bool) or (quotable and isinstance(value, (str, int, float)))
    return {"found": type(value).__name__, "value": value if quoted else HIDDEN}


def _is_json(text: str, form: str) -> bool:
    """Returns whether the text parses as JSON of the form ("" = any). Raw line breaks in strings are fine."""
    from immuta_provider.model.json_text import parse

    try:
        value = parse(text, strict=False)
    except ValueError:
        return False
    return not form or isinstance(value, list if form == "array" else dict)
