"""Users, groups, and what they have, as requests that Immuta is sent."""

from __future__ import annotations

from typing import Any

from immuta_provider.model.compiled.people import BY_RESOURCE
from immuta_provider.model.fields import ResourceType

from table.row import Case, Planted, Request, Row

ADMIN = "admin@immuta.example"
OLD = [f"old-{number}" for number in range(400)]
"""Users whom the rows of attributes, members and external ids are about."""
OWNERS = ("ana", "bob")
"""Users whom policies name."""
PLANTED: Planted = {
    "iams": [{"name": "okta"}],
    "users": [
        *({"userid": each, "profile": {"name": each, "email": f"{each}@acme.example"}} for each in OLD),
        {"iamid": "okta", "userid": "olga", "profile": {"name": "Olga", "email": "olga@acme.example"}},
    ],
    "groups": [{"name": "Old"}, {"name": "Older"}],
}


def user(**more: Any) -> Request:
    """The request for a user."""
    profile = {"name": "Ana", "email": "ana@acme.example", **more.pop("profile", {})}
    return {"iamid": "bim", "userid": "ana-{n}", "profile": profile, **more}


def user_configured(request: Request) -> dict[str, Any]:
    outside = {key: value for key, value in request.items() if key not in ("iamid", "profile")}
    return {**outside, **request["profile"]}


def user_shown(request: Request) -> dict[str, Any]:
    known = {key: value for key, value in user_configured(request).items() if key != "password"}
    return {"permissions": ["CREATE_PROJECT"], "disabled": False, "credentials_revision": 1, **known}


def users_sent(type: ResourceType, simulator: Any) -> dict[str, Request]:
    sent: dict[str, Request] = {}
    for each in simulator.held("users"):
        if each["iamid"] != "bim" or each["userid"] in (ADMIN, *OLD, *OWNERS):
            continue
        profile = {key: value for key, value in each["profile"].items() if value is not None}
        request: Request = {"iamid": "bim", "userid": each["userid"], "profile": profile}
        if "password" in each:
            request["password"] = each["password"]
        if each["permissions"] != ["CREATE_PROJECT"]:
            request["permissions"] = sorted(each["permissions"])
        sent[each["userid"]] = request
    return sent


def alter_user(control: Any, id: str, request: Request) -> None:
    (old,) = (each for each in control.held("users") if each["userid"] == id)
    kept = {key: value for key, value in old.items() if key not in ("password", "permissions")}
    permissions = request.get("permissions", ["CREATE_PROJECT"])
    control.plant("users", {**kept, **request, "permissions": permissions}, str(old["id"]))


def groups_sent(type: ResourceType, simulator: Any) -> dict[str, Request]:
    return {
        str(each["id"]): {
            key: each[key] for key in ("iamid", "name", "email", "description") if each[key] is not None
        }
        for each in simulator.held("groups")
        if not each["name"].startswith("Old")
    }


def alter_group(control: Any, id: str, request: Request) -> None:
    control.plant("groups", request, id)


def id_of(*values: object) -> str:
    """The id that consists of several values, with slashes between them."""
    return "/".join(str(value).replace("%", "%25").replace("/", "%2F") for value in values)


def attributes_sent(collection: str, owner: str, key: str) -> Any:
    def sent(type: ResourceType, simulator: Any) -> dict[str, Request]:
        return {
            id_of(each["iamid"], each[key], name, value): {
                "iamid": each["iamid"],
                owner: str(each[key]),
                "key": name,
                "value": value,
            }
            for each in simulator.held(collection)
            for name, values in each["bimAuthorizations"].items()
            for value in values
        }

    return sent


def members_sent(type: ResourceType, simulator: Any) -> dict[str, Request]:
    users = {each["id"]: each for each in simulator.held("users")}
    sent: dict[str, Request] = {}
    for each in simulator.held("members"):
        user = users[each["uid"]]
        request = {"group_id": str(each["group"]), "userid": user["userid"], "iamid": user["iamid"]}
        sent[id_of(each["group"], user["iamid"], user["userid"])] = request
    return sent


def external_ids_sent(type: ResourceType, simulator: Any) -> dict[str, Request]:
    return {
        id_of(each["iamid"], each["userid"]): {
            "iamid": each["iamid"],
            "userid": each["userid"],
            "externalUserIds": each["profile"]["externalUserIds"],
        }
        for each in simulator.held("users")
        if each["profile"].get("externalUserIds")
    }


def external_ids_configured(request: Request) -> dict[str, Any]:
    return {
        "iamid": request["iamid"],
        "userid": request["userid"],
        "external_user_ids": request["externalUserIds"],
    }


def alter_external_ids(control: Any, id: str, request: Request) -> None:
    iamid, userid = id.split("/")
    (old,) = (each for each in control.held("users") if (each["iamid"], each["userid"]) == (iamid, userid))
    profile = {**old["profile"], "externalUserIds": request["externalUserIds"]}
    control.plant("users", {**old, "profile": profile}, str(old["id"]))


def as_it_is(request: Request) -> dict[str, Any]:
    return dict(request)


def without_iamid(request: Request) -> dict[str, Any]:
    return {key: value for key, value in request.items() if key != "iamid"}


OPTIONAL = ("phone", "about", "location", "organization", "position")

ROWS = (
    Row(
        BY_RESOURCE["immuta_user"],
        base={
            "user": Case(
                user(),
                updates=[
                    {"profile.name": "Ana B."},
                    {"profile.email": "ana.b@acme.example"},
                    *({f"profile.{key}": f"the {key}"} for key in OPTIONAL),
                ],
                replaces=[{"userid": "other-{n}"}],
                after_import="none",
            )
        },
        full={
            "user in full": Case(
                user(
                    password="example-pw",
                    permissions=["CREATE_PROJECT", "GOVERNANCE"],
                    profile={key: f"her {key}" for key in OPTIONAL},
                ),
                updates=[
                    {"password": "another-pw"},
                    {"permissions": ["GOVERNANCE"]},
                    {"permissions": ["AUDIT", "CREATE_PROJECT", "GOVERNANCE"]},
                    *({f"profile.{key}": None} for key in OPTIONAL),
                ],
            )
        },
        configured=user_configured,
        shown=user_shown,
        sent=users_sent,
        alter=alter_user,
    ),
    Row(
        BY_RESOURCE["immuta_group"],
        base={
            "group": Case(
                {"name": "Analysts-{n}", "iamid": "bim"},
                updates=[
                    {"name": "Others-{n}"},
                    {"email": "a@acme.example"},
                    {"description": "They analyse."},
                ],
                after_import="none",
            )
        },
        full={
            "group in full": Case(
                {"name": "All-{n}", "iamid": "bim", "email": "all@acme.example", "description": "All."},
                updates=[{"email": None}, {"description": None}],
                after_import="none",
            )
        },
        configured=without_iamid,
        shown=as_it_is,
        sent=groups_sent,
        alter=alter_group,
        only_one_value=("iamid",),
    ),
    Row(
        BY_RESOURCE["immuta_group_member"],
        base={
            "member": Case(
                {"group_id": "1", "userid": "old-{n}", "iamid": "bim"},
                replaces=[{"group_id": "2"}, {"userid": ADMIN}, {"userid": "olga", "iamid": "okta"}],
                after_import="none",
            )
        },
        full={},
        configured=as_it_is,
        planted=PLANTED,
        in_route=("group_id",),
        sent=members_sent,
        alter=None,
        not_alone={"iamid": "a user of one identity manager is not in another"},
    ),
    Row(
        BY_RESOURCE["immuta_user_attribute"],
        base={
            "user attribute": Case(
                {"iamid": "bim", "userid": "old-{n}", "key": "department", "value": "Sales"},
                replaces=[
                    {"userid": ADMIN},
                    {"userid": "olga", "iamid": "okta"},
                    {"key": "country"},
                    {"value": "Purchase"},
                ],
                after_import="none",
            )
        },
        full={},
        configured=as_it_is,
        planted=PLANTED,
        in_route=("iamid", "userid", "key", "value"),
        sent=attributes_sent("users", "userid", "userid"),
        alter=None,
        not_alone={"iamid": "a user of one identity manager is not in another"},
    ),
    Row(
        BY_RESOURCE["immuta_group_attribute"],
        base={
            "group attribute": Case(
                {"iamid": "bim", "group_id": "1", "key": "department-{n}", "value": "Sales"},
                replaces=[{"group_id": "2"}, {"key": "country"}, {"value": "Purchase"}],
                after_import="none",
            )
        },
        full={},
        configured=without_iamid,
        shown=as_it_is,
        planted=PLANTED,
        in_route=("iamid", "group_id", "key", "value"),
        sent=attributes_sent("groups", "group_id", "id"),
        alter=None,
        only_one_value=("iamid",),
    ),
    Row(
        BY_RESOURCE["immuta_user_external_ids"],
        base={
            "external id": Case(
                {"iamid": "bim", "userid": "old-{n}", "externalUserIds": {"snowflakeUser": "ANA"}},
                updates=[
                    {"externalUserIds.snowflakeUser": "ANA_B"},
                    {"externalUserIds.databricksUser": "ana@acme.example"},
                ],
                replaces=[{"userid": ADMIN}, {"userid": "olga", "iamid": "okta"}],
            )
        },
        full={
            "external ids": Case(
                {
                    "iamid": "bim",
                    "userid": "old-{n}",
                    "externalUserIds": {"snowflakeUser": "ANA", "trinoUser": "ana", "otherUser": "a"},
                },
                updates=[{"externalUserIds.trinoUser": None}],
            )
        },
        configured=external_ids_configured,
        shown=lambda request: {"iamid": request["iamid"], "userid": request["userid"]},
        planted=PLANTED,
        in_route=("iamid", "userid"),
        sent=external_ids_sent,
        alter=alter_external_ids,
        not_alone={"iamid": "a user of one identity manager is not in another"},
    ),
)
