"""The user behind the credential."""

from __future__ import annotations

from typing import Annotated

from immuta_provider.model.spec import AboutReading, Reading, Spec


class CurrentUser(Reading):
    """The user behind the provider's credential."""

    about = AboutReading(resource="immuta_current_user", noun="user", route="GET /bim/rpc/user/current")

    id: Annotated[str | None, Spec("id", "Immuta's id of the user.")] = None
    iamid: Annotated[str | None, Spec("iamid", "The id of the identity manager that the user is in.")] = None
    userid: Annotated[str | None, Spec("userid", "The login name of the user.")] = None
    name: Annotated[str | None, Spec("name", "The name that people see.", places="profile.name")] = None
    email: Annotated[str | None, Spec("email", "The e-mail address.", places="profile.email")] = None
    profile_id: Annotated[
        str | None, Spec("id", "The id of the profile, which owners of data have.", places="profile.id")
    ] = None
    permissions: Annotated[
        frozenset[str] | None, Spec("permissions", "The permissions, such as GOVERNANCE or USER_ADMIN.")
    ] = None
    authorizations: Annotated[
        dict[str, list[str]] | None,
        Spec(
            "authorizations",
            "The values of each attribute of the user, whether it comes from Immuta or from the identity manager.",
        ),
    ] = None
