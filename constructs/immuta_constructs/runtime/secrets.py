"""Secrets on their way through Terraform: where they come from, and warnings of the ways on which they stay somewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import jsii
from cdktf import (
    Annotations,
    Aspects,
    DefaultTokenResolver,
    IAspect,
    StringConcat,
    TerraformStack,
    TerraformVariable,
    Tokenization,
)
from constructs import Construct, IConstruct
from immuta_provider.integrations.fields import Field
from immuta_provider.integrations.rules import Problem

from .arguments import is_unknown
from .errors import label

Path = tuple[str | int, ...]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_REFERENCE = re.compile(r"\bvar\.([A-Za-z_][A-Za-z0-9_-]*)")
# Terraform takes no variable of these names.
_RESERVED = {"source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"}

_descriptions: dict[str, str | None] = {}


class Secret(str):
    """A secret that passes through Terraform and stays nowhere: `password=Secret.variable("snowflake_password")`.

    It is the text of a reference, not the secret, so it may stand inside other text, too:
    `connect_args=f"PRIV_KEY_FILE_PWD={Secret.variable('passphrase')}"`.
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
        if not _NAME.fullmatch(name) or name in _RESERVED:
            raise ValueError(
                f"{name!r} cannot be the name of a Terraform variable: use letters, digits and underscores, no digit first, "
                f"and none of {', '.join(sorted(_RESERVED))}"
            )
        _descriptions[name] = description or _descriptions.get(name)
        return cls(f"${{var.{name}}}")


def declared(scope: Construct, value: Any) -> Any:
    """`value` with its secrets as plain references, their variables declared in the stack of `scope`."""
    names = {name for text in texts(value) for name in _REFERENCE.findall(text) if "${" in text}
    wanted = sorted(names & _descriptions.keys())
    if wanted:
        stack = TerraformStack.of(scope)
        for name in wanted:
            _declare(stack, name)
    return _plain(value)


def _declare(stack: TerraformStack, name: str) -> None:
    # Its name alone might be the id of another construct in the stack, such as the integration's own.
    id = f"variable.{name}"
    if stack.node.try_find_child(id) is not None:
        return
    variable = TerraformVariable(stack, id, type="string", sensitive=True, description=_descriptions[name])
    variable.override_logical_id(name)
    # cdktf 0.21 has no argument for it.
    variable.add_override("ephemeral", True)


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


def warn_of_traces(construct: Construct, secrets: Iterable[tuple[Path, Any]]) -> None:
    """Warn of each secret that will be readable in a file: one that is written out, in `cdk.tf.json`; one from a variable
    that is not ephemeral, in the plan file."""
    references: list[tuple[Path, Any]] = []
    for path, value in secrets:
        if isinstance(value, Secret):
            continue
        if is_unknown(value):
            references.append((path, value))
        elif value != "":
            name = _suggested(construct, path)
            Annotations.of(construct).add_warning(
                f"{label(path)} is written out in the program, so it stands in clear in cdk.tf.json. Pass "
                f'Secret.variable("{name}") instead, and the secret in the environment variable TF_VAR_{name}.'
            )
    if references:
        Aspects.of(construct).add(_Variables(construct, references))


@jsii.implements(IAspect)
class _Variables:
    """Looks at variables when the app is synthesized: until then a program may still make one ephemeral."""

    def __init__(self, construct: Construct, references: Sequence[tuple[Path, Any]]) -> None:
        self._path = construct.node.path
        self._references = references

    def visit(self, node: IConstruct) -> None:
        if node.node.path != self._path:
            return
        stack = TerraformStack.of(node)
        resolver = DefaultTokenResolver(StringConcat())
        for path, value in self._references:
            resolved = Tokenization.resolve(value, preparing=False, resolver=resolver, scope=node)
            for name in sorted(set(_REFERENCE.findall(json.dumps(resolved, default=str)))):
                if _stays(stack, name):
                    Annotations.of(node).add_warning(
                        f'{label(path)} comes from the variable "{name}", which is not ephemeral, so its value stands in clear '
                        f'in the plan file. Pass Secret.variable("{name}") instead; TF_VAR_{name} goes on feeding it.'
                    )


def _stays(stack: TerraformStack, name: str) -> bool:
    """Whether the stack has a variable of this name that is not ephemeral."""
    direct = stack.node.try_find_child(name)
    for each in [direct] if isinstance(direct, TerraformVariable) else stack.node.find_all():
        if isinstance(each, TerraformVariable) and each.friendly_unique_id == name:
            settings = each.to_terraform()["variable"][name]
            return settings.get("ephemeral") is not True
    return False


def _suggested(construct: Construct, path: Path) -> str:
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
