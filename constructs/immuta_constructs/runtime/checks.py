"""The model's rules, applied to what a Python program passes."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from constructs import Construct
from immuta_provider.integrations import rules
from immuta_provider.integrations.common import common_fields
from immuta_provider.integrations.compiled import INTEGRATIONS
from immuta_provider.integrations.fields import OBJECT, OBJECTS, Field, IntegrationType
from immuta_provider.integrations.rules import Problem

from .arguments import is_unknown
from .errors import label

Path = tuple[str | int, ...]


def problems(integration: IntegrationType, config: Mapping[str, Any]) -> list[Problem]:
    """Every problem of an integration's arguments: what only a Python program can get wrong, then the model's rules."""
    fields = (*common_fields(integration), *integration.fields)
    own = [*misspelt(fields, config), *constructs_in(config)]
    told = {problem.path for problem in own}
    broken = rules.check(integration, config, is_unknown=is_unknown)
    return own + [problem for problem in broken if problem.path not in told]


def constructs_in(value: object, at: Path = ()) -> Iterator[Problem]:
    """Constructs passed where a value is meant, most often a `TerraformVariable`; cdktf would recurse without end."""
    if isinstance(value, Construct):
        detail = (
            f"it is the {type(value).__name__} {value.node.path!r} itself. Pass what it stands for: of a variable "
            "`.string_value`, `.number_value`, `.boolean_value` or `.list_value`, of a resource one of its attributes."
        )
        yield Problem(at, True, f"{label(at)} is a construct", detail)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from constructs_in(item, (*at, str(key)))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from constructs_in(item, (*at, index))


def teardown_platforms() -> list[Field]:
    """The arguments of `teardown_credentials` that stand for a platform, as fields."""
    return [
        Field(
            i.teardown_platform,
            "",
            OBJECT,
            description="",
            fields=tuple(f for f in i.fields if f.name in i.teardown_fields),
        )
        for i in INTEGRATIONS
        if i.teardown_platform
    ]


def any_platform() -> list[Field]:
    """The fields of an entry of `hosts`: every platform's."""
    return list(
        {field.name: field for platform in teardown_platforms() for field in platform.fields}.values()
    )


def teardown_problems(credentials: object) -> list[Problem]:
    """The misspelt keys of `teardown_credentials`. Which credentials are needed is known when something is deleted."""
    if not isinstance(credentials, Mapping):
        return []
    known = [*teardown_platforms(), Field("hosts", "", OBJECT, description="")]
    at = ("teardown_credentials",)
    found = list(misspelt(known, {**credentials, "hosts": None}, at))
    for host, entry in host_entries(credentials):
        found += misspelt(any_platform(), entry, (*at, "hosts", host))
    return found


def host_entries(credentials: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """The entries of `hosts` that are written out."""
    hosts = credentials.get("hosts")
    if not isinstance(hosts, Mapping) or is_unknown(hosts):
        return []
    return [
        (host, entry) for host, entry in hosts.items() if isinstance(entry, Mapping) and not is_unknown(entry)
    ]


def misspelt(fields: Iterable[Field], values: Mapping[str, Any], at: Path = ()) -> Iterator[Problem]:
    """The keys that no field has, at every depth; the model's rules pass them over."""
    known = {field.name: field for field in fields}
    for name, value in values.items():
        field = known.get(name)
        if field is None:
            close = difflib.get_close_matches(str(name), known, n=1)
            advice = f"did you mean {close[0]}?" if close else f"it is none of {', '.join(known)}."
            path = (*at, str(name))
            yield Problem(path, True, f"there is no {label(path)}", advice)
        elif field.kind == OBJECT and isinstance(value, Mapping) and not is_unknown(value):
            yield from misspelt(field.fields, value, (*at, name))
        elif field.kind == OBJECTS and isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, Mapping) and not is_unknown(item):
                    yield from misspelt(field.fields, item, (*at, name, index))
