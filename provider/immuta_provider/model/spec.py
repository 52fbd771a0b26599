"""The notation of a resource type: pydantic classes whose fields carry their facts as data.

One type is one `Resource` subclass in a file of its own; an object inside it is an `Object` subclass. A field is written once:

    port: Annotated[int | None, Spec("port", "Port of the cluster.", default="Immuta uses 5439.")] = None

The annotation gives the kind, a missing default makes it required, and `Spec` says everything else. `plain` turns a class into
the plain objects of `fields.py`; `tools/generate.py` writes those out in `compiled/`, which is what the running provider loads.
"""

from __future__ import annotations

import functools
import inspect
import operator
import types
from collections.abc import Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field, fields
from typing import Any, ClassVar, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo

from immuta_provider.model import fields as facts
from immuta_provider.model.fields import (
    BOOL,
    NUMBER,
    OBJECT,
    OBJECTS,
    STRING,
    STRING_MAP,
    STRING_SET,
    STRINGS,
    STRINGS_MAP,
    Choices,
    Field,
    Place,
    ResourceType,
    Routes,
    Variant,
    Way,
    When,
)

SCALARS: dict[object, str] = {str: STRING, int: NUMBER, bool: BOOL}
COLLECTIONS = {
    (list, (str,)): STRINGS,
    (frozenset, (str,)): STRING_SET,
    (dict, (str, str)): STRING_MAP,
    (dict, (str, list[str])): STRINGS_MAP,
}
UNIONS = (Union, types.UnionType)


@dataclass(frozen=True)
class Spec:
    """The facts of one field, beside its name and type. Each name means what it means in `fields.Field`; one value stands for a
    tuple of it."""

    key: str
    description: str
    _: KW_ONLY
    default: str = ""
    required_when: When | tuple[When, ...] = ()
    only_when: When | tuple[When, ...] = ()
    secret: bool = False
    replace: bool = False
    computed: bool = False
    computed_as: bool | int | str | None = None
    state_only: bool = False
    create_only: bool = False
    clears: bool = False
    in_route: bool = False
    read_only: bool = False
    spread: bool = False
    """True for an object in a `Shape` if the class in Python takes the object's members as arguments of its own."""
    places: str | tuple[str | Place, ...] = ()
    read_at: str = ""
    item_key: str = ""
    own_keys: bool = False
    as_json: Literal["", "array", "object"] = ""
    as_number: bool = False
    unset_as: bool | str | None = None
    pattern: str = ""
    pattern_hint: str = ""
    pattern_strict: bool = True
    extends: str = ""
    choices: Choices | None = None
    choice_when: tuple[tuple[str, When], ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    equivalence: str = ""
    text_format: str = ""
    element_key: tuple[str, ...] = ()
    names: str = ""


@dataclass(frozen=True, kw_only=True)
class About:
    """The facts of one resource type. Each name means what it means in `fields.ResourceType`.

    A family whose types have more facts has a subclass of both, with the same names.
    """

    resource: str
    family: str
    title: str
    noun: str
    documentation: str
    life: Routes | str
    plural: str = ""
    constants: Mapping[str, object] | tuple[tuple[str, object], ...] = ()
    unique_by: tuple[str, ...] = ()
    key_ignores_case: bool = False
    root: str = ""
    open_at: str | None = None
    in_files: bool = False
    updatable: bool = True
    settles: bool = False
    mendable: tuple[str, ...] = ()
    digested: tuple[str, ...] = ()
    ways: tuple[tuple[Way, ...], ...] = ()
    replacing: str = ""
    accepts_unknown_names: bool = False
    advice: tuple[tuple[str, When, str], ...] = ()

    plain_type: ClassVar[type[ResourceType]] = ResourceType


class Object(BaseModel):
    """An object inside a resource.

    `class_name` names its class in Python where its place in the resource is not to name it.
    """

    class_name: ClassVar[str] = ""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Shape(Object):
    """One shape of an object that has several. A field has them as a union. `type` is not among the members of a shape; its value
    is `word`.

        circumstances: Annotated[list[TagCircumstance | DomainCircumstance] | None, Spec(...)] = None

    The plain field has the members of all shapes, each with the condition on `type` under which it may be set.
    """

    word: ClassVar[str]


class Resource(Object):
    """A resource type; its docstring describes it to users."""

    about: ClassVar[About]


@dataclass(frozen=True, kw_only=True)
class AboutReading:
    """The facts of one data source. Each name means what it means in `fields.Reading`.

    `arguments` is the class that has them as fields; `example` has values of them for the page.
    """

    resource: str
    noun: str
    route: str
    arguments: type[Object] = Object
    example: Mapping[str, object] = field(default_factory=dict)
    plural: str = ""
    items: str = ""
    page: int = 0
    details: str = ""
    details_when: str = ""


class Reading(Object):
    """A data source beside those that derive from resource types; its docstring describes it to users."""

    about: ClassVar[AboutReading]


def spec_of(info: FieldInfo) -> Spec:
    """The `Spec` of a field."""
    return next(m for m in info.metadata if isinstance(m, Spec))


def object_of(info: FieldInfo) -> type[Object] | None:
    """The class of an object field, or of the objects in a list field; None where they have several shapes."""
    _, classes = _kind(info)
    return classes[0] if len(classes) == 1 else None


def _kind(info: FieldInfo) -> tuple[str, tuple[type[Object], ...]]:
    """The kind of a field, and the classes of its object or objects."""
    annotation: Any = _without_none(info.annotation)
    if annotation in SCALARS:
        return SCALARS[annotation], ()
    origin, arguments = get_origin(annotation), get_args(annotation)
    if (origin, arguments) in COLLECTIONS:
        return COLLECTIONS[origin, arguments], ()
    many = origin is list
    inner = arguments[0] if many else annotation
    classes = get_args(inner) if get_origin(inner) in UNIONS else (inner,)
    if all(isinstance(each, type) and issubclass(each, Object) for each in classes):
        return (OBJECTS if many else OBJECT), classes
    raise TypeError(f"no field kind stands for {annotation!r}")


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) not in UNIONS:
        return annotation
    members = [each for each in get_args(annotation) if each is not type(None)]
    return functools.reduce(operator.or_, members)


def specified(cls: type[Object]) -> Iterator[tuple[str, FieldInfo]]:
    """The fields by attribute name, in the order in which they are written."""
    for name, info in cls.model_fields.items():
        if any(isinstance(m, Spec) for m in info.metadata):
            yield info.alias or name, info


def plain_field(name: str, info: FieldInfo) -> Field:
    """One field of a class as plain data."""
    spec = spec_of(info)
    kind, classes = _kind(info)
    shapes = tuple(each for each in classes if issubclass(each, Shape))
    return Field(
        name,
        spec.key,
        kind,
        description=spec.description,
        default=spec.default,
        fields=shapes_fields(shapes) if shapes else plain_fields(classes[0]) if classes else (),
        class_name="" if shapes or not classes else classes[0].class_name,
        variants=tuple(map(variant, shapes)),
        required=info.is_required() and not spec.read_only,
        required_when=_several(spec.required_when),
        only_when=_several(spec.only_when),
        secret=spec.secret,
        replace=spec.replace,
        computed=spec.computed,
        computed_as=spec.computed_as,
        state_only=spec.state_only,
        create_only=spec.create_only,
        clears=spec.clears,
        in_route=spec.in_route,
        read_only=spec.read_only,
        places=_places(spec.places),
        read_at=spec.read_at,
        item_key=spec.item_key,
        own_keys=spec.own_keys,
        as_json=spec.as_json,
        as_number=spec.as_number,
        unset_as=spec.unset_as,
        pattern=spec.pattern,
        pattern_hint=spec.pattern_hint,
        pattern_strict=spec.pattern_strict,
        extends=spec.extends,
        choices=spec.choices,
        choice_when=spec.choice_when,
        minimum=spec.minimum,
        maximum=spec.maximum,
        integer=kind == NUMBER,
        equivalence=spec.equivalence,
        text_format=spec.text_format,
        element_key=spec.element_key,
        names=spec.names,
    )


def plain_fields(cls: type[Object]) -> tuple[Field, ...]:
    """The fields of a class as plain data."""
    return tuple(plain_field(name, info) for name, info in specified(cls))


def variant(shape: type[Shape]) -> Variant:
    """Returns the facts of one shape that its class in Python needs."""
    arguments: list[tuple[str, ...]] = []
    required: list[tuple[str, ...]] = []
    for name, info in specified(shape):
        inner = object_of(info) if spec_of(info).spread else None
        members = [(name, info)] if inner is None else list(specified(inner))
        paths = [(each,) if inner is None else (name, each) for each, _ in members]
        arguments += paths
        required += [path for path, (_, each) in zip(paths, members, strict=True) if each.is_required()]
    return Variant(
        shape.__name__,
        shape.word,
        description=documented(shape),
        arguments=tuple(arguments),
        required=tuple(required),
    )


def shapes_fields(shapes: tuple[type[Shape], ...]) -> tuple[Field, ...]:
    """The members of an object that has several shapes: `type`, and those of all shapes under their conditions."""
    by_word = {shape.word: plain_fields(shape) for shape in shapes}
    kind = Field(
        "type",
        "type",
        STRING,
        description="The kind, which decides what else may be set.",
        required=True,
        choices=Choices(*by_word, strict=False),
    )
    return (kind, *_united(by_word, tuple(by_word)))


def _united(by_word: Mapping[str, tuple[Field, ...]], words: tuple[str, ...]) -> Iterator[Field]:
    """The fields of several objects as those of one. Each may be set only if `type` is one of the words that have it."""
    names = dict.fromkeys(field.name for fields_ in by_word.values() for field in fields_)
    for name in names:
        having = {word: field for word, fields_ in by_word.items() for field in fields_ if field.name == name}
        first = next(iter(having.values()))
        inner = {word: field.fields for word, field in having.items()}
        same = all(each == first.fields for each in inner.values())
        needing = tuple(word for word, field in having.items() if field.required)
        everywhere = tuple(having) == words
        facts = {slot: getattr(first, slot) for slot in Field.__slots__}
        facts["fields"] = first.fields if same else tuple(_united(inner, tuple(having)))
        facts["required"] = everywhere and needing == words
        if needing and not facts["required"]:
            facts["required_when"] = (When({"type": needing}), *first.required_when)
        if not everywhere:
            own = first.only_when or (When({}),)
            facts["only_when"] = tuple(
                When({"type": tuple(having), **dict(each.fields)}, strict=False) for each in own
            )
        yield Field(facts.pop("name"), facts.pop("key"), facts.pop("kind"), **facts)


def documented(cls: type[Object]) -> str:
    """The docstring of a class in one line."""
    return " ".join(inspect.cleandoc(cls.__doc__ or "").split())


@functools.cache
def plain(cls: type[Resource]) -> ResourceType:
    """A resource type as plain data: what a module of `compiled/` holds of it."""
    about = cls.about
    facts = {each.name: getattr(about, each.name) for each in fields(about)}
    facts["constants"] = tuple(dict(about.constants).items())
    if isinstance(about.life, Routes):
        facts["updatable"] = bool(about.life.update or about.life.parts)
    return about.plain_type(
        class_name=cls.__name__, description=documented(cls), fields=plain_fields(cls), **facts
    )


@functools.cache
def plain_reading(cls: type[Reading]) -> facts.Reading:
    """A data source as plain data."""
    about = cls.about
    own = {each.name: getattr(about, each.name) for each in fields(about) if each.name != "example"}
    own["arguments"] = plain_fields(about.arguments)
    return facts.Reading(description=documented(cls), fields=plain_fields(cls), **own)


def _several(when: When | tuple[When, ...]) -> tuple[When, ...]:
    return when if isinstance(when, tuple) else (when,)


def _places(places: str | tuple[str | Place, ...]) -> tuple[Place, ...]:
    several = places if isinstance(places, tuple) else (places,)
    return tuple(each if isinstance(each, Place) else Place(each) for each in several)
