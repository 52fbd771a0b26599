"""Warnings about secrets that would stay in a file of Terraform or cdktf."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import jsii
from constructs import IConstruct
from immuta_provider.model.fields import Field
from immuta_provider.model.text import path_label
from immuta_provider.model.wording import Problem

from ..cdk import (
    Annotations,
    Aspects,
    IAspect,
    TerraformLocal,
    TerraformStack,
    TerraformVariable,
)
from .secrets import Secret, is_declared, secrets_in
from .templates import next_sequence
from .tokens import contains_token, is_unknown, resolved
from .unusable import Path

_REFERENCE = re.compile(r"\bvar\.([A-Za-z_][A-Za-z0-9_-]*)")
_ESCAPE_HINT = ' (If "${" or "%{" is part of the secret, write it as "$${" or "%%{".)'
# A value from outside the program: an attribute, a file's content, or the result of a provider's function.
_FROM_ELSEWHERE = re.compile(r"\b[A-Za-z_][\w-]*(?:\[[^\]]*\])?\.[A-Za-z_]|\b\w*file\w*\(|::|\buuid\(")
_LOCAL = re.compile(r"\blocal\.([A-Za-z_][A-Za-z0-9_-]*)")
# A quoted string without a template, inside an expression.
_QUOTED = re.compile(r'"(?:[^"\\$%]|\\.|\$\$\{|%%\{|[$%](?!\{))*"')


Trace = tuple[Path, Any, Sequence[Field]]
"""The path and the value of a secret; or those of a token for an object with secrets, with the object's fields."""


def _expanded(stack: TerraformStack, text: str) -> list[str]:
    """Returns `text` and the expressions of the stack's locals that it refers to, directly or not."""
    found, texts_left, seen = [], [text], set[str]()
    while texts_left:
        found.append(texts_left.pop())
        for name in set(_LOCAL.findall(found[-1])) - seen:
            seen.add(name)
            local = _named(stack).get(f"local.{name}")
            if local is not None:
                texts_left += texts(resolved(local.to_terraform()["locals"][name], local))
    return found


def _named(stack: TerraformStack) -> Mapping[str, TerraformLocal | TerraformVariable]:
    """The locals and the variables of a stack, as `local.<name>` and `var.<name>`; it is searched once, after its program."""
    found = _named_of.get(stack)
    if found is None:
        found = _named_of[stack] = {
            f"{'local' if isinstance(each, TerraformLocal) else 'var'}.{each.friendly_unique_id}": each
            for each in stack.node.find_all()
            if isinstance(each, (TerraformLocal, TerraformVariable))
        }
    return found


_named_of: WeakKeyDictionary[TerraformStack, Mapping[str, TerraformLocal | TerraformVariable]] = (
    WeakKeyDictionary()
)


def forget_names(stack: TerraformStack) -> None:
    """Has a stack searched anew; a test may add locals and variables after a synthesis."""
    _named_of.pop(stack, None)


def misplaced(fields: Iterable[Field], config: Mapping[str, Any]) -> Iterator[Problem]:
    """Yields the Secrets in arguments that Terraform stores in its state, so that they cannot be ephemeral."""
    taking = {path for path, _ in secret_values(fields, config)}
    for path, value in leaves(config):
        if isinstance(value, str) and path not in taking and secrets_in(value):
            yield Problem(
                path,
                True,
                f"{path_label(path)} does not accept a Secret",
                "Terraform stores this argument in its state, and a `Secret` is allowed only in secret arguments. Pass the value "
                "itself, or the `.string_value` of a `TerraformVariable`.",
            )


def secret_values(fields: Iterable[Field], values: Any, at: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yields every configured secret, at any depth, with its path."""
    if isinstance(values, list):
        for index, item in enumerate(values):
            yield from secret_values(fields, item, (*at, index))
    elif isinstance(values, Mapping) and not is_unknown(values):
        for field in fields:
            value = values.get(field.name)
            if value is None:
                continue
            if field.secret:
                yield (*at, field.name), value
            elif field.holds_secret:
                yield from secret_values(field.fields, value, (*at, field.name))


def traces(fields: Iterable[Field], values: Any, at: Path = ()) -> Iterator[Trace]:
    """Yields the trace of every configured secret, and of every token for an object with secrets."""
    if is_unknown(values):
        yield at, values, tuple(fields)
    elif isinstance(values, list):
        for index, item in enumerate(values):
            yield from traces(fields, item, (*at, index))
    elif isinstance(values, Mapping):
        for field in fields:
            value = values.get(field.name)
            if value is not None and field.secret:
                yield (*at, field.name), value, ()
            elif value is not None and field.holds_secret:
                yield from traces(field.fields, value, (*at, field.name))


def warn_of_traces(construct: IConstruct, secrets: Iterable[Trace]) -> None:
    """Warns about each secret that a file would show in plain text.

    A literal secret is in `cdk.tf.json`. The value of a variable that is not ephemeral is in the plan file.
    """
    references: list[Trace] = []
    for path, value, fields in secrets:
        if isinstance(value, Secret):
            continue
        if is_unknown(value):
            references.append((path, value, fields))
        elif value != "":
            Annotations.of(construct).add_warning(_literal(construct, path))
    if references:
        Aspects.of(construct).add(_Variables(construct, references))


def literal_secrets(construct: IConstruct, secrets: Iterable[Trace]) -> Iterator[str]:
    """Yields a text about each secret that cdk.tf.json contains in plain text. The values are expressions, not tokens."""
    stack = TerraformStack.of(construct)
    for path, value, _ in secrets:
        if not isinstance(value, str) or value == "":
            continue
        expressions = _expanded(stack, value)
        if all(map(_is_literal, expressions)):
            yield _literal(construct, path)
        for name in _variables(expressions):
            if _attribute(stack, name, "default") is not None:
                yield _default(path, name)


def _literal(construct: IConstruct, path: Path, hint: str = "") -> str:
    name = _suggested(construct, path)
    return (
        f"{path_label(path)} is a literal in the program, so cdk.tf.json contains it in plain text. Pass "
        f'Secret.variable("{name}") instead, and set the environment variable TF_VAR_{name} to the secret.{hint}'
    )


def _default(path: Path, name: str) -> str:
    return (
        f'{path_label(path)} comes from the variable "{name}", whose default cdk.tf.json contains in plain text. Remove the '
        f"default, and set the environment variable TF_VAR_{name} to the secret."
    )


@jsii.implements(IAspect)
class _Variables:
    """Checks expressions during synthesis, since the program may make a variable ephemeral until then."""

    def __init__(self, construct: IConstruct, references: Sequence[Trace]) -> None:
        self._path = construct.node.path
        self._references = references

    def visit(self, node: IConstruct) -> None:
        if node.node.path != self._path:
            return
        for path, value, fields in self._references:
            expression = resolved(value, node)
            if isinstance(expression, str):
                self._judge(node, path, expression, value, whole=bool(fields))
                continue
            for inner, secret, _ in traces(fields, expression, path):
                if isinstance(secret, str) and secret:
                    self._judge(node, inner, secret, value, whole=False)

    def _judge(self, node: IConstruct, path: Path, text: str, value: Any, *, whole: bool) -> None:
        stack = TerraformStack.of(node)
        expressions = _expanded(stack, text)
        if all(_is_literal(expression) for expression in expressions):
            has_sequence = isinstance(value, str) and not contains_token(value)
            Annotations.of(node).add_warning(_literal(node, path, _ESCAPE_HINT if has_sequence else ""))
        for name in _variables(expressions):
            if _attribute(stack, name, "default") is not None:
                Annotations.of(node).add_warning(_default(path, name))
            if not _is_in_plan_file(stack, name):
                continue
            instead = f'Pass Secret.variable("{name}") instead; TF_VAR_{name} still sets its value.'
            if whole:
                instead = 'Call `.add_override("ephemeral", True)` on the variable, or pass the object with Secrets in it.'
            Annotations.of(node).add_warning(
                f'{path_label(path)} comes from the variable "{name}", which is not ephemeral, so the plan file contains its '
                "value "
                f"in plain text. {instead}"
            )


def _is_literal(text: str) -> bool:
    """Tells if an expression contains literals only; references to locals do not count."""
    template = next_sequence(text)
    if template is None:
        return True
    return _FROM_ELSEWHERE.search(_LOCAL.sub("", _QUOTED.sub("", text[template.start() :]))) is None


def _is_in_plan_file(stack: TerraformStack, name: str) -> bool:
    """Tells if the stack has a variable of this name that is not ephemeral."""
    if is_declared(stack, name):
        return False
    return f"var.{name}" in _named(stack) and _attribute(stack, name, "ephemeral") is not True


def _variables(expressions: Iterable[str]) -> list[str]:
    return sorted({name for each in expressions for name in _REFERENCE.findall(each)})


def _attribute(stack: TerraformStack, name: str, attribute: str) -> Any:
    """Returns an attribute of a variable in the stack; None if the stack does not have the variable."""
    variable = _named(stack).get(f"var.{name}")
    return None if variable is None else variable.to_terraform()["variable"][name].get(attribute)


def _suggested(construct: IConstruct, path: Path) -> str:
    words = [str(step) for step in path if isinstance(step, str)]
    last = words[-2] if words[-1] == "content" and len(words) > 1 else words[-1]
    return re.sub(r"[^A-Za-z0-9]+", "_", f"{construct.node.id}_{last}").lower().lstrip("_0123456789")


def texts(value: Any) -> Iterator[str]:
    """Yields every text in a plain value."""
    return (leaf for _, leaf in leaves(value) if isinstance(leaf, str))


def leaves(value: Any, at: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yields the scalars in a plain value, with their paths."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from leaves(item, (*at, str(key)))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from leaves(item, (*at, index))
    else:
        yield at, value
