"""The module of the credentials for deleting integrations, which only integrations have."""

from __future__ import annotations

from immuta_provider.model.compiled.integrations import INTEGRATIONS
from immuta_provider.model.integrations.teardown import teardown_fields
from immuta_provider.model.integrations.type import IntegrationType

from bindings.resources import Module, module_name
from bindings.text import dataclass_field, describe, docstring, module

IMPORTS = """\
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..cdk import IResolvable
"""

PLATFORMS = tuple(integration for integration in INTEGRATIONS if integration.teardown_platform)


def class_name(integration: IntegrationType) -> str:
    return Module(integration).prefix + "TeardownCredentials"


def public_names() -> list[str]:
    return ["TeardownCredentials", *map(class_name, PLATFORMS)]


def text() -> str:
    imports = IMPORTS
    for integration in PLATFORMS:
        names = Module(integration)
        nested = [names.class_of((f.name,)) for f in teardown_fields(integration) if f.fields]
        imports += f"from .{module_name(integration)} import {', '.join(nested)}\n" if nested else ""
    return module(
        "Credentials for deleting integrations.", imports, *map(_platform, PLATFORMS), _credentials()
    )


def _platform(integration: IntegrationType) -> str:
    names, fields = Module(integration), teardown_fields(integration)
    lines = ["@dataclass(frozen=True, kw_only=True, slots=True)", f"class {class_name(integration)}:"]
    lines += docstring(
        f"The privileged credentials with which Immuta removes its objects from {integration.title}, as they are "
        f"in the arguments of {integration.class_name}. They are sent when an integration is deleted that was set up "
        "with `auto_bootstrap` true, and are stored nowhere.",
        [(f.name, describe(f, integration.noun, standing_alone=True)) for f in fields],
        indent=4,
    )
    lines += [dataclass_field(f, names.annotation(f, (f.name,)), required=False) for f in fields]
    return "\n".join(lines) + "\n"


def _credentials() -> str:
    any_of = " | ".join(map(class_name, PLATFORMS))
    lines = ["@dataclass(frozen=True, kw_only=True, slots=True)", "class TeardownCredentials:"]
    lines += docstring(
        "Credentials for deleting integrations, for `ImmutaProvider`. Immuta asks for them again when it deletes an "
        "integration that it set up itself (`auto_bootstrap` true), since they are stored nowhere: not in Immuta, "
        "not in Terraform's state.",
        [
            *(
                (
                    i.teardown_platform,
                    f"for the {i.title} integrations whose host `hosts` does not name. Default: none; deleting one "
                    f"then fails before anything is changed.",
                )
                for i in PLATFORMS
            ),
            (
                "hosts",
                "for single integrations, by their host (capitals, a scheme and what follows the host make no difference); wins "
                "over the platform's. Default: none.",
            ),
        ],
        indent=4,
    )
    for i in PLATFORMS:
        lines.append(
            f"    {i.teardown_platform}: {class_name(i)} | Mapping[str, Any] | IResolvable | None = None"
        )
    lines.append(f"    hosts: Mapping[str, {any_of} | Mapping[str, Any]] | IResolvable | None = None")
    return "\n".join(lines) + "\n"
