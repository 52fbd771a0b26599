"""`cdktf get`: the bindings for TypeScript that it makes of the schema, whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from immuta_constructs.testing.terraform import cli_config
from immuta_provider.distribution import mirror
from immuta_provider.plugin.schema import LIST, MAP, SET, SINGLE, Attribute
from immuta_provider.plugin.types import BOOL, NUMBER, STRING, ListOf, MapOf, SetOf
from immuta_provider.provider import ImmutaProvider
from support.cdktf import Cdktf
from support.terraform import plugin_mirror

Bindings = dict[str, dict[str, str]]
"""By interface: the TypeScript of each property that may be set, with `?` if it is optional. By class: names of getters."""

RESOLVABLE = " | cdktf.IResolvable"
TYPES = {
    STRING: "string",
    NUMBER: "number",
    BOOL: f"boolean{RESOLVABLE}",
    ListOf(STRING): "string[]",
    SetOf(STRING): "string[]",
    MapOf(STRING): "{ [key: string]: string }",
}
NESTINGS = {
    SINGLE: "{}",
    LIST: f"{{}}[]{RESOLVABLE}",
    SET: f"{{}}[]{RESOLVABLE}",
    MAP: f"{{{{ [key: string]: {{}} }}}}{RESOLVABLE}",
}


def pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def camel(name: str) -> str:
    return name[0] + pascal(name)[1:]


def typescript(attribute: Attribute, owner: str) -> str:
    if attribute.nested is not None:
        return NESTINGS[attribute.nested.nesting].format(owner + pascal(attribute.name))
    assert attribute.type is not None
    return TYPES[attribute.type]


def expected(owner: str, attributes: Iterable[Attribute], settable: str, readable: str) -> Bindings:
    """The bindings of an object's attributes, and of those inside them."""
    attributes = list(attributes)
    configurable = [a for a in attributes if a.required or a.optional]
    found: Bindings = {
        settable: {camel(a.name): ("" if a.required else "?") + typescript(a, owner) for a in configurable},
        readable: {camel(a.name): "" for a in attributes},
    }
    for attribute in attributes:
        if attribute.nested is not None:
            inner = owner + pascal(attribute.name)
            found |= expected(inner, attribute.nested.attributes, inner, f"{inner}OutputReference")
    return found


def from_the_schema() -> dict[str, Bindings]:
    """The bindings of each folder."""
    provider = ImmutaProvider({})
    objects = {f"{pascal(name.removeprefix('immuta_'))}": r.schema for name, r in provider.resources.items()}
    objects |= {f"Data{pascal(name)}": source.schema for name, source in provider.data_sources.items()}
    found = {
        re.sub("(?<!^)(?=[A-Z])", "-", name).lower(): expected(name, schema.attributes, f"{name}Config", name)
        for name, schema in objects.items()
    }
    block = expected("ImmutaProvider", provider.schema.attributes, "ImmutaProviderConfig", "ImmutaProvider")
    block["ImmutaProviderConfig"]["alias"] = "?string"
    block["ImmutaProvider"]["alias"] = ""
    # A provider's block is an argument alone: its nested attributes have no classes to read them by.
    block = {name: properties for name, properties in block.items() if not name.endswith("OutputReference")}
    return {**found, "provider": block}


def from_cdktf(text: str) -> Bindings:
    """An attribute's getter is public; so are two of cdktf's own, its raw input and, of an object, its whole value."""
    found: Bindings = {}
    for kind, name, body in re.findall(
        r"^export (interface|class) (\w+)[^{]*\{\n(.*?)^\}", text, re.M | re.S
    ):
        if kind == "interface":
            properties = re.findall(r"^  readonly (\w+)(\??): (.*);$", body, re.M)
            found[name] = {attribute: optional + type for attribute, optional, type in properties}
        elif not name.endswith(("List", "Map")):
            getters = re.findall(r"^  public get (\w+)\(\)", body, re.M)
            inputs = {f"{getter}Input" for getter in getters}
            found[name] = dict.fromkeys((g for g in getters if g not in inputs | {"internalValue"}), "")
    return found


def test_typescript_bindings_have_every_attribute_of_the_schema(tmp_path: Path) -> None:
    configuration = tmp_path / "terraform.rc"
    configuration.write_text(cli_config(plugin_mirror()))
    cdktf = Cdktf(tmp_path, "", {"TF_CLI_CONFIG_FILE": str(configuration)})
    provider_pin = [f"cdktf-immuta/immuta@{mirror.version()}"]
    (cdktf.folder / "cdktf.json").write_text(
        json.dumps({"language": "typescript", "app": "true", "terraformProviders": provider_pin})
    )
    cdktf.ok("get", "--language", "typescript", "--output", "generated")
    folder = cdktf.folder / "generated" / "providers" / "immuta"
    made = {file.parent.name: from_cdktf(file.read_text()) for file in folder.glob("*/index.ts")}
    assert made == from_the_schema()
