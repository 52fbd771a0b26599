"""The pydantic classes: a resource type is one class, and its facts come out as plain data."""

from __future__ import annotations

import inspect
from typing import Annotated

import pytest
from immuta_provider.model.compiled.types import BY_RESOURCE
from immuta_provider.model.fields import (
    OBJECT,
    OBJECTS,
    STRING,
    Choices,
    Field,
    Place,
    ResourceType,
    Routes,
    Variant,
    When,
)
from immuta_provider.model.registry import REGISTRY
from immuta_provider.model.spec import (
    About,
    Object,
    Resource,
    Shape,
    Spec,
    object_of,
    plain,
    plain_fields,
    specified,
)


def test_every_class_has_a_docstring() -> None:
    pending: list[type[Object]] = list(REGISTRY)
    for cls in pending:
        pending += [
            inner for _, info in specified(cls) if (inner := object_of(info)) and inner not in pending
        ]
    assert len(pending) > 20
    assert [cls.__name__ for cls in pending if not (inspect.getdoc(cls) or "").endswith(".")] == []


ROUTES = Routes("POST /widget", "GET /widget/{id}", "DELETE /widget/{id}", list="GET /widget", permission="X")


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
            life=ROUTES,
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
        life=ROUTES,
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


def test_a_field_of_an_unknown_kind_is_an_error() -> None:
    class Odd(Object):
        """Something with a date in bytes."""

        when: Annotated[bytes, Spec("when", "When.")]

    with pytest.raises(TypeError, match=r"^no field kind stands for <class 'bytes'>$"):
        plain_fields(Odd)


class First(Shape):
    """The first shape."""

    word = "one"
    both: Annotated[str, Spec("both", "In both.")]
    own: Annotated[str | None, Spec("own", "In one.", default="None.")] = None


class Inner(Object):
    """The settings that the second shape spreads."""

    deep: Annotated[str, Spec("deep", "Deep.")]
    other: Annotated[bool | None, Spec("other", "Other.", default="None.")] = None


class Second(Shape):
    """The second shape."""

    word = "two"
    both: Annotated[str, Spec("both", "In both.")]
    config: Annotated[Inner, Spec("config", "The settings.", spread=True)]


class Shapes(Object):
    shapes: Annotated[list[First | Second] | None, Spec("shapes", "Of two shapes.", default="None.")] = None


def test_an_object_of_several_shapes_has_the_members_of_all_under_conditions() -> None:
    (field,) = plain_fields(Shapes)
    one, two = When({"type": ("one",)}, strict=False), When({"type": ("two",)}, strict=False)
    assert field == Field(
        "shapes",
        "shapes",
        OBJECTS,
        description="Of two shapes.",
        default="None.",
        fields=(
            Field(
                "type",
                "type",
                STRING,
                description="The kind, which decides what else may be set.",
                required=True,
                choices=Choices("one", "two", strict=False),
            ),
            Field("both", "both", STRING, description="In both.", required=True),
            Field("own", "own", STRING, description="In one.", default="None.", only_when=(one,)),
            Field(
                "config",
                "config",
                OBJECT,
                description="The settings.",
                fields=plain_fields(Inner),
                only_when=(two,),
                required_when=(When({"type": ("two",)}),),
            ),
        ),
        variants=(
            Variant(
                "First",
                "one",
                description="The first shape.",
                arguments=(("both",), ("own",)),
                required=(("both",),),
            ),
            Variant(
                "Second",
                "two",
                description="The second shape.",
                arguments=(("both",), ("config", "deep"), ("config", "other")),
                required=(("both",), ("config", "deep")),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("resource", "label", "labels"),
    [
        ("immuta_snowflake_integration", "Snowflake integration", "Snowflake integrations"),
        ("immuta_s3_data_source", "S3 data source", "S3 data sources"),
        ("immuta_data_policy", "data policy", "data policies"),
        ("immuta_user_external_ids", "set of external ids", "external ids"),
    ],
)
def test_a_type_has_names_for_one_object_and_for_several(resource: str, label: str, labels: str) -> None:
    type = BY_RESOURCE[resource]
    assert (type.label, type.labels) == (label, labels)
