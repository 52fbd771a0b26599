"""The natural key of an object: the values by which Immuta tells it from others of its type."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..model.fields import ResourceType
    from ..plugin.interfaces import Object


def natural_key(type: ResourceType, values: Object) -> tuple[str, ...] | None:
    """Returns the natural key that an object with these attributes has; None where nothing visible is one."""
    key = (_part(type, name, values.get(name)) for name in type.unique_by)
    return (type.scope, *key) if type.unique_by else None


def _part(type: ResourceType, name: str, value: object) -> str:
    field = type.field(name)
    if field is None:
        return str(value)
    text = str(field.unset_as if value is None else value)
    return text.lower() if type.key_ignores_case or field.equivalence == "case" else text
