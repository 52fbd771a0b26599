"""The secrets of an object, which Immuta does not show."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..model import payload, placeholders, rules
from ..model.fields import OBJECT, OBJECTS, Field, ResourceType
from ..model.findings import MISSING

Path = tuple[str | int, ...]


def set_by(type: ResourceType, config: dict[str, Any], body: Mapping[str, Any]) -> list[Path]:
    """The places of the secrets that an object has: those that Immuta shows masked, and those that the rules require. `config`,
    which is without secrets, gets the objects that have nothing else in them."""
    shown = list(payload.masked(type, body))
    for path in shown:
        put(config, path, None)
    for finding in rules.check(type, config):
        if finding.code == MISSING and finding.field.kind == OBJECT and finding.field.holds_secret:
            put(config, finding.path, {})
    required = placeholders.completed(type, completed(type, config, shown))[1]
    return [*shown, *(tuple(_step(step) for step in path.split(".")) for path in required)]


def completed(type: ResourceType, config: Mapping[str, Any], paths: Sequence[Path]) -> dict[str, Any]:
    """A copy of a configuration with a placeholder for each secret."""
    whole: dict[str, Any] = copy.deepcopy(dict(config))
    for path in paths:
        put(whole, path, placeholders.placeholder(_field(type.fields, path)))
    return whole


def possible(type: ResourceType, config: Mapping[str, Any], paths: Sequence[Path]) -> list[str]:
    """The other secrets that an object may have, by the rules: Immuta does not show if they are set."""
    return [
        ".".join(map(str, path))
        for path in _places(type.fields, config)
        if path not in paths
        and not any(each.strict for each in rules.check(type, completed(type, config, [*paths, path])))
    ]


def put(config: Any, path: Path, value: Any) -> None:
    """Sets a value, with the objects on the way."""
    for step in path[:-1]:
        config = config[step] if isinstance(step, int) else config.setdefault(step, {})
    config[path[-1]] = value


def ignorable(path: Path) -> str:
    """A place as `ignore_changes` has it. In a list, it is the whole list: an index may be another element's tomorrow."""
    names = [step for step in path if isinstance(step, str)]
    whole = len(names) < len(path)
    return names[0] if whole else ".".join(names)


def _places(fields: Sequence[Field], config: Mapping[str, Any], at: Path = ()) -> Iterator[Path]:
    """The places of all secrets in the objects that there are."""
    for field in fields:
        path, value = (*at, field.name), config.get(field.name)
        if field.secret:
            yield path
        elif field.kind == OBJECT and value is not None:
            yield from _places(field.fields, value, path)
        elif field.kind == OBJECTS:
            for index, each in enumerate(value or ()):
                yield from _places(field.fields, each, (*path, index))


def _field(fields: Sequence[Field], path: Path) -> Field:
    names = [step for step in path if isinstance(step, str)]
    field = next(each for each in fields if each.name == names[0])
    return field if len(names) == 1 else _field(field.fields, tuple(names[1:]))


def _step(step: str) -> str | int:
    return int(step) if step.isdigit() else step
