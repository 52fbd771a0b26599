"""Valid configurations of any type, made from the model: the values that each field can hold, and the repair of a configuration
that a rule refuses. Names of other objects come from the test table.

A configuration is a sparse mapping of attribute names, as people write it: what is not set is absent or None.
"""

from __future__ import annotations

import copy
import functools
import itertools
import json
from collections.abc import Iterator
from typing import Any

from immuta_provider.model import findings, rules
from immuta_provider.model.derived import ADDITIONAL_CONFIG, derived_fields
from immuta_provider.model.fields import (
    BOOL,
    NUMBER,
    OBJECT,
    OBJECTS,
    STRING_MAP,
    STRING_SET,
    STRINGS,
    Field,
    ResourceType,
)
from immuta_provider.model.integrations.type import IntegrationType
from immuta_provider.plugin.values import is_unknown
from table import cases
from table.row import changed, numbered

Config = dict[str, Any]
Path = tuple[str | int, ...]

MARK = "s3cr3t"
"""Part of every secret that is made here, and of nothing else."""

SECRETS = tuple(
    f"{MARK}-{i}{tail}"
    for i, tail in enumerate(("", '"quoted\\', "\nsecond line\n", " ünï", "&=%2F", "-x" * 40))
)
KEY_FILES = tuple(
    json.dumps({"type": "service_account", "project_id": project, "private_key": f"{MARK}-{i}\nline"})
    for i, project in enumerate(("acme", "acme", "other"))
)
TEXTS: tuple[str, ...] = (
    "first",
    "Second",
    "007",
    "true",
    'ünï "quoted" \\ ${brace} %{x}',
    " padded ",
    "a?b#c&d=e+%25",
    "",
)

MOST_REPAIRS = 300

MATCHING: dict[str, tuple[str, ...]] = {
    "[^/:@? ]+": ("one.example", "Two.example", "three.example"),
    "[0-9]+": ("012345678901", "210987654321"),
    "[a-z]+-[a-z-]+-[0-9]+": ("us-east-1", "eu-central-1"),
    "arn:[^:]+:[^:]+:[^:]*:[^:]*:.+": (
        "arn:aws:iam::123456789012:role/a",
        "arn:aws:iam::123456789012:role/b/c",
    ),
    "s3://.*": ("s3://", "s3://bucket/prefix/"),
    "[A-Za-z_][A-Za-z0-9_]*": ("immuta", "_other1"),
    "_.*": ("_secure", "_"),
}
"""Texts of each pattern in the model."""

JSON_TEXTS = {
    "array": (
        '[{"rules": [{"type": "new", "config": {"percentage": 10}}]}]',
        '[{"rules": [{"type": "new", "config": {"percentage": 1.5, "deep": [null, {"x": "ünï"}]}}]}]',
    ),
    "object": ('{"type": "new", "description": "first"}', '{"type": "new", "deep": [1.5, {"x": "ünï"}]}'),
}

ADDITIONAL: tuple[dict[str, Any], ...] = (
    {"newKey": 1},
    {"newKey": True},
    {"newKey": {"deep": [1, "two", None, {"x": 1.5}]}},
    {"newKey": {"deep": []}, "other": "ünï"},
    {},
)


@functools.cache
def names_of_others() -> dict[str, tuple[str, ...]]:
    """The names of objects in the test table, by the fact `names` of the fields that hold them."""
    found: dict[str, list[str]] = {}
    for _, row, case in cases():
        for change in ({}, *case.updates, *case.alone):
            config = row.attributes(numbered(changed(case.request, change), 1))
            for _, field, value in places(row.type, config):
                for name in (value if isinstance(value, list) else [value]) if field.names else ():
                    if name not in found.setdefault(field.names, []):
                        found[field.names].append(name)
    return {names: tuple(values) for names, values in found.items()}


_examples: dict[int, tuple[Any, ...]] = {}


def examples(field: Field) -> tuple[Any, ...]:
    """Values that a field may hold, the plainest first."""
    # The hash of a field is that of everything in it.
    if id(field) not in _examples:
        _examples[id(field)] = _made(field)
    return _examples[id(field)]


def _made(field: Field) -> tuple[Any, ...]:
    if field.kind == BOOL:
        return tuple(field.choices.values) if field.choices else (True, False)
    if field.kind == NUMBER:
        low, high = field.minimum, field.maximum
        middle = (443, 8443, 1000)
        return (*middle, low if low is not None else -1, high if high is not None else 10**20)
    if field.kind in (STRINGS, STRING_SET):
        one, two = (names_of_others()[field.names] * 2)[:2] if field.names else ("A", "B")
        if field.kind == STRING_SET:
            return (sorted({one, two}), [two], [one], [])
        return ([one, two], [two, one], [one, one], [one], [])
    if field.kind == STRING_MAP:
        return ({"a": "first"}, {"a": "Second", "b": "007"}, {"b": TEXTS[4]}, {"a": " padded "})
    if field.kind == OBJECT:
        return (
            {f.name: examples(f)[0] for f in field.fields},
            {},
            {f.name: None for f in field.fields},
            *({f.name: examples(f)[-1]} for f in field.fields),
        )
    if field.kind == OBJECTS:
        item, other = ({f.name: pick(f, i) for f in field.fields} for i in (0, 1))
        return ([item], [item, other], [other, item], [])
    if field.secret:
        return KEY_FILES if field.text_format == "json" else SECRETS
    if field.as_json:
        return JSON_TEXTS[field.as_json]
    if field.choices:
        return field.choices.values
    if field.names:
        return names_of_others()[field.names]
    if field.pattern:
        return MATCHING[field.pattern]
    if field.equivalence == "url":
        return ("https://idp.example/token", "https://idp.example/Other", "https://other.example/token")
    return TEXTS


def pick(field: Field, number: int) -> Any:
    """A copy of the field's example of this number, counted round and round."""
    values = examples(field)
    return copy.deepcopy(values[number % len(values)])


def respelled(field: Field, value: str) -> str:
    """Another spelling that means the same to Immuta."""
    if field.equivalence == "json" or field is ADDITIONAL_CONFIG:
        return json.dumps(json.loads(value), indent=3)
    if field.equivalence == "case":
        return value.swapcase()
    if field.equivalence == "hostname":
        return value.swapcase() if not value.endswith(".") else value.rstrip(".")
    assert field.equivalence == "url"
    scheme, _, rest = value.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.swapcase()}{slash}{path}"


def all_fields(type: ResourceType) -> list[tuple[tuple[str, ...], Field]]:
    """Every attribute of the model that a configuration may set, `additional_config` apart, with its path."""
    derived = [((field.name,), field) for field in derived_fields(type) if field is not ADDITIONAL_CONFIG]
    return [*derived, *((path, field) for path, field in type.walk() if not field.read_only)]


def repaired(type: ResourceType, config: Config) -> Config:
    """The configuration that is nearest to this one and that no rule objects to, warnings included."""
    result = copy.deepcopy(config)
    for _ in range(MOST_REPAIRS):
        found = rules.check(type, result, is_unknown=is_unknown)
        if not found:
            _take_twins_away(type.fields, result)
            return result
        field, path = found[0].field, found[0].path
        match found[0].code:
            case findings.MISSING | findings.NULL_ELEMENT:
                put(result, path, pick(field, 0))
            case findings.MISPLACED:
                put(result, path, None)
            case findings.UNFIT_CHOICE:
                for name, values in field.choice_when[0][1].fields:
                    put(result, (name,), values[0])
            case findings.ADVICE:
                put(result, ("audit", "enabled"), True)
            case findings.WRONG_BEGINNING:
                last = str(at(result, path)).rpartition(".")[2].strip()
                put(result, path, found[0].facts["beginning"] + (last or "below"))
            case findings.SEVERAL_WAYS:
                for name in found[0].facts["names"][1:]:
                    put(result, (name,), None)
            case findings.NO_WAY:
                put(result, (field.name,), pick(field, 0))
            case _:
                put(result, path, None if not field.required else pick(field, 0))
    raise AssertionError(f"the rules contradict each other: {found}")


def _take_twins_away(fields: tuple[Field, ...], value: Config) -> None:
    """Removes all but the first of the elements with one key."""
    for field in fields:
        inner = value.get(field.name)
        if field.kind == OBJECTS and isinstance(inner, list):
            if field.element_key:
                keys = [tuple(str(each.get(name)) for name in field.element_key) for each in inner]
                value[field.name] = [each for i, each in enumerate(inner) if keys[i] not in keys[:i]]
            for each in value[field.name]:
                _take_twins_away(field.fields, each)
        elif field.kind == OBJECT and isinstance(inner, dict):
            _take_twins_away(field.fields, inner)


def field_at(type: ResourceType, path: Path) -> Field | None:
    """The model's field at a path, list indexes passed over."""
    found: Field | None = None
    fields = (*derived_fields(type), *type.fields)
    for step in path:
        if isinstance(step, str):
            found = next((f for f in fields if f.name == step), None)
            fields = found.fields if found else ()
    return found


def set_valid(type: ResourceType, config: Config, path: Path, value: Any) -> Config:
    """A copy of the configuration with the value at a path, and everything else as the rules then want it."""
    result = copy.deepcopy(config)
    put(result, path, value)
    for way in (way for ways in type.ways for way in ways if any(path[0] in other.needs for other in ways)):
        for name in way.needs if path[0] not in way.needs else ():
            put(result, (name,), None)
    for depth, step in enumerate(path):
        field = field_at(type, path[: depth + 1])
        if field is None or value is None or isinstance(step, int):
            continue
        for when in field.only_when[:1]:
            for name, values in when.fields:
                beside = ((*path[:level], name) for level in range(depth, -1, -1))
                put(result, next(each for each in beside if field_at(type, each)), values[0])
    return repaired(type, result)


def put(config: Config, path: Path, value: Any) -> None:
    """Set the value at a path; objects on the way are made, and None takes an attribute away."""
    place: Any = config
    for step, following in itertools.pairwise(path):
        if isinstance(step, str) and place.get(step) is None:
            if value is None:
                return
            place[step] = [] if isinstance(following, int) else {}
        place = place[step]
        if isinstance(following, int) and not place:
            place.append({})
    last = path[-1]
    if isinstance(last, int) or value is not None:
        place[last] = value
    else:
        place.pop(last, None)


def at(value: Any, path: Path) -> Any:
    """The value at a path, None where there is nothing on the way."""
    for step in path:
        reached = step < len(value) if isinstance(step, int) else step in value
        value = value[step] if reached else None
        if value is None:
            return None
    return value


def places(type: ResourceType, config: Config) -> Iterator[tuple[Path, Field, Any]]:
    """Everything that is set, at every depth: path, field, value."""
    yield from _places((*derived_fields(type), *type.fields), config, ())


def _places(fields: tuple[Field, ...], value: Config, at: Path) -> Iterator[tuple[Path, Field, Any]]:
    for field in fields:
        inner = value.get(field.name)
        if inner is None:
            continue
        path = (*at, field.name)
        yield path, field, inner
        if field.kind == OBJECT and isinstance(inner, dict):
            yield from _places(field.fields, inner, path)
        elif field.kind == OBJECTS and isinstance(inner, list):
            for i, item in enumerate(inner):
                yield from _places(field.fields, item, (*path, i))


def request(integration: IntegrationType, config: Config) -> dict[str, Any]:
    """The request for a configuration: every set value under its API key, and nothing else."""
    body: dict[str, Any] = {"type": integration.type}
    inner = _json(integration.settings, config)
    if config.get("additional_config"):
        _merge(inner, json.loads(config["additional_config"]))
    if integration.field("auto_bootstrap"):
        body["autoBootstrap"] = config.get("auto_bootstrap") or False
    if inner:
        body["config"] = inner
    return body


def to_json(field: Field, value: Any) -> Any:
    """A value as Immuta's JSON has it."""
    if field.kind == OBJECT:
        return _json(field.fields, value)
    return [_json(field.fields, item) for item in value] if field.kind == OBJECTS else value


def _json(fields: tuple[Field, ...], value: Config) -> dict[str, Any]:
    return {f.key: to_json(f, value[f.name]) for f in fields if value.get(f.name) is not None}


def _merge(into: dict[str, Any], extra: dict[str, Any]) -> None:
    for key, value in extra.items():
        if isinstance(into.get(key), dict) and isinstance(value, dict):
            _merge(into[key], value)
        else:
            into[key] = value
