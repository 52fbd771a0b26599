"""The rules of `additional_config`: JSON text of an object, without the keys that have attributes and without secrets.

What Immuta makes of the keys is compared elsewhere, in the provider's `resources/additional_config_drift.py`.
"""

from __future__ import annotations

from immuta_provider.model.fields import OBJECT
from immuta_provider.model.json_text import DuplicateKey, parse
from immuta_provider.model.secret_keys import looks_secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from immuta_provider.model.fields import Field

    # A code, and the facts that belong to it.
    Violation = tuple[str, dict[str, Any]]

DUPLICATE_KEY = "duplicate_key"
NOT_AN_OBJECT = "not_an_object"
HAS_ATTRIBUTE = "has_attribute"
LOOKS_SECRET = "looks_secret"


def violations(text: str, fields: tuple[Field, ...]) -> Iterator[Violation]:
    """Everything that is wrong with the text. `fields`: those of the type; no value is ever among the facts."""
    try:
        tree = parse(text, unique=True)
    except DuplicateKey as duplicate:
        yield DUPLICATE_KEY, {"key": duplicate.key}
        return
    except ValueError:
        yield NOT_AN_OBJECT, {"is_json": False}
        return
    if isinstance(tree, dict):
        yield from _of_object(tree, fields, (), ())
    else:
        yield NOT_AN_OBJECT, {"is_json": True}


def _of_object(
    tree: dict[str, Any], fields: tuple[Field, ...], keys: tuple[str, ...], names: tuple[str, ...]
) -> Iterator[Violation]:
    """`keys` and `names` lead to the object: as JSON keys, and as attributes."""
    by_key = {field.key: field for field in fields if field.key}
    for key, value in tree.items():
        field = by_key.get(key)
        if field is None:
            yield from _secrets({key: value}, keys)
        elif field.kind == OBJECT and isinstance(value, dict):
            yield from _of_object(value, field.fields, (*keys, key), (*names, field.name))
        else:
            yield HAS_ATTRIBUTE, {"key": ".".join((*keys, key)), "attribute": ".".join((*names, field.name))}


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
