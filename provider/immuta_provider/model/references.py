"""Values that name an object of another type."""

from __future__ import annotations

from immuta_provider.model.compiled.types import BY_RESOURCE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from immuta_provider.model.fields import Field


def named(field: Field, fields: Iterable[Field], values: Mapping[str, Any]) -> str:
    """The type and the attribute by which the value of a field names an object (`immuta_user.userid`); "" = it names none.

    `fields` and `values` are those of the object that the field is in. It names no object of the type if that object would have
    another constant than the value beside it: a user of another identity manager is not an `immuta_user`.
    """
    if not field.names:
        return ""
    constants = dict(BY_RESOURCE[field.names.partition(".")[0]].constants)
    for beside in fields:
        value = values.get(beside.name)
        value = beside.unset_as if value is None else value
        if beside.key in constants and value != constants[beside.key]:
            return ""
    return field.names
