"""Tags."""

from __future__ import annotations

from typing import Annotated

from immuta_provider.model.fields import Place, Routes
from immuta_provider.model.spec import About, Resource, Spec


class Tag(Resource):
    """A tag, which marks data sources and columns, and which policies name. Dots in its name make a hierarchy: `Acme.PII` is
    below `Acme`."""

    about = About(
        resource="immuta_tag",
        family="governance",
        title="Tag",
        noun="tag",
        documentation="https://documentation.immuta.com/saas/developer-guides/api-intro/immuta-v1-api/configure-your-instance-of-immuta/tagging",
        life=Routes(
            "POST /tag",
            "GET /tag?searchText={id}",
            "DELETE /tag/{id}",
            list="GET /tag",
            permission="GOVERNANCE",
            id="name",
            absent_when=(("deleted", True),),
            reserved_when=(("systemCreated", True), ("protected", True)),
            tree="name",
        ),
        unique_by=("name",),
        # Without it, a new child may delete the other children.
        constants={"rootTag.source": "curated", "rootTag.deleteHierarchy": False},
    )

    name: Annotated[
        str,
        Spec(
            "name",
            "The whole name, with the names of all tags above it and dots between them, such as Acme.PII.Email.",
            replace=True,
            places=("tags.0.name", Place("rootTag.name", before=".")),
            read_at="name",
        ),
    ]
