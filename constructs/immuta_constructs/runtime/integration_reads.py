"""The checks of what is read of integrations: how one is found, and the settings that a script is for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from immuta_provider.model import wording
from immuta_provider.model.compiled.integrations import INTEGRATIONS
from immuta_provider.model.derived import ADDITIONAL_CONFIG
from immuta_provider.model.fields import OBJECT, Field
from immuta_provider.model.integrations import questions
from immuta_provider.model.integrations.questions import check_script
from immuta_provider.model.questions import Question
from immuta_provider.model.text import path_label
from immuta_provider.model.wording import Problem

from .arguments import plain
from .checks import misspelt, no_json
from .json_text import json_text
from .tokens import is_unknown
from .traces import secret_values

SCRIPTED = questions.having(INTEGRATIONS, (*questions.NEW, *questions.EXISTING))
"""The types that have scripts."""

PLATFORMS = tuple(
    Field(i.platform, "", OBJECT, description="", fields=(*i.settings, ADDITIONAL_CONFIG)) for i in SCRIPTED
)
"""The settings of each of them, as one argument."""


def with_json(arguments: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """The arguments as plain data, with each platform's `additional_config` as JSON text, and what no JSON can be made of."""
    config: dict[str, Any] = plain(arguments)
    found: list[Problem] = []
    for platform in PLATFORMS:
        settings = config.get(platform.name)
        if not isinstance(settings, dict) or settings.pop(ADDITIONAL_CONFIG.name, None) is None:
            continue
        settings_argument = arguments[platform.name]
        # As it was passed: in plain data there is no null.
        additional = (
            settings_argument[ADDITIONAL_CONFIG.name]
            if isinstance(settings_argument, Mapping)
            else settings_argument.additional_config
        )
        unfit = list(no_json(additional, (platform.name, ADDITIONAL_CONFIG.name)))
        if not unfit:
            settings[ADDITIONAL_CONFIG.name] = json_text(additional)
        found += unfit
    return config, found


QUESTIONS = {
    question.label: question
    for question in (
        questions.integration(INTEGRATIONS),
        questions.integrations(INTEGRATIONS),
        questions.new_script(INTEGRATIONS),
        questions.existing_script(INTEGRATIONS),
        questions.api_key(),
    )
}
"""The questions about integrations, by the Terraform type."""


def no_scripts(names: Collection[str]) -> list[Problem]:
    """The arguments that would be settings of a type that has no scripts."""
    others = ", ".join(i.platform for i in SCRIPTED)
    return [
        Problem(
            (i.platform,),
            True,
            f"there is no {i.platform}",
            f"Immuta writes no scripts for {i.title} integrations. Remove {i.platform}, or set one of {others}.",
        )
        for i in INTEGRATIONS
        if i not in SCRIPTED and i.platform in names
    ]


def is_of_scripts(question: Question) -> bool:
    return any(field.name == "script" for field in question.arguments)


def script_problems(question: Question, config: Mapping[str, Any], *, secrets: bool) -> list[Problem]:
    """The problems of a script and its settings. `secrets`: it takes real ones."""
    settings = {i.platform: config[i.platform] for i in SCRIPTED if config.get(i.platform) is not None}
    own = [*misspelt(PLATFORMS, settings), *([] if secrets else _secrets(settings))]
    reported = {problem.path for problem in own}
    judged = check_script(question, SCRIPTED, config, secrets=secrets, is_unknown=is_unknown)
    found = [wording.problem(subject, finding) for subject, finding in judged]
    return own + [problem for problem in found if problem.path not in reported]


def _secrets(settings: Mapping[str, Any]) -> Iterator[Problem]:
    """The secrets in the settings of what is kept in the state."""
    for integration in SCRIPTED:
        values = settings.get(integration.platform)
        if not isinstance(values, Mapping) or is_unknown(values):
            continue
        for path, _ in secret_values(integration.fields, values):
            at = (integration.platform, *path)
            yield Problem(
                at,
                True,
                f"{path_label(at)} is a secret",
                f"a data source is kept in Terraform's state and takes no secret. Leave {path_label(at)} out (Immuta is sent a "
                "placeholder where it needs one), or use the ephemeral resource of the same name.",
            )
