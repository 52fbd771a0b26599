"""The words of each kind of rule, whole: what is wrong, which value, what is allowed, what to do next."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_provider.model import additional_config_rules, findings, questions, rules, wording
from immuta_provider.model.fields import (
    BOOL,
    NUMBER,
    OBJECT,
    OBJECTS,
    STRING,
    STRINGS,
    Choices,
    Field,
    Way,
    When,
)
from immuta_provider.model.questions import Question
from immuta_provider.model.wording import Problem
from support.made_up import bare_type
from table.row import path_of

MODE_IS_A = When({"mode": ("a",)})
MODE_IS_A_OR_B = When({"mode": ("a", "b"), "keep": (False,)})
PROBABLY_A = When({"mode": ("a",)}, strict=False)


def text(name: str, **facts: Any) -> Field:
    return Field(name, name, STRING, description=f"The {name}.", **facts)


TYPE = bare_type(
    "alarm",
    text("name", required=True),
    text("mode", choices=Choices("a", "b", "c"), choice_when=(("c", When({"keep": (False,)})),)),
    text("tone", choices=Choices("low", "high", strict=False), choice_when=(("low", PROBABLY_A),)),
    text("kind", choices=Choices("one"), required=True),
    Field("keep", "keep", BOOL, description="Keep it."),
    text("needed", required_when=(PROBABLY_A, MODE_IS_A_OR_B)),
    text("advised", required_when=(PROBABLY_A,)),
    text("extra", only_when=(MODE_IS_A, When({"key": (None,)}))),
    text("maybe", only_when=(PROBABLY_A,)),
    text("code", pattern="[A-Z]+", pattern_hint="capital letters"),
    text("area", pattern="[0-9]+", pattern_hint="digits", pattern_strict=False),
    text("pin", secret=True, pattern="[0-9]+", pattern_hint="digits"),
    text("puk", secret=True, pattern="[0-9]+", pattern_hint="digits", pattern_strict=False),
    text("key", secret=True, text_format="json"),
    Field("size", "size", NUMBER, description="The size.", minimum=1, maximum=9, integer=True, default="3."),
    Field("low", "low", NUMBER, description="The least.", minimum=1),
    Field("high", "high", NUMBER, description="The most.", maximum=9),
    Field("any", "any", NUMBER, description="Any.", integer=True),
    Field("tags", "tags", STRINGS, description="The tags."),
    Field("door", "door", OBJECT, description="The door.", fields=(text("lock"), text("hinge"))),
    Field(
        "parts",
        "parts",
        OBJECTS,
        description="The parts.",
        fields=(text("name", required=True, extends="name"), text("seal", secret=True)),
    ),
    documentation="https://docs.example/alarms",
    open_at="",
    advice=(
        ("size", When({"keep": (True,), "mode": (None,)}), "Sizes are kept for a day. Set keep to false."),
    ),
)
GOOD = {"name": "N", "kind": "one"}


def problem_of(text: str) -> Problem:
    """The problem with the text `severity summary: detail`. Its summary begins with the attribute, or with a capital letter
    where it is about no single attribute."""
    severity, words = text.split(" ", 1)
    summary, detail = words.split(": ", 1)
    attribute = summary.split()[0]
    return Problem(path_of(attribute) if attribute.islower() else (), severity == "error", summary, detail)


PROBLEMS: dict[str, tuple[dict[str, Any], str]] = {
    "missing": (
        {"name": None},
        "error name is missing: every alarm needs name, but name is not set. Set name. Description: The name.",
    ),
    "missing, blank, inside": (
        {"parts": [{"name": " "}]},
        "error parts[0].name is missing: parts[0] needs name, but parts[0].name is empty text. Set parts[0].name. "
        "Description: The name.",
    ),
    "missing under a condition": (
        {"mode": "b", "keep": False},
        'error needed is missing: every alarm needs needed when mode is "a" or "b" and keep is false, but needed is '
        "not set. Set needed. Description: The needed.",
    ),
    "probably missing": (
        {"mode": "a", "needed": "x"},
        'warning advised is probably missing: Immuta probably needs advised when mode is "a", but advised is not set. '
        "Set advised, unless Immuta accepts the alarm without it. Description: The advised.",
    ),
    "misplaced; a secret in a condition is not quoted": (
        {"mode": "b", "extra": "x", "key": "{}"},
        'error extra is not allowed here: Immuta accepts extra only when mode is "a" or key is not set, but mode is '
        '"b" and key is set. Remove extra, or change mode and key.',
    ),
    "probably misplaced": (
        {"mode": "b", "maybe": "x"},
        'warning maybe is probably not used: Immuta probably uses maybe only when mode is "a", but mode is "b". Remove '
        "maybe, or change mode.",
    ),
    "wrong type": (
        {"name": 5},
        "error name has the wrong type: name is a number (5), but has to be text. Set name to text. Description: The "
        "name.",
    ),
    "wrong type, too long to show": (
        {"name": 10**5000},
        "error name has the wrong type: name is a number (too large to show), but has to be text. Set name to text. "
        "Description: The name.",
    ),
    "a number that is not one in JSON": (
        {"size": float("nan")},
        "error size has the wrong type: size is nan, but has to be a number. Set size to a number. Description: The "
        "size.",
    ),
    "wrong type of an object": (
        {"door": "shut"},
        'error door has the wrong type: door is text ("shut"), but has to be an object. Set door to an object. '
        "Description: The door.",
    ),
    "wrong type of a secret": (
        {"pin": 1234},
        "error pin has the wrong type: pin is a number, but has to be text. Set pin to text. Description: The pin.",
    ),
    "null element": (
        {"tags": ["a", None]},
        "error tags[1] is missing: tags[1] is null, but every element has to be text. Set or remove the element.",
    ),
    "wrong element": (
        {"tags": [True]},
        "error tags[0] has the wrong type: tags[0] is true, but every element has to be text. Set tags[0] to text.",
    ),
    "wrong element in the place of an object": (
        {"parts": ["hunter2"]},
        "error parts[0] has the wrong type: parts[0] is text, but every element has to be an object. Set parts[0] to "
        "an object.",
    ),
    "empty object": (
        {"door": {}},
        "warning door is empty: door is empty, which is the same as not setting it. Its attributes are: lock, hinge. If "
        "you did set one, check its spelling: Terraform drops unknown names silently. Otherwise remove door.",
    ),
    "out of range": (
        {"size": 10},
        "error size is out of range: size is 10, but has to be a whole number from 1 to 9. Change size, or remove it. "
        "Default: 3.",
    ),
    "below the least": (
        {"low": 0.5},
        "error low is out of range: low is 0.5, but has to be a number of at least 1. Change low.",
    ),
    "above the most": (
        {"high": 9.5},
        "error high is out of range: high is 9.5, but has to be a number of at most 9. Change high.",
    ),
    "not a whole number": (
        {"any": 0.5},
        "error any is out of range: any is 0.5, but has to be a whole number. Change any.",
    ),
    "unknown choice": (
        {"mode": "d"},
        'error mode has a value that Immuta does not accept: mode is "d". Immuta accepts "a", "b" or "c" for an '
        "alarm. Set mode to one of these, or remove it.",
    ),
    "unknown choice of one": (
        {"kind": "two"},
        'error kind has a value that Immuta does not accept: kind is "two". Immuta accepts only "one" for an alarm. '
        'Set kind to "one".',
    ),
    "unfamiliar choice": (
        {"tone": "shrill"},
        'warning tone has an unfamiliar value: tone is "shrill". The known values for an alarm are "low" or "high". The '
        "value is passed on as it is. Check the value in Immuta's documentation: https://docs.example/alarms",
    ),
    "unfit choice": (
        {"mode": "c", "keep": True},
        'error mode "c" does not go with keep: Immuta accepts mode "c" only when keep is false, but keep is true. '
        "Change mode or keep.",
    ),
    "probably unfit choice": (
        {"mode": "b", "tone": "low"},
        'warning tone "low" probably does not go with mode: Immuta probably accepts tone "low" only when mode is "a", '
        'but mode is "b". Change tone or mode.',
    ),
    "wrong form": (
        {"code": "x"},
        'error code has the wrong form: code is "x", but has to be capital letters. Change code.',
    ),
    "wrong form, long and odd": (
        {"code": "a\n\x1b[31m" + "x" * 200},
        "error code has the wrong form: "
        'code is "a\\u000a\\u001b[31m' + "x" * 70 + '...", but has to be capital letters. Change code.',
    ),
    "probably wrong form": (
        {"area": "x"},
        'warning area probably has the wrong form: area is "x", but is expected to be digits. Change area, unless '
        "Immuta accepts it.",
    ),
    "wrong form of a secret": (
        {"pin": "hunter2"},
        "error pin has the wrong form: the value of pin is not shown because it is secret. It has to be digits. "
        "Change pin.",
    ),
    "probably wrong form of a secret": (
        {"puk": "hunter2"},
        "warning puk probably has the wrong form: the value of puk is not shown because it is secret. It is expected to "
        "be digits. Change puk, unless Immuta accepts it.",
    ),
    "wrong beginning": (
        {"parts": [{"name": "Lid"}]},
        'error parts[0].name has the wrong beginning: parts[0].name is "Lid", but has to be text that begins with '
        '"N.", which is name and a dot. Change parts[0].name.',
    ),
    "not JSON": (
        {"key": "hunter2.json"},
        "warning key is not JSON: key does not parse as JSON. The value is sent as it is, but Immuta will probably "
        "refuse it. Set key to the content of the file, not to its name, or build the text with jsonencode "
        "(json.dumps in Python).",
    ),
    "advice": (
        {"keep": True},
        "warning size may not work as it is set: Sizes are kept for a day. Set keep to false.",
    ),
    "additional_config: duplicate key": (
        {"additional_config": '{"x": "hunter2", "x": 1}'},
        'error additional_config has a key twice: additional_config has the key "x" twice in one object, and only the '
        "last one would count. Remove one of the two.",
    ),
    "additional_config: not JSON": (
        {"additional_config": "hunter2"},
        "error additional_config is not a JSON object: additional_config does not parse as JSON. Set "
        "additional_config to the JSON text of an object, built with jsonencode (json.dumps in Python).",
    ),
    "additional_config: not an object": (
        {"additional_config": '["hunter2"]'},
        "error additional_config is not a JSON object: additional_config is JSON, but not an object. Set "
        "additional_config to the JSON text of an object, built with jsonencode (json.dumps in Python).",
    ),
    "additional_config: a key that has an attribute": (
        {"additional_config": '{"door": {"lock": "hunter2"}}'},
        'error additional_config repeats door.lock: additional_config has the key "door.lock", for which the alarm '
        "has an attribute. Remove the key, and set door.lock instead.",
    ),
    "additional_config: a key that looks like a secret": (
        {"additional_config": '{"x": {"apiKey": "hunter2"}}'},
        'error additional_config has a key that looks like a secret: the key "x.apiKey" in additional_config looks '
        "like a secret, and Terraform keeps additional_config in its state. Remove the key. Secrets have "
        "attributes of their own, which are not stored.",
    ),
}


@pytest.mark.parametrize(("change", "expected"), PROBLEMS.values(), ids=PROBLEMS)
def test_every_rule_of_a_type_has_whole_words(change: dict[str, Any], expected: str) -> None:
    found = wording.problems(TYPE, {**GOOD, **change})
    assert found == [problem_of(expected)]
    assert "hunter2" not in repr(found)


QUESTION = Question(
    "immuta_alarms",
    text("id"),
    text("name"),
    text("place"),
    text("floor"),
    text("state", choices=Choices("on", "off", strict=False)),
    ways=(Way("id"), Way("name", "place", may=("floor",))),
    reason="an alarm is found either by its id or by its name and place",
)
OF_QUESTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "no way": (
        {"name": "N"},
        "error Arguments are missing: an alarm is found either by its id or by its name and place. Set id or name and "
        "place (with floor if needed).",
    ),
    "several ways": (
        {"id": "1", "name": "N", "floor": "2"},
        "error Arguments exclude each other: id, name and floor are set, but an alarm is found either by its id or by "
        "its name and place. Set only id or name and place (with floor if needed).",
    ),
    "unfamiliar choice without documentation": (
        {"id": "1", "state": "odd"},
        'warning state has an unfamiliar value: state is "odd". The known values for an immuta_alarms are "on" or '
        '"off". The value is passed on as it is. Check the value.',
    ),
}


@pytest.mark.parametrize(("config", "expected"), OF_QUESTIONS.values(), ids=OF_QUESTIONS)
def test_every_rule_of_a_question_has_whole_words(config: dict[str, Any], expected: str) -> None:
    found = questions.check(QUESTION, config)
    assert [wording.problem(QUESTION, each) for each in found] == [problem_of(expected)]


def test_each_code_has_words_that_a_test_compares() -> None:
    codes = {
        value
        for module in (findings, additional_config_rules)
        for name, value in vars(module).items()
        if name.isupper()
        and isinstance(value, str)
        and value not in (NUMBER, OBJECT, OBJECTS, STRING, STRINGS)
    }
    found = {each.code for change, _ in PROBLEMS.values() for each in rules.check(TYPE, {**GOOD, **change})}
    found |= {each.code for config, _ in OF_QUESTIONS.values() for each in questions.check(QUESTION, config)}
    assert found == codes


def test_undecided_conditions_are_not_quoted() -> None:
    """Of two conditions one is undecided, since its attribute has an unknown choice."""
    both = When({"mode": ("a",), "tone": ("low",)})
    type = bare_type(
        "one",
        text("mode", choices=Choices("a", "b")),
        text("tone", choices=Choices("low")),
        text("extra", only_when=(both,)),
    )
    assert wording.problems(type, {"mode": "b", "tone": "loud", "extra": "o"})[1:] == [
        problem_of(
            'error extra is not allowed here: Immuta accepts extra only when mode is "a" and tone is "low", but mode is '
            '"b". Remove extra, or change mode and tone.'
        )
    ]


def test_a_text_that_is_not_a_duration_has_whole_words() -> None:
    assert wording.wrong_duration("timeouts.create", "10", "10m") == (
        "timeouts.create is not a duration",
        'timeouts.create is "10", but has to be a duration longer than zero: numbers with a unit each (h, m, s or ms), such as '
        '"90s" or "1h30m". Change timeouts.create, or remove it to use 10m.',
    )
