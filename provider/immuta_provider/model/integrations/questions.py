"""The questions about integrations: one of them by its id or host, its API key, and the scripts for its platform."""

from __future__ import annotations

from immuta_provider.model import placeholders, questions, rules
from immuta_provider.model.fields import OBJECT, STRING, Choices, Field, Way, When
from immuta_provider.model.questions import Question, id_argument

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any

    from immuta_provider.model.findings import Finding
    from immuta_provider.model.integrations.type import IntegrationType

    Types = tuple[IntegrationType, ...]

NEW = ("initial-create", "create", "cleanup", "post-cleanup")
"""The scripts of an integration that Immuta does not have: not yet, or because its set-up failed."""

EXISTING = ("edit", "delete")
"""The scripts of an integration that Immuta has."""

EDIT = "edit"
BY_HAND = {"auto_bootstrap": False}
"""Wherever there are scripts, Immuta does not set the platform up itself."""

_MEANINGS = {
    "create": "sets up what Immuta manages in the platform; run it before the integration is created",
    "initial-create": "comes before `create`, where the platform needs two",
    "cleanup": "removes what a set-up left behind that did not become an integration",
    "post-cleanup": "comes after `cleanup`, where the platform needs two",
    "edit": "changes what Immuta manages in the platform; run it before the integration is updated to these settings",
    "delete": "removes what Immuta manages in the platform; run it before the integration is destroyed",
}


def having(types: Types, scripts: Iterable[str]) -> Types:
    """The types that have one of the scripts, or may have."""
    return tuple(t for t in types if any(s in t.scripts.values for s in scripts) or not t.scripts.strict)


def integration(types: Types) -> Question:
    """`immuta_integration`."""
    hosts = ", ".join(f"`{t.host_field}` of {t.title}" for t in types if t.host_field)
    return Question(
        "immuta_integration",
        id_argument("id", "Immuta's id of the integration.", default="it is found by `type` and `host`."),
        Field(
            "type",
            "",
            STRING,
            description=f"Immuta's name of the type: {', '.join(t.type for t in types)}.",
            default="it is found by `id`.",
            choices=Choices(*(t.type for t in types), strict=False),
        ),
        Field(
            "host",
            "",
            STRING,
            description=f"The host that the integration is on, as it is or in a URL: {hosts}; null for the other types.",
            default="the only integration of that type is meant.",
            only_when=(When({"type": tuple(t.type for t in types if t.host_field)}),),
        ),
        ways=(Way("id"), Way("type", may=("host",))),
        reason="an integration is found either by its id or by its type",
    )


def integrations(types: Types, statuses: tuple[str, ...] = ()) -> Question:
    """`immuta_integrations`. `statuses`: those that are known; () = any."""
    return Question(
        "immuta_integrations",
        Field(
            "type",
            "",
            STRING,
            description=f"Only integrations of this type, by Immuta's name: {', '.join(t.type for t in types)}.",
            default="all types.",
            choices=Choices(*(t.type for t in types), strict=False),
        ),
        Field(
            "status",
            "",
            STRING,
            description="Only integrations with this status, for example `enabled`.",
            default="all but `deleted`.",
            choices=Choices(*statuses, strict=False) if statuses else None,
        ),
    )


def api_key() -> Question:
    """`immuta_trino_api_key`."""
    return Question(
        "immuta_trino_api_key",
        id_argument("integration_id", "Immuta's id of the Starburst (Trino) integration.", required=True),
    )


def regenerate_api_key(types: Types) -> Question:
    """`immuta_regenerate_api_key`."""
    titles = " or ".join(t.title for t in types if t.rotates_api_key)
    return Question(
        "immuta_regenerate_api_key",
        id_argument("id", f"Immuta's id of the integration, whose type is {titles}.", required=True),
    )


def new_script(types: Types) -> Question:
    """`immuta_integration_script`."""
    platforms = tuple(_platform(t) for t in having(types, NEW))
    return Question(
        "immuta_integration_script",
        _script(types, NEW),
        *platforms,
        ways=tuple(Way(field.name) for field in platforms),
        reason="a script is for one integration",
    )


def existing_script(types: Types) -> Question:
    """`immuta_existing_integration_script`."""
    edit = When({"script": (EDIT,)})
    platforms = tuple(_platform(t, only_when=(edit,)) for t in having(types, (EDIT,)))
    return Question(
        "immuta_existing_integration_script",
        id_argument("integration_id", "Immuta's id of the integration.", required=True),
        _script(types, EXISTING),
        *platforms,
        ways=tuple(Way(field.name) for field in platforms),
        when=edit,
        reason='`script = "edit"` needs the integration\'s new settings',
    )


def check_script(
    question: Question,
    types: Types,
    config: Mapping[str, Any],
    *,
    secrets: bool,
    is_unknown: Callable[[object], bool] = rules.nothing_unknown,
) -> Iterator[tuple[Question | IntegrationType, Finding]]:
    """Every problem of the arguments of a script, with what it is a problem of. `secrets`: whether real ones are configured;
    otherwise placeholders stand in their places."""
    found = questions.check(question, config, is_unknown=is_unknown)
    yield from ((question, finding) for finding in found)
    if any(finding.strict for finding in found):
        return
    for type in types:
        settings = config.get(type.platform)
        if settings is None:
            continue
        yield from ((type, finding) for finding in script_of(question, type, config, is_unknown=is_unknown))
        if not is_unknown(settings):
            whole = {**settings, **BY_HAND}
            if not secrets:
                whole, _ = placeholders.completed(type, whole, is_unknown=is_unknown)
            at = (type.platform,)
            yield from ((type, each) for each in rules.check(type, whole, at, is_unknown=is_unknown))


def script_of(
    question: Question,
    type: IntegrationType,
    config: Mapping[str, Any],
    *,
    is_unknown: Callable[[object], bool] = rules.nothing_unknown,
) -> list[Finding]:
    """The problem of a script that Immuta does not write for the type, or may not."""
    script = question.argument("script")
    names = script.choices.values if script.choices else ()
    own = (value for value in type.scripts.values if value in names)
    narrowed = _script((type,), names, Choices(*own, strict=type.scripts.strict))
    return questions.check(Question(question.label, narrowed), config, is_unknown=is_unknown)


def _script(types: Types, names: Iterable[Any], choices: Choices | None = None) -> Field:
    meanings = "; ".join(
        f"`{name}` {_MEANINGS[name]} ({', '.join(t.title for t in types if name in t.scripts.values)})"
        for name in names
    )
    return Field(
        "script",
        "",
        STRING,
        description=f"The script to read: {meanings}.",
        required=True,
        choices=choices or Choices(*names),
    )


def _platform(type: IntegrationType, *, only_when: tuple[When, ...] = ()) -> Field:
    """The settings of one platform, which the rules of its type judge. They may hold secrets, so that no message quotes them."""
    return Field(
        type.platform,
        "",
        OBJECT,
        description=f"The settings of the {type.title} integration, as in {type.resource}. `auto_bootstrap` is false.",
        secret=True,
        only_when=only_when,
    )
