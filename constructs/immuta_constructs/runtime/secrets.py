"""Terraform variables for secrets. Each stack that uses one declares it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

import jsii
from constructs import IConstruct

from ..cdk import Fn, IAnyProducer, IResolveContext, Lazy, TerraformStack, Token
from .tokens import TEXT

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# Terraform reserves these names.
_RESERVED = {"source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"}


class Secret(str):
    """A secret that Terraform passes on but never stores: `password=Secret.variable("snowflake_password")`.

    The object is a cdktf token, not the secret itself. It may also be part of other text or an argument of a function:
    `connect_args=f"PRIV_KEY_FILE_PWD={Secret.variable('passphrase')}"`, `Fn.trimspace(Secret.variable("password"))`.
    """

    __slots__ = ()

    @classmethod
    def variable(cls, name: str, *, description: str | None = None) -> Secret:
        """Returns a Terraform variable for a secret. It is sensitive, and *ephemeral*, so no plan file contains it.

        Set its value in the environment variable `TF_VAR_<name>`, where cdktf or Terraform runs.
        Use it for any secret argument of a resource, of `ImmutaProvider` and of `TeardownCredentials`. It may also be used
        elsewhere in a stack, such as in an override, a module's variables or another provider's resource. Terraform
        refuses it where the value would be stored. Each stack that uses it declares the variable.

        Args:
            name: the variable's name in Terraform: letters, digits and underscores, not starting with a digit.
            description: the text that Terraform shows when it prompts for the value. Default: none.

        Raises:
            ValueError: `name` is not a valid variable name.
        """
        if not isinstance(name, str) or not _NAME.fullmatch(name) or name in _RESERVED:
            raise ValueError(
                f"{name!r} is not a valid name of a Terraform variable: use letters, digits and underscores, do not start with a "
                f"digit, and use none of {', '.join(sorted(_RESERVED))}"
            )
        variable = _by_name.get(name)
        if variable is None:
            variable = _by_name[name] = _Variable(name)
            _by_token[variable.token] = variable
        variable.description = description or variable.description
        return cls(variable.token)


@jsii.implements(IAnyProducer)
class _Variable:
    """A variable. A stack declares it when cdktf resolves a reference to it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.description: str | None = None
        # A function's argument that is plain text would be escaped as a literal. cdktf writes this token with `${}` outside
        # expressions and without it inside.
        self.reference: str = Token.as_string(Fn.lookup_nested(Token.as_any(f"var.{name}"), []))
        self.token: str = Token.as_string(Lazy.any_value(self))

    def produce(self, context: IResolveContext) -> str:
        _declare(TerraformStack.of(context.scope), self)
        return self.reference


_by_name: dict[str, _Variable] = {}
_by_token: dict[str, _Variable] = {}
_declared: WeakKeyDictionary[TerraformStack, set[str]] = WeakKeyDictionary()
_stacks: WeakKeyDictionary[IConstruct, TerraformStack] = WeakKeyDictionary()


def _declare(stack: TerraformStack, variable: _Variable) -> None:
    """Adds a variable to a stack, once.

    The variable is an override because an aspect may bring the secret in after cdktf has listed the constructs.
    """
    declared = _declared.setdefault(stack, set())
    if variable.name in declared:
        return
    declared.add(variable.name)
    about = {"type": "string", "sensitive": True, "ephemeral": True, "description": variable.description}
    for key, value in about.items():
        if value is not None:
            stack.add_override(f"variable.{variable.name}.{key}", value)


def declared(scope: IConstruct, value: Any) -> Any:
    """Declares the secrets in a plain value and returns the value with references; cdktf then calls Python less often."""
    if isinstance(value, Mapping):
        return {key: declared(scope, item) for key, item in value.items()}
    if isinstance(value, list):
        return [declared(scope, item) for item in value]
    if not isinstance(value, str):
        return value
    for variable in secrets_in(value):
        _declare(_stack_of(scope), variable)
    return referenced(value)


def referenced(value: Any) -> Any:
    """Returns a text with references in place of its secrets, without declaring them; another value is returned as it is."""
    if not isinstance(value, str):
        return value
    for variable in secrets_in(value):
        value = value.replace(variable.token, variable.reference)
    return str(value)


def _stack_of(scope: IConstruct) -> TerraformStack:
    """Returns the stack of a scope. cdktf is called once for each scope, since every call costs as much as all checks."""
    if isinstance(scope, TerraformStack):
        return scope
    stack = _stacks.get(scope)
    if stack is None:
        stack = _stacks[scope] = TerraformStack.of(scope)
    return stack


def declare_overridden(stack: TerraformStack) -> None:
    """Declares the secrets in a stack's overrides, which cdktf would resolve too late."""
    if _by_name.keys() - _declared.get(stack, set()):
        stack.to_terraform()


def is_declared(stack: TerraformStack, name: str) -> bool:
    """Tells if the stack has declared a secret's variable of that name."""
    return name in _declared.get(stack, ())


def secrets_in(text: str) -> list[_Variable]:
    """Returns the variables of the secrets in a text."""
    return [_by_token[token] for token in TEXT.findall(text) if token in _by_token]
