"""Schemas, diagnostics and paths as messages. Every text of a diagnostic passes the redactor here."""

from __future__ import annotations

from . import messages, secrecy
from .paths import Key
from .redaction import REDACTOR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .diagnostics import Diagnostic
    from .paths import Path
    from .schema import Attribute, Schema


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


def diagnostic(diagnostic: Diagnostic, schema: Schema | None) -> dict[str, Any]:
    """A Diagnostic message. Its path is cut where secrets begin; without a schema there is none."""
    steps = path(secrecy.shown(schema, diagnostic.path))["steps"] if schema is not None else []
    return {
        "severity": messages.SEVERITIES[diagnostic.severity],
        "summary": REDACTOR.clean(str(diagnostic.summary)),
        "detail": REDACTOR.clean(str(diagnostic.detail)),
        "attribute": {"steps": steps} if steps else None,
    }


def path(path: Path) -> dict[str, Any]:
    """An AttributePath message. The protocol has no step into a set: the path ends at the set."""
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
