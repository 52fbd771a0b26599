"""The checks of the arguments of data sources and ephemeral resources, which the provider judges alike in the plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from immuta_provider.model import questions, wording
from immuta_provider.model.compiled.readings import READINGS
from immuta_provider.model.compiled.types import BY_RESOURCE
from immuta_provider.model.fields import Routes
from immuta_provider.model.questions import Question
from immuta_provider.model.wording import Problem

from . import integration_reads
from .tokens import is_unknown
from .unusable import unusable


def problems(resource: str, config: Mapping[str, Any], *, secrets: bool) -> list[Problem]:
    """Every problem of the arguments. `config`: those that are set, as plain data; `secrets`: it takes real ones."""
    found = list(unusable(config))
    if found:
        return found
    question = question_of(resource)
    written = {name: _as_written(name, value) for name, value in config.items()}
    if integration_reads.is_of_scripts(question):
        return integration_reads.script_problems(question, written, secrets=secrets)
    return [
        wording.problem(question, finding)
        for finding in questions.check(question, written, is_unknown=is_unknown)
    ]


def without_scripts(resource: str, names: Collection[str]) -> list[Problem]:
    """The arguments that would be settings of a type that has no scripts."""
    if not integration_reads.is_of_scripts(question_of(resource)):
        return []
    return integration_reads.no_scripts(names)


def question_of(resource: str) -> Question:
    """The question of a data source or an ephemeral resource, by its Terraform type."""
    found = integration_reads.QUESTIONS.get(resource)
    if found is not None:
        return found
    reading = next((each for each in READINGS if each.resource == resource), None)
    if reading is not None:
        return questions.reading(reading)
    records = [type for type in BY_RESOURCE.values() if isinstance(type.life, Routes)]
    one = next((type for type in records if type.resource == resource), None)
    if one is not None:
        return questions.record(one)
    return next(q for q in map(questions.records, records) if q.label == resource)


def _as_written(name: str, value: object) -> object:
    """An id may be a number, which Terraform writes as text."""
    is_id = name in ("id", "integration_id") and isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_id else value
