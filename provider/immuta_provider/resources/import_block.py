"""The import block that takes an existing object into Terraform, ready to paste."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..model.fields import ResourceType


def render(type: ResourceType, id: str) -> str:
    """The import as HCL and as Python; `NAME` stands for the resource's own name, which the provider does not know."""
    import json

    # An id may be a name from Immuta, and Terraform would evaluate a template in it, also in one from Python.
    literal = json.dumps(id, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
    return (
        f"import {{\n  to = {type.resource}.NAME\n  id = {literal}\n}}\n\n"
        f'or in Python: {type.class_name}(self, "NAME", ...).import_from({literal})'
    )
