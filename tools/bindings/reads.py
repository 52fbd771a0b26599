"""The modules of the data sources and of the ephemeral resources, from the provider's schemas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from immuta_provider.model.classes import camel
from immuta_provider.plugin.schema import Attribute, ReadSchema
from immuta_provider.plugin.types import BOOL, NUMBER, STRING, ListOf, MapOf, SetOf, Type
from immuta_provider.provider import ImmutaProvider

from bindings import meta_arguments, scripts
from bindings.text import (
    AS_ANY,
    REFUSED,
    docstring,
    first_sentence,
    list_class,
    literal,
    lower_first,
    module,
    sentence,
)

IMPORTS = """\
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from constructs import Construct

from .cdk import (
    ComplexList, ComplexObject, EphemeralLifecycle, Fn, IResolvable, ITerraformDependable, TerraformIterator, NumberMap,
    StringMap, TerraformCount, TerraformProvider, TerraformResourceLifecycle,
)
"""

WITHOUT_SECRETS = (
    "It is kept in Terraform's state, so it takes no secret: where Immuta needs one, it is sent a fixed placeholder, and "
    "`placeholders` says which. A nested class that requires a secret is given as a mapping without it."
)
IN_THE_STATE = "It is kept in Terraform's state and holds no secret."
NOWHERE = (
    "It is not stored, and Terraform allows its attributes only in ephemeral contexts: provider blocks, write-only arguments "
    "and other ephemeral resources. Terraform opens it during plan and apply."
)

_REFERENCES: dict[Type, tuple[str, str]] = {
    STRING: ("str", 'self.get_string_attribute("{}")'),
    NUMBER: ("float", 'self.get_number_attribute("{}")'),
    BOOL: ("IResolvable", 'self.get_boolean_attribute("{}")'),
    ListOf(STRING): ("list[str]", 'self.get_list_attribute("{}")'),
    SetOf(STRING): ("list[str]", 'Fn.tolist(self.get_list_attribute("{}"))'),
    MapOf(STRING): ("StringMap", 'StringMap(self, "{}")'),
    MapOf(ListOf(STRING)): ("ListMap", 'ListMap(self, "{}")'),
    MapOf(NUMBER): ("NumberMap", 'NumberMap(self, "{}")'),
}
_ANNOTATIONS: dict[Type, str] = {
    STRING: "str",
    NUMBER: "int | float",
    BOOL: "bool | IResolvable",
    ListOf(STRING): "Sequence[str]",
    SetOf(STRING): "Sequence[str]",
    MapOf(STRING): "Mapping[str, str] | IResolvable",
}


def construct_name(prefix: str, name: str) -> str:
    """The class of a data source or an ephemeral resource: `DataImmuta` and `immuta_integration` are `DataImmutaIntegration`."""
    return prefix + camel(name.removeprefix("immuta_"))


class Reads:
    """The module of the data sources, or that of the ephemeral resources."""

    def __init__(
        self,
        prefix: str,
        base: str,
        about: str,
        schemas: dict[str, ReadSchema],
        meta: tuple[meta_arguments.Argument, ...] = meta_arguments.OF_READS,
    ) -> None:
        self._base = base
        self._meta = meta
        self._about = about
        self._schemas = schemas
        self.classes = {construct_name(prefix, name): name for name in schemas}

    def text(self) -> str:
        settings = f"from .integrations.settings import {', '.join(scripts.public_names())}\n"
        parts = [
            f"{IMPORTS}\nfrom .runtime.maps import ListMap\nfrom .runtime.reading import {self._base}\n{settings}"
        ]
        for name, resource in self.classes.items():
            schema = self._schemas[resource]
            parts += self._nested(name, schema.attributes)
            parts.append(self._construct(name, resource, schema))
        return module(self._about, *parts)

    def _nested(self, at: str, attributes: Iterable[Attribute]) -> Iterator[str]:
        for a in attributes:
            if a.nested is None or not a.computed:
                continue
            name = at + camel(a.name)
            yield from self._nested(name, a.nested.attributes)
            lines = [f"class {name}Reference(ComplexObject):"]
            lines += docstring(f"Reference to `{a.name}`, and to what is in it.", [], indent=4)
            lines += self._properties(name, a.nested.attributes)
            yield "\n".join(lines) + "\n"
            if a.nested.nesting == "list":
                yield list_class(name)

    def _properties(self, at: str, attributes: Iterable[Attribute]) -> Iterator[str]:
        for a in attributes:
            if a.nested is not None and not a.computed:
                continue
            returned, body = self._reference(at, a)
            yield ""
            yield "    @property"
            yield f"    def {a.name}(self) -> {returned}:"
            about = lower_first(first_sentence(a.description))
            yield from docstring(f"Reference to `{a.name}`: {about}", [], indent=8)
            yield f"        return {body}"

    def _reference(self, at: str, attribute: Attribute) -> tuple[str, str]:
        name = attribute.name
        if attribute.nested is not None:
            kind = "List" if attribute.nested.nesting == "list" else "Reference"
            returned = f"{at}{camel(name)}{kind}"
            return returned, f'{returned}(self, "{name}", False)'
        assert attribute.type is not None
        returned, body = _REFERENCES[attribute.type]
        return returned, body.format(name)

    def _construct(self, name: str, resource: str, schema: ReadSchema) -> str:
        arguments = sorted(
            (a for a in schema.attributes if a.required or a.optional), key=lambda a: not a.required
        )
        # As in cdktf's own bindings, where Immuta's `id` is an argument.
        own_id = "id_" if any(a.name == "id" for a in arguments) else "id"
        of_scripts = scripts.of_schema(schema)
        lines = [f"class {name}({self._base}):"]
        lines += docstring(f"{schema.description}\n\n{self._kept(schema)}", [], indent=4)
        lines += ["", f'    TF_RESOURCE_TYPE = "{resource}"']
        lines += ["", "    def __init__(", "        self,", "        scope: Construct,"]
        lines += [f"        {own_id}: str,", "        *,"]
        for a in arguments:
            annotation = self._annotation(a, of_scripts)
            lines.append(f"        {a.name}: {annotation}{'' if a.required else ' | None = None'},")
        lines += [f"        {a.name}: {a.annotation} = None," for a in self._meta]
        lines += ["    ) -> None:"]
        lines += docstring(
            first_sentence(schema.description),
            [
                ("scope", "the stack, or a construct in it."),
                (own_id, "the construct's id in its scope."),
                *((a.name, self._describe(a)) for a in arguments),
                *((a.name, a.text) for a in self._meta),
            ],
            raises=REFUSED,
            indent=8,
        )
        pairs = "".join(f'"{a.name}": {a.name}, ' for a in arguments)
        lines += ["        super().__init__(", "            scope,"]
        lines += [f"            {own_id},", f"            arguments={{{pairs}}},"]
        lines += [f"            {a.name}={a.name}," for a in self._meta]
        lines.append("        )")
        lines += self._properties(name, schema.attributes)
        return "\n".join(lines) + "\n"

    def _kept(self, schema: ReadSchema) -> str:
        if self._base == "EphemeralResource":
            return NOWHERE
        return IN_THE_STATE if schema.attribute("placeholders") is None else WITHOUT_SECRETS

    def _annotation(self, attribute: Attribute, of_scripts: tuple[str, ...]) -> str:
        if of_scripts and attribute.name == "script":
            return f"{literal(of_scripts)} | IResolvable"
        if attribute.nested is None:
            assert attribute.type is not None
            return _ANNOTATIONS[attribute.type]
        settings = [
            scripts.class_name(i) for i in scripts.PLATFORMS if of_scripts and i.platform == attribute.name
        ]
        return " | ".join([*settings, "Mapping[str, Any]", "IResolvable"])

    def _describe(self, attribute: Attribute) -> str:
        text = lower_first(sentence(attribute.description))
        if attribute.name == "script":
            return f"{text} {AS_ANY}"
        return f"{text} Default: none." if attribute.nested is not None else text


def modules() -> dict[str, Reads]:
    """Each module by its name."""
    provider = ImmutaProvider({})
    return {
        "data_sources": Reads(
            "DataImmuta",
            "DataSource",
            "The constructs of the data sources.",
            {name: source.schema for name, source in provider.data_sources.items()},
        ),
        "ephemeral_resources": Reads(
            "EphemeralImmuta",
            "EphemeralResource",
            "The constructs of the ephemeral resources.",
            {name: resource.schema for name, resource in provider.ephemeral_resources.items()},
            meta_arguments.OF_EPHEMERAL_RESOURCES,
        ),
    }
