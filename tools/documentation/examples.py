"""The examples on the pages, one file a type in `examples/resources/`: each is rendered as HCL and as Python, and the tests
put it through the rules."""

from __future__ import annotations

import tomllib
from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bindings.resources import module_name
from immuta_provider.adopt.values import Json, Secret, secrets_in
from immuta_provider.model.compiled.types import TYPES
from immuta_provider.model.fields import ResourceType

Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Example:
    """One resource: what it shows, its name in Terraform (and of its Python variable), and its arguments."""

    title: str
    name: str
    arguments: Arguments

    def secrets(self) -> list[Secret]:
        return list(dict.fromkeys(secrets_in(self.arguments)))


FOLDER = Path(__file__).resolve().parents[2] / "examples" / "resources"


def file_of(type: ResourceType) -> Path:
    """The file with the examples of one type."""
    return FOLDER / type.family / f"{module_name(type)}.toml"


def _document(type: ResourceType) -> dict[str, Any]:
    return tomllib.loads(file_of(type).read_text("utf-8"))


def read(type: ResourceType) -> tuple[Example, ...]:
    """The examples of one type, from its file; the first one shows the import, too."""
    document = _document(type)
    as_json = {field.name for field in type.fields if field.as_json}
    return tuple(
        Example(each["title"], each["name"], _arguments(each.get("arguments", {}), as_json))
        for each in document["example"]
    )


def _arguments(values: Mapping[str, Any], as_json: Container[str]) -> Arguments:
    return {name: Json(item) if name in as_json else _value(item) for name, item in values.items()}


def _value(value: Any) -> Any:
    """A value of the file, in which a table with the only key `variable` stands for a secret."""
    if isinstance(value, Mapping):
        if value.keys() == {"variable"}:
            return Secret(value["variable"])
        return {name: _value(item) for name, item in value.items()}
    return [_value(item) for item in value] if isinstance(value, list) else value


EXAMPLES: dict[str, tuple[Example, ...]] = {type.resource: read(type) for type in TYPES}
STACKS: dict[str, list[str]] = {type.resource: _document(type).get("stacks", []) for type in TYPES}
"""The folders in `examples/` with whole stacks around a type, in which other providers' resources are."""
