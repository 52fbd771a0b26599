"""What Terraform leaves to the provider to say of a configuration: that an attribute is no argument, and that null is no value
of a required one (it may turn out null in the apply only)."""

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
    """An error for each value in `config`, a whole configuration, that is the provider's to tell."""
    for path in _set(schema, config, ()):
        diagnostics.error(
            f"{dotted(path)} cannot be set",
            f"{dotted(path)} is told by the provider and is no argument. Remove it from the configuration.",
            path,
        )


def check_required(schema: Schema, config: Any, diagnostics: Diagnostics) -> bool:
    """An error for each required attribute of `config`, a whole configuration, that is null; True where there is none."""
    missing = [a.name for a in schema.attributes if a.required and config[a.name] is None]
    for name in missing:
        diagnostics.error(
            f"{name} is missing", f"{name} is null, and it has to have a value. Set it.", (name,)
        )
    return not missing


def _set(attributes: Schema | Nested, value: Any, path: Path) -> Iterator[Path]:
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
                yield from _set(attribute.nested, each, (*path, attribute.name, *steps))
