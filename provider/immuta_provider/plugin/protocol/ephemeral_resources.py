"""The RPCs of ephemeral resources."""

from __future__ import annotations

from . import arguments, encoding
from .codecs import Registry, whole
from .failures import Unanswered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..diagnostics import Diagnostics
    from ..interfaces import EphemeralResource
    from .codecs import Codec

    Fields = dict[str, Any]


class EphemeralResources:
    """Implements the RPCs."""

    def __init__(self, resources: Mapping[str, EphemeralResource]) -> None:
        self.registry = Registry("ephemeral resource type", resources)

    def validate(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        resource, codec = self._find(request)
        config = whole(codec.config(request["config"]))
        arguments.check_settable(codec.schema, config, diagnostics)
        if arguments.check_required(codec.schema, config, diagnostics):
            resource.validate(config, diagnostics)
        return {}

    def open(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        resource, codec = self._find(request)
        config = whole(codec.config(request["config"]))
        if not arguments.check_required(codec.schema, config, diagnostics):
            return {}
        opened = resource.open(config, diagnostics)
        if opened is None:
            if not diagnostics.has_error:
                raise Unanswered("the ephemeral resource was not opened, and no error says why")
            return {}
        return {
            "result": codec.encode_read(opened.result),
            "renew_at": encoding.timestamp(opened.renew_at),
            "private": opened.private or None,
        }

    def renew(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        resource, _ = self._find(request)
        renewed = resource.renew(request["private"] or b"", diagnostics)
        if renewed is None:
            return {"private": request["private"]}
        return {"renew_at": encoding.timestamp(renewed.renew_at), "private": renewed.private or None}

    def close(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        resource, _ = self._find(request)
        resource.close(request["private"] or b"", diagnostics)
        return {}

    def _find(self, request: Fields) -> tuple[EphemeralResource, Codec]:
        resource: EphemeralResource
        resource, codec = self.registry.find(request["type_name"])
        return resource, codec
