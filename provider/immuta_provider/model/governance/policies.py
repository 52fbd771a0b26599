"""Parts of both kinds of policy: people, circumstances, certification, and their life."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from immuta_provider.model.fields import Choices, Routes, Way
from immuta_provider.model.spec import About, Object, Resource, Shape, Spec

UPSERT = "POST /api/v2/policy?reCertify={re_certify}"
LIFE = Routes(
    UPSERT,
    "GET /policy/global/{id}",
    "DELETE /policy/global/{id}?policyId={id}",
    update=UPSERT,
    list="GET /policy/global",
    permission="GOVERNANCE",
    type_at="type",
    created_id="policyId",
    absent_when=(("deleted", True),),
    reserved_when=(("systemGenerated", True),),
    adapter="policies",
    unique=(("policy_key", "policyKey"), ("name", "name")),
)
REPLACING = (
    "replacing a policy deletes the old one first, and until the new one is created nothing protects the data. Set "
    "`create_before_destroy = true` in `lifecycle` and give the new policy another `name`, or keep `policy_key`."
)
WAYS = (
    (Way("actions"), Way("actions_json")),
    (Way("circumstances"), Way("circumstances_json"), Way("applies_when_selected_by_owner")),
)
# Immuta shows these in the words of its older API, which cannot be translated back.
DIGESTED = ("actions", "circumstances", "ownerRestrictions")
OPERATOR = Spec(
    "operator",
    "any: one of the groups and attributes is enough. all: each of them is needed.",
    default="Immuta decides.",
    choices=Choices("any", "all", strict=False),
)
GROUPS = Spec("groups", "The names of groups.", default="None.", names="immuta_group.name")
ATTRIBUTES = Spec("attributes", "Attributes of users, each with its value.", default="None.")


class PolicyAttribute(Object):
    """An attribute that a user has, with its value."""

    class_name = "PolicyAttribute"

    name: Annotated[str, Spec("name", "The name of the attribute.")]
    value: Annotated[str, Spec("value", "Its value.")]


class PolicyUsers(Object):
    """The users that have any or all of the groups and attributes."""

    class_name = "PolicyUsers"

    operator: Annotated[str | None, OPERATOR] = None
    groups: Annotated[list[str] | None, GROUPS] = None
    attributes: Annotated[list[PolicyAttribute] | None, ATTRIBUTES] = None


class PolicyExceptions(PolicyUsers):
    """The users that a rule does not hold for: those with any or all of the groups, attributes and purposes."""

    class_name = "PolicyExceptions"

    purposes: Annotated[
        list[str] | None,
        Spec(
            "purposes",
            "The names of purposes under which a user acts.",
            default="None.",
            names="immuta_purpose.name",
        ),
    ] = None


class PolicyDomain(Object):
    """A domain, by its id or its name."""

    class_name = "PolicyDomain"

    id: Annotated[
        str | None,
        Spec("id", "The id of the domain.", default="It is found by `name`.", names="immuta_domain.id"),
    ] = None
    name: Annotated[
        str | None,
        Spec("name", "The name of the domain.", default="It is found by `id`.", names="immuta_domain.name"),
    ] = None


class TagCircumstance(Shape):
    """Applies to data sources that have a tag, or one below it."""

    word = "tags"
    tag: Annotated[str, Spec("tag", "The whole name of the tag.", names="immuta_tag.name")]


class ColumnTagCircumstance(Shape):
    """Applies to data sources with a column that has a tag, or one below it."""

    word = "columnTags"
    column_tag: Annotated[str, Spec("columnTag", "The whole name of the tag.", names="immuta_tag.name")]


class ColumnRegexCircumstance(Shape):
    """Applies to data sources with a column whose name matches a regular expression."""

    word = "columnRegex"
    regex: Annotated[str, Spec("regex", "The regular expression.")]
    case_insensitive: Annotated[
        bool | None,
        Spec("caseInsensitive", "true: capitals do not matter.", default="Immuta decides."),
    ] = None


class NoTagsCircumstance(Shape):
    """Applies to data sources with a column that has no tag."""

    word = "noTags"


class DomainCircumstance(Shape):
    """Applies to the data sources of domains."""

    word = "domains"
    domains: Annotated[list[PolicyDomain], Spec("domains", "The domains.")]


class PolicyCertification(Object):
    """The text that a data owner has to agree to before the policy holds for a data source."""

    class_name = "PolicyCertification"

    text: Annotated[str | None, Spec("text", "The text.", default="None.")] = None
    label: Annotated[str | None, Spec("label", "The text of the button.", default="None.")] = None
    tags: Annotated[
        list[str] | None,
        Spec(
            "tags",
            "The names of tags that certified data sources get.",
            default="None.",
            names="immuta_tag.name",
        ),
    ] = None
    recertify: Annotated[
        bool | None,
        Spec("recertify", "true: owners have to agree again after a change.", default="Immuta decides."),
    ] = None


class PolicyOwner(Object):
    """A user whose data sources a policy is restricted to."""

    class_name = "PolicyOwner"

    iamid: Annotated[str, Spec("iamid", "The id of the identity manager that the user is in.")]
    username: Annotated[str, Spec("username", "The login name.", names="immuta_user.userid")]


class PolicyOwners(Object):
    """The users and groups whose data sources a policy is restricted to."""

    class_name = "PolicyOwners"

    users: Annotated[list[PolicyOwner] | None, Spec("users", "The users.", default="None.")] = None
    groups: Annotated[list[str] | None, GROUPS] = None


Circumstance = (
    TagCircumstance
    | ColumnTagCircumstance
    | ColumnRegexCircumstance
    | NoTagsCircumstance
    | DomainCircumstance
)


def about_policy(kind: str, page: str) -> About:
    """The facts of one kind of policy. `kind` is Immuta's word for it, and `page` the name of Immuta's page about it."""
    noun = f"{kind} policy"
    return About(
        resource=f"immuta_{kind}_policy",
        family="governance",
        title=noun.capitalize(),
        noun=noun,
        plural=f"{kind} policies",
        documentation=f"https://documentation.immuta.com/saas/developer-guides/api-intro/immuta-v2-api/{page}",
        life=LIFE,
        unique_by=("policy_key",),
        constants={"type": kind},
        ways=WAYS,
        digested=DIGESTED,
        replacing=REPLACING,
        accepts_unknown_names=True,
        open_at="",
        in_files=True,
    )


def actions_json(form: Literal["array", "object"]) -> Spec:
    """The actions as text, for those that a policy has no attributes for."""
    return Spec(
        "actions",
        "The actions as JSON text, in the form that Immuta's V2 API has them: for actions that "
        "`actions` has no attributes for.",
        default="`actions` has them.",
        places="actions",
        as_json=form,
        text_format="json",
        equivalence="json",
    )


class Policy(Resource):
    """The attributes of both kinds of policy, in their order. Each kind has `actions` of its own."""

    policy_key: Annotated[
        str,
        Spec(
            "policyKey",
            "The key. It has to be unique among the policies in Immuta. It may contain spaces.",
            replace=True,
        ),
    ]
    name: Annotated[str, Spec("name", "The name. It has to be unique among the policies in Immuta.")]
    actions: Any = None
    actions_json: Any = None
    circumstances: Annotated[
        list[Circumstance] | None,
        Spec(
            "circumstances",
            "The data sources that the policy applies to.",
            default="data owners select the policy; set `applies_when_selected_by_owner` then.",
        ),
    ] = None
    circumstances_json: Annotated[
        str | None,
        Spec(
            "circumstances",
            "The circumstances as JSON text, in the form that Immuta's V2 API has them: for circumstances that "
            "`circumstances` has no attributes for.",
            default="`circumstances` has them.",
            places="circumstances",
            as_json="array",
            text_format="json",
            equivalence="json",
        ),
    ] = None
    circumstance_operator: Annotated[
        str | None,
        Spec(
            "circumstanceOperator",
            "any: one of the circumstances is enough. all: each of them is needed.",
            default="any.",
            choices=Choices("any", "all", strict=False),
        ),
    ] = None
    applies_when_selected_by_owner: Annotated[
        bool | None,
        Spec(
            "appliesWhenSelectedByOwner",
            "true: the policy has no circumstances, and applies where a data owner selects it.",
            default="`circumstances` has the data sources that it applies to.",
            choices=Choices(True),
            state_only=True,
        ),
    ] = None
    staged: Annotated[
        bool | None,
        Spec(
            "staged",
            "true: the policy is saved, and not enforced.",
            default="false.",
            computed=True,
            computed_as=False,
        ),
    ] = None
    template: Annotated[
        bool | None,
        Spec(
            "template",
            "true: the policy is a template.",
            default="false.",
            computed=True,
            computed_as=False,
        ),
    ] = None
    certification: Annotated[
        PolicyCertification | None,
        Spec(
            "certification",
            "The text that data owners have to agree to.",
            default="They need not agree to anything.",
        ),
    ] = None
    owner_restrictions: Annotated[
        PolicyOwners | None,
        Spec(
            "ownerRestrictions",
            "The owners whose data sources the policy is restricted to.",
            default="Those of all owners.",
        ),
    ] = None
    re_certify: Annotated[
        bool | None,
        Spec(
            "reCertify",
            "true: data owners have to agree again after an update of `certification`. A change of this alone sends nothing.",
            default="false.",
            state_only=True,
        ),
    ] = None
