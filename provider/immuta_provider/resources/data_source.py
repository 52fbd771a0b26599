"""The data sources of a record type: one object by its natural key or id, and all of them."""

from __future__ import annotations

from functools import cached_property

from ..model import payload, questions
from ..plugin.schema import Attribute, Nested, ReadSchema
from ..plugin.types import STRING
from . import lives, reads
from .configured import READ_LATER
from .schema import argument, attribute

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..api.found import Found
    from ..model.fields import Field, ResourceType
    from ..plugin.diagnostics import Diagnostics
    from ..plugin.interfaces import Object
    from .configured import Configured


class RecordData:
    """`immuta_<noun>`: one object that Immuta has, whoever made it, by its id or its natural key."""

    def __init__(self, type: ResourceType, configured: Callable[[], Configured]) -> None:
        self.type = type
        self._configured = configured
        self._key = tuple(type.unique_by)
        self._question = questions.record(type)

    @cached_property
    def schema(self) -> ReadSchema:
        key = " and ".join(f"`{name}`" for name in self._key)
        return ReadSchema(
            (
                argument(self._question.argument("id"), computed=True),
                *(self._attribute(field) for field in _shown(self.type)),
            ),
            description=f"One {self.type.noun} that exists in Immuta: by `id`, or by {key}.",
        )

    def _attribute(self, field: Field) -> Attribute:
        if field.name not in self._key:
            return read_attribute(field)
        return argument(self._question.argument(field.name), computed=True)

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """Either the id, or the whole natural key."""
        reads.check(self._question, config, diagnostics)

    def read(self, config: Object, diagnostics: Diagnostics) -> Object | None:
        client = self._configured().connected(diagnostics, READ_LATER)
        if client is None:
            return None
        from ..api.http.errors import ImmutaError

        sought = self._sought(config)
        life = lives.of(self.type, client)
        try:
            # By id, since setting the id is the way out where several fit.
            fitting = {each.id: each for each in life.list() if self._fits(each, sought)}
            found = [_state(self.type, life.detailed(each)) for each in fitting.values()]
        except ImmutaError as error:
            reads.failed(error, diagnostics)
            return None
        if len(found) == 1:
            return found[0]
        criteria = " and ".join(f"`{name}` {value!r}" for name, value in sought.items())
        if found:
            diagnostics.error(
                f"Several {self.type.plural} fit",
                f"Immuta has {len(found)} {self.type.plural} with {criteria}. Set `id` instead.",
            )
        else:
            diagnostics.error(
                f"No such {self.type.noun}",
                f"Immuta has no {self.type.noun} with {criteria} (case-sensitive). Correct "
                f"{' or '.join(f'`{name}`' for name in sought)}, or create the {self.type.noun} first.",
            )
        return None

    def _sought(self, config: Object) -> Object:
        """The values that the object must have: those that are set, and the defaults where it is sought by its key."""
        names = ("id", *self._key)
        sought = {name: config[name] for name in names if config[name] is not None}
        if "id" in sought:
            return sought
        return {field.name: field.unset_as for field in self.type.fields if field.name in self._key} | sought

    def _fits(self, found: Found, sought: Object) -> bool:
        state = _state(self.type, found)
        return all(state[name] == value for name, value in sought.items())


class RecordsData:
    """`immuta_<noun>s`: the objects of a type that exist in Immuta."""

    def __init__(self, type: ResourceType, configured: Callable[[], Configured]) -> None:
        self.type = type
        self._configured = configured
        self._name = type.collection
        self._question = questions.records(type)

    @cached_property
    def schema(self) -> ReadSchema:
        each = (
            Attribute("id", STRING, description=f"{self.type.id_meaning}.", computed=True),
            *(read_attribute(field) for field in _shown(self.type)),
        )
        return ReadSchema(
            (
                *map(argument, self._question.arguments),
                Attribute(
                    self._name,
                    nested=Nested(each, "list"),
                    description=f"The {self.type.plural}, in Immuta's order; empty if none matches.",
                    computed=True,
                ),
            ),
            description=f"The {self.type.plural} that exist in Immuta.",
        )

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """Every part that is set is text that is not blank."""
        reads.check(self._question, config, diagnostics)

    def read(self, config: Object, diagnostics: Diagnostics) -> Object | None:
        client = self._configured().connected(diagnostics, READ_LATER)
        if client is None:
            return None
        from ..api.http.errors import ImmutaError

        search_text = (config["search_text"] or "").lower()
        parts = {name: config[name] for name in self.type.unique_by}

        def fits(found: Found) -> bool:
            state = _state(self.type, found)
            return any(search_text in str(state[name]).lower() for name in parts) and all(
                value in (None, state[name]) for name, value in parts.items()
            )

        life = lives.of(self.type, client)
        try:
            fitting = [_state(self.type, life.detailed(found)) for found in life.list() if fits(found)]
        except ImmutaError as error:
            reads.failed(error, diagnostics)
            return None
        return {"search_text": config["search_text"], **parts, self._name: fitting}


def _shown(type: ResourceType) -> Iterator[Field]:
    return (field for field in type.fields if not (field.secret or field.state_only))


def read_attribute(field: Field) -> Attribute:
    """A field as an attribute that is only read."""
    own = attribute(field, "")
    nested = own.nested
    if nested is not None:
        inner = tuple(read_attribute(f) for f in field.fields if not f.secret)
        nested = Nested(inner, nested.nesting)
    return Attribute(
        field.name, None if nested else own.type, nested=nested, description=field.description, computed=True
    )


def _state(type: ResourceType, found: Found) -> Object:
    return {"id": found.id, **payload.read(type, found.body or {})}
