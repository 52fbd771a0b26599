"""The rules of `additional_config`: JSON text of an object, without secrets and without what attributes can say.

What Immuta makes of the keys is compared elsewhere, in the provider's `resources/additional_config_drift.py`.
"""

from __future__ import annotations

from immuta_provider.model.fields import OBJECT, OBJECTS
from immuta_provider.model.json_text import DuplicateKey, parse
from immuta_provider.model.secret_keys import looks_secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from immuta_provider.model.fields import Field

    # A code, and the facts that belong to it.
    Violation = tuple[str, dict[str, Any]]

DUPLICATE_KEY = "duplicate_key"
NOT_AN_OBJECT = "not_an_object"
HAS_ATTRIBUTE = "has_attribute"
LOOKS_SECRET = "looks_secret"


def violations(text: str, fields: tuple[Field, ...], values: Mapping[str, Any]) -> Iterator[Violation]:
    """Yields the problems of the text. `fields` and `values` are those of the resource. No value of the text is among
    the facts."""
    try:
        tree = parse(text, unique=True)
    except DuplicateKey as duplicate:
        yield DUPLICATE_KEY, {"key": duplicate.key}
        return
    except ValueError:
        yield NOT_AN_OBJECT, {"is_json": False}
        return
    if isinstance(tree, dict):
        yield from _of_object(tree, fields, values, (), ())
    else:
        yield NOT_AN_OBJECT, {"is_json": True}


def _of_object(
    tree: dict[str, Any],
    fields: tuple[Field, ...],
    values: Mapping[str, Any],
    keys: tuple[str, ...],
    names: tuple[str, ...],
) -> Iterator[Violation]:
    """`keys` and `names` lead to the object: as JSON keys, and as attributes."""
    for key, value in tree.items():
        sent_there = [field for field in fields if key and field.key == key]
        field = next(iter(sent_there), None)
        if field is None:
            yield from _secrets({key: value}, keys)
        elif field.kind == OBJECT and isinstance(value, dict):
            inner = values.get(field.name)
            inside = inner if isinstance(inner, dict) else {}
            yield from _of_object(value, field.fields, inside, (*keys, key), (*names, field.name))
        elif can_say(field, value) or any(values.get(each.name) is not None for each in sent_there):
            yield HAS_ATTRIBUTE, {"key": ".".join((*keys, key)), "attribute": ".".join((*names, field.name))}
        else:
            yield from _secrets({key: value}, keys)


def can_say(field: Field, value: object) -> bool:
    """Returns whether an attribute has a form for a value: a null has none, nor have objects with unknown keys in a list."""
    if value is None:
        return False
    objects = value if field.kind == OBJECTS and isinstance(value, list) and not field.holds_secret else []
    return all(_can_say_object(field, each) for each in objects)


def _can_say_object(field: Field, value: object) -> bool:
    by_key = {each.key: each for each in field.fields}
    members = value.items() if isinstance(value, dict) else ()
    return all(
        key in by_key and (_can_say_object if by_key[key].kind == OBJECT else can_say)(by_key[key], item)
        for key, item in members
    )


def _secrets(value: object, keys: tuple[str, ...]) -> Iterator[Violation]:
    """Every key at every depth that looks like a secret."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _secrets(item, (*keys, str(index)))
    elif isinstance(value, dict):
        for key, item in value.items():
            if looks_secret(key):
                yield LOOKS_SECRET, {"key": ".".join((*keys, key))}
            else:
                yield from _secrets(item, (*keys, key))
