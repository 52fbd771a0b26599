"""The layout of generated Python, and its docstrings and sentences about an argument."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from immuta_provider.model.fields import STRING, Field, ResourceType, Way, When
from immuta_provider.model.text import joined

WIDTH = 110
LONG_LINES = "# ruff: noqa: E501\n"
AS_ANY = "Pass a token as `Token.as_any(token)`."
REFUSED = "ArgumentError: the arguments are invalid; the error names every problem at once."
WRITE_ONLY = "Secret, write-only: in no state and no plan file."

NAMES = {
    "Immuta",
    "Snowflake",
    "Databricks",
    "Redshift",
    "Okta",
    "Google",
    "Amazon",
    "Azure",
    "Terraform",
    "Trino",
}


def describe(field: Field, noun: str, *, standing_alone: bool = False) -> str:
    """Describes an argument in one paragraph. `noun` is its object; `standing_alone` omits the rules of its type."""
    parts = [lower_first(sentence(field.description))]
    if field.choices:
        values = either(field.choices.values)
        parts.append(f"Accepted: {values}." if field.choices.strict else f"Known values: {values}.")
        parts += [AS_ANY] if field.kind == STRING and field.choices.strict else []
    if field.as_json:
        parts.append(f"A {'list' if field.as_json == 'array' else 'mapping'} becomes JSON text.")
    if field.pattern_hint:
        parts.append(f"Form: {sentence(field.pattern_hint)}")
    if field.minimum is not None and field.maximum is not None:
        parts.append(f"From {field.minimum} to {field.maximum}.")
    elif field.minimum is not None:
        parts.append(f"At least {field.minimum}.")
    elif field.maximum is not None:
        parts.append(f"At most {field.maximum}.")
    if not standing_alone:
        parts += [f"{shown(value)} only when {condition(when)}." for value, when in field.choice_when]
        parts += rules(field)
        parts += (
            [f"Default: {lower_first(sentence(field.default))}"]
            if field.default and not expected(field)
            else []
        )
        parts += [replaces(noun)] if field.replace else []
    parts += [WRITE_ONLY] if field.secret else []
    return " ".join(parts)


def replaces(noun: str) -> str:
    """The sentence about an argument that an update cannot change."""
    return f"A changed value replaces the {noun}."


def rules(field: Field) -> list[str]:
    """The sentences about when an argument has to be set and when it may be, certain ones and expected ones."""
    if field.required:
        return ["Required."]
    if expected(field):
        return ["Immuta is expected to require it."]
    only = conditions(field.only_when)
    known = conditions(when for when in field.required_when if when.strict)
    probable = conditions(when for when in field.required_when if not when.strict)
    texts = [f"Required when {text}" for text in known] + [
        f"Probably required when {text}" for text in probable
    ]
    if only and only == known + probable:
        return [f"{text}, and only then." for text in texts]
    return [f"{text}." for text in texts] + [f"Only when {text}." for text in only]


def expected(field: Field) -> bool:
    """Tells if the field is always required, according to a rule that is not certain."""
    return any(not when.fields for when in field.required_when)


def conditions(whens: Iterable[When]) -> list[str]:
    """Joins the conditions to one text; returns [] if there is none."""
    texts = [condition(when) for when in whens]
    return [", or ".join(texts)] if texts else []


def condition(when: When) -> str:
    return " and ".join(f"`{name}` is {either(values)}" for name, values in when.fields)


def either(values: Iterable[object]) -> str:
    texts = [shown(value) for value in values]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} or {texts[-1]}"


def shown(value: object) -> str:
    if value is None:
        return "not set"
    return f"`{value}`"


def docstring(text: str, arguments: Iterable[tuple[str, str]], *, raises: str = "", indent: int) -> list[str]:
    margin = " " * indent
    first, *rest = text.split("\n\n")
    lines = wrapped(sentence(first), WIDTH - indent - 3)
    for paragraph in rest:
        lines += ["", *wrapped(paragraph, WIDTH - indent)]
    # One line each, however long: editors show the line that begins with an argument's name beside it, and no other.
    entries = [f"    {name}: {entry}" for name, entry in arguments]
    if entries:
        lines += ["", "Args:", *entries]
    if raises:
        lines += ["", "Raises:", f"    {raises}"]
    if len(lines) == 1 and len(lines[0]) <= WIDTH - indent - 6:
        return [f'{margin}"""{lines[0]}"""']
    body = [f"{margin}{line}".rstrip() for line in lines[1:]]
    return [f'{margin}"""{lines[0]}', *body, f'{margin}"""']


def wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def literal(values: Iterable[object]) -> str:
    return f"Literal[{', '.join(map(repr, values))}]"


def ordered(fields: Iterable[Field]) -> list[Field]:
    """The required fields, then the others, each in the model's order."""
    return sorted(fields, key=lambda field: not field.required)


def ways(type: ResourceType) -> str:
    """The sentences about the groups of arguments of which exactly one way has to be taken."""
    return " ".join(
        f"Exactly one of {joined([_way(way) for way in group], 'and')} has to be set." for group in type.ways
    )


def _way(way: Way) -> str:
    needs = " with ".join(f"`{name}`" for name in way.needs)
    return f"{needs} (and {joined([f'`{name}`' for name in way.may], 'and')} if needed)" if way.may else needs


def sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!", ":")) else f"{text}."


def first_sentence(text: str) -> str:
    return sentence(text.split(". ")[0])


def lower_first(text: str) -> str:
    """Returns the text with a lower-case first letter, unless it starts with a name or an abbreviation (`JSON`, `ARN`)."""
    word = text.split(" ")[0]
    if (word[:1].isupper() and word[1:].islower() and word.rstrip("'s,:") not in NAMES) or word in (
        "A",
        "A:",
    ):
        return text[:1].lower() + text[1:]
    return text


def module(about: str, *parts: str) -> str:
    """A generated module: its docstring, then the parts."""
    note = "Generated by tools/generate_constructs.py; do not edit."
    return "\n\n".join(
        [f'"""{about} {note}"""\n', LONG_LINES, "from __future__ import annotations\n", *parts]
    )


def list_class(name: str, what: str = "") -> str:
    """The reference to a list of objects, which `what` names if no class does."""
    lines = [f"class {name}List(ComplexList):"]
    lines += docstring(f"Reference to {what or f'a list of `{name}`'} in Terraform's state.", [], indent=4)
    lines += [
        "",
        f"    def get(self, index: int) -> {name}Reference:",
        '        """Reference to the item at `index`, counted from 0."""',
        f"        return {name}Reference(self._terraform_resource, self._terraform_attribute, False, index)",
    ]
    return "\n".join(lines) + "\n"


def dataclass_field(field: Field, annotation: str, *, required: bool) -> str:
    """One line of a dataclass. A secret is not in its `repr`."""
    if required:
        return f"    {field.name}: {annotation}{' = field(repr=False)' if field.secret else ''}"
    default = "field(default=None, repr=False)" if field.secret else "None"
    return f"    {field.name}: {annotation.removesuffix(' | None')} | None = {default}"
