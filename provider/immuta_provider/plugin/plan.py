"""Plans one resource: the planned state follows from the schema, the configuration and the prior state.

The rules, for each attribute at every depth:

- a configured value is planned as configured, unless the prior value is equivalent, which then stays;
- a computed attribute that is not configured keeps its prior value. It is unknown in a creation and in a new nested object. It is
  also unknown beside a changed value in the same nested object, unless its own change would replace the resource. At the root it
  is not, so that an update does not change everything that refers to the resource;
- an attribute that was configured at the last write and is not any more is unknown, and counts as a change;
- a computed attribute that is not optional is unknown in each plan that writes, unless it is `use_state_for_unknown`;
- a `requires_replace` attribute that changes from one value to another replaces the resource. A change from null does not,
  because null after an import means that the value is not known;
- a write-only attribute is null;
- a change of a `state_only` attribute writes the state and calls nothing.

Source for what Terraform demands of a plan: "Terraform Resource Instance Change Lifecycle" (in the docs folder of Terraform's own
source).
"""

from __future__ import annotations

from .elements import same_element
from .paths import Key
from .values import UNKNOWN, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from .interfaces import Object
    from .paths import Path
    from .schema import Attribute, Nested, Schema


class Plan:
    """The result of `plan`. `writes` is True if the apply has to call the server. `replaces` has the paths of the
    attributes that force a replacement."""

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
    """Plans `config` over `prior` (None = create).

    `configured` has the paths that were configured at the last write. `write` plans a write even if no attribute changed,
    for a rotated secret or a repair.
    """
    planned = {
        a.name: _value(a, config.get(a.name), (prior or {}).get(a.name), prior is None, (a.name,), configured)
        for a in schema.attributes
    }
    if prior is None:
        return Plan(planned, True)
    if not write and not _differs(schema, prior, planned):
        return Plan(planned, False)
    replaces: list[Path] = []
    for attribute in schema.attributes:
        name = attribute.name
        _collect_replaced(attribute, prior.get(name), planned[name], (name,), replaces)
        if attribute.computed and not attribute.optional and not attribute.use_state_for_unknown:
            planned[name] = UNKNOWN
    return Plan(planned, True, tuple(replaces))


def configured_paths(schema: Schema, config: Object) -> list[Path]:
    """The paths of the optional computed attributes that `config` sets: a later plan sees by them that one was removed.

    Any other attribute is null once it is removed, which the plan sees by itself.
    """
    paths: list[Path] = []
    for attribute in schema.attributes:
        _collect_configured(attribute, config.get(attribute.name), (attribute.name,), paths)
    return paths


def writes(schema: Schema, prior: Object, planned: Object) -> bool:
    """True if more than `state_only` attributes change."""
    return _differs(schema, prior, planned)


def _value(
    attribute: Attribute, config: Any, prior: Any, new: bool, path: Path, configured: Collection[Path]
) -> Any:
    if attribute.write_only:
        return None
    if isinstance(config, Unknown):
        return config
    if config is None:
        if not attribute.computed:
            return None
        if attribute.use_state_for_unknown and prior is not None:
            return prior
        return UNKNOWN if new or _was_configured(path, configured) else prior
    nested = attribute.nested
    if nested is None:
        if (
            attribute.semantic_equality is not None
            and prior is not None
            and attribute.semantic_equality(prior, config)
        ):
            return prior
        return config
    if nested.nesting == "single":
        return _object(nested, config, prior, path, configured)
    if nested.nesting == "map":
        before = prior if isinstance(prior, dict) else {}
        return {
            key: _object(nested, value, before.get(key), (*path, Key(key)), configured)
            for key, value in config.items()
        }
    # Terraform compares elements by position, so a moved element has to be planned as configured.
    elements = prior if isinstance(prior, list) else []
    return [
        _object(nested, value, elements[i] if i < len(elements) else None, (*path, i), configured)
        for i, value in enumerate(config)
    ]


def _object(nested: Nested, config: Any, prior: Any, path: Path, configured: Collection[Path]) -> Any:
    if not isinstance(config, dict):
        return config
    before = prior if isinstance(prior, dict) and same_element(nested, config, prior) else None
    planned = {
        a.name: _value(
            a, config.get(a.name), (before or {}).get(a.name), before is None, (*path, a.name), configured
        )
        for a in nested.attributes
    }
    if before is not None and any(planned[a.name] != before.get(a.name) for a in nested.attributes):
        for a in nested.attributes:
            if (
                config.get(a.name) is None
                and a.computed
                and not (a.requires_replace or a.use_state_for_unknown)
            ):
                planned[a.name] = UNKNOWN
    return planned


def _was_configured(path: Path, configured: Collection[Path]) -> bool:
    depth = len(path)
    return any(p[:depth] == path for p in configured)


def _differs(schema: Schema, prior: Object, planned: Object) -> bool:
    return any(prior.get(a.name) != planned[a.name] for a in schema.attributes if not a.state_only)


def _collect_replaced(attribute: Attribute, prior: Any, planned: Any, path: Path, out: list[Path]) -> None:
    if prior is None or prior == planned:
        return
    nested = attribute.nested
    if attribute.requires_replace:
        out.append(path)
    elif nested is not None and nested.nesting == "single" and isinstance(prior, dict):
        if isinstance(planned, dict):
            for child in nested.attributes:
                _collect_replaced(
                    child, prior.get(child.name), planned.get(child.name), (*path, child.name), out
                )
        elif any(child.requires_replace and prior.get(child.name) is not None for child in nested.attributes):
            out.append(path)


def _collect_configured(attribute: Attribute, config: Any, path: Path, out: list[Path]) -> None:
    if config is None or attribute.write_only or not attribute.optional:
        return
    if attribute.computed:
        out.append(path)
    nested = attribute.nested
    if nested is None:
        return
    objects = [(path, config)] if nested.nesting == "single" else [((*path, i), c) for i, c in _items(config)]
    for steps, value in objects:
        if isinstance(value, dict):
            for child in nested.attributes:
                _collect_configured(child, value.get(child.name), (*steps, child.name), out)


def _items(config: Any) -> list[tuple[int, Any]]:
    return list(enumerate(config)) if isinstance(config, list) else []
