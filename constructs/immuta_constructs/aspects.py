"""Aspects with rules for a whole stack or app: `Aspects.of(app).add(DenyLiteralSecrets())`.

An aspect checks every construct of this package below the one that the aspect was added to, during synthesis. A broken rule
is an error with the path of the construct, and nothing is deployed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

import jsii
from constructs import IConstruct
from immuta_provider.model.compiled.types import BY_RESOURCE

from .cdk import Annotations, IAspect
from .families import Family
from .runtime.provider import Provider
from .runtime.reading import EPHEMERAL, EphemeralResource
from .runtime.resource import ImmutaResource
from .runtime.tokens import resolved
from .runtime.traces import literal_secrets

BOOTSTRAP = "auto_bootstrap"
PROTECTION = "prevent_destroy"


@jsii.implements(IAspect)
class DenyLiteralSecrets:
    """Refuses secrets that cdk.tf.json would contain in plain text.

    Without the aspect they are warnings. A secret is a literal also as a part of an expression, in an override of the
    construct, and as the default of a variable.
    """

    def visit(self, node: IConstruct) -> None:
        """Checks one construct; cdktf calls this method."""
        if isinstance(node, (ImmutaResource, EphemeralResource, Provider)):
            for text in literal_secrets(node, node.secret_traces(_block(node))):
                Annotations.of(node).add_error(text)


@jsii.implements(IAspect)
class RequireManualBootstrap:
    """Requires `auto_bootstrap=False` of every integration, so that Immuta never gets privileged credentials of a platform."""

    def visit(self, node: IConstruct) -> None:
        """Checks one construct; cdktf calls this method."""
        if not isinstance(node, ImmutaResource):
            return
        field = BY_RESOURCE[node.TF_RESOURCE_TYPE].field(BOOTSTRAP)
        value = None if field is None else _block(node).get(BOOTSTRAP)
        if value is None or value is False:
            return
        fault = "is True" if value is True else "is known only to Terraform"
        Annotations.of(node).add_error(
            f"{BOOTSTRAP} {fault}, but RequireManualBootstrap allows False only. Set {BOOTSTRAP}=False, and run the script of a "
            "DataImmutaIntegrationScript before, as the guide to manual setup shows."
        )


@jsii.implements(IAspect)
class PreventDestroy:
    """Sets `prevent_destroy` for every resource, so that Terraform refuses to destroy or to replace them.

    A resource that sets `prevent_destroy=False` itself is an error.

    Args:
        families: the families to protect, such as `["integrations", "people"]`. Default: all.

    Raises:
        ValueError: one of `families` is not the name of a family.
    """

    def __init__(self, *, families: Sequence[Family] | None = None) -> None:
        known = get_args(Family)
        for family in families or ():
            if family not in known:
                raise ValueError(f"there is no family {family!r}: pass any of {', '.join(known)}")
        self._families = known if families is None else tuple(families)

    def visit(self, node: IConstruct) -> None:
        """Protects one construct; cdktf calls this method."""
        if not isinstance(node, ImmutaResource):
            return
        family = BY_RESOURCE[node.TF_RESOURCE_TYPE].family
        if family not in self._families:
            return
        protected = _block(node).get("lifecycle", {}).get(PROTECTION)
        if protected is None:
            node.add_override(f"lifecycle.{PROTECTION}", True)
        elif protected is not True:
            Annotations.of(node).add_error(
                f"{PROTECTION} is {protected}, but PreventDestroy protects the family {family}. Remove {PROTECTION} from "
                "`lifecycle`, or pass PreventDestroy the `families` to protect without this one."
            )


def _block(node: ImmutaResource | EphemeralResource | Provider) -> Mapping[str, Any]:
    """Returns a construct's block in cdk.tf.json, with overrides, and with expressions in place of tokens."""
    fragment = resolved(node.to_terraform(), node)
    if isinstance(node, Provider):
        (block,) = fragment["provider"]["immuta"]
    else:
        kind = EPHEMERAL if isinstance(node, EphemeralResource) else "resource"
        (block,) = fragment[kind][node.TF_RESOURCE_TYPE].values()
    found: Mapping[str, Any] = block
    return found
