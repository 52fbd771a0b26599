"""The data sources and ephemeral resources of integrations. A script has the settings of its platform as arguments."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from immuta_provider.model import wording
from immuta_provider.model.compiled.integrations import INTEGRATIONS
from immuta_provider.model.derived import ADDITIONAL_CONFIG
from immuta_provider.model.fields import OBJECT, Field
from immuta_provider.model.integrations import questions
from immuta_provider.model.integrations.questions import check_script
from immuta_provider.model.text import path_label
from immuta_provider.model.wording import Problem

from ..checks import misspelt, no_json
from ..json_text import json_text
from ..questions import Read
from ..tokens import is_unknown
from ..traces import secret_values

SCRIPTED = questions.having(INTEGRATIONS, (*questions.NEW, *questions.EXISTING))
"""The types that have scripts."""

PLATFORMS = tuple(
    Field(i.platform, "", OBJECT, description="", fields=(*i.settings, ADDITIONAL_CONFIG)) for i in SCRIPTED
)
"""The settings of each of them, as one argument."""


class ScriptRead(Read):
    """A script, whose arguments include the settings of one platform."""

    objects = PLATFORMS

    def plain(self, arguments: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
        """Converts each platform's `additional_config` to JSON text, and returns the problems of those that have no JSON form."""
        config, found = super().plain(arguments)
        for platform in PLATFORMS:
            settings = config.get(platform.name)
            if not isinstance(settings, dict) or settings.pop(ADDITIONAL_CONFIG.name, None) is None:
                continue
            configured = arguments[platform.name]
            # As it was passed: in plain data there is no null.
            additional = (
                configured[ADDITIONAL_CONFIG.name]
                if isinstance(configured, Mapping)
                else configured.additional_config
            )
            unfit = list(no_json(additional, (platform.name, ADDITIONAL_CONFIG.name)))
            if not unfit:
                settings[ADDITIONAL_CONFIG.name] = json_text(additional)
            found += unfit
        return config, found

    def judged(self, config: Mapping[str, Any], *, secrets: bool) -> list[Problem]:
        settings = {i.platform: config[i.platform] for i in SCRIPTED if config.get(i.platform) is not None}
        own = [*misspelt(PLATFORMS, settings), *([] if secrets else _secrets(settings))]
        reported = {problem.path for problem in own}
        judged = check_script(self.question, SCRIPTED, config, secrets=secrets, is_unknown=is_unknown)
        found = [wording.problem(subject, finding) for subject, finding in judged]
        return own + [problem for problem in found if problem.path not in reported]

    def not_arguments(self, names: Collection[str]) -> list[Problem]:
        """Explains the missing argument for a type that has no scripts."""
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


READS: tuple[Read, ...] = (
    Read(questions.integration(INTEGRATIONS)),
    Read(questions.integrations(INTEGRATIONS)),
    ScriptRead(questions.new_script(INTEGRATIONS)),
    ScriptRead(questions.existing_script(INTEGRATIONS)),
    Read(questions.api_key()),
)
