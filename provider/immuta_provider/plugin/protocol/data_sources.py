"""The RPCs of data sources."""

from __future__ import annotations

from . import arguments
from .codecs import Registry, whole
from .failures import Unanswered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..diagnostics import Diagnostics
    from ..interfaces import DataSource
    from .codecs import Codec

    Fields = dict[str, Any]


class DataSources:
    """Implements the RPCs."""

    def __init__(self, data_sources: Mapping[str, DataSource]) -> None:
        self.registry = Registry("data source", data_sources)

    def validate(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        source, codec = self._find(request)
        config = whole(codec.config(request["config"]))
        arguments.check_settable(codec.schema, config, diagnostics)
        if arguments.check_required(codec.schema, config, diagnostics):
            source.validate(config, diagnostics)
        return {}

    def read(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        source, codec = self._find(request)
        config = whole(codec.config(request["config"]))
        if not arguments.check_required(codec.schema, config, diagnostics):
            return {}
        found = source.read(config, diagnostics)
        if found is None:
            if not diagnostics.has_error:
                raise Unanswered("the data source was not read, and no error says why")
            return {}
        return {"state": codec.encode_read(found)}

    def _find(self, request: Fields) -> tuple[DataSource, Codec]:
        source: DataSource
        source, codec = self.registry.find(request["type_name"])
        return source, codec
