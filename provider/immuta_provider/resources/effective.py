"""The configuration that an update carries out.

Apply gets the configuration as it is written, also where `ignore_changes` holds a value back: only the planned state has the
value that stays. Secrets are the other way round: they are in the configuration alone.
"""

from __future__ import annotations

from ..plugin.values import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..plugin.provider import Object
    from ..plugin.schema import Nested, Schema


def effective(attributes: Schema | Nested, config: Object, planned: Object) -> Object:
    """`config` with each value as it is planned, where that is known; secrets as configured."""
    result: Object = {}
    for attribute in attributes.attributes:
        given, kept = config.get(attribute.name), planned.get(attribute.name)
        # What only Immuta fills is in the plan as well, and is no configuration for that.
        filled = given is None and (attribute.stable or not (attribute.optional or attribute.required))
        settled = not (attribute.write_only or filled or isinstance(kept, Unknown))
        result[attribute.name] = _value(attribute.nested, given, kept) if settled else given
    return result


def _value(nested: Nested | None, given: Any, kept: Any) -> Any:
    if nested is None or kept is None:
        return kept
    if isinstance(kept, list):
        rows = given if isinstance(given, list) and len(given) == len(kept) else [None] * len(kept)
        return [_value(nested, row, each) for row, each in zip(rows, kept, strict=True)]
    return effective(nested, given if isinstance(given, dict) else {}, kept)
