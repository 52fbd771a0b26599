"""Compares and arranges the bodies of records."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    Body = dict[str, Any]


def holds(record: Body, key: str, value: str, nested: str) -> bool:
    """Returns whether a record, or one nested in it, has the text at a key."""
    below = record.get(nested) if nested else None
    return str(record.get(key)) == value or any(holds(each, key, value, nested) for each in below or ())


def is_below(id: str, above: str) -> bool:
    """Tells if a record of a tree is below another one. In a tree without nesting the whole name is the id."""
    return id.startswith(f"{above}.")


def nested(records: list[Body], key: str, into: str) -> list[Body]:
    """Records of a flat list, each with those that its key is the beginning of, up to a dot, under `into`."""
    by_key: dict[str, Body] = {str(record.get(key, "")): {**record, into: []} for record in records}
    roots = []
    for name, record in by_key.items():
        above = name
        while "." in above:
            above = above.rpartition(".")[0]
            if above in by_key:
                by_key[above][into].append(record)
                break
        else:
            roots.append(record)
    return roots


def only(value: Any, keys: Collection[str]) -> Any:
    """The value with these keys alone, at every depth."""
    if isinstance(value, dict):
        own = {key: only(each, keys) for key, each in value.items()}
        return {key: each for key, each in own.items() if key in keys or isinstance(each, list | dict)}
    return [only(each, keys) for each in value] if isinstance(value, list) else value


def has(value: Any, keys: Collection[str]) -> bool:
    """Returns whether one of the keys is in the value, at any depth."""
    if isinstance(value, dict):
        return any(key in keys or has(each, keys) for key, each in value.items())
    return isinstance(value, list) and any(has(each, keys) for each in value)


def shows(sent: Any, actual: Any, *, whole_lists: bool = False) -> bool:
    """Returns whether Immuta shows everything that was sent, the order of lists apart; of `whole_lists`, nothing besides."""
    if isinstance(sent, dict) and isinstance(actual, dict):
        return all(shows(value, actual.get(key), whole_lists=whole_lists) for key, value in sent.items())
    if isinstance(sent, list) and isinstance(actual, list):
        return (not whole_lists or len(sent) == len(actual)) and all(
            any(shows(each, other, whole_lists=whole_lists) for other in actual) for each in sent
        )
    return bool(sent == actual)
