"""The arguments that constructs have beside the attributes: Terraform's own, and those that follow from a type's life."""

from __future__ import annotations

from typing import NamedTuple

from immuta_provider.model.derived import ADDITIONAL_CONFIG, derived_fields
from immuta_provider.model.fields import ResourceType


class Argument(NamedTuple):
    """An argument that may be left out."""

    name: str
    annotation: str
    text: str


OPEN = Argument(
    "additional_config",
    "Mapping[str, Any] | str | None",
    "additional keys for Immuta's `config` object, as a mapping (or as JSON text), merged into it at every depth. Use it for "
    "keys of a newer Immuta that this class does not have. Keys that have an argument of their own and secrets are not "
    "allowed. Default: none.",
)
TIMEOUTS = Argument(
    "timeouts",
    "Timeouts | Mapping[str, str] | None",
    "the longest time to wait for Immuta, as `Timeouts` or a mapping with `create`, `update` and `delete`. Default: 10 "
    "minutes each.",
)
OF_RESOURCES = (
    Argument("connection", "Connection | None", "the connection of the provisioners. Default: none."),
    Argument(
        "count",
        "int | float | TerraformCount | None",
        "the number of instances; not together with `for_each`. Default: 1.",
    ),
    Argument(
        "depends_on",
        "Sequence[ITerraformDependable] | None",
        "the objects to deploy first, in addition to those that its arguments refer to. Default: none.",
    ),
    Argument(
        "for_each",
        "TerraformIterator | None",
        "an iterator; one instance is made for each element. Default: a single instance.",
    ),
    Argument(
        "lifecycle",
        "TerraformResourceLifecycle | Mapping[str, Any] | None",
        "Terraform's lifecycle rules, such as `prevent_destroy`. Default: none.",
    ),
    Argument(
        "provider",
        "TerraformProvider | None",
        "the `ImmutaProvider` to use. Default: the stack's provider without an alias.",
    ),
    Argument(
        "provisioners",
        "Sequence[Provisioner] | None",
        "the provisioners to run after it is created. Default: none.",
    ),
)
OF_READS = tuple(
    argument._replace(text=argument.text.replace("`prevent_destroy`", "a `precondition`"))
    for argument in OF_RESOURCES
    if argument.name not in ("connection", "provisioners")
)
OF_EPHEMERAL_RESOURCES = tuple(
    argument._replace(annotation=f"EphemeralLifecycle | {argument.annotation}")
    if argument.name == "lifecycle"
    else argument
    for argument in OF_READS
)


def of_type(type: ResourceType) -> tuple[Argument, ...]:
    """The arguments that follow from how a type lives and that are written otherwise in Python than in the model."""
    return (
        *((OPEN,) if ADDITIONAL_CONFIG in derived_fields(type) else ()),
        *((TIMEOUTS,) if type.settles else ()),
    )
