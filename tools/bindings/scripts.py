"""The module of the settings that scripts are for, which only integrations have."""

from __future__ import annotations

from immuta_provider.model.compiled.integrations import INTEGRATIONS
from immuta_provider.model.fields import Field
from immuta_provider.model.integrations.questions import EXISTING, NEW, having
from immuta_provider.model.integrations.type import IntegrationType
from immuta_provider.plugin.schema import Schema

from bindings.meta_arguments import OPEN
from bindings.resources import Module, module_name
from bindings.text import WRITE_ONLY, dataclass_field, describe, docstring, module, replaces

IMPORTS = """\
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ..cdk import IResolvable
"""

PLATFORMS = having(INTEGRATIONS, (*NEW, *EXISTING))


def class_name(integration: IntegrationType) -> str:
    return f"{Module(integration).prefix}Settings"


def public_names() -> list[str]:
    return [class_name(i) for i in PLATFORMS]


def of_schema(schema: Schema) -> tuple[str, ...]:
    """The scripts that a data source or an ephemeral resource may be asked for; () = it reads no script."""
    if schema.attribute("script") is None:
        return ()
    return NEW if schema.attribute("integration_id") is None else EXISTING


def text() -> str:
    imports = IMPORTS
    for integration in PLATFORMS:
        names = Module(integration)
        nested = [names.class_of((f.name,)) for f in integration.settings if f.fields]
        imports += f"from .{module_name(integration)} import {', '.join(nested)}\n" if nested else ""
    return module("The settings that scripts are for.", imports, *map(_settings, PLATFORMS))


def _settings(integration: IntegrationType) -> str:
    names = Module(integration)
    fields = sorted(integration.settings, key=lambda f: not _required(f))
    lines = ["@dataclass(frozen=True, kw_only=True, slots=True)", f"class {class_name(integration)}:"]
    lines += docstring(
        f"The settings of a {integration.title} integration that a script is for, as they are in the arguments of "
        f"{integration.class_name}; `auto_bootstrap` is false.",
        [*((f.name, _described(f, integration.noun)) for f in fields), (OPEN.name, OPEN.text)],
        indent=4,
    )
    lines += [
        dataclass_field(f, names.annotation(f, (f.name,)).removesuffix(" | None"), required=_required(f))
        for f in fields
    ]
    lines.append(f"    {OPEN.name}: {OPEN.annotation} = None")
    return "\n".join(lines) + "\n"


def _required(field: Field) -> bool:
    return field.required and not field.secret


def _described(field: Field, noun: str) -> str:
    text = describe(field, noun).replace(f" {replaces(noun)}", "")
    return text.replace(WRITE_ONLY, "Secret: an ephemeral resource takes it, a data source does not.")
