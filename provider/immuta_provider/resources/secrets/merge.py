"""The configuration that an update carries out.

Apply gets the configuration as it is written, also where `ignore_changes` holds a value back: only the planned state has the
value that stays. Secrets are the other way round: they are in the configuration alone. A computed value is in the plan but was
not configured, so it is not sent; the plan remembers which optional attributes were configured.
"""

from __future__ import annotations

from ...plugin.elements import match
from ...plugin.values import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from ...plugin.interfaces import Object
    from ...plugin.schema import Nested, Schema

    Path = tuple[str | int, ...]


def config_for_update(
    schema: Schema, config: Object, planned: Object, configured: Collection[tuple[object, ...]] = ()
) -> tuple[Object, list[Path]]:
    """`config` with each value as it is planned, where that is known; secrets as configured. `configured` holds the paths of the
    optional attributes that were configured in the plan.

    An element of a list that is planned to stay, and that the configuration no longer has, has lost its secrets: the second value
    holds the paths of such elements.
    """
    lost: list[Path] = []

    def of_object(attributes: Schema | Nested, config: Object, planned: Object, path: Path) -> Object:
        result: Object = {}
        for attribute in attributes.attributes:
            written, kept = config.get(attribute.name), planned.get(attribute.name)
            place = (*path, attribute.name)
            chosen_by_server = written is None and attribute.computed and place not in configured
            settled = not (attribute.write_only or chosen_by_server or isinstance(kept, Unknown))
            result[attribute.name] = of_value(attribute.nested, written, kept, place) if settled else written
        return result

    def of_value(nested: Nested | None, written: Any, kept: Any, path: Path) -> Any:
        if nested is None or kept is None:
            return kept
        if not isinstance(kept, list):
            return of_object(nested, written if isinstance(written, dict) else {}, kept, path)
        elements = match(nested, kept, written if isinstance(written, list) else [], certain=True)
        if nested.holds_write_only:
            lost.extend((*path, i) for i, element in enumerate(elements) if element is None)
        return [
            of_object(nested, element or {}, each, (*path, i))
            for i, (element, each) in enumerate(zip(elements, kept, strict=True))
        ]

    return of_object(schema, config, planned, ()), lost
