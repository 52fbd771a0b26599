"""Requests and answers for the log: everything that the model says is secret is left out."""

from __future__ import annotations

from ..integrations import rules
from ..plugin.redaction import MARK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..integrations.fields import IntegrationType


def mask(integrations: tuple[IntegrationType, ...]) -> Callable[[Any], Any]:
    """A function that gives a copy of decoded JSON in which the value under every secret key, at any depth, is a mark:
    the model's keys, and those that look like one."""
    keys = {field.key for integration in integrations for _, field in integration.walk() if field.secret}

    def masked(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: MARK
                if key in keys or (rules.looks_secret(key) and not isinstance(held, dict))
                else masked(held)
                for key, held in value.items()
            }
        return [masked(each) for each in value] if isinstance(value, list) else value

    return masked
