"""Users of Immuta's own identity manager."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field as PydanticField

from immuta_provider.model.fields import Part, Routes
from immuta_provider.model.people import parts
from immuta_provider.model.spec import About, Resource, Spec

ONE = "/bim/iam/bim/user/{id}"


def profile(key: str, description: str) -> Spec:
    return Spec(key, description, default="None.", places=f"profile.{key}", clears=True)


class User(Resource):
    """A user of Immuta's own identity manager. The users of other identity managers are theirs, and are never touched."""

    about = About(
        resource="immuta_user",
        family="people",
        title="User",
        noun="user",
        documentation=parts.DOCUMENTATION,
        life=Routes(
            "POST /bim/iam/bim/user",
            f"GET {ONE}",
            f"DELETE {ONE}",
            list=f"{parts.USERS}?iamid=bim",
            permission=parts.PERMISSION,
            items="hits",
            page=parts.A_PAGE,
            id="userid",
            created_at="newUser",
            parts=(
                Part(f"PUT {ONE}/profile", key="profile"),
                Part(f"PUT {ONE}/permissions", key="permissions", sends="object"),
                Part(f"PUT {ONE}/password", key="password", sends="object"),
            ),
            adapter="users",
            reserved_unless=(("iamid", parts.BUILT_IN),),
            reserved_by=parts.ANOTHER,
        ),
        unique_by=("userid",),
        constants={"iamid": parts.BUILT_IN},
    )

    userid: Annotated[
        str, Spec("userid", "The login name. It has to be unique among the users.", replace=True)
    ]
    name: Annotated[str, Spec("name", "The name that people see.", places="profile.name")]
    email: Annotated[str, Spec("email", "The e-mail address.", places="profile.email")]
    password: Annotated[
        str | None,
        Spec(
            "password",
            "The password. Immuta does not show it; it is sent again when it changed.",
            default="None: Immuta makes a link by which the user sets one, which is not kept anywhere.",
            secret=True,
        ),
    ] = None
    permissions: Annotated[
        frozenset[str] | None,
        Spec(
            "permissions",
            "The permissions, such as GOVERNANCE or CREATE_DATA_SOURCE.",
            default="Immuta gives a new user its own default ones. Those that were set stay when this is removed.",
            computed=True,
        ),
    ] = None
    phone: Annotated[str | None, profile("phone", "The telephone number.")] = None
    # `about` has the facts of the class.
    about_user: Annotated[str | None, profile("about", "A text about the user.")] = PydanticField(
        default=None, alias="about"
    )
    location: Annotated[str | None, profile("location", "The place of the user.")] = None
    organization: Annotated[str | None, profile("organization", "The organization.")] = None
    position: Annotated[str | None, profile("position", "The position in the organization.")] = None
    disabled: Annotated[
        bool | None, Spec("disabled", "true: somebody disabled the user in Immuta.", read_only=True)
    ] = None
