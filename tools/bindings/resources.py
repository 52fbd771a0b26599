"""The module of one resource type: its nested classes, their references, and the construct."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from immuta_provider.model.classes import Classes
from immuta_provider.model.derived import ADDITIONAL_CONFIG, derived_fields
from immuta_provider.model.fields import (
    BOOL,
    NUMBER,
    OBJECT,
    OBJECTS,
    STRING,
    STRING_MAP,
    STRING_SET,
    STRINGS,
    Field,
    ResourceType,
)
from immuta_provider.plugin.schema import Attribute
from immuta_provider.plugin.types import NUMBER as NUMBER_TYPE
from immuta_provider.resources.schema import resource_schema

from bindings import meta_arguments, shapes
from bindings.text import (
    REFUSED,
    describe,
    docstring,
    first_sentence,
    list_class,
    lower_first,
    module,
    ordered,
    ways,
)

IMPORTS = """\
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from constructs import Construct

from ..cdk import (
    ComplexList, ComplexObject, Fn, IResolvable, ITerraformDependable, TerraformIterator, StringMap, TerraformCount,
    TerraformProvider, TerraformResourceLifecycle,
)
from ..runtime.files import FileResource
from ..runtime.resource import Connection, ImmutaResource, Provisioner
from ..runtime.timeouts import Timeouts
"""
# The base class has them for every type.
INHERITED = ("id",)


def module_name(type: ResourceType) -> str:
    """The name of a type's module in the folder of its family: `snowflake` in `integrations`, `purpose` in `governance`."""
    return type.resource.removeprefix("immuta_").removesuffix(f"_{type.noun.replace(' ', '_')}")


class Module:
    """One resource type's module."""

    def __init__(self, type: ResourceType) -> None:
        self.type = type
        classes = Classes(type)
        self.prefix, self.names, self.nested = classes.prefix, classes.names, classes.nested
        named: set[tuple[str, ...]] = set()
        self.shared: dict[str, None] = {}
        for path, field in type.walk():
            if field.kind not in (OBJECT, OBJECTS):
                continue
            of_model = shapes.names(field)
            self.shared.update(dict.fromkeys(of_model))
            if of_model or path[:-1] in named:
                named.add(path)
        # The classes that this module has itself.
        self.own = [name for name, (path, _) in self.nested.items() if path not in named]

    def class_of(self, path: tuple[str, ...]) -> str:
        return self.names[path]

    def public_names(self) -> list[str]:
        return [self.type.class_name, *self.own]

    def text(self) -> str:
        shared = f"from .{shapes.PARTS} import {', '.join(self.shared)}\n" if self.shared else ""
        parts = [f"{IMPORTS}{shared}"]
        for name, (path, field) in reversed(self.nested.items()):
            if name in self.own:
                parts.append(self._nested_class(path, name, field))
            parts.append(self._reference_class(path, name, field))
            if field.kind == OBJECTS:
                what = "" if name in self.own else f"the list `{'.'.join(path)}`"
                parts.append(list_class(name, what))
        return module(f"The construct `{self.type.class_name}`.", *parts, self._construct())

    def _nested_class(self, path: tuple[str, ...], name: str, field: Field) -> str:
        of = f"`{'.'.join(path)}` of {self.type.class_name}"
        return shapes.class_text(
            name,
            f"{of}: {lower_first(field.description)}",
            [(f, self.annotation(f, (*path, f.name))) for f in ordered(field.fields)],
            noun=self.type.noun,
        )

    def _reference_class(self, path: tuple[str, ...], name: str, field: Field) -> str:
        lines = [f"class {name}Reference(ComplexObject):"]
        what = f"a `{name}`" if name in self.own else f"`{'.'.join(path)}`"
        lines += docstring(f"Reference to {what} in Terraform's state, and to what is in it.", [], indent=4)
        lines += self._properties(field.fields, path)
        return "\n".join(lines) + "\n"

    def _properties(self, fields: Iterable[Field], path: tuple[str, ...]) -> Iterator[str]:
        for f in fields:
            if f.secret:
                continue
            where = (*path, f.name)
            returned, body = self._reference(f, where)
            yield ""
            yield "    @property"
            yield f"    def {f.name}(self) -> {returned}:"
            yield from docstring(
                f"Reference to `{f.name}`: {lower_first(first_sentence(f.description))}", [], indent=8
            )
            yield f"        return {body}"

    def _reference(self, field: Field, path: tuple[str, ...]) -> tuple[str, str]:
        if field.kind == OBJECT:
            name = f"{self.class_of(path)}Reference"
            return name, f'{name}(self, "{field.name}", False)'
        if field.kind == OBJECTS:
            name = f"{self.class_of(path)}List"
            return name, f'{name}(self, "{field.name}", False)'
        returned, body = {
            STRING: ("str", 'self.get_string_attribute("{}")'),
            NUMBER: ("float", 'self.get_number_attribute("{}")'),
            BOOL: ("IResolvable", 'self.get_boolean_attribute("{}")'),
            STRINGS: ("list[str]", 'self.get_list_attribute("{}")'),
            # A set has no order, so Terraform does not allow an index on it.
            STRING_SET: ("list[str]", 'Fn.tolist(self.get_list_attribute("{}"))'),
            STRING_MAP: ("StringMap", 'StringMap(self, "{}")'),
        }[field.kind]
        return returned, body.format(field.name)

    def annotation(self, field: Field, path: tuple[str, ...]) -> str:
        named = shapes.names(field)
        return shapes.annotation(field, named or ([self.class_of(path)] if field.fields else []))

    def _construct(self) -> str:
        type, text = self.type, self.type.description
        own = [
            *ordered(f for f in type.fields if not f.read_only),
            *(f for f in derived_fields(type) if f is not ADDITIONAL_CONFIG),
        ]
        also = meta_arguments.of_type(type)
        lines = [f"class {type.class_name}({'FileResource' if type.in_files else 'ImmutaResource'}):"]
        rules = f"{text}\n\n{ways(type)}" if type.ways else text
        lines += docstring(f"{rules}\n\nImmuta's page: {type.documentation}", [], indent=4)
        lines += ["", f'    TF_RESOURCE_TYPE = "{type.resource}"', ""]
        lines += [
            "    def __init__(",
            "        self,",
            "        scope: Construct,",
            "        id: str,",
            "        *,",
        ]
        for f in own:
            default = "" if f.required else " = None"
            lines.append(f"        {f.name}: {self.annotation(f, (f.name,))}{default},")
        lines += [f"        {a.name}: {a.annotation} = None," for a in (*also, *meta_arguments.OF_RESOURCES)]
        lines += ["    ) -> None:"]
        lines += docstring(
            first_sentence(text),
            [
                ("scope", "the stack, or a construct in it."),
                ("id", f"the construct's id in its scope; another id means another {type.noun}."),
                *((f.name, describe(f, type.noun)) for f in own),
                *((a.name, a.text) for a in (*also, *meta_arguments.OF_RESOURCES)),
            ],
            raises=REFUSED,
            indent=8,
        )
        names = [*(f.name for f in own), *(a.name for a in also)]
        lines += ["        super().__init__(", "            scope,", "            id,"]
        lines.append(f"            arguments={{{''.join(f'{name!r}: {name}, ' for name in names)}}},")
        lines += [f"            {a.name}={a.name}," for a in meta_arguments.OF_RESOURCES]
        lines.append("        )")
        lines += self._properties([*type.fields, *derived_fields(type)], ())
        lines += self._computed()
        return "\n".join(lines) + "\n"

    def _computed(self) -> Iterator[str]:
        """The references to what only Immuta or the provider sets."""
        for attribute in resource_schema(self.type).attributes:
            if attribute.required or attribute.optional or attribute.name in INHERITED:
                continue
            if self.type.field(attribute.name) is not None:
                continue
            yield from ("", "    @property")
            yield f"    def {attribute.name}(self) -> {_returned(attribute)}:"
            about = lower_first(first_sentence(attribute.description))
            yield from docstring(f"Reference to `{attribute.name}`: {about}", [], indent=8)
            method = "get_number_attribute" if attribute.type == NUMBER_TYPE else "get_string_attribute"
            yield f'        return self.{method}("{attribute.name}")'


def _returned(attribute: Attribute) -> str:
    return "float" if attribute.type == NUMBER_TYPE else "str"
