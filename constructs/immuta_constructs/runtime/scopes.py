"""The check of the scope: cdktf and cdktn cannot be mixed in one tree of constructs."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from constructs import Construct
from immuta_provider.model.wording import Problem

from ..cdk import LIBRARY, OTHER, VARIABLE


def foreign(scope: Construct) -> Iterator[Problem]:
    """Yields a problem if the scope is in a stack of the other library, which would only report a missing stack."""
    if OTHER not in sys.modules:
        return
    root = scope.node.root
    if getattr(type(root), "__jsii_type__", "").startswith(f"{OTHER}."):
        detail = (
            f"it is in an {type(root).__name__} of {OTHER}, but immuta_constructs uses {LIBRARY}. Import {OTHER} first, or set "
            f"{VARIABLE}={OTHER}."
        )
        yield Problem(("scope",), True, f"scope belongs to {OTHER}", detail)
