"""Attributes of users."""

from __future__ import annotations

from typing import Annotated

from immuta_provider.model.fields import Routes
from immuta_provider.model.people import parts
from immuta_provider.model.spec import About, Resource

VALUE = "/bim/iam/{iamid}/user/{userid}/authorizations/{key}/{value}"


class UserAttribute(Resource):
    """One value of an attribute of a user, set in Immuta; policies name it. Values that an identity manager sets are never
    touched."""

    about = About(
        resource="immuta_user_attribute",
        family="people",
        title="User attribute",
        noun="user attribute",
        documentation=parts.DOCUMENTATION,
        life=Routes(
            f"PUT {VALUE}",
            "GET /bim/iam/{iamid}/user/{userid}",
            f"DELETE {VALUE}",
            list=parts.USERS,
            permission=parts.PERMISSION,
            items="hits",
            page=parts.A_PAGE,
            id="{iamid}/{userid}/{key}/{value}",
            adapter="attributes",
        ),
        unique_by=("iamid", "userid", "key", "value"),
    )

    userid: Annotated[str, parts.USERID]
    key: Annotated[str, parts.KEY]
    value: Annotated[str, parts.VALUE]
    iamid: Annotated[str | None, parts.IAMID] = None
