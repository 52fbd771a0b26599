"""Variables for secrets, which every stack declares that uses one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

import jsii
from cdktf import Fn, IAnyProducer, IResolveContext, Lazy, TerraformStack, Token

from .tokens import TEXT

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# Terraform takes no variable of these names.
_RESERVED = {"source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"}


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
        Every argument that is a secret takes it, in an integration, in `ImmutaProvider` and in `TeardownCredentials`. It may
        stand anywhere else in a stack, too, such as in an override, a module's variables or another provider's resource;
        Terraform refuses it where a value would be kept. Each stack that uses it declares the variable.

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
        variable = _by_name.get(name)
        if variable is None:
            variable = _by_name[name] = _Variable(name)
            _by_token[variable.token] = variable
        variable.description = description or variable.description
        return cls(variable.token)


@jsii.implements(IAnyProducer)
class _Variable:
    """A variable, which a stack declares when it writes down a reference to it, wherever that is."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.description: str | None = None
        # Plain text would be taken for a literal inside a function and be escaped there. This token is written with
        # `${}` outside of expressions and without inside.
        self.reference: str = Token.as_string(Fn.lookup_nested(Token.as_any(f"var.{name}"), []))
        self.token: str = Token.as_string(Lazy.any_value(self))

    def produce(self, context: IResolveContext) -> str:
        _declare(TerraformStack.of(context.scope), self)
        return self.reference


_by_name: dict[str, _Variable] = {}
_by_token: dict[str, _Variable] = {}
_declared: WeakKeyDictionary[TerraformStack, set[str]] = WeakKeyDictionary()


def _declare(stack: TerraformStack, variable: _Variable) -> None:
    """Add a variable to a stack, once.

    It is an override, since cdktf has already listed the constructs where it is an aspect that brings the secret in.
    """
    declared = _declared.setdefault(stack, set())
    if variable.name in declared:
        return
    declared.add(variable.name)
    about = {"type": "string", "sensitive": True, "ephemeral": True, "description": variable.description}
    for key, value in about.items():
        if value is not None:
            stack.add_override(f"variable.{variable.name}.{key}", value)


def declared(stack: TerraformStack, value: Any) -> Any:
    """A plain value whose secrets the stack has declared; cdktf then need not call Python for each of them."""
    if isinstance(value, Mapping):
        return {key: declared(stack, item) for key, item in value.items()}
    if isinstance(value, list):
        return [declared(stack, item) for item in value]
    if not isinstance(value, str):
        return value
    for variable in secrets_in(value):
        _declare(stack, variable)
        value = value.replace(variable.token, variable.reference)
    return str(value)


def declare_overridden(stack: TerraformStack) -> None:
    """Have a stack declare the secrets in its own overrides too, which cdktf reads when it is too late for that."""
    if _by_name.keys() - _declared.get(stack, set()):
        stack.to_terraform()


def is_declared(stack: TerraformStack, name: str) -> bool:
    """Whether the stack has declared the variable of that name for a secret."""
    return name in _declared.get(stack, ())


def secrets_in(text: str) -> list[_Variable]:
    """The variables of the secrets in a text."""
    return [_by_token[token] for token in TEXT.findall(text) if token in _by_token]
