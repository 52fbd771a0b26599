"""Members of groups."""

from __future__ import annotations

from typing import Annotated

from immuta_provider.model.fields import Routes
from immuta_provider.model.people import parts
from immuta_provider.model.spec import About, Resource, Spec


class GroupMember(Resource):
    """A user as a member of a group in Immuta's own identity manager."""

    about = About(
        resource="immuta_group_member",
        family="people",
        title="Group member",
        noun="group member",
        documentation=parts.DOCUMENTATION,
        life=Routes(
            "POST /bim/group/{group_id}/user",
            "GET /bim/group/{group_id}/user",
            "DELETE /bim/group/{group_id}/user/{membership}",
            list=parts.GROUPS,
            permission=parts.PERMISSION,
            items="hits",
            page=parts.A_PAGE_OF_GROUPS,
            id="{group_id}/{iamid}/{userid}",
            adapter="members",
            # The identity manager of the group; `iamid` is the user's.
            reserved_unless=(("group_iamid", parts.BUILT_IN),),
            reserved_by=parts.ANOTHER,
        ),
        unique_by=("group_id", "iamid", "userid"),
    )

    group_id: Annotated[str, parts.GROUP_ID]
    userid: Annotated[
        str, Spec("userid", "The login name of the user.", replace=True, names="immuta_user.userid")
    ]
    iamid: Annotated[
        str | None,
        Spec(
            "iamid",
            "The id of the identity manager that the user is in.",
            default="bim, Immuta's own.",
            unset_as=parts.BUILT_IN,
            replace=True,
        ),
    ] = None
