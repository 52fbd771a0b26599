"""Every data source and ephemeral resource: those of a family, and those that derive for every resource type."""

from __future__ import annotations

from immuta_provider.model import questions
from immuta_provider.model.compiled.readings import READINGS
from immuta_provider.model.compiled.types import BY_RESOURCE
from immuta_provider.model.fields import Routes

from .integrations.scripts import READS
from .questions import Read

# Those that derive are added when one of them is first used.
_READS = {read.question.label: read for read in READS}


def read_of(resource: str) -> Read:
    """Returns the data source or ephemeral resource of a Terraform type. Raises a KeyError if there is none."""
    if resource not in _READS:
        _READS.update(_derived())
    return _READS[resource]


def _derived() -> dict[str, Read]:
    types = [type for type in BY_RESOURCE.values() if isinstance(type.life, Routes)]
    derived = (
        *map(questions.record, types),
        *map(questions.records, types),
        *map(questions.reading, READINGS),
    )
    return {question.label: Read(question) for question in derived}
