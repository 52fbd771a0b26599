"""Identity managers and users (fact sheet, section 3)."""

from __future__ import annotations

from typing import Any

from immuta_simulator.people import attributes
from immuta_simulator.records.store import Asked, Bodies, Body, Collection, Key, Records, Route
from immuta_simulator.refusal import Refusal

PERMISSION = "USER_ADMIN"
BUILT_IN = "bim"
ADMIN = "admin@immuta.example"
MOST_A_PAGE = 50
PROFILE = ("name", "email", "phone", "about", "location", "organization", "position")
TIME = "2025-01-01T00:00:00.000Z"
EXAMPLE = {"iamid": BUILT_IN, "userid": "ana", "profile": {"name": "Ana", "email": "ana@acme.example"}}


def show_iam(records: Records, iam: Body) -> Body:
    return {**iam, "id": iam["name"], "displayName": iam["displayName"] or iam["name"]}


def list_iams(records: Records, asked: Asked) -> Bodies:
    return [
        {key: value for key, value in records.shown(iam).items() if key != "name"}
        for iam in records.by_id.values()
    ]


def find(records: Records, iamid: str, userid: str) -> Body:
    """A user by login name or by number."""
    users = [each for each in records.by_id.values() if each["iamid"] == iamid]
    found = next((each for each in users if each["userid"] == userid), None)
    found = found or next((each for each in users if str(each["id"]) == userid), None)
    if found is None:
        raise Refusal(404, "User not found")
    return found


def show(records: Records, user: Body) -> Body:
    profile = {**dict.fromkeys(PROFILE), "preferences": None, "externalUserIds": {}, **user["profile"]}
    stamps = {"scim": False, "systemGenerated": False, "id": user["id"], "createdAt": TIME, "updatedAt": TIME}
    shown = {key: value for key, value in user.items() if key != "password"}
    return {**shown, "profile": {**profile, **stamps}, attributes.BOTH: attributes.both(user)}


def list_users(records: Records, asked: Asked) -> Any:
    """Filters are parts of the text, but `iamid` is the whole."""
    query = asked.query
    users = [each for each in records.by_id.values() if query.get("iamid", each["iamid"]) == each["iamid"]]
    for key in ("userid", "name", "email"):
        part = query.get(key, "").lower()
        users = [each for each in users if part in str(each.get(key) or each["profile"].get(key, "")).lower()]
    answer: Body = records.listed(users, query)
    if records.settings.short_user_rows:
        answer["hits"] = [
            {
                **{key: value for key, value in each.items() if key != attributes.OWN},
                "profile": {k: v for k, v in each["profile"].items() if k != "externalUserIds"},
            }
            for each in answer["hits"]
        ]
    return answer


def check_profile(profile: Any, known: tuple[str, ...]) -> None:
    if not isinstance(profile, dict):
        raise Refusal(400, '"profile" must be an object')
    for key, value in profile.items():
        if key not in known:
            raise Refusal(400, f'"profile.{key}" is not allowed')
        if value is not None and not isinstance(value, dict if key == "externalUserIds" else str):
            raise Refusal(400, f'"profile.{key}" has the wrong type')


def create(records: Records, asked: Asked) -> Body:
    body = asked.body
    records.check(body)
    check_profile(body.get("profile") or {}, PROFILE)
    iamid = body.get("iamid") or BUILT_IN
    if iamid != BUILT_IN:
        raise Refusal(400, "users of another identity manager come from there")
    taken = any(
        each["iamid"] == iamid and each["userid"] == body["userid"] for each in records.by_id.values()
    )
    if taken:
        raise Refusal(422, "a user with this userid exists already", validation=[{"code": "unique"}])
    permissions = [*(body.get("permissions") or ())]
    permissions += [] if "CREATE_PROJECT" in permissions else ["CREATE_PROJECT"]
    profile = dict(body.get("profile") or {})
    user = records.add({**body, "iamid": iamid, "profile": profile, "permissions": permissions})
    link = f"https://immuta.example/#/newUser?token=login-token-of-user-{user['id']}"
    return {
        "newUser": records.shown(user),
        **({} if body.get("password") else {"newUserLink": link}),
        "emailFailed": False,
        "emailSent": False,
    }


def get(records: Records, asked: Asked) -> Body:
    return records.shown(find(records, asked.path["iamid"], asked.path["id"]))


def delete(records: Records, asked: Asked) -> Body:
    user = find(records, BUILT_IN, asked.path["id"])
    records.drop(user)
    for membership in [*records.others["members"].by_id.values()]:
        if membership["uid"] == user["id"]:
            records.others["members"].drop(membership)
    return {"success": True}


def put_profile(records: Records, asked: Asked) -> Body:
    """Keys that are left out stay. `externalUserIds` is replaced as a whole, unless the identity manager maps it."""
    user = find(records, asked.path["iamid"], asked.path["id"])
    check_profile(asked.body, (*PROFILE, "externalUserIds"))
    change = dict(asked.body)
    if user["iamid"] in records.settings.mapped_iams:
        change.pop("externalUserIds", None)
    return records.shown(records.add({**user, "profile": {**user["profile"], **change}}))


def put_permissions(records: Records, asked: Asked) -> Body:
    user = own(find(records, asked.path["iamid"], asked.path["id"]))
    permissions = asked.body.get("permissions") if isinstance(asked.body, dict) else None
    if not isinstance(permissions, list) or not all(isinstance(each, str) for each in permissions):
        raise Refusal(400, '"permissions" is required')
    return records.shown(records.add({**user, "permissions": permissions}))


def put_password(records: Records, asked: Asked) -> Body:
    user = own(find(records, asked.path["iamid"], asked.path["id"]))
    password = asked.body.get("password") if isinstance(asked.body, dict) else None
    if not isinstance(password, str):
        raise Refusal(400, '"password" is required')
    return records.shown(records.add({**user, "password": password}))


def own(user: Body) -> Body:
    if user["iamid"] != BUILT_IN:
        raise Refusal(400, "this identity manager is read-only")
    return user


def current(records: Records, asked: Asked) -> Body:
    return records.shown(find(records, BUILT_IN, ADMIN))


def add_attribute(records: Records, asked: Asked) -> Body:
    attributes.refuse_empty_body(asked)
    user = find(records, asked.path["iamid"], asked.path["id"])
    return records.shown(attributes.add(records, user, asked))


def remove_attribute(records: Records, asked: Asked) -> Body:
    user = find(records, asked.path["iamid"], asked.path["id"])
    return records.shown(attributes.remove(records, user, asked))


ONE = "/bim/iam/{iamid}/user/{id}"
VALUE = f"{ONE}/authorizations/{{key}}/{{value}}"

IAMS = Collection(
    "iams",
    "identity manager",
    "/bim/iam",
    keys=(Key("name", (str,), required=True),),
    permission=PERMISSION,
    plain=(),
    routes=(Route("list", "GET", "/bim/iam", list_iams, "List the identity managers"),),
    show=show_iam,
    stamped={"displayName": "", "type": "ldap", "oauth": False},
    initial=({"name": BUILT_IN, "displayName": "Immuta", "type": BUILT_IN},),
)

USERS = Collection(
    "users",
    "user",
    "/bim/user",
    keys=(
        Key("userid", (str,), required=True),
        Key("iamid", (str,)),
        Key("password", (str,)),
        Key("profile", (dict,)),
        Key("permissions", (list,)),
    ),
    unique="userid",
    permission=PERMISSION,
    wrapper="hits",
    most_a_page=MOST_A_PAGE,
    plain=(),
    routes=(
        Route("list", "GET", "/bim/user", list_users, "List the users"),
        Route("get", "GET", "/bim/rpc/user/current", current, "Get the caller"),
        Route("create", "POST", "/bim/iam/bim/user", create, "Create a user", EXAMPLE),
        Route("get", "GET", ONE, get, "Get one user"),
        Route("delete", "DELETE", "/bim/iam/bim/user/{id}", delete, "Delete a user"),
        Route("update", "PUT", f"{ONE}/profile", put_profile, "Change a profile", {"name": "Ana"}),
        Route(
            "update",
            "PUT",
            f"{ONE}/permissions",
            put_permissions,
            "Set the permissions of a user",
            {"permissions": ["GOVERNANCE"]},
        ),
        Route(
            "update",
            "PUT",
            f"{ONE}/password",
            put_password,
            "Set the password of a user",
            {"password": "example-pw"},
        ),
        Route("update", "PUT", VALUE, add_attribute, "Add an attribute to a user", {}),
        Route("delete", "DELETE", VALUE, remove_attribute, "Remove an attribute from a user"),
    ),
    show=show,
    stamped={
        "iamid": BUILT_IN,
        "profile": {},
        "permissions": [],
        **attributes.NONE,
        "disabled": False,
        "lastLogin": None,
        "createdAt": TIME,
        "updatedAt": TIME,
    },
    initial=(
        {
            "userid": ADMIN,
            "profile": {"name": "Admin", "email": ADMIN},
            "permissions": ["GOVERNANCE", "USER_ADMIN"],
        },
    ),
)
