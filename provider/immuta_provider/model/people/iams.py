"""Identity managers."""

from __future__ import annotations

from typing import Annotated

from immuta_provider.model.spec import AboutReading, Reading, Spec


class Iams(Reading):
    """The identity managers (IAMs) of Immuta: its own, `bim`, and those that App Settings connect."""

    about = AboutReading(resource="immuta_iams", noun="identity manager", plural="iams", route="GET /bim/iam")

    id: Annotated[str, Spec("id", "The id, which users and groups have as `iamid`.")]
    display_name: Annotated[str | None, Spec("displayName", "The name that people see.")] = None
    type: Annotated[str | None, Spec("type", "Immuta's word for the type, such as `bim` or `ldap`.")] = None
    oauth: Annotated[bool | None, Spec("oauth", "true: people sign in by OAuth.")] = None
