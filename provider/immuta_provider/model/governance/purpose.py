"""Purposes."""

from __future__ import annotations

from typing import Annotated

from immuta_provider.model.fields import Routes
from immuta_provider.model.spec import About, Object, Resource, Spec

UPSERT = "POST /api/v2/purpose?reAcknowledgeRequired={re_acknowledge}"

DESCRIPTION = Spec("description", "Use of the data that the purpose allows.", default="None.")
ACKNOWLEDGEMENT = Spec(
    "acknowledgement",
    "The text that users accept before they act under the purpose.",
    default="Immuta's own text, or none.",
    computed=True,
)
BELOW = Spec(
    "name",
    "The whole name, which begins with the name of the purpose above it and a dot, such as Fraud analysis.Cards.",
    extends="name",
)


class ThirdLevel(Object):
    """A purpose on the third level below a root, the last that is modelled."""

    name: Annotated[str, BELOW]
    description: Annotated[str | None, DESCRIPTION] = None
    acknowledgement: Annotated[str | None, ACKNOWLEDGEMENT] = None


class SecondLevel(ThirdLevel):
    """A purpose on the second level below a root."""

    subpurposes: Annotated[
        list[ThirdLevel] | None,
        Spec("subpurposes", "The purposes below this one.", default="None.", element_key=("name",)),
    ] = None


class FirstLevel(ThirdLevel):
    """A purpose directly below a root."""

    subpurposes: Annotated[
        list[SecondLevel] | None,
        Spec("subpurposes", "The purposes below this one.", default="None.", element_key=("name",)),
    ] = None


class Purpose(Resource):
    """A purpose for which people may use data; projects and policies name it. The purposes below it are part of it: one that is
    left out of `subpurposes` is deleted."""

    about = About(
        resource="immuta_purpose",
        family="governance",
        title="Purpose",
        noun="purpose",
        documentation="https://documentation.immuta.com/saas/developer-guides/api-intro/immuta-v2-api/purposes",
        life=Routes(
            UPSERT,
            "GET /governance/purpose/{id}?includeSubpurposes=true",
            "DELETE /governance/purpose/{id}",
            update=UPSERT,
            list="GET /governance/purpose?noLimit=true",
            permission="GOVERNANCE",
            items="purposes",
            created_id="purposeId",
            absent_when=(("deleted", True),),
            reserved_when=(("systemGenerated", True),),
            tree="name",
            nested="subpurposes",
            forgotten=("acknowledgement",),
        ),
        unique_by=("name",),
    )

    name: Annotated[
        str, Spec("name", "The name. It has to be unique among the purposes in Immuta.", replace=True)
    ]
    description: Annotated[str | None, DESCRIPTION] = None
    acknowledgement: Annotated[str | None, ACKNOWLEDGEMENT] = None
    subpurposes: Annotated[
        list[FirstLevel] | None,
        Spec(
            "subpurposes",
            "The purposes below this one, up to three levels deep, in any order.",
            default="None.",
            element_key=("name",),
        ),
    ] = None
    re_acknowledge: Annotated[
        bool | None,
        Spec(
            "reAcknowledgeRequired",
            "true: users have to accept the text again when an update changes the text. A change of this alone sends nothing.",
            default="false: users who accepted the old text need not accept the new one.",
            state_only=True,
        ),
    ] = None
