"""The configuration that an update carries out.

Apply gets the configuration as it is written, also where `ignore_changes` holds a value back: only the planned state has the
value that stays. Secrets are the other way round: they are in the configuration alone. A planned value can also be one that
Immuta filled and that nobody configured: the plan remembers which ones were configured in it.
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


class Effective:
    """`config` with each value as it is planned, where that is known; secrets as configured. `configured` holds the paths of the
    optional attributes that were configured in the plan.

    A row of a list that is planned to stay, and that the configuration no longer has, has lost its secrets: `lost` holds the
    paths of such rows.
    """

    __slots__ = ("_configured", "config", "lost")

    def __init__(
        self, schema: Schema, config: Object, planned: Object, configured: Collection[tuple[object, ...]] = ()
    ) -> None:
        self._configured = configured
        self.lost: list[Path] = []
        self.config = self._object(schema, config, planned, ())

    def _object(self, attributes: Schema | Nested, config: Object, planned: Object, path: Path) -> Object:
        result: Object = {}
        for attribute in attributes.attributes:
            given, kept = config.get(attribute.name), planned.get(attribute.name)
            place = (*path, attribute.name)
            filled = given is None and attribute.computed and place not in self._configured
            settled = not (attribute.write_only or filled or isinstance(kept, Unknown))
            result[attribute.name] = self._value(attribute.nested, given, kept, place) if settled else given
        return result

    def _value(self, nested: Nested | None, given: Any, kept: Any, path: Path) -> Any:
        if nested is None or kept is None:
            return kept
        if not isinstance(kept, list):
            return self._object(nested, given if isinstance(given, dict) else {}, kept, path)
        rows = match(nested, kept, given if isinstance(given, list) else [], certain=True)
        for i, row in enumerate(rows):
            if row is None and nested.holds_write_only:
                self.lost.append((*path, i))
        return [
            self._object(nested, row or {}, each, (*path, i))
            for i, (row, each) in enumerate(zip(rows, kept, strict=True))
        ]
