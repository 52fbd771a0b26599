"""Groups and their members (fact sheet, section 3.3)."""

from __future__ import annotations

from typing import Any

from immuta_simulator.people import attributes, users
from immuta_simulator.records.store import Asked, Body, Collection, Key, Records, Route
from immuta_simulator.refusal import Refusal


def show(records: Records, group: Body) -> Body:
    """Only the route of the identity manager tells apart who set an attribute."""
    shown = {key: value for key, value in group.items() if key not in attributes.NONE}
    return {**shown, attributes.BOTH: attributes.both(group)}


def find(records: Records, id: str) -> Body:
    group = records.with_id(id)
    if group is None:
        raise Refusal(404, "Group not found")
    return group


def own(group: Body) -> Body:
    if group["iamid"] != users.BUILT_IN:
        raise Refusal(400, "groups of another identity manager come from there")
    return group


def refuse_taken(records: Records, iamid: str, name: object, group: Body | None) -> None:
    for each in records.by_id.values():
        if each is not group and (each["iamid"], each["name"]) == (iamid, name):
            raise Refusal(422, "a group with this name exists already", validation=[{"code": "unique"}])


def create(records: Records, asked: Asked) -> Body:
    records.check(asked.body)
    if "iamid" not in asked.body:
        raise Refusal(400, '"iamid" is required')
    own(asked.body)
    refuse_taken(records, asked.body["iamid"], asked.body["name"], None)
    return records.shown(records.add(asked.body))


def update(records: Records, asked: Asked) -> Body:
    group = own(find(records, asked.path["id"]))
    records.check(asked.body)
    if "iamid" in asked.body:
        raise Refusal(400, '"iamid" is not allowed')
    refuse_taken(records, group["iamid"], asked.body["name"], group)
    kept = {key: group[key] for key in ("id", "iamid", *attributes.NONE)}
    return records.shown(records.add({**asked.body, **kept}))


def delete(records: Records, asked: Asked) -> Body:
    group = own(find(records, asked.path["id"]))
    records.drop(group)
    members = records.others["members"]
    for membership in [*members.by_id.values()]:
        if membership["group"] == group["id"]:
            members.drop(membership)
    return records.shown(group)


def in_iam(records: Records, asked: Asked) -> Body:
    group = find(records, asked.path["id"])
    if group["iamid"] != asked.path["iamid"]:
        raise Refusal(404, "Group not found")
    return group


def get_in_iam(records: Records, asked: Asked) -> Body:
    group = in_iam(records, asked)
    return {**group, attributes.BOTH: attributes.both(group)}


def add_attribute(records: Records, asked: Asked) -> Body:
    attributes.refuse_empty_body(asked)
    return records.shown(attributes.add(records, in_iam(records, asked), asked))


def remove_attribute(records: Records, asked: Asked) -> Body:
    return records.shown(attributes.remove(records, in_iam(records, asked), asked))


def list_members(members: Records, asked: Asked) -> Any:
    group = find(members.others["groups"], asked.path["id"])
    return members.listed(
        [each for each in members.by_id.values() if each["group"] == group["id"]], asked.query
    )


def show_member(members: Records, membership: Body) -> Body:
    people = members.others["users"]
    user = people.by_id[membership["uid"]]
    whole = {key: user[key] for key in ("userid", "iamid", "disabled")}
    return {**membership, **whole, "profile": people.shown(user)["profile"]}


def add_member(members: Records, asked: Asked) -> Body:
    """ASSUMPTION: a second time answers the same membership."""
    group = own(find(members.others["groups"], asked.path["id"]))
    members.check(asked.body)
    user = users.find(members.others["users"], asked.body["iamid"], asked.body["userid"])
    of = {"group": group["id"], "uid": user["id"]}
    there = next((each for each in members.by_id.values() if of.items() <= each.items()), None)
    return {**(there or members.add(of)), "profile": user["id"]}


def remove_member(members: Records, asked: Asked) -> Body:
    group = own(find(members.others["groups"], asked.path["id"]))
    membership = members.with_id(asked.path["membership"])
    if membership is None or membership["group"] != group["id"]:
        raise Refusal(404, "Membership not found")
    members.drop(membership)
    return {"success": True}


ONE = "/bim/iam/{iamid}/group/{id}"
VALUE = f"{ONE}/authorizations/{{key}}/{{value}}"
MEMBERS_OF = "/bim/group/{id}/user"

GROUPS = Collection(
    "groups",
    "group",
    "/bim/group",
    keys=(
        Key("name", (str,), required=True),
        Key("iamid", (str,)),
        Key("email", (str,)),
        Key("description", (str,)),
    ),
    permission=users.PERMISSION,
    wrapper="hits",
    plain=("list", "get"),
    routes=(
        Route("create", "POST", "/bim/group", create, "Create a group", {"iamid": "bim", "name": "Analysts"}),
        Route("update", "PUT", "/bim/group/{id}", update, "Update a group", {"name": "Analysts"}),
        Route("delete", "DELETE", "/bim/group/{id}", delete, "Delete a group"),
        Route("get", "GET", ONE, get_in_iam, "Get one group of an identity manager"),
        Route("update", "PUT", VALUE, add_attribute, "Add an attribute to a group", {}),
        Route("delete", "DELETE", VALUE, remove_attribute, "Remove an attribute from a group"),
    ),
    show=show,
    stamped={
        "iamid": users.BUILT_IN,
        "gid": None,
        "email": None,
        "description": None,
        **attributes.NONE,
        "createdAt": users.TIME,
        "updatedAt": users.TIME,
    },
)

MEMBERS = Collection(
    "members",
    "group member",
    MEMBERS_OF,
    keys=(Key("userid", (str,), required=True), Key("iamid", (str,), required=True)),
    unique="id",
    permission=users.PERMISSION,
    wrapper="hits",
    plain=(),
    routes=(
        Route("list", "GET", MEMBERS_OF, list_members, "List the members of a group"),
        Route(
            "create",
            "POST",
            MEMBERS_OF,
            add_member,
            "Add a member to a group",
            {"iamid": "bim", "userid": "ana"},
        ),
        Route(
            "delete", "DELETE", f"{MEMBERS_OF}/{{membership}}", remove_member, "Remove a member from a group"
        ),
    ),
    show=show_member,
    stamped={"createdAt": users.TIME, "updatedAt": users.TIME},
)
