"""Checks and changes values of requests."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from immuta_simulator.refusal import Refusal

Model = TypeVar("Model", bound=BaseModel)


def parsed(model: type[Model], value: object) -> Model:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        problems = ((".".join(map(str, e["loc"])), e["msg"]) for e in error.errors(include_url=False))
        raise Refusal(
            400, "; ".join(f"{place}: {text}" if place else text for place, text in problems)
        ) from error


def merged(value: Any, patch: Any) -> Any:
    """JSON merge patch: objects merge, null removes, everything else replaces."""
    if not isinstance(patch, Mapping):
        return deepcopy(patch)
    out = dict(value) if isinstance(value, Mapping) else {}
    for name, part in patch.items():
        if part is None:
            out.pop(name, None)
        else:
            out[name] = merged(out.get(name), part)
    return out


def number_of(text: str) -> int | None:
    """The number in a path or a query; None if it is not a number, or too large for SQLite."""
    # Only ASCII digits: int() would also take other scripts' digits and underscores.
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
