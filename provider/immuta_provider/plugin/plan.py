"""The plan of one resource: what its state will be, worked out from its schema, its configuration and its prior state.

The rules, an attribute at a time and at every depth:

- a configured value is planned as configured, unless the prior state holds an equivalent spelling of it;
- a computed attribute that is not configured keeps its prior value while nothing else changes, and is unknown in a plan
  that writes (creation or update): the server may fill it anew;
- one that was configured when the resource was last written, and is no longer, is unknown: a change like any other;
- a `replace` attribute that changes from one value to another replaces the resource; from null it does not (after an
  import null means that nobody knows);
- a write-only attribute is null;
- a `local` attribute lives in the state alone: its change writes the state and calls nothing.

Source: "Terraform Resource Instance Change Lifecycle" (in the docs folder of Terraform's own source) says what Terraform holds
a plan to.
"""

from __future__ import annotations

from .paths import Key
from .values import UNKNOWN, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from .paths import Path
    from .provider import Object
    from .schema import Attribute, Schema


class Plan:
    """What `plan` found: the planned state, whether it needs a write, and which attributes force a replacement."""

    __slots__ = ("replaces", "state", "writes")

    def __init__(self, state: Object, writes: bool, replaces: tuple[Path, ...] = ()) -> None:
        self.state = state
        self.writes = writes
        self.replaces = replaces


def plan(
    schema: Schema,
    prior: Object | None,
    config: Object,
    *,
    configured: Collection[Path] = (),
    write: bool = False,
) -> Plan:
    """The plan for `config` over `prior` (None: the resource is to be created).

    `configured` holds the paths that were configured when the resource was last written; `write` asks for a write even
    where no attribute changed (a rotated secret, a repair).
    """
    if prior is None:
        return Plan(_planned(schema, config, None, True, configured), True)
    kept = _planned(schema, config, prior, False, configured)
    if not write and not _differs(schema, prior, kept):
        return Plan(kept, False)
    replaces: list[Path] = []
    for attribute in schema.attributes:
        _collect_replaced(
            attribute, prior.get(attribute.name), kept[attribute.name], (attribute.name,), replaces
        )
    return Plan(_planned(schema, config, prior, True, configured), True, tuple(replaces))


def configured_paths(schema: Schema, config: Object) -> list[Path]:
    """The paths of every optional attribute that `config` sets, write-only ones apart: a later plan sees a removal by them."""
    paths: list[Path] = []
    for attribute in schema.attributes:
        _collect_configured(attribute, config.get(attribute.name), (attribute.name,), paths)
    return paths


def writes(schema: Schema, prior: Object, planned: Object) -> bool:
    """Whether a planned state asks for more than `local` changes."""
    return _differs(schema, prior, planned)


def _planned(
    schema: Schema, config: Object, prior: Object | None, fresh: bool, configured: Collection[Path]
) -> Object:
    before = prior or {}
    return {
        a.name: _value(a, config.get(a.name), before.get(a.name), (a.name,), fresh, configured)
        for a in schema.attributes
    }


def _value(
    attribute: Attribute, config: Any, prior: Any, path: Path, fresh: bool, configured: Collection[Path]
) -> Any:
    if attribute.write_only:
        return None
    if isinstance(config, Unknown):
        return config
    if config is None:
        if not attribute.computed:
            return None
        if attribute.stable and prior is not None:
            return prior
        return UNKNOWN if fresh or _was_configured(path, configured) else prior
    nested = attribute.nested
    if nested is None:
        if attribute.equivalent is not None and prior is not None and attribute.equivalent(prior, config):
            return prior
        return config
    if nested.nesting == "single":
        return _object(nested.attributes, config, prior, path, fresh, configured)
    if nested.nesting == "map":
        before = prior if isinstance(prior, dict) else {}
        return {
            key: _object(nested.attributes, value, before.get(key), (*path, Key(key)), fresh, configured)
            for key, value in config.items()
        }
    # By position, as Terraform compares them: a moved row is a change, and has to be planned as configured.
    rows = prior if isinstance(prior, list) else []
    return [
        _object(nested.attributes, value, rows[i] if i < len(rows) else None, (*path, i), fresh, configured)
        for i, value in enumerate(config)
    ]


def _object(
    attributes: tuple[Attribute, ...],
    config: Any,
    prior: Any,
    path: Path,
    fresh: bool,
    configured: Collection[Path],
) -> Any:
    if not isinstance(config, dict):
        return config
    before = prior if isinstance(prior, dict) else {}
    new = fresh or not isinstance(prior, dict)
    return {
        a.name: _value(a, config.get(a.name), before.get(a.name), (*path, a.name), new, configured)
        for a in attributes
    }


def _was_configured(path: Path, configured: Collection[Path]) -> bool:
    depth = len(path)
    return any(p[:depth] == path for p in configured)


def _differs(schema: Schema, prior: Object, planned: Object) -> bool:
    return any(prior.get(a.name) != planned[a.name] for a in schema.attributes if not a.local)


def _collect_replaced(attribute: Attribute, prior: Any, planned: Any, path: Path, out: list[Path]) -> None:
    if prior is None or prior == planned:
        return
    nested = attribute.nested
    if attribute.replace:
        out.append(path)
    elif nested is not None and nested.nesting == "single" and isinstance(prior, dict):
        if isinstance(planned, dict):
            for child in nested.attributes:
                _collect_replaced(
                    child, prior.get(child.name), planned.get(child.name), (*path, child.name), out
                )
        elif any(child.replace and prior.get(child.name) is not None for child in nested.attributes):
            out.append(path)


def _collect_configured(attribute: Attribute, config: Any, path: Path, out: list[Path]) -> None:
    if config is None or attribute.write_only or attribute.required:
        return
    out.append(path)
    nested = attribute.nested
    if nested is None:
        return
    objects = [(path, config)] if nested.nesting == "single" else [((*path, i), c) for i, c in _items(config)]
    for place, value in objects:
        if isinstance(value, dict):
            for child in nested.attributes:
                _collect_configured(child, value.get(child.name), (*place, child.name), out)


def _items(config: Any) -> list[tuple[int, Any]]:
    return list(enumerate(config)) if isinstance(config, list) else []
