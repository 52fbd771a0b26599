"""Subscription policies: who may see which data sources."""

from __future__ import annotations

from typing import Annotated

from immuta_provider.model.fields import Choices, When
from immuta_provider.model.policies import parts
from immuta_provider.model.spec import About, Object, Resource, Shape, Spec

DESCRIPTION = Spec("description", "Why it is so.", default="None.")
AUTOMATIC = Spec(
    "automaticSubscription",
    "Whether the users who may subscribe are subscribed without doing anything.",
    default="false.",
)
ACCESS_GRANT = Spec(
    "accessGrant", "What subscribers may do.", default="READ.", choices=Choices("READ", "WRITE", strict=False)
)
SHARE = Spec(
    "shareResponsibility",
    "Whether other subscription policies may be combined with this one.",
    default="false.",
)
DISCOVERY = Spec(
    "allowDiscovery",
    "Whether other users see the data source, and may ask for access to it.",
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
            "Whether the user who asks has to name the approver.",
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
        list[PolicyApproval] | None, Spec("approvals", "Who has to approve.", default="Immuta decides.")
    ] = None
    description: Annotated[str | None, DESCRIPTION] = None
    access_grant: Annotated[str | None, ACCESS_GRANT] = None
    share_responsibility: Annotated[bool | None, SHARE] = None


class EntitlementsAction(Shape):
    """Users with groups or attributes may subscribe."""

    word = "entitlements"
    entitlements: Annotated[
        parts.PolicyUsers | None,
        Spec(
            "entitlements",
            "The groups and attributes that a user needs.",
            default="`advanced` says it.",
            required_when=When({"type": ("entitlements",), "advanced": (None,)}, strict=False),
        ),
    ] = None
    advanced: Annotated[
        str | None,
        Spec(
            "advanced",
            "The condition as text, such as @isInGroups('Eng') AND @hasAttribute('Clearance', 'High').",
            default="`entitlements` says it.",
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


class SubscriptionPolicy(Resource):
    """A global subscription policy, which says who may see the data sources that it applies to, and who approves that."""

    about = About(
        resource="immuta_subscription_policy",
        family="policies",
        title="Subscription policy",
        noun="subscription policy",
        plural="subscription policies",
        documentation="https://documentation.immuta.com/saas/developer-guides/api-intro/immuta-v2-api/subscription-policy",
        life=parts.LIFE,
        unique_by=("policy_key",),
        constants={"type": "subscription"},
        ways=parts.WAYS,
        digested=parts.DIGESTED,
        replacing=parts.REPLACING,
    )

    policy_key: Annotated[str, parts.POLICY_KEY]
    name: Annotated[str, parts.NAME]
    actions: Annotated[
        AnyoneAction | ApprovalAction | EntitlementsAction | ManualAction | None,
        Spec("actions", "Who may subscribe, and how.", default="`actions_json` says it."),
    ] = None
    actions_json: Annotated[str | None, parts.ACTIONS_JSON] = None
    circumstances: Annotated[list[parts.Circumstance] | None, parts.CIRCUMSTANCES] = None
    circumstance_operator: Annotated[str | None, parts.CIRCUMSTANCE_OPERATOR] = None
    applies_when_selected_by_owner: Annotated[bool | None, parts.SELECTED_BY_OWNER] = None
    staged: Annotated[bool | None, parts.STAGED] = None
    template: Annotated[bool | None, parts.TEMPLATE] = None
    certification: Annotated[parts.PolicyCertification | None, parts.CERTIFICATION] = None
    owner_restrictions: Annotated[parts.PolicyOwners | None, parts.OWNER_RESTRICTIONS] = None
    re_certify: Annotated[bool | None, parts.RE_CERTIFY] = None
