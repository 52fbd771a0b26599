"""Domains."""

from __future__ import annotations

from typing import Annotated

from immuta_provider.model.fields import Routes
from immuta_provider.model.spec import About, Resource, Spec


class Domain(Resource):
    """A domain, which groups data sources, so that others than governors may write policies for them; policies name it."""

    about = About(
        resource="immuta_domain",
        family="governance",
        title="Domain",
        noun="domain",
        documentation="https://documentation.immuta.com/latest/developer-guides/api-intro/immuta-v1-api/domains-api",
        life=Routes(
            "POST /domain",
            "GET /domain/{id}",
            "DELETE /domain/{id}",
            update="PUT /domain/{id}",
            list="GET /domain",
            permission="GOVERNANCE",
            items="data",
            page=200,
            chooses_id=True,
        ),
        unique_by=("name",),
        constants={"type": "domain"},
    )

    name: Annotated[str, Spec("name", "The name. It has to be unique among the domains.")]
    description: Annotated[
        str | None, Spec("description", "A text about the domain.", default="None.", clears=True)
    ] = None
