"""The checks of the arguments of data sources and ephemeral resources: the provider would say the same in the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from immuta_provider.model.rules import Problem

from . import integration_reads
from .checks import wrong_type
from .unusable import unusable

IDS = ("id", "integration_id")

# By data source: what its arguments have to be together.
TOGETHER: Mapping[str, Callable[[Mapping[str, Any]], Iterable[Problem]]] = {
    "immuta_integration": integration_reads.one_way,
}


def problems(
    resource: str,
    config: Mapping[str, Any],
    kinds: Mapping[str, str],
    required: Sequence[str],
    scripts: Sequence[str],
    *,
    secrets: bool,
) -> list[Problem]:
    """Every problem of the arguments. `kinds`: the model's kind of each argument; `config`: those that are set; `scripts`: those
    that `script` may name, () where there is no such argument; `secrets`: it takes real ones."""
    found = [*unusable(config), *_missing(config, required), *_kinds(config, kinds), *_ids(config)]
    if found:
        return found
    if scripts:
        existing = "integration_id" in kinds
        return list(integration_reads.script_problems(config, scripts, existing=existing, secrets=secrets))
    return list(TOGETHER[resource](config)) if resource in TOGETHER else []


def _missing(config: Mapping[str, Any], required: Sequence[str]) -> Iterator[Problem]:
    for name in required:
        if config.get(name) is None:
            yield Problem(
                (name,), True, f"{name} is missing", "it is None or not given, and is always needed."
            )


def _kinds(config: Mapping[str, Any], kinds: Mapping[str, str]) -> Iterator[Problem]:
    """The values that are of another kind than their argument; an id may be a number, which Terraform writes as text."""
    for name, value in config.items():
        is_id = name in IDS and isinstance(value, int) and not isinstance(value, bool)
        if not is_id:
            yield from wrong_type(value, kinds[name], (name,))


def _ids(config: Mapping[str, Any]) -> Iterator[Problem]:
    for name in IDS:
        value = config.get(name)
        if isinstance(value, str) and not value.strip():
            yield Problem((name,), True, f"{name} is empty", 'pass Immuta\'s id of it, such as "7".')
