"""The notation of a resource type: pydantic classes whose fields carry their facts as data.

One type is one `Resource` subclass in a file of its own; an object inside it is an `Object` subclass. A field is written once:

    port: Annotated[int | None, Spec("port", "Port of the cluster.", default="Immuta uses 5439.")] = None

The annotation gives the kind, a missing default makes it required, and `Spec` says everything else. `plain` turns a class into
the plain objects of `fields.py`; `tools/generate.py` writes those out in `compiled/`, which is what the running provider loads.
"""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, fields
from typing import Any, ClassVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo

from immuta_provider.model.fields import (
    BOOL,
    NUMBER,
    OBJECT,
    OBJECTS,
    STRING,
    STRINGS,
    Choices,
    Field,
    Place,
    ResourceType,
    Routes,
    When,
)

SCALARS: dict[object, str] = {str: STRING, int: NUMBER, bool: BOOL}


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
    server_filled: bool = False
    state_only: bool = False
    places: str | tuple[str | Place, ...] = ()
    read_at: str = ""
    unset_as: bool | None = None
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
    updatable: bool = True
    settles: bool = False
    advice: tuple[tuple[str, When, str], ...] = ()

    plain_type: ClassVar[type[ResourceType]] = ResourceType


class Object(BaseModel):
    """An object inside a resource."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Resource(Object):
    """A resource type; its docstring describes it to users."""

    about: ClassVar[About]


def spec_of(info: FieldInfo) -> Spec:
    """The `Spec` of a field."""
    return next(m for m in info.metadata if isinstance(m, Spec))


def object_of(info: FieldInfo) -> type[Object] | None:
    """The class of an object field, or of the objects in a list field."""
    return _kind(info)[1]


def _kind(info: FieldInfo) -> tuple[str, type[Object] | None]:
    annotation: Any = info.annotation
    if get_origin(annotation) in (Union, types.UnionType):
        (annotation,) = [a for a in get_args(annotation) if a is not type(None)]
    if annotation in SCALARS:
        return SCALARS[annotation], None
    many = get_origin(annotation) is list
    inner = get_args(annotation)[0] if many else annotation
    if many and inner is str:
        return STRINGS, None
    if isinstance(inner, type) and issubclass(inner, Object):
        return (OBJECTS if many else OBJECT), inner
    raise TypeError(f"no field kind stands for {annotation!r}")


def specified(cls: type[Object]) -> Iterator[tuple[str, FieldInfo]]:
    """The fields by attribute name, in the order in which they are written."""
    for name, info in cls.model_fields.items():
        if any(isinstance(m, Spec) for m in info.metadata):
            yield info.alias or name, info


def plain_field(name: str, info: FieldInfo) -> Field:
    """One field of a class as plain data."""
    spec = spec_of(info)
    kind, inner = _kind(info)
    return Field(
        name,
        spec.key,
        kind,
        description=spec.description,
        default=spec.default,
        fields=plain_fields(inner) if inner else (),
        required=info.is_required(),
        required_when=_several(spec.required_when),
        only_when=_several(spec.only_when),
        secret=spec.secret,
        replace=spec.replace,
        server_filled=spec.server_filled,
        state_only=spec.state_only,
        places=_places(spec.places),
        read_at=spec.read_at,
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
    )


def plain_fields(cls: type[Object]) -> tuple[Field, ...]:
    """The fields of a class as plain data."""
    return tuple(plain_field(name, info) for name, info in specified(cls))


@functools.cache
def plain(cls: type[Resource]) -> ResourceType:
    """A resource type as plain data: what a module of `compiled/` holds of it."""
    about = cls.about
    facts = {each.name: getattr(about, each.name) for each in fields(about)}
    facts["constants"] = tuple(dict(about.constants).items())
    if isinstance(about.life, Routes):
        facts["updatable"] = bool(about.life.update)
    description = " ".join(inspect.cleandoc(cls.__doc__ or "").split())
    return about.plain_type(
        class_name=cls.__name__, description=description, fields=plain_fields(cls), **facts
    )


def _several(when: When | tuple[When, ...]) -> tuple[When, ...]:
    return when if isinstance(when, tuple) else (when,)


def _places(places: str | tuple[str | Place, ...]) -> tuple[Place, ...]:
    several = places if isinstance(places, tuple) else (places,)
    return tuple(each if isinstance(each, Place) else Place(each) for each in several)
