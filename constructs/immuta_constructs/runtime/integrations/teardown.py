"""The checks of `teardown_credentials`, which only integrations need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from immuta_provider.model.compiled.integrations import INTEGRATIONS
from immuta_provider.model.fields import OBJECT, Field
from immuta_provider.model.integrations.teardown import teardown_fields
from immuta_provider.model.text import path_label
from immuta_provider.model.wording import Problem
from immuta_provider.resources import equivalence

from ..checks import misspelt, wrong_type, wrong_types
from ..tokens import is_unknown
from ..unusable import unusable


def platforms() -> list[Field]:
    """Returns the platform arguments of `teardown_credentials`, as fields."""
    return [
        Field(
            i.teardown_platform,
            "",
            OBJECT,
            description="",
            fields=teardown_fields(i),
        )
        for i in INTEGRATIONS
        if i.teardown_platform
    ]


def credentials_field() -> Field:
    """Returns the field `teardown_credentials` with its platforms; `hosts` may have any keys."""
    fields = (*platforms(), Field("hosts", "", OBJECT, description=""))
    return Field("teardown_credentials", "", OBJECT, description="", fields=fields)


def any_platform() -> list[Field]:
    """Returns the fields of an element of `hosts`: those of every platform."""
    return list({field.name: field for platform in platforms() for field in platform.fields}.values())


def problems(credentials: object) -> list[Problem]:
    """Returns every structural problem of `teardown_credentials`. Only a destroy shows which credentials are needed."""
    at = ("teardown_credentials",)
    known = platforms()
    found = [*unusable(credentials, at), *wrong_types(known, credentials, at)]
    if not isinstance(credentials, Mapping) or is_unknown(credentials):
        return found
    found += misspelt(credentials_field().fields, {**credentials, "hosts": None}, at)
    hosts = credentials.get("hosts")
    found += wrong_type(hosts, OBJECT, (*at, "hosts"))
    if isinstance(hosts, Mapping) and not is_unknown(hosts):
        for host, entry in hosts.items():
            found += wrong_types(any_platform(), entry, (*at, "hosts", host))
        for spellings in equivalence.same_hosts(map(str, hosts)):
            detail = (
                f"{' and '.join(map(repr, spellings))} are the same host. Case, the scheme and whatever follows the host are "
                "ignored. Keep one of them."
            )
            found.append(
                Problem((*at, "hosts"), True, f"{path_label((*at, 'hosts'))} names one host twice", detail)
            )
    for host, entry in host_entries(credentials):
        found += misspelt(any_platform(), entry, (*at, "hosts", host))
    return found


def host_entries(credentials: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Returns the elements of `hosts` whose values are known."""
    hosts = credentials.get("hosts")
    if not isinstance(hosts, Mapping) or is_unknown(hosts):
        return []
    return [
        (host, entry) for host, entry in hosts.items() if isinstance(entry, Mapping) and not is_unknown(entry)
    ]
