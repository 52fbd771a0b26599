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
    "further keys for Immuta's `config` object, as a mapping (or as JSON text), merged into it at every depth: for "
    "what a newer Immuta knows and this class does not. It may hold no key that has an argument of its own, and "
    "no secret. Default: nothing is added.",
)
TIMEOUTS = Argument(
    "timeouts",
    "Timeouts | Mapping[str, str] | None",
    "how long to wait for Immuta, as `Timeouts` or a mapping with `create`, `update` and `delete`. Default: 10 "
    "minutes each.",
)
OF_RESOURCES = (
    Argument("connection", "Connection | None", "how the provisioners connect. Default: not at all."),
    Argument(
        "count",
        "int | float | TerraformCount | None",
        "how many of it; not together with `for_each`. Default: one.",
    ),
    Argument(
        "depends_on",
        "Sequence[ITerraformDependable] | None",
        "what must be deployed before it. Default: only what its arguments refer to.",
    ),
    Argument(
        "for_each",
        "ITerraformIterator | None",
        "one of it for each item of an iterator. Default: one.",
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
        "what to run once it was created. Default: nothing.",
    ),
)
OF_READS = tuple(
    argument._replace(text=argument.text.replace("`prevent_destroy`", "a `precondition`"))
    for argument in OF_RESOURCES
    if argument.name not in ("connection", "provisioners")
)


def of_type(type: ResourceType) -> tuple[Argument, ...]:
    """The arguments that follow from how a type lives and that are written otherwise in Python than in the model."""
    return (
        *((OPEN,) if ADDITIONAL_CONFIG in derived_fields(type) else ()),
        *((TIMEOUTS,) if type.settles else ()),
    )
