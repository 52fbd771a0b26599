"""A resource type that Immuta does not have, written as any other: what derives for it derives for every type."""

from __future__ import annotations

from typing import Annotated, Any

from immuta_provider.model.fields import Choices, Field, ResourceType, Routes
from immuta_provider.model.spec import About, Object, Resource, Spec, plain
from immuta_provider.plugin.schema import Attribute, Nested, ReadSchema
from immuta_provider.plugin.types import BOOL, NUMBER, STRING, ListOf
from immuta_simulator.records.family import RecordFamily
from immuta_simulator.records.store import Collection, Key


class Label(Object):
    """A label on a shelf."""

    text: Annotated[str, Spec("text", "Text of the label.")]
    colour: Annotated[str | None, Spec("colour", "Its colour.", default="White.")] = None


class Shelf(Resource):
    """A shelf of the library. Books stand on it."""

    about = About(
        resource="immuta_shelf",
        family="library",
        title="Shelf",
        noun="shelf",
        plural="shelves",
        documentation="https://example.com/shelf",
        life=Routes(
            "POST /shelf",
            "GET /shelf/{id}",
            "DELETE /shelf/{id}",
            list="GET /shelf",
            permission="GOVERNANCE",
            update="PUT /shelf/{id}",
            tree="name",
        ),
        unique_by=("name",),
    )

    name: Annotated[str, Spec("name", "Name of the shelf.", replace=True)]
    material: Annotated[
        str | None, Spec("material", "Its material.", default="Wood.", choices=Choices("wood", "steel"))
    ] = None
    boards: Annotated[int | None, Spec("boards", "Number of boards.", default="4.", minimum=1)] = None
    locked: Annotated[bool | None, Spec("locked", "Whether it is locked.", default="false.")] = None
    subjects: Annotated[list[str] | None, Spec("subjects", "Subjects of its books.", default="None.")] = None
    labels: Annotated[list[Label] | None, Spec("labels", "Its labels.", default="None.")] = None


SHELF = plain(Shelf)


def bare_type(name: str, *fields: Field, **facts: Any) -> ResourceType:
    """A resource type of which a test needs no other facts."""
    noun = name.replace("_", " ")
    other = {
        "family": "library",
        "title": noun.capitalize(),
        "description": "",
        "documentation": "",
        "life": "",
    }
    return ResourceType(
        f"immuta_{name}", noun.title().replace(" ", ""), fields=fields, **{**other, "noun": noun, **facts}
    )


ROW = Collection(
    "shelves",
    "shelf",
    "/shelf",
    keys=(
        Key("name", (str,), required=True),
        Key("material", (str,)),
        Key("boards", (int,)),
        Key("locked", (bool,)),
        Key("subjects", (list,)),
        Key("labels", (list,)),
    ),
)


class Library(RecordFamily):
    """The family in the simulator."""

    rows = (ROW,)


READ = ReadSchema(
    (
        Attribute("name", STRING, description="Name of the shelf.", optional=True, computed=True),
        Attribute("boards", NUMBER, description="Number of boards.", computed=True),
        Attribute("locked", BOOL, description="Whether it is locked.", computed=True),
        Attribute("subjects", ListOf(STRING), description="Subjects of its books.", computed=True),
        Attribute(
            "labels",
            nested=Nested((Attribute("text", STRING, description="Text.", computed=True),), "list"),
            description="Its labels.",
            computed=True,
        ),
    ),
    description="A shelf that Immuta has.",
)
