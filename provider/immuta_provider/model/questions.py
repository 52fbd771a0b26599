"""The arguments of a data source, an ephemeral resource or an action, and their rules.

The provider's plan and the Python constructs judge a question by the same function.
"""

from __future__ import annotations

from immuta_provider.model import rules
from immuta_provider.model.conditions import Scope
from immuta_provider.model.fields import STRING, Field, Plain, Way, When
from immuta_provider.model.text import a, joined
from immuta_provider.model.ways import violations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from immuta_provider.model.fields import Reading, ResourceType
    from immuta_provider.model.findings import Finding

ALWAYS = When({})


class Question(Plain):
    """The arguments of one data source, ephemeral resource or action.

    `ways`: exactly one of them has to be taken where `when` holds; `reason` says why, as a clause. No ways: the arguments do not
    depend on each other. `label` names the question in messages.
    """

    __slots__ = ("arguments", "label", "reason", "ways", "when")

    documentation = ""

    def __init__(
        self,
        label: str,
        *arguments: Field,
        ways: tuple[Way, ...] = (),
        when: When = ALWAYS,
        reason: str = "",
    ) -> None:
        self.label = label
        self.arguments = arguments
        self.ways = ways
        self.when = when
        self.reason = reason

    @property
    def noun(self) -> str:
        return self.label

    def argument(self, name: str) -> Field:
        return next(field for field in self.arguments if field.name == name)


def check(
    question: Question,
    config: Mapping[str, Any],
    *,
    is_unknown: Callable[[object], bool] = rules.nothing_unknown,
) -> list[Finding]:
    """Every problem of the arguments, warnings included; the ways are judged only where each argument is right by itself.

    As in `rules.check`, an unknown value is never refused.
    """
    top = Scope(question.arguments, config, is_unknown)
    found = list(rules.members(top))
    if question.ways and not any(finding.strict for finding in found) and top.holds(question.when) is True:
        found += violations(question.ways, top, question.reason)
    return found


def id_argument(
    name: str,
    description: str,
    *,
    required: bool = False,
    default: str = "",
    hint: str = "an id of Immuta's, such as 7",
) -> Field:
    """An argument that takes an id. `hint` is the form of an id, for messages."""
    return Field(
        name,
        "",
        STRING,
        description=description,
        required=required,
        default=default,
        pattern=".*[^ ].*",
        pattern_hint=hint,
    )


def record(type: ResourceType) -> Question:
    """The question of a record's data source: by its id, or by its natural key.

    A part of the key with a default may be left out.
    """
    key = " and ".join(f"`{name}`" for name in type.unique_by)
    needed = tuple(field.name for field in _key(type) if field.unset_as is None)
    return Question(
        type.resource,
        id_argument(
            "id", f"{type.id_meaning}.", default=f"it is found by {key}.", hint=f"an id, {type.id_form}"
        ),
        *(
            _part(field, "it is found by `id`." if field.unset_as is None else f"`{field.unset_as}`.")
            for field in _key(type)
        ),
        ways=(Way("id"), Way(*needed)),
        reason=f"{a(type.noun)} is found either by its id or by its {joined(needed, 'and')}",
    )


def records(type: ResourceType) -> Question:
    """The question of the data source of all records of a type."""
    key = joined([f"`{name}`" for name in type.unique_by], "or")
    return Question(
        f"immuta_{type.collection}",
        Field(
            "search_text",
            "",
            STRING,
            description=f"Only the {type.plural} that have this text in {key}, in any case.",
            default="all.",
        ),
        *(_part(field, "all.") for field in _key(type)),
    )


def reading(reading: Reading) -> Question:
    """The question of a data source that reads one route."""
    return Question(reading.resource, *reading.arguments)


def _key(type: ResourceType) -> list[Field]:
    return [field for field in type.fields if field.name in type.unique_by]


def _part(field: Field, default: str) -> Field:
    """A part of the natural key as an argument."""
    return Field(
        field.name,
        "",
        STRING,
        description=field.description,
        default=default,
        pattern=".*[^ ].*",
        pattern_hint="text that is not blank",
    )
