"""The environment variables of the teardown credentials."""

from __future__ import annotations

from collections.abc import Iterator

from immuta_provider.model.fields import Field
from immuta_provider.model.integrations.teardown import teardown_fields
from immuta_provider.model.integrations.type import IntegrationType

Path = tuple[str, ...]


def variables(integration: IntegrationType) -> dict[Path, str]:
    """The variable of each credential that the type's DELETE takes, by its path inside the platform's object."""
    prefix = ("IMMUTA_TEARDOWN", integration.teardown_platform)
    return {path: "_".join((*prefix, *path)).upper() for path in _leaves(teardown_fields(integration), ())}


def _leaves(fields: tuple[Field, ...], at: Path) -> Iterator[Path]:
    for field in fields:
        if field.fields:
            yield from _leaves(field.fields, (*at, field.name))
        else:
            yield (*at, field.name)
