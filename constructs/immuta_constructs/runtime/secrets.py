"""Secrets on their way through Terraform: where they come from, and warnings of the ways on which they stay somewhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import jsii
from cdktf import (
    Annotations,
    Aspects,
    DefaultTokenResolver,
    Fn,
    IAspect,
    StringConcat,
    TerraformLocal,
    TerraformStack,
    TerraformVariable,
    Token,
    Tokenization,
)
from constructs import Construct, IConstruct
from immuta_provider.integrations.fields import Field
from immuta_provider.integrations.rules import Problem

from .arguments import contains_token, is_unknown
from .errors import label

Path = tuple[str | int, ...]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_REFERENCE = re.compile(r"\bvar\.([A-Za-z_][A-Za-z0-9_-]*)")
_DOUBLED = ' (A "${" or "%{" that belongs to the secret is written "$${" or "%%{".)'
# Terraform takes no variable of these names.
_RESERVED = {"source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"}

# What an expression gets from elsewhere: an attribute of something, a file's content, what a provider's function knows.
_FROM_ELSEWHERE = re.compile(r"\b[A-Za-z_][\w-]*(?:\[[^\]]*\])?\.[A-Za-z_]|\b\w*file\w*\(|::|\buuid\(")
_LOCAL = re.compile(r"\blocal\.([A-Za-z_][A-Za-z0-9_-]*)")
# Quoted text without a template in it, as it stands inside an expression.
_QUOTED = re.compile(r'"(?:[^"\\$%]|\\.|\$\$\{|%%\{|[$%](?!\{))*"')
_TEMPLATE = re.compile(r"(?<!\$)\$\{|(?<!%)%\{")
_TOKEN = re.compile(r"\$\{TfToken\[[^\]]*\]\}")

_descriptions: dict[str, str | None] = {}
_tokens: dict[str, str] = {}


class Secret(str):
    """A secret that passes through Terraform and stays nowhere: `password=Secret.variable("snowflake_password")`.

    It is a token of cdktf's, not the secret, so it may stand inside other text and inside Terraform's functions, too:
    `connect_args=f"PRIV_KEY_FILE_PWD={Secret.variable('passphrase')}"`, `Fn.trimspace(Secret.variable("password"))`.
    """

    __slots__ = ()

    @classmethod
    def variable(cls, name: str, *, description: str | None = None) -> Secret:
        """A Terraform variable for a secret: sensitive, and *ephemeral*, so that it is in no plan file either.

        Its value comes from the environment variable `TF_VAR_<name>` of the command line, not of the Python program.
        Every argument that is a secret takes it, in an integration, in `ImmutaProvider` and in `TeardownCredentials`; the
        construct adds the variable to its own stack, once, however often it is used there.

        Args:
            name: Terraform's name of the variable: letters, digits and underscores, no digit first.
            description: what Terraform shows when it has to ask for the value. Default: nothing.

        Raises:
            ValueError: a name that no variable can have.
        """
        if not isinstance(name, str) or not _NAME.fullmatch(name) or name in _RESERVED:
            raise ValueError(
                f"{name!r} cannot be the name of a Terraform variable: use letters, digits and underscores, no digit first, "
                f"and none of {', '.join(sorted(_RESERVED))}"
            )
        _descriptions[name] = description or _descriptions.get(name)
        if name not in _tokens:
            # Plain text would be taken for a literal inside a function and be escaped there. This token is written with
            # `${}` outside of expressions and without inside.
            _tokens[name] = Token.as_string(Fn.lookup_nested(Token.as_any(f"var.{name}"), []))
        return cls(_tokens[name])


def declared(scope: Construct, value: Any) -> Any:
    """`value` with its secrets as plain tokens, their variables declared in the stack of `scope`."""
    names = {token: name for name, token in _tokens.items()}
    found: set[str] = set()
    for text in texts(value):
        if "${" in text:
            found.update(_REFERENCE.findall(text), (names.get(token, "") for token in _TOKEN.findall(text)))
    _declare(scope, found)
    if _tokens and _holds_others(value, names.keys()):
        Aspects.of(scope).add(_Nested(scope, _plain(value)))
    return _plain(value)


def _holds_others(value: Any, known: Collection[str]) -> bool:
    """Whether a plain value holds a token that is no secret itself; one may still be inside it."""
    if isinstance(value, Mapping):
        return any(contains_token(key) or _holds_others(item, known) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return any(_holds_others(item, known) for item in value)
    if isinstance(value, str):
        return contains_token(_TOKEN.sub(lambda token: "" if token[0] in known else token[0], value))
    return contains_token(value)


def _declare(scope: IConstruct, names: Iterable[str]) -> None:
    for name in sorted(_descriptions.keys() & set(names)):
        stack = TerraformStack.of(scope)
        # Its name alone might be the id of another construct in the stack, such as the integration's own.
        id = f"variable.{name}"
        if stack.node.try_find_child(id) is not None:
            continue
        description = _descriptions[name]
        variable = TerraformVariable(stack, id, type="string", sensitive=True, description=description)
        variable.override_logical_id(name)
        # cdktf 0.21 has no argument for it.
        variable.add_override("ephemeral", True)


def _resolved(value: Any, scope: IConstruct) -> Any:
    resolver = DefaultTokenResolver(StringConcat())
    return Tokenization.resolve(value, preparing=False, resolver=resolver, scope=scope)


@jsii.implements(IAspect)
class _Nested:
    """Declares the secrets inside functions and locals, which show only when the app is synthesized."""

    def __init__(self, construct: Construct, value: Any) -> None:
        self._path = construct.node.path
        self._value = value

    def visit(self, node: IConstruct) -> None:
        if node.node.path == self._path:
            stack = TerraformStack.of(node)
            for text in texts(_resolved(self._value, node)):
                for expanded in _expanded(stack, text):
                    # A variable of the program's own looks the same here, and is left as it is.
                    found = _descriptions.keys() & set(_REFERENCE.findall(expanded))
                    _declare(node, (name for name in found if _variable(stack, name) is None))


def _expanded(stack: TerraformStack, text: str) -> list[str]:
    """`text`, and the expressions of the stack's locals that it refers to."""
    found, texts_left, seen = [], [text], set[str]()
    while texts_left:
        found.append(texts_left.pop())
        for name in set(_LOCAL.findall(found[-1])) - seen:
            seen.add(name)
            for each in stack.node.find_all():
                if isinstance(each, TerraformLocal) and each.friendly_unique_id == name:
                    texts_left += texts(_resolved(each.to_terraform()["locals"][name], each))
    return found


def misplaced(fields: Iterable[Field], config: Mapping[str, Any]) -> Iterator[Problem]:
    """Secrets in arguments that Terraform keeps in its state, and therefore refuses ephemeral values for."""
    taking = {path for path, _ in secret_values(fields, config)}
    for path, value in leaves(config):
        if isinstance(value, Secret) and path not in taking:
            yield Problem(
                path,
                True,
                f"{label(path)} takes no Secret",
                "Terraform keeps this argument in its state. Pass the value itself, or the `.string_value` of a "
                "`TerraformVariable`; a `Secret` goes into arguments that are secrets.",
            )


def secret_values(fields: Iterable[Field], values: Any, at: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every secret that is set, at any depth, with its path."""
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


def traces(
    fields: Iterable[Field], values: Any, at: Path = ()
) -> Iterator[tuple[Path, Any, Sequence[Field]]]:
    """Every secret that is set, and every token that stands for a whole object with secrets; its fields, then."""
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


def warn_of_traces(construct: Construct, secrets: Iterable[tuple[Path, Any, Sequence[Field]]]) -> None:
    """Warn of each secret that will be readable in a file: one that is written out, in `cdk.tf.json`; one from a variable
    that is not ephemeral, in the plan file."""
    references: list[tuple[Path, Any, Sequence[Field]]] = []
    for path, value, fields in secrets:
        if isinstance(value, Secret):
            continue
        if is_unknown(value):
            references.append((path, value, fields))
        elif value != "":
            _warn_of_literal(construct, path)
    if references:
        Aspects.of(construct).add(_Variables(construct, references))


def _warn_of_literal(construct: IConstruct, path: Path, hint: str = "") -> None:
    name = _suggested(construct, path)
    Annotations.of(construct).add_warning(
        f"{label(path)} is written out in the program, so it stands in clear in cdk.tf.json. Pass "
        f'Secret.variable("{name}") instead, and the secret in the environment variable TF_VAR_{name}.{hint}'
    )


@jsii.implements(IAspect)
class _Variables:
    """Looks at expressions when the app is synthesized: until then a program may still make a variable ephemeral."""

    def __init__(self, construct: Construct, references: Sequence[tuple[Path, Any, Sequence[Field]]]) -> None:
        self._path = construct.node.path
        self._references = references

    def visit(self, node: IConstruct) -> None:
        if node.node.path != self._path:
            return
        for path, value, fields in self._references:
            resolved = _resolved(value, node)
            if isinstance(resolved, str):
                self._judge(node, path, resolved, value, whole=bool(fields))
                continue
            for inner, secret, _ in traces(fields, resolved, path):
                if isinstance(secret, str) and secret:
                    self._judge(node, inner, secret, value, whole=False)

    def _judge(self, node: IConstruct, path: Path, text: str, value: Any, *, whole: bool) -> None:
        stack = TerraformStack.of(node)
        expressions = _expanded(stack, text)
        if all(_is_literal(expression) for expression in expressions):
            sign = isinstance(value, str) and not contains_token(value)
            _warn_of_literal(node, path, _DOUBLED if sign else "")
        for name in sorted({name for each in expressions for name in _REFERENCE.findall(each)}):
            if not _stays(stack, name):
                continue
            instead = f'Pass Secret.variable("{name}") instead; TF_VAR_{name} goes on feeding it.'
            if whole:
                instead = 'Call `.add_override("ephemeral", True)` on it, or write the object out, with a Secret for each secret.'
            Annotations.of(node).add_warning(
                f'{label(path)} comes from the variable "{name}", which is not ephemeral, so its value stands in clear '
                f"in the plan file. {instead}"
            )


def _is_literal(text: str) -> bool:
    """Whether an expression has nothing in it but what the program wrote, locals apart."""
    template = _TEMPLATE.search(text)
    if template is None:
        return True
    return _FROM_ELSEWHERE.search(_LOCAL.sub("", _QUOTED.sub("", text[template.start() :]))) is None


def _stays(stack: TerraformStack, name: str) -> bool:
    """Whether the stack has a variable of this name that is not ephemeral."""
    variable = _variable(stack, name)
    return variable is not None and variable.to_terraform()["variable"][name].get("ephemeral") is not True


def _variable(stack: TerraformStack, name: str) -> TerraformVariable | None:
    direct = stack.node.try_find_child(name)
    for each in [direct] if isinstance(direct, TerraformVariable) else stack.node.find_all():
        if isinstance(each, TerraformVariable) and each.friendly_unique_id == name:
            return each
    return None


def _suggested(construct: IConstruct, path: Path) -> str:
    words = [str(step) for step in path if isinstance(step, str)]
    last = words[-2] if words[-1] == "content" and len(words) > 1 else words[-1]
    return re.sub(r"[^A-Za-z0-9]+", "_", f"{construct.node.id}_{last}").lower().lstrip("_0123456789")


def texts(value: Any) -> Iterator[str]:
    """Every text in a plain value."""
    return (leaf for _, leaf in leaves(value) if isinstance(leaf, str))


def leaves(value: Any, at: Path = ()) -> Iterator[tuple[Path, Any]]:
    """What is no mapping and no list in a plain value, with its path."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from leaves(item, (*at, str(key)))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from leaves(item, (*at, index))
    else:
        yield at, value


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Secret) else value
