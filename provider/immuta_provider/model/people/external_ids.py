"""The names of users on the data platforms."""

from __future__ import annotations

from typing import Annotated

from immuta_provider.model.fields import Routes
from immuta_provider.model.people import parts
from immuta_provider.model.spec import About, Resource, Spec

PROFILE = "PUT /bim/iam/{iamid}/user/{userid}/profile"


class UserExternalIds(Resource):
    """Maps a user to the names that the user has on the data platforms, where Immuta enforces policies by them. Only the names
    that are configured are read, compared, set and removed."""

    about = About(
        resource="immuta_user_external_ids",
        family="people",
        title="External ids",
        noun="set of external ids",
        plural="external ids",
        documentation=parts.DOCUMENTATION,
        life=Routes(
            PROFILE,
            "GET /bim/iam/{iamid}/user/{userid}",
            PROFILE,
            update=PROFILE,
            list=parts.USERS,
            permission=parts.PERMISSION,
            items="hits",
            page=parts.A_PAGE,
            id="{iamid}/{userid}",
            adapter="external_ids",
        ),
        unique_by=("iamid", "userid"),
    )

    userid: Annotated[str, parts.USERID]
    external_user_ids: Annotated[
        dict[str, str],
        Spec(
            "externalUserIds",
            "The name on each platform, by Immuta's key for it: snowflakeUser, databricksUser, redshiftUser, synapseUser or "
            "trinoUser. Immuta takes other keys as well.",
            read_at="profile.externalUserIds",
            own_keys=True,
        ),
    ]
    iamid: Annotated[str | None, parts.IAMID] = None
