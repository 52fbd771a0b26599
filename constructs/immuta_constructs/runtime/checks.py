"""The model's rules, applied to the arguments of a Python program."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from immuta_provider.model import wording
from immuta_provider.model.derived import derived_fields
from immuta_provider.model.fields import BOOL, NUMBER, OBJECT, OBJECTS, STRING, Field, ResourceType
from immuta_provider.model.text import path_label
from immuta_provider.model.wording import KINDS, Problem
from immuta_provider.resources import durations

from .tokens import is_unknown
from .unusable import Path, is_object, unusable
from .variants import Variant, members

TIMEOUTS = tuple(Field(name, "", STRING, description="") for name in ("create", "update", "delete"))


def problems(type: ResourceType, config: Mapping[str, Any]) -> list[Problem]:
    """Returns every problem of a resource's arguments: first those that only a Python program can have, then the model's."""
    fields = (*derived_fields(type), *type.fields)
    own = [*misspelt(fields, config), *unusable(config)]
    reported = {problem.path for problem in own}
    broken = wording.problems(type, config, is_unknown=is_unknown)
    return own + [problem for problem in broken if problem.path not in reported]


def wrong_classes(fields: Iterable[Field], values: Mapping[str, Any], at: Path = ()) -> Iterator[Problem]:
    """Yields the objects of a class that belongs to another argument; their members are not checked. `values` are not plain
    yet."""
    for field in fields:
        if field.fields:
            yield from _wrong_class(field, values.get(field.name), (*at, field.name))


def _wrong_class(field: Field, value: object, at: Path) -> Iterator[Problem]:
    if isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _wrong_class(field, item, (*at, index))
        return
    own = members(value)
    if own is not None and not _fits(field, value, own):
        detail = f"it is a {type(value).__name__}, which belongs to another argument. Pass {_classes(field)}."
        yield Problem(at, True, f"{path_label(at)} has the wrong class", detail)
        return
    value = value if own is None else own
    if isinstance(value, Mapping):
        yield from wrong_classes(field.fields, value, at)


def _fits(field: Field, value: object, own: Mapping[str, Any]) -> bool:
    if field.variants:
        return type(value).__name__ in {variant.class_name for variant in field.variants}
    return not isinstance(value, Variant) and own.keys() == {each.name for each in field.fields}


def _classes(field: Field) -> str:
    """The classes that the signature names, and the mapping that may stand for them."""
    if field.variants:
        names = ", ".join(variant.class_name for variant in field.variants)
        return f"{names}, or a mapping with `type`"
    keys = ", ".join(each.name for each in field.fields)
    return f"{field.class_name or 'the class that the signature names'}, or a mapping with {keys}"


def no_json(value: object, at: Path) -> Iterator[Problem]:
    """Yields the parts of a value, at any depth, that JSON cannot represent."""
    yield from unusable(value, at)
    yield from _no_json(value, at)


def _no_json(value: object, at: Path) -> Iterator[Problem]:
    if value is None or isinstance(value, (str, bool, int)) or is_unknown(value) or is_object(value):
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not (key is None or isinstance(key, (str, int, float)) or is_object(key)):
                detail = f"it has a key of the type {type(key).__name__}. Pass keys that are text."
                yield Problem(at, True, f"{path_label(at)} is not JSON", detail)
            yield from _no_json(item, (*at, str(key)))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _no_json(item, (*at, index))
    elif isinstance(value, float):
        if not math.isfinite(value):
            yield Problem(
                at,
                True,
                f"{path_label(at)} is not JSON",
                f"it is {value}, but JSON has finite numbers only. Pass a finite number.",
            )
    else:
        detail = f"it is of the type {type(value).__name__}. Pass mappings, lists, texts, numbers, booleans or None."
        yield Problem(at, True, f"{path_label(at)} is not JSON", detail)


def timeout_problems(timeouts: object) -> Iterator[Problem]:
    """Yields what the provider would refuse of `timeouts`, which is plain data."""
    at = ("timeouts",)
    if timeouts is None or is_unknown(timeouts):
        return
    if not isinstance(timeouts, Mapping):
        detail = f'it is of the type {type(timeouts).__name__}. Pass Timeouts(create="20m"), or a mapping with the same keys.'
        yield Problem(at, True, "timeouts has the wrong type", detail)
        return
    yield from misspelt(TIMEOUTS, timeouts, at)
    found = list(unusable(timeouts, at))
    yield from found
    reported = {problem.path for problem in found}
    for field in TIMEOUTS:
        text = timeouts.get(field.name)
        if text is None or (*at, field.name) in reported or is_unknown(text):
            continue
        if not isinstance(text, str) or durations.seconds(text) is None:
            path = (*at, field.name)
            yield Problem(path, True, *wording.wrong_duration(path_label(path), text, "10m"))


def wrong_type(value: object, kind: str, at: Path) -> Iterator[Problem]:
    """Yields a problem if a value is not of one of the model's kinds. The value is not quoted because it may be a secret."""
    if value is None or is_object(value) or is_unknown(value):
        return
    right: dict[str, tuple[type, ...]] = {STRING: (str,), BOOL: (bool,), NUMBER: (int, float)}
    if not isinstance(value, right.get(kind, (Mapping,))) or (kind == NUMBER and isinstance(value, bool)):
        detail = f"it is of the type {type(value).__name__}, but has to be {KINDS[kind]}. Pass {KINDS[kind]}."
        yield Problem(at, True, f"{path_label(at)} has the wrong type", detail)


def wrong_types(fields: Iterable[Field], values: object, at: Path) -> Iterator[Problem]:
    """Yields the values of the wrong kind in an object, at every depth."""
    yield from wrong_type(values, OBJECT, at)
    if isinstance(values, Mapping) and not is_unknown(values):
        for field in fields:
            if field.kind == OBJECT:
                yield from wrong_types(field.fields, values.get(field.name), (*at, field.name))
            else:
                yield from wrong_type(values.get(field.name), field.kind, (*at, field.name))


def misspelt(fields: Iterable[Field], values: Mapping[str, Any], at: Path = ()) -> Iterator[Problem]:
    """Yields the keys that no field has, at every depth; the model's rules ignore them."""
    known = {field.name: field for field in fields}
    for name, value in values.items():
        field = known.get(name)
        if field is None:
            close = difflib.get_close_matches(str(name), known, n=1)
            advice = f"did you mean {close[0]}?" if close else f"it is none of {', '.join(known)}."
            path = (*at, str(name))
            yield Problem(path, True, f"there is no {path_label(path)}", advice)
        elif field.kind == OBJECT and isinstance(value, Mapping) and not is_unknown(value):
            yield from misspelt(field.fields, value, (*at, name))
        elif field.kind == OBJECTS and isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, Mapping) and not is_unknown(item):
                    yield from misspelt(field.fields, item, (*at, name, index))
