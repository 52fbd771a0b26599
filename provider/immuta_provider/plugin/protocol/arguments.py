"""Checks of a configuration that Terraform leaves to the provider: no value for an attribute that is only computed, and no null
for a required one. (An unknown value may become null during apply.)"""

from __future__ import annotations

from ..paths import dotted
from ..secrecy import objects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ..diagnostics import Diagnostics
    from ..paths import Path
    from ..schema import Nested, Schema


def check_settable(schema: Schema, config: Any, diagnostics: Diagnostics) -> None:
    """Reports an error for each value in `config`, a whole configuration, whose attribute is only computed."""
    for path in _computed_only(schema, config, ()):
        diagnostics.error(
            f"{dotted(path)} cannot be set",
            f"{dotted(path)} is computed by the provider and cannot be configured. Remove it from the configuration.",
            path,
        )


def check_required(schema: Schema, config: Any, diagnostics: Diagnostics) -> bool:
    """Reports an error for each required attribute of `config`, a whole configuration, that is null. True if there is none."""
    missing = [a.name for a in schema.attributes if a.required and config[a.name] is None]
    for name in missing:
        diagnostics.error(
            f"{name} is missing", f"{name} is required, but its value is null. Set {name}.", (name,)
        )
    return not missing


def _computed_only(attributes: Schema | Nested, value: Any, path: Path) -> Iterator[Path]:
    """The paths of the values whose attribute is computed and not optional."""
    if not isinstance(value, dict):
        return
    for attribute in attributes.attributes:
        inner = value.get(attribute.name)
        if inner is None:
            continue
        if attribute.computed and not attribute.optional:
            yield (*path, attribute.name)
        elif attribute.nested is not None:
            for steps, each in objects(attribute.nested, inner):
                yield from _computed_only(attribute.nested, each, (*path, attribute.name, *steps))
