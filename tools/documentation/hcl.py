"""Example data as HCL, laid out as `terraform fmt` leaves it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from immuta_provider.adopt.hcl import attributes, block, variable
from immuta_provider.adopt.values import secrets_in

from documentation.examples import Example

__all__ = ["attributes", "provider", "resource"]


def resource(type: str, example: Example) -> str:
    """The variables of an example's secrets, and its resource block."""
    resource = block(f'resource "{type}" "{example.name}"', attributes(example.arguments, "  "))
    return "\n\n".join([*map(variable, example.secrets()), resource])


def provider(arguments: Mapping[str, Any]) -> str:
    """The variables of the secrets in it, and the provider block."""
    provider = block('provider "immuta"', attributes(arguments, "  "))
    return "\n\n".join([*map(variable, dict.fromkeys(secrets_in(arguments))), provider])
