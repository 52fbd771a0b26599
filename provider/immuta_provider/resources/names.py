"""Names of other objects in a configuration. Those that do not exist may explain a refusal, and Immuta may take them silently."""

from __future__ import annotations

from ..api.found import Note
from ..model import references
from ..model.compiled.types import BY_RESOURCE
from ..model.fields import OBJECT, OBJECTS, Routes
from ..model.text import joined, path_label
from ..model.text import quote as in_quotes
from . import lives, report
from .natural_key import natural_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from typing import Any

    from ..api.http.client import HttpClient
    from ..api.http.errors import ImmutaError
    from ..api.life import Outcome
    from ..model.fields import Field, ResourceType
    from ..plugin.interfaces import Object

    Path = tuple[str | int, ...]

# At most as many seconds are spent on the lists.
SECONDS = 30.0
# As many missing objects are named.
MOST_NAMED = 10
_UNREADABLE = "unreadable lists"


def explain(type: ResourceType, config: Object, outcome: Outcome, client: HttpClient) -> None:
    """Adds the named objects that do not exist to the outcome of a create or update: to the error of a refusal, or as a warning
    where Immuta takes such names. Lists that cannot be read are passed over."""
    if outcome.error is None:
        if not type.accepts_unknown_names or outcome.found is None:
            return
        missing = _missing(type, config, client)
        if missing:
            outcome.warnings.append(
                Note(
                    f"The {type.noun} names what does not exist",
                    f"Immuta accepted {type.noun} {outcome.found.id}. The parts that name missing objects have no effect "
                    f"until these objects exist.\n\n{missing}",
                )
            )
    elif _is_unexplained(outcome.error):
        missing = _missing(type, config, client)
        if missing:
            outcome.error.detail += f"\n\nThe cause may be what the {type.noun} names.\n\n{missing}"


def _is_unexplained(error: ImmutaError) -> bool:
    from ..api.http.errors import ApiError

    return (
        isinstance(error, ApiError)
        and error.status in (400, 404, 422)
        and error.own_words
        and not error.explained
    )


def _missing(type: ResourceType, config: Object, client: HttpClient) -> str:
    """Returns a line for each named object that does not exist."""
    places: dict[tuple[str, str], list[str]] = {}
    for path, names, value in _named(type.fields, config):
        places.setdefault((names, value), []).append(f"`{path_label(path)}`")
    deadline = client.clock.now() + SECONDS
    missing = [each for each in places if not _exists(*each, client, deadline)]
    lines = [_line(*each, places[each], client) for each in missing[:MOST_NAMED]]
    if len(missing) > MOST_NAMED:
        lines.append(f"{len(missing) - MOST_NAMED} more do not exist either.")
    return "\n".join(lines)


def _named(
    fields: Collection[Field], values: Mapping[str, Any], at: Path = ()
) -> Iterator[tuple[Path, str, str]]:
    """The path, the type with its attribute, and the text of each name."""
    for field in fields:
        value = values.get(field.name)
        if not value:
            continue
        path = (*at, field.name)
        name = references.named(field, fields, values)
        if name:
            for each in [value] if isinstance(value, str) else value:
                yield path, name, each
        elif field.kind == OBJECT:
            yield from _named(field.fields, value, path)
        elif field.kind == OBJECTS:
            for index, each in enumerate(value):
                yield from _named(field.fields, each, (*path, index))


def _exists(names: str, value: str, client: HttpClient, deadline: float) -> bool:
    """Returns whether an object exists, or may: its list cannot be read. Such a list is not requested again in this run."""
    from ..api.http.errors import ImmutaError
    from ..api.records import RecordsLife

    resource, _, attribute = names.partition(".")
    type = BY_RESOURCE[resource]
    life = lives.of(type, client)
    unreadable: set[str] = client.memory.setdefault(_UNREADABLE, set())
    if resource in unreadable or not isinstance(life, RecordsLife) or not isinstance(type.life, Routes):
        return True
    field = type.field(attribute)
    key = type.life.id if field is None else field.read_at or field.key
    try:
        return life.has(key, value, natural_key(type, {attribute: value}), deadline)
    except ImmutaError:
        unreadable.add(resource)
        return True


def _line(names: str, value: str, places: list[str], client: HttpClient) -> str:
    resource, _, attribute = names.partition(".")
    noun = BY_RESOURCE[resource].noun
    return (
        f"{joined(places, 'and')} {'names' if len(places) == 1 else 'name'} {report.text(in_quotes(value), client)}, which does "
        f"not exist in Immuta. Create the {noun} first, or correct the {attribute}. For a {noun} that this configuration "
        f"creates, refer to the resource (`{resource}.NAME.{attribute}`)."
    )
