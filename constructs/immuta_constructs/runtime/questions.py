"""The checks of the arguments of data sources and ephemeral resources, which the provider repeats in the plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from immuta_provider.model import questions, wording
from immuta_provider.model.fields import Field
from immuta_provider.model.questions import Question
from immuta_provider.model.wording import Problem

from .arguments import plain
from .tokens import is_unknown
from .unusable import unusable


class Read:
    """The arguments of one data source or ephemeral resource, and their checks.

    `objects` are the arguments with a type's own fields. Their secrets are followed.
    """

    objects: tuple[Field, ...] = ()

    def __init__(self, question: Question) -> None:
        self.question = question

    def plain(self, arguments: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
        """Returns the configured arguments as plain data, and the problems that plain data does not show."""
        config: dict[str, Any] = plain(arguments)
        return config, []

    def problems(self, config: Mapping[str, Any], *, secrets: bool) -> list[Problem]:
        """Returns every problem of the arguments, which are plain data. `secrets`: real secrets are accepted."""
        found = list(unusable(config))
        if found:
            return found
        return self.judged(
            {name: _as_written(name, value) for name, value in config.items()}, secrets=secrets
        )

    def judged(self, config: Mapping[str, Any], *, secrets: bool) -> list[Problem]:
        """Returns the problems of arguments that can be synthesized."""
        findings = questions.check(self.question, config, is_unknown=is_unknown)
        return [wording.problem(self.question, finding) for finding in findings]

    def not_arguments(self, names: Collection[str]) -> list[Problem]:
        """Returns the problems of names for which Python's own TypeError would not say enough."""
        return []


def _as_written(name: str, value: object) -> object:
    """An id may be a number, which Terraform writes as text."""
    is_id = name in ("id", "integration_id") and isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_id else value
