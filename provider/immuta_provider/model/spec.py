"""How an integration type is written down: pydantic classes whose fields carry their facts as data.

One platform is one `Integration` subclass in a file of its own; an object inside it is an `Object` subclass. A field
is written once:

    port: Annotated[int | None, Spec("port", "Port of the cluster.", default="Immuta uses 5439.")] = None

The annotation gives the kind, a missing default makes it required, and `Spec` says everything else. `plain` turns a
class into the plain objects of `fields.py`; `tools/generate.py` writes those out as `compiled.py`, which is what the
running provider loads.

The classes judge nothing themselves: one validator hands the data to `rules.check`, so that a Python object and a
Terraform plan are refused with the same words. A broken strict rule raises pydantic's `ValidationError`, whose `loc`
is the attribute's path; a broken inferred rule is shown as an `IntegrationWarning`. No text and no `repr` holds a
secret.
"""

from __future__ import annotations

import functools
import inspect
import types
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar, Self, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import InitErrorDetails, PydanticCustomError

from immuta_provider.model import rules
from immuta_provider.model.fields import (
    BOOL,
    NO_SCRIPTS,
    NUMBER,
    OBJECT,
    OBJECTS,
    STRING,
    STRINGS,
    Choices,
    Field,
    IntegrationType,
    When,
)
from immuta_provider.model.integrations.base import common_fields
from immuta_provider.model.numbers import number

SCALARS: dict[object, str] = {str: STRING, int: NUMBER, bool: BOOL}
HIDDEN = "(secret)"


class IntegrationWarning(UserWarning):
    """Something that Immuta probably refuses or ignores, by a rule that was inferred and not read in its pages."""


@dataclass(frozen=True)
class Spec:
    """The facts of one field, beside its name and type. Each name means what it means in `fields.Field`."""

    key: str
    description: str
    _: KW_ONLY
    default: str = ""
    required_when: When | tuple[When, ...] = ()
    only_when: When | tuple[When, ...] = ()
    secret: bool = False
    replace: bool = False
    server_filled: bool = False
    pattern: str = ""
    pattern_hint: str = ""
    pattern_strict: bool = True
    choices: Choices | None = None
    choice_when: tuple[tuple[str, When], ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    equivalence: str = ""
    text_format: str = ""
    element_key: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class About:
    """The facts of one integration type. Each name means what it means in `fields.IntegrationType`."""

    resource: str
    type: str
    title: str
    documentation: str
    auto_bootstrap: str
    updatable: bool = True
    host_field: str = ""
    identity: tuple[str, ...] = ()
    teardown_platform: str = ""
    teardown_fields: tuple[str, ...] = ()
    scripts: Choices = NO_SCRIPTS
    rotates_api_key: bool = False
    advice: tuple[tuple[str, When, str], ...] = ()


class Object(BaseModel):
    """An object inside an integration's `config`."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        for name, value in super().__repr_args__():
            info = type(self).model_fields[name or ""]
            yield info.alias or name, HIDDEN if value is not None and spec_of(info).secret else value

    @model_validator(mode="wrap")
    @classmethod
    def _check(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """What pydantic itself refuses (an unknown key, a wrong type) is told without the refused value."""
        if isinstance(data, cls):
            return data
        try:
            return handler(cls._judged(data))
        except ValidationError as error:
            details = error.errors(include_url=False, include_input=False, include_context=False)
            raise _refusal(cls, [(one["type"], one["loc"], one["msg"]) for one in details]) from None

    @classmethod
    def _judged(cls, data: Any) -> Any:
        """The data as it is: a lone object is judged where it stands in an integration."""
        return data


class Integration(Object):
    """One integration type of Immuta: the attributes that every type has, and the judgement of the whole."""

    about: ClassVar[About]

    auto_bootstrap: bool | None = None
    additional_config: str | None = None
    rotation_trigger: str | None = None

    @classmethod
    def _judged(cls, data: Any) -> Any:
        values = _values(data)
        if not isinstance(values, Mapping):
            return values
        integration = plain(cls)
        problems = rules.check(integration, values)
        fields = (*common_fields(integration), *integration.fields)
        broken = [("rule", p.path, f"{p.summary}: {p.detail}") for p in problems if p.strict]
        unknown = [("unknown_attribute", *one) for one in _unknown(fields, values, ())]
        if broken or unknown:
            raise _refusal(cls, broken + unknown)
        for problem in problems:
            warnings.warn(f"{problem.summary}: {problem.detail}", IntegrationWarning, stacklevel=4)
        return _with_numbers(fields, values)


def _refusal(cls: type, problems: list[tuple[str, tuple[str | int, ...], str]]) -> ValidationError:
    return ValidationError.from_exception_data(
        cls.__name__,
        [
            InitErrorDetails(type=PydanticCustomError(kind, "{text}", {"text": text}), loc=path, input=None)
            for kind, path, text in problems
        ],
        hide_input=True,
    )


def _values(data: Any) -> Any:
    """The plain mappings and lists behind models, mappings and lists."""
    if isinstance(data, Object):
        return {
            info.alias or name: _values(getattr(data, name)) for name, info in type(data).model_fields.items()
        }
    if isinstance(data, Mapping):
        return {name: _values(value) for name, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_values(value) for value in data]
    return data


def _unknown(
    fields: tuple[Field, ...], values: Mapping[str, Any], at: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    known = {f.name: f for f in fields}
    for name, value in values.items():
        if name not in known:
            yield (*at, name), f"{name} is no attribute here; there is {', '.join(known)}"
        elif known[name].kind == OBJECT and isinstance(value, Mapping):
            yield from _unknown(known[name].fields, value, (*at, name))
        elif known[name].kind == OBJECTS and isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, Mapping):
                    yield from _unknown(known[name].fields, item, (*at, name, index))


def _with_numbers(fields: tuple[Field, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values, each number as an int even where it came as text."""
    known = {f.name: f for f in fields}
    return {name: _with_number(known[name], value) for name, value in values.items()}


def _with_number(field: Field, value: Any) -> Any:
    if field.kind == OBJECT and value is not None:
        return _with_numbers(field.fields, value)
    if field.kind == OBJECTS and value is not None:
        return [_with_numbers(field.fields, item) for item in value]
    return number(value) if field.kind == NUMBER else value


def spec_of(info: FieldInfo) -> Spec:
    """The `Spec` of a model's field; `auto_bootstrap` and `additional_config` stand outside `config` and have none."""
    return next((m for m in info.metadata if isinstance(m, Spec)), Spec("", ""))


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
    """The fields that stand in `config`, by attribute name, in the order in which they are written."""
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
        pattern=spec.pattern,
        pattern_hint=spec.pattern_hint,
        pattern_strict=spec.pattern_strict,
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
def plain(cls: type[Integration]) -> IntegrationType:
    """An integration type as plain data: what `compiled.py` holds of it."""
    about = cls.about
    return IntegrationType(
        about.resource,
        cls.__name__,
        about.type,
        title=about.title,
        description=" ".join(inspect.cleandoc(cls.__doc__ or "").split()),
        documentation=about.documentation,
        auto_bootstrap=about.auto_bootstrap,
        fields=plain_fields(cls),
        updatable=about.updatable,
        host_field=about.host_field,
        identity=about.identity,
        teardown_platform=about.teardown_platform,
        teardown_fields=about.teardown_fields,
        scripts=about.scripts,
        rotates_api_key=about.rotates_api_key,
        advice=about.advice,
    )


def _several(when: When | tuple[When, ...]) -> tuple[When, ...]:
    return when if isinstance(when, tuple) else (when,)
