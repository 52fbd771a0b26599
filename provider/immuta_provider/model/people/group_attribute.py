"""Attributes of groups."""

from __future__ import annotations

from typing import Annotated

from immuta_provider.model.fields import Routes
from immuta_provider.model.people import parts
from immuta_provider.model.spec import About, Resource

VALUE = "/bim/iam/{iamid}/group/{group_id}/authorizations/{key}/{value}"


class GroupAttribute(Resource):
    """One value of an attribute of a group, set in Immuta; policies name it. Values that an identity manager sets are never
    touched."""

    about = About(
        resource="immuta_group_attribute",
        family="people",
        title="Group attribute",
        noun="group attribute",
        documentation=parts.DOCUMENTATION,
        life=Routes(
            f"PUT {VALUE}",
            "GET /bim/iam/{iamid}/group/{group_id}",
            f"DELETE {VALUE}",
            list=parts.GROUPS,
            permission=parts.PERMISSION,
            items="hits",
            page=parts.A_PAGE_OF_GROUPS,
            id="{iamid}/{group_id}/{key}/{value}",
            adapter="attributes",
            reserved_unless=(("iamid", parts.BUILT_IN),),
            reserved_by=parts.ANOTHER,
        ),
        unique_by=("iamid", "group_id", "key", "value"),
    )

    group_id: Annotated[str, parts.GROUP_ID]
    key: Annotated[str, parts.KEY]
    value: Annotated[str, parts.VALUE]
    iamid: Annotated[str | None, parts.iamid_of_group(in_route=True)] = None
