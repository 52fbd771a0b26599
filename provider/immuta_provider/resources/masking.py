"""Requests and answers for the log: what the model knows and does not call secret, and nothing else.

A text under any other key may be anything: a failed test's message, say, in which Immuta repeats a password that this
process does not know and could not take out.
"""

from __future__ import annotations

from ..plugin.redaction import MARK
from .quoting import WITHHELD, sent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Any

    from ..model.fields import ResourceType

# Of the envelope around a configuration, those with texts of a fixed set.
_ENVELOPE = frozenset({"id", "type", "status"})


def mask(types: tuple[ResourceType, ...]) -> Callable[[Any], Any]:
    """A function that gives a copy of decoded JSON in which every text is a mark, at any depth, but those under the keys of
    the model's fields in `config` that are not secret; under a secret one, whatever it holds."""
    fields = [field for type in types for _, field in type.walk()]
    secret = {field.key for field in fields if field.secret}
    shown = {field.key for field in fields} - secret

    def masked(value: Any, known: bool, names: Collection[str]) -> Any:
        if isinstance(value, dict):
            return {
                _name(key): MARK
                if key in secret
                else masked(item, key in names, shown if key == "config" else names)
                for key, item in value.items()
            }
        if isinstance(value, list):
            return [masked(each, known, names) for each in value]
        if not isinstance(value, str):
            return value
        # A secret that is too short to be told from other text is in no line either.
        return value if known and sent(value) != WITHHELD else MARK

    return lambda value: masked(value, False, _ENVELOPE)


def _name(key: str) -> str:
    return key if key.isidentifier() and len(key) < 64 else MARK
