"""The data sources that read by a route of their own, which no resource type has."""

from __future__ import annotations

from functools import cached_property

from ..model import payload, questions
from ..model.patterns import matches
from ..plugin.schema import Attribute, Nested, ReadSchema
from . import reads
from .configured import READ_LATER
from .data_source import read_attribute
from .schema import argument

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from ..model.fields import Reading
    from ..plugin.diagnostics import Diagnostics
    from ..plugin.interfaces import Object
    from .configured import Configured


class ReadingData:
    """One object, whose fields are the attributes, or a list of objects beside the arguments."""

    def __init__(self, reading: Reading, configured: Callable[[], Configured]) -> None:
        self.reading = reading
        self._configured = configured
        self._question = questions.reading(reading)
        sent = "&".join(f"{field.key}={{{field.name}}}" for field in reading.arguments if field.key)
        self._route = f"{reading.route}?{sent}" if sent else reading.route

    @cached_property
    def schema(self) -> ReadSchema:
        reading = self.reading
        read = tuple(map(read_attribute, reading.fields))
        if reading.plural:
            read = (
                Attribute(
                    reading.collection,
                    nested=Nested(read, "list"),
                    description=f"The {reading.plural}, in Immuta's order; empty if none matches.",
                    computed=True,
                ),
            )
        return ReadSchema((*map(argument, reading.arguments), *read), description=reading.description)

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """Every argument by itself is right."""
        reads.check(self._question, config, diagnostics)

    def read(self, config: Object, diagnostics: Diagnostics) -> Object | None:
        client = self._configured().connected(diagnostics, READ_LATER)
        if client is None:
            return None
        from ..api import readings
        from ..api.http.errors import ImmutaError

        reading = self.reading
        arguments = {field.name: config[field.name] for field in reading.arguments}
        try:
            if not reading.plural:
                return {**arguments, **_state(reading, readings.one(client, reading, self._route, arguments))}
            detailed = bool(reading.details) and arguments[reading.details_when] is True
            found = readings.every(client, reading, self._route, arguments, detailed=detailed)
            return {**arguments, reading.collection: [_state(reading, each) for each in found]}
        except ImmutaError as error:
            reads.failed(error, diagnostics)
            return None


def _state(reading: Reading, record: Mapping[str, Any]) -> Object:
    """The attributes of an object. Text of another form than the field's may hold a secret, and is null."""
    values = payload.read(reading, record)
    for field in reading.fields:
        text = values[field.name]
        if field.pattern and text is not None and not matches(field.pattern, text):
            values[field.name] = None
    return values
