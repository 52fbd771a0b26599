"""Every data source and ephemeral resource, by its Terraform type."""

from __future__ import annotations

from functools import cache

from immuta_provider.model import questions
from immuta_provider.model.compiled.readings import READINGS
from immuta_provider.model.compiled.types import TYPES
from immuta_provider.model.fields import Routes

from .integrations.scripts import READS
from .questions import Read


@cache
def reads() -> dict[str, Read]:
    """Returns what derives for every resource type, and what a family offers beside."""
    records = [type for type in TYPES if isinstance(type.life, Routes)]
    derived = (
        *map(questions.record, records),
        *map(questions.records, records),
        *map(questions.reading, READINGS),
    )
    return {read.question.label: read for read in (*READS, *map(Read, derived))}
