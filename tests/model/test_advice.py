"""Following the advice about a wrong value: each way that the text names ends in a configuration without a problem."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from immuta_provider.model import wording
from immuta_provider.model.fields import ResourceType
from immuta_provider.model.text import path_label
from support.damage import Path, places
from table import examples
from table.row import Example, path_of

Config = dict[str, Any]

EXAMPLES = examples()
NAME = r"([a-z_][\w.\[\]]*\w\]?)"
VALUES = r'((?:"[^"]*"|true|false)(?:(?:, | or )(?:"[^"]*"|true|false))*)'
MOST_STEPS = 20
WRONG: tuple[Any, ...] = (None, "", "mystery value", -1, 70000, 0.5, True, False, {}, ["", None], "[1]")


def put(config: Config, path: Path, value: Any) -> Config:
    """A copy with a value at a path; None takes it away."""
    result = copy.deepcopy(config)
    place: Any = result
    *parents, last = path
    for step in parents:
        if isinstance(step, str) and not isinstance(place.get(step), (dict, list)):
            place[step] = {}
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return result


def inner_values(config: Config) -> Iterator[tuple[Path, Any]]:
    """Every value inside a configuration, with its path; objects and lists among them."""
    _, *paths = places(config)
    for path in paths:
        value: Any = config
        for step in path:
            value = value[step]
        yield path, value


def good(type: ResourceType, path: Path) -> Any:
    """The value at a path in some valid configuration of the type; any element stands for another."""
    plain = [step for step in path if isinstance(step, str)]
    found = [
        value
        for example in EXAMPLES
        if example.row.type is type
        for place, value in inner_values(example.config)
        if [step for step in place if isinstance(step, str)] == plain
        and isinstance(place[-1], int) == isinstance(path[-1], int)
    ]
    assert found, f"no example has {path_label(path)}"
    return found[0]


def values(text: str) -> list[Any]:
    return [json.loads(each) for each in re.findall(r'"[^"]*"|true|false', text)]


def ways(type: ResourceType, config: Config, text: str) -> Iterator[Config]:
    """The configurations to which the words of a problem lead."""
    if named := re.search(rf"Set {NAME}(?:\. |,| to )", text):
        path = path_of(named[1])
        accepted = re.search(rf"(?:Immuta accepts (?:only )?|Set \S+ to ){VALUES}", text)
        for value in values(accepted[1]) if accepted else [good(type, path)]:
            yield put(config, path, value)
    if known := re.search(rf"^{NAME} is .* The known values for .* are {VALUES}\.", text):
        for value in values(known[2]):
            yield put(config, path_of(known[1]), value)
    if named := re.search(rf"Change {NAME}(?:\.|,)", text):
        path = path_of(named[1])
        if limits := re.search(r"number from (\d+) to (\d+)\.", text):
            yield from (put(config, path, int(limit)) for limit in limits.groups())
        elif beginning := re.search(r'begins with "(.*?)",', text):
            yield put(config, path, f"{beginning[1]}Next")
        elif shown := re.search(r", such as (\S+?)(?: or (\S+?))?\. ", text):
            yield from (put(config, path, each) for each in shown.groups() if each)
        else:
            yield put(config, path, good(type, path))
    if named := re.search(rf"(?:Change|Set) {NAME}.*, or remove it", text):
        yield put(config, path_of(named[1]), None)
    if named := re.search(rf"Remove {NAME}, or change ", text):
        yield put(config, path_of(named[1]), None)
        yield from conditions(config, text)
    if named := re.search(rf'Immuta (?:probably )?accepts {NAME} "[^"]*" only when .* Change \1 or ', text):
        yield from conditions(config, text)
    if named := re.search(rf"^{NAME} is null, .* Set or remove the element", text):
        yield put(config, path_of(named[1]), None)
        yield put(config, path_of(named[1]), good(type, path_of(named[1])))
    if named := re.search(r"takes exactly one of .*\. Set (\w+) or (\w+)\.", text):
        for name in named.groups():
            yield put(config, (name,), good(type, (name,)))
    if named := re.search(r"but .* takes exactly one of .*\. Set only (\w+) or (\w+)\.", text):
        for name in named.groups():
            yield put(config, (name,), None)
    if named := re.search(rf"Set {NAME} to the JSON text of an \w+, ", text):
        yield put(config, path_of(named[1]), good(type, path_of(named[1])))
    if "Set audit = { enabled = true } beside it" in text:
        yield put(config, ("audit",), {"enabled": True})
    if named := re.search(rf"Otherwise remove {NAME}\.", text):
        yield put(config, path_of(named[1]), None)
    if repeated := re.search(rf'has the key "([^"]*)", .* Remove the key, and set {NAME} instead', text):
        without = put(config, ("additional_config",), None)
        yield put(without, path_of(repeated[2]), good(type, path_of(repeated[2])))
    elif "Remove the key." in text or "Remove one of the two." in text:
        yield put(config, ("additional_config",), '{"x": {}}')


def conditions(config: Config, text: str) -> Iterator[Config]:
    """The changes that allow the rest of a configuration."""
    allowed = re.search(r"only when (.*?), but ", text)
    assert allowed is not None, text
    for condition in re.split(rf" or (?={NAME} is )", allowed[1]):
        if condition and (named := re.findall(rf"{NAME} is {VALUES}", condition)):
            for name, accepted in named:
                config = put(config, path_of(name), values(accepted)[0])
            yield config


def walk(type: ResourceType, config: Config, seen: set[str]) -> None:
    """Follow every way of the first problem, and then those of what is left. Whichever were taken, the first ones lead out."""
    key = json.dumps(config, sort_keys=True)
    if key in seen:
        return
    seen.add(key)
    left = config
    for _ in range(MOST_STEPS):
        problems = wording.problems(type, left)
        if not problems:
            break
        way = next(ways(type, left, problems[0].detail), None)
        assert way is not None, f"no way out of: {problems[0].detail}"
        left = way
    else:
        raise AssertionError(f"no end of advice for {config}")
    for problem in wording.problems(type, config)[:1]:
        for each in ways(type, config, problem.detail):
            summaries = [other.summary for other in wording.problems(type, each)]
            assert problem.summary not in summaries, f"not over: {problem.detail}\n{each}"
            walk(type, each, seen)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_following_the_advice_about_a_wrong_value_ends_without_a_problem(example: Example) -> None:
    type, seen = example.row.type, set[str]()
    for path, _ in inner_values(example.config):
        for value in WRONG:
            walk(type, put(example.config, path, value), seen)
    for text in ('{"a": {"clientSecret": "x"}}', '{"x": {}, "x": {}}', "[1]", "{'a': 1}"):
        if type.open_at is not None:
            walk(type, {**example.config, "additional_config": text}, seen)
