"""Names of constructs, made from the names that the objects have in Immuta."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

from .references import Index
from .things import Thing

LONGEST_LINE = 80
"""Columns of the name of a construct and its class."""
SHORTEST_DIGEST = 6


def assign(things: Iterable[Thing], index: Index) -> None:
    """Gives each thing a name of its own. Of several with one name, the oldest keeps it, and the others have their id behind it:
    a new object in Immuta changes no name."""
    taken: set[str] = set()
    for thing in sorted(things, key=_age):
        name = plain = _name(thing, index)
        if name in taken:
            name = f"{plain}_{_slug(thing.found.id)}"
        longest = LONGEST_LINE - len(thing.type.class_name)
        if name in taken or len(name) > longest:
            name = f"{plain[: longest - SHORTEST_DIGEST - 1]}_{_digest(thing)}"
        taken.add(name)
        thing.name = name


def _age(thing: Thing) -> tuple[str, int, str]:
    id = thing.found.id
    return thing.type.resource, int(id) if id.isdecimal() else 0, id


def _name(thing: Thing, index: Index) -> str:
    """The type and the natural key, of which a part that is another object's id reads as the name of that object."""
    own = _slug(" ".join(index.readable(thing))) or _slug(thing.found.id)
    return f"{thing.type.resource.removeprefix('immuta_')}_{own or _digest(thing)}"


def _slug(text: str) -> str:
    """The letters and digits of a text in lower case, without their accents, and underscores between its words."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "_", bare).strip("_")


def _digest(thing: Thing) -> str:
    return hashlib.sha256(thing.found.id.encode()).hexdigest()[:SHORTEST_DIGEST]
