"""The examples of the data sources that derive from a resource type."""

from __future__ import annotations

from typing import Any

from immuta_provider.model.compiled.types import TYPES
from immuta_provider.model.fields import ResourceType
from immuta_provider.model.registry import READINGS
from immuta_provider.plugin.schema import Schema

from documentation import hcl
from documentation.examples import EXAMPLES
from documentation.reading_examples import Reading, program

OF_READINGS = {cls.about.resource: cls.about.example for cls in READINGS}
"""The arguments in the examples of what is read by a route of its own."""


def derived_reading(name: str, construct: str, schema: Schema) -> Reading:
    """The example of a data source: one object by the natural key of its type's example, or all of them, or its own."""
    type = next((t for t in TYPES if t.resource == name), None)
    arguments = natural_key(type, schema) if type else OF_READINGS.get(name, {})
    body = f"\n{hcl.attributes(arguments, '  ')}\n" if arguments else ""
    passed = "".join(f", {key}={value!r}" for key, value in arguments.items())
    return Reading(
        f'data "{name}" "example" {{{body}}}\n',
        program(
            ", ".join(sorted((construct, "ImmutaProvider"))),
            f'example = {construct}(stack, "example"{passed})',
        ).replace("TerraformOutput, ", ""),
    )


def natural_key(type: ResourceType, schema: Schema) -> dict[str, Any]:
    """The natural key of the type's first example, as far as the schema takes it."""
    arguments = EXAMPLES[type.resource][0].arguments
    return {name: arguments[name] for name in type.unique_by if name in arguments and schema.attribute(name)}
