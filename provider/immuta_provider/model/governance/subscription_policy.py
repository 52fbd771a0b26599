"""Subscription policies: who may see which data sources."""

from __future__ import annotations

from typing import Annotated

from immuta_provider.model.fields import Choices, When
from immuta_provider.model.governance import policies
from immuta_provider.model.spec import Object, Shape, Spec

DESCRIPTION = Spec("description", "A text about the reason.", default="None.")
AUTOMATIC = Spec(
    "automaticSubscription",
    "true: the users who may subscribe are subscribed without doing anything.",
    default="false.",
)
ACCESS_GRANT = Spec(
    "accessGrant",
    "The access of subscribers.",
    default="READ.",
    choices=Choices("READ", "WRITE", strict=False),
)
SHARE = Spec(
    "shareResponsibility",
    "true: other subscription policies may be combined with this one.",
    default="false.",
)
DISCOVERY = Spec(
    "allowDiscovery",
    "true: other users see the data source, and may ask for access to it.",
    default="false.",
)


class PolicyApproval(Object):
    """Somebody who has to approve a subscription."""

    class_name = "PolicyApproval"

    required_permission: Annotated[
        str,
        Spec(
            "requiredPermission",
            "The permission that the approver has.",
            choices=Choices("OWNER", "GOVERNANCE", "USER_ADMIN", "AUDIT", strict=False),
        ),
    ]
    specific_approver_required: Annotated[
        bool | None,
        Spec(
            "specificApproverRequired",
            "true: the user who requests access has to name the approver.",
            default="false.",
        ),
    ] = None


class AnyoneAction(Shape):
    """Anyone may subscribe."""

    word = "anyone"
    automatic_subscription: Annotated[bool | None, AUTOMATIC] = None
    description: Annotated[str | None, DESCRIPTION] = None
    access_grant: Annotated[str | None, ACCESS_GRANT] = None
    share_responsibility: Annotated[bool | None, SHARE] = None


class ApprovalAction(Shape):
    """Anyone may ask to subscribe, and somebody has to approve."""

    word = "approval"
    approvals: Annotated[
        list[PolicyApproval] | None,
        Spec("approvals", "The approvals that a subscription needs.", default="Immuta decides."),
    ] = None
    description: Annotated[str | None, DESCRIPTION] = None
    access_grant: Annotated[str | None, ACCESS_GRANT] = None
    share_responsibility: Annotated[bool | None, SHARE] = None


class EntitlementsAction(Shape):
    """Users with groups or attributes may subscribe."""

    word = "entitlements"
    entitlements: Annotated[
        policies.PolicyUsers | None,
        Spec(
            "entitlements",
            "The groups and attributes that a user needs.",
            default="`advanced` has them.",
            required_when=When({"type": ("entitlements",), "advanced": (None,)}, strict=False),
        ),
    ] = None
    advanced: Annotated[
        str | None,
        Spec(
            "advanced",
            "The condition as text, such as @isInGroups('Eng') AND @hasAttribute('Clearance', 'High').",
            default="`entitlements` has it.",
            only_when=When({"entitlements": (None,)}, strict=False),
        ),
    ] = None
    automatic_subscription: Annotated[bool | None, AUTOMATIC] = None
    allow_discovery: Annotated[bool | None, DISCOVERY] = None
    description: Annotated[str | None, DESCRIPTION] = None
    access_grant: Annotated[str | None, ACCESS_GRANT] = None
    share_responsibility: Annotated[bool | None, SHARE] = None


class ManualAction(Shape):
    """Data owners subscribe users by hand."""

    word = "manual"
    description: Annotated[str | None, DESCRIPTION] = None
    access_grant: Annotated[str | None, ACCESS_GRANT] = None
    share_responsibility: Annotated[bool | None, SHARE] = None


class SubscriptionPolicy(policies.Policy):
    """A global subscription policy, which decides who may see the data sources that it applies to, and who approves that."""

    about = policies.about_policy("subscription", "subscription-policy")

    actions: Annotated[
        AnyoneAction | ApprovalAction | EntitlementsAction | ManualAction | None,
        Spec("actions", "The users who may subscribe, and the way.", default="`actions_json` has them."),
    ] = None
    actions_json: Annotated[str | None, policies.actions_json("object")] = None
