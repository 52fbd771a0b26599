"""Judges groups of arguments of which exactly one way has to be taken."""

from __future__ import annotations

from immuta_provider.model.findings import NO_WAY, SEVERAL_WAYS, Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from immuta_provider.model.conditions import Scope
    from immuta_provider.model.fields import Way


def violations(ways: tuple[Way, ...], top: Scope, reason: str) -> Iterator[Finding]:
    """Yields at most one finding: several ways are taken, or none is and no unknown value can still make one complete."""
    named = [name for way in ways for name in (*way.needs, *way.may)]
    fields = [field for field in top.fields if field.name in named]
    set_names = {
        field.name
        for field in fields
        if (value := top.values.get(field.name)) is not None and not top.is_unknown(value)
    }
    taken = [way for way in ways if set_names.intersection((*way.needs, *way.may))]
    # An empty list makes no way complete: Immuta does not tell it from none.
    possible = [way for way in ways if all(top.values.get(name) not in (None, []) for name in way.needs)]
    first = next(field for field in fields if field.name == ways[0].needs[0])
    facts: dict[str, Any] = {"ways": ways, "reason": reason}
    if len(taken) > 1:
        among = {name for way in taken for name in (*way.needs, *way.may)}
        names = tuple(field.name for field in fields if field.name in set_names & among)
        yield Finding(SEVERAL_WAYS, top.path, first, names=names, **facts)
    elif not possible:
        yield Finding(NO_WAY, top.path, first, **facts)
