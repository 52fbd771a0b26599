"""Groups of Immuta's own identity manager."""

from __future__ import annotations

from typing import Annotated

from immuta_provider.model.fields import Routes
from immuta_provider.model.people import parts
from immuta_provider.model.spec import About, Resource, Spec


class Group(Resource):
    """A group of users in Immuta's own identity manager; policies name it. Groups of other identity managers are theirs, and are
    never touched."""

    about = About(
        resource="immuta_group",
        family="people",
        title="Group",
        noun="group",
        documentation=parts.DOCUMENTATION,
        life=Routes(
            "POST /bim/group",
            "GET /bim/group/{id}",
            "DELETE /bim/group/{id}",
            update="PUT /bim/group/{id}",
            list=parts.GROUPS,
            permission=parts.PERMISSION,
            items="hits",
            page=parts.A_PAGE_OF_GROUPS,
            reserved_unless=(("iamid", parts.BUILT_IN),),
            reserved_by=parts.ANOTHER,
        ),
        unique_by=("iamid", "name"),
    )

    name: Annotated[str, Spec("name", "The name. It has to be unique among the groups.")]
    iamid: Annotated[str | None, parts.iamid_of_group(create_only=True)] = None
    email: Annotated[str | None, Spec("email", "An e-mail address.", default="None.")] = None
    description: Annotated[str | None, Spec("description", "A text about the group.", default="None.")] = None
