"""A record type that Immuta does not have, written as any other: one model class and one row of the simulator."""

from __future__ import annotations

from typing import Annotated

from immuta_provider.model.fields import Routes
from immuta_provider.model.spec import About, Object, Resource, Spec
from immuta_simulator.records.store import Collection, Key


class Size(Object):
    """The size of a widget."""

    width: Annotated[int, Spec("width", "Width in millimetres.", minimum=1)]
    depth: Annotated[int | None, Spec("depth", "Depth in millimetres.", default="As wide.")] = None


class Widget(Resource):
    """A widget, which no Immuta has."""

    about = About(
        resource="immuta_widget",
        family="widgets",
        title="Widget",
        noun="widget",
        documentation="https://documentation.example/widgets",
        life=Routes(
            "POST /widget",
            "GET /widget/{id}",
            "DELETE /widget/{id}",
            update="PUT /widget/{id}",
            list="GET /widget",
            permission="GOVERNANCE",
        ),
        unique_by=("name",),
    )

    name: Annotated[str, Spec("name", "Name of the widget.", replace=True)]
    color: Annotated[str | None, Spec("color", "Color of the widget.", default="None.")] = None
    size: Annotated[Size | None, Spec("size", "Size of the widget.", default="None is known.")] = None


ROW = Collection(
    "widgets",
    "widget",
    "/widget",
    keys=(Key("name", (str,), required=True), Key("color", (str,)), Key("size", (dict,))),
)
