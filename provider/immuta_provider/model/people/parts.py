"""Parts that users, groups and their edges share."""

from __future__ import annotations

from typing import Any

from immuta_provider.model.fields import Choices
from immuta_provider.model.spec import Spec

DOCUMENTATION = (
    "https://documentation.immuta.com/saas/developer-guides/api-intro/immuta-v1-api/"
    "configure-your-instance-of-immuta/bim"
)
PERMISSION = "USER_ADMIN"
USERS = "GET /bim/user"
GROUPS = "GET /bim/group"
A_PAGE = 50
"""Immuta answers at most as many users at once."""
A_PAGE_OF_GROUPS = 200
"""Groups or members that are requested at once."""

BUILT_IN = "bim"
"""The id of Immuta's own identity manager."""

ANOTHER = "another identity manager"

IAMID = Spec(
    "iamid",
    "The id of the identity manager that the user is in.",
    default="bim, Immuta's own.",
    unset_as=BUILT_IN,
    replace=True,
    in_route=True,
)
USERID = Spec(
    "userid", "The login name of the user.", replace=True, in_route=True, names="immuta_user.userid"
)
GROUP_ID = Spec("group_id", "Immuta's id of the group.", replace=True, in_route=True, names="immuta_group.id")
KEY = Spec(
    "key",
    "The name of the attribute. Immuta keeps it in lower case, and capitals do not matter.",
    replace=True,
    in_route=True,
    equivalence="case",
)
VALUE = Spec("value", "One value of the attribute.", replace=True, in_route=True)


def iamid_of_group(**facts: Any) -> Spec:
    """The identity manager of a group, which can only be Immuta's own."""
    return Spec(
        "iamid",
        "The id of the identity manager that the group is in.",
        default="bim, Immuta's own, and the only one whose groups can be managed.",
        unset_as=BUILT_IN,
        choices=Choices(BUILT_IN),
        replace=True,
        **facts,
    )
