"""Data policies: what subscribers see of the data."""

from __future__ import annotations

from typing import Annotated

from immuta_provider.model.fields import Choices
from immuta_provider.model.governance import policies
from immuta_provider.model.spec import Object, Shape, Spec

INCLUSIONS = Spec(
    "inclusions",
    "The only users that get the rule. A rule without `inclusions` has to follow, for everybody else.",
    default="The rule is for everybody but `exceptions`.",
)
EXCEPTIONS = Spec("exceptions", "The users that do not get the rule.", default="None.")
OPERATOR = Spec(
    "operator",
    "any: one of the `fields` or `matches` is enough. all: each of them is needed.",
    default="Immuta decides.",
    choices=Choices("any", "all", strict=False),
)
COLUMN_TAG = Spec("tag", "The whole name of the tag that the column has.", names="immuta_tag.name")
CONFIG = Spec("config", "The effect of the rule, and its columns or rows.", spread=True)


class ColumnTagField(Shape):
    """The columns with a tag, or one below it."""

    word = "columnTags"
    column_tag: Annotated[str, Spec("columnTag", "The whole name of the tag.", names="immuta_tag.name")]


class NoTagsField(Shape):
    """The columns without any tag."""

    word = "noTags"


class HashMasking(Shape):
    """Replaces a value by its hash."""

    word = "Hash"


class ConstantMasking(Shape):
    """Replaces each value by the same text."""

    word = "Constant"
    constant: Annotated[str, Spec("constant", "The text, also for columns of numbers.")]


class NullMasking(Shape):
    """Replaces each value by NULL."""

    word = "Null"


class CustomFunctionMasking(Shape):
    """Replaces a value by the result of an SQL expression."""

    word = "Custom Function"
    sql_function: Annotated[str, Spec("sqlFunction", "The SQL expression, in which @column is the value.")]


class Masking(Object):
    """The settings of a masking rule."""

    class_name = "MaskingConfig"

    fields: Annotated[list[ColumnTagField | NoTagsField], Spec("fields", "The columns to mask.")]
    masking_config: Annotated[
        HashMasking | ConstantMasking | NullMasking | CustomFunctionMasking,
        Spec("maskingConfig", "The way in which values are masked."),
    ]
    operator: Annotated[str | None, OPERATOR] = None
    conditional_predicate: Annotated[
        str | None,
        Spec(
            "conditionalPredicate",
            "An SQL condition on the row under which values are masked, such as @columnTagged('Acme.Country') = 'DE'.",
            default="In every row.",
        ),
    ] = None


class WhereClause(Object):
    """The settings of a rule by an SQL condition."""

    class_name = "WhereClauseConfig"

    predicate: Annotated[
        str,
        Spec(
            "predicate",
            "The SQL condition of the rows to show. It may call @columnTagged, @attributeValuesContains and @username.",
        ),
    ]


class AttributeMatch(Shape):
    """An attribute of the user that has the value in a column."""

    word = "attribute"
    attribute: Annotated[str, Spec("attribute", "The name of the attribute.")]
    tag: Annotated[str, COLUMN_TAG]


class GroupMatch(Shape):
    """A group of the user that has the name in a column."""

    word = "group"
    tag: Annotated[str, COLUMN_TAG]


class UserEntitlements(Object):
    """The settings of a rule by what users have."""

    class_name = "UserEntitlementsConfig"

    matches: Annotated[
        list[AttributeMatch | GroupMatch],
        Spec("matches", "Pairs that have to match between a user and a row."),
    ]
    operator: Annotated[str | None, OPERATOR] = None


class MaskingRule(Shape):
    """Masks the values of columns."""

    word = "Masking"
    config: Annotated[Masking, CONFIG]
    inclusions: Annotated[policies.PolicyUsers | None, INCLUSIONS] = None
    exceptions: Annotated[policies.PolicyExceptions | None, EXCEPTIONS] = None


class UserEntitlementsRule(Shape):
    """Shows only the rows whose values match what the user has."""

    word = "Row Restriction by User Entitlements"
    config: Annotated[UserEntitlements, CONFIG]
    inclusions: Annotated[policies.PolicyUsers | None, INCLUSIONS] = None
    exceptions: Annotated[policies.PolicyExceptions | None, EXCEPTIONS] = None


class WhereClauseRule(Shape):
    """Shows only the rows for which an SQL condition holds."""

    word = "Row Restriction by Custom Where Clause"
    config: Annotated[WhereClause, CONFIG]
    inclusions: Annotated[policies.PolicyUsers | None, INCLUSIONS] = None
    exceptions: Annotated[policies.PolicyExceptions | None, EXCEPTIONS] = None


class DataPolicyAction(Object):
    """Rules that belong together. The first rule that includes a user decides for that user."""

    class_name = "DataPolicyAction"

    rules: Annotated[
        list[MaskingRule | UserEntitlementsRule | WhereClauseRule],
        Spec("rules", "The rules, in the order in which they are tried."),
    ]
    description: Annotated[str | None, Spec("description", "A text about the reason.", default="None.")] = (
        None
    )


class DataPolicy(policies.Policy):
    """A global data policy, which masks values and hides rows in the data sources that it applies to."""

    about = policies.about_policy("data", "policies")

    actions: Annotated[
        list[DataPolicyAction] | None,
        Spec(
            "actions",
            "Groups of rules, in the order in which they are tried.",
            default="`actions_json` has them.",
        ),
    ] = None
    actions_json: Annotated[str | None, policies.actions_json("array")] = None
