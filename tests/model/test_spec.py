"""The pydantic classes: a resource type is one class, and its facts come out as plain data."""

from __future__ import annotations

import inspect
from typing import Annotated

import pytest
from immuta_provider.model.fields import Field, Place, ResourceType, Routes, When
from immuta_provider.model.registry import REGISTRY
from immuta_provider.model.spec import (
    About,
    Object,
    Resource,
    Spec,
    object_of,
    plain,
    plain_fields,
    specified,
)


def test_every_class_says_what_it_stands_for() -> None:
    pending: list[type[Object]] = list(REGISTRY)
    for cls in pending:
        pending += [
            inner for _, info in specified(cls) if (inner := object_of(info)) and inner not in pending
        ]
    assert len(pending) > 20
    assert [cls.__name__ for cls in pending if not (inspect.getdoc(cls) or "").endswith(".")] == []


def test_one_more_type_is_one_class() -> None:
    class Widget(Resource):
        """A widget, for the sake of
        an example."""

        about = About(
            resource="immuta_widget",
            family="widgets",
            title="Widget",
            noun="widget",
            documentation="https://documentation.example/widget",
            life=Routes(
                "POST /widget", "GET /widget/{id}", "DELETE /widget/{id}", list="GET /widget", permission="X"
            ),
            constants={"type": "Widget"},
            unique_by=("host",),
        )

        host: Annotated[
            str, Spec("host", "Host name.", equivalence="hostname", replace=True, places=("host", "at.host"))
        ]
        wallet: Annotated[
            str | None,
            Spec(
                "oWallet", "The wallet.", default="None.", secret=True, required_when=When({"host": ("a",)})
            ),
        ] = None

    assert plain(Widget) == ResourceType(
        "immuta_widget",
        "Widget",
        family="widgets",
        title="Widget",
        noun="widget",
        description="A widget, for the sake of an example.",
        documentation="https://documentation.example/widget",
        life=Routes(
            "POST /widget", "GET /widget/{id}", "DELETE /widget/{id}", list="GET /widget", permission="X"
        ),
        constants=(("type", "Widget"),),
        unique_by=("host",),
        updatable=False,
        fields=(
            Field(
                "host",
                "host",
                "string",
                description="Host name.",
                required=True,
                replace=True,
                equivalence="hostname",
                places=(Place("host"), Place("at.host")),
            ),
            Field(
                "wallet",
                "oWallet",
                "string",
                description="The wallet.",
                default="None.",
                secret=True,
                required_when=(When({"host": ("a",)}),),
            ),
        ),
    )


def test_a_field_of_no_known_kind_is_an_error() -> None:
    class Odd(Object):
        """Something with a date in bytes."""

        when: Annotated[bytes, Spec("when", "When.")]

    with pytest.raises(TypeError, match=r"^no field kind stands for <class 'bytes'>$"):
        plain_fields(Odd)
