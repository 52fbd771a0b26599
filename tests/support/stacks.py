"""The problems and the warnings of constructs, and the expressions of references to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from constructs import IConstruct
from immuta_constructs import ArgumentError
from immuta_constructs.cdk import TerraformOutput, TerraformStack
from immuta_constructs.testing import synthesized


def warnings(construct: IConstruct) -> list[str]:
    """The warnings of cdktf about a construct; those about secrets are only there after synthesis."""
    return [str(entry.data) for entry in construct.node.metadata if entry.type == "@cdktf/warn"]


def problems(construct: Callable[..., Any], scope: IConstruct, **arguments: Any) -> list[str]:
    """The problems that a constructor reports, one a line. The refused construct is not left in the tree."""
    with pytest.raises(ArgumentError) as caught:
        construct(scope, "refused", **arguments)
    assert scope.node.try_find_child("refused") is None
    return [line.removeprefix("- ") for line in str(caught.value).splitlines()[1:]]


def expressions(stack: TerraformStack, references: Sequence[Any]) -> list[str]:
    """Returns references as Terraform has them."""
    for number, value in enumerate(references):
        TerraformOutput(stack, f"output-{number}", value=value)
    outputs = synthesized(stack)["output"]
    return [outputs[f"output-{number}"]["value"] for number in range(len(references))]
