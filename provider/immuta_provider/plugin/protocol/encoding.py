"""Encodes schemas, functions, diagnostics and paths as messages, and redacts every text for the user."""

from __future__ import annotations

from .. import secrecy
from ..paths import Key
from ..redaction import REDACTOR, bounded
from . import messages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final

    from ..diagnostics import Diagnostic
    from ..interfaces import Function, FunctionError, Parameter
    from ..paths import Path
    from ..schema import Attribute, IdentitySchema, Schema


_MAX_TEXT_LENGTH: Final = 32 * 1024
"""Characters of one text for the user."""


def schema(schema: Schema) -> dict[str, Any]:
    """A Schema message."""
    return {
        "version": schema.version,
        "block": {
            "version": schema.version,
            "attributes": [_attribute(a) for a in schema.attributes],
            "description": schema.description,
            "deprecated": schema.deprecated,
        },
    }


def _attribute(attribute: Attribute) -> dict[str, Any]:
    nested = attribute.nested
    return {
        "name": attribute.name,
        "type": b"" if nested is not None else attribute.value_type.to_json().encode(),
        "description": attribute.description,
        "required": attribute.required,
        "optional": attribute.optional,
        "computed": attribute.computed,
        "sensitive": attribute.sensitive,
        "deprecated": attribute.deprecated,
        "nested_type": None
        if nested is None
        else {
            "attributes": [_attribute(a) for a in nested.attributes],
            "nesting": messages.NESTINGS[nested.nesting],
        },
        "write_only": attribute.write_only,
    }


def identity_schema(schema: IdentitySchema) -> dict[str, Any]:
    """A ResourceIdentitySchema message."""
    return {
        "version": schema.version,
        "identity_attributes": [
            {
                "name": each.name,
                "type": each.type.to_json().encode(),
                "required_for_import": each.required_for_import,
                "optional_for_import": each.optional_for_import,
                "description": each.description,
            }
            for each in schema.attributes
        ],
    }


def function(function: Function) -> dict[str, Any]:
    """A Function message."""
    return {
        "parameters": [_parameter(each) for each in function.parameters],
        "variadic_parameter": _parameter(function.variadic) if function.variadic is not None else None,
        "return": {"type": function.returns.to_json().encode()},
        "summary": function.summary,
        "description": function.description,
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "type": parameter.type.to_json().encode(),
        "allow_null_value": parameter.nullable,
        "allow_unknown_values": parameter.takes_unknown,
        "description": parameter.description,
    }


def function_error(error: FunctionError) -> dict[str, Any]:
    """A FunctionError message."""
    return {"text": redacted(error.text), "function_argument": error.argument}


def redacted(text: str) -> str:
    """The text without secrets, cut after _MAX_TEXT_LENGTH characters."""
    return bounded(REDACTOR.clean(str(text)[: 2 * _MAX_TEXT_LENGTH]), _MAX_TEXT_LENGTH)


def timestamp(seconds: float | None) -> dict[str, Any] | None:
    """A Timestamp message. `seconds` counts from 1970."""
    if seconds is None:
        return None
    whole = int(seconds // 1)
    return {"seconds": whole, "nanos": int((seconds - whole) * 1e9)}


def diagnostic(diagnostic: Diagnostic, schema: Schema | None) -> dict[str, Any]:
    """A Diagnostic message. Its path is cut before the first secret, and left out without a schema."""
    steps = path(secrecy.cut_before_secret(schema, diagnostic.path))["steps"] if schema is not None else []
    return {
        "severity": messages.SEVERITIES[diagnostic.severity],
        "summary": redacted(diagnostic.summary),
        "detail": redacted(diagnostic.detail),
        "attribute": {"steps": steps} if steps else None,
    }


def path(path: Path) -> dict[str, Any]:
    """An AttributePath message. It ends at a set, because the protocol has no step into one."""
    steps: list[dict[str, Any]] = []
    for step in path:
        if isinstance(step, str):
            steps.append({"attribute_name": step})
        elif isinstance(step, int):
            steps.append({"element_key_int": step})
        elif isinstance(step, Key):
            steps.append({"element_key_string": step.value})
        else:
            break
    return {"steps": steps}
