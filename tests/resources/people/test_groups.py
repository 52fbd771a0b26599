"""Groups of Immuta's own identity manager, and their members."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from support.core import Core

GROUP, MEMBER = "immuta_group", "immuta_group_member"
MakeCore = Callable[..., Core]


@pytest.fixture
def group(core: MakeCore) -> Core:
    made = core(GROUP)
    made.control.plant("groups", {"name": "Theirs", "iamid": "okta"})
    made.control.plant("groups", {"name": "Own / one"})
    return made


@pytest.fixture
def member(core: MakeCore) -> Core:
    """Members; group 1 is Immuta's own, group 2 of another identity manager, and Olga one of its users."""
    made = core(MEMBER)
    made.control.plant("groups", {"name": "Own"})
    made.control.plant("groups", {"name": "Theirs", "iamid": "okta"})
    made.control.plant("users", {"userid": "ana"}, "7")
    made.control.plant("users", {"userid": "olga", "iamid": "okta"}, "8")
    return made


def told(world: Core, config: dict[str, Any] | None) -> tuple[str, str]:
    (found,) = world.apply(config).diagnostics
    return found.summary, found.detail


@pytest.mark.parametrize("id", ["2", "bim/Own / one", "bim/Own %2F one"])
def test_a_group_is_imported_by_id_or_name(group: Core, id: str) -> None:
    assert group.import_(id).diagnostics == []
    assert group.instance is not None
    assert group.instance.state == group.full({"id": "2", "iamid": "bim", "name": "Own / one"})
    assert group.apply({"name": "Own / one"}).action == "none"


@pytest.mark.parametrize("id", ["1", "okta/Theirs"])
def test_a_group_of_another_identity_manager_is_refused(group: Core, id: str) -> None:
    (found,) = group.import_(id).diagnostics
    assert tuple(found[:3]) == (
        "error",
        "A group of another identity manager",
        "group 1 is of another identity manager, and this provider neither changes nor deletes such a group. Remove the resource "
        "from the configuration and the state (`terraform state rm ADDRESS`), and read the group by the data source "
        "`immuta_group`.",
    )
    assert group.apply({"name": "Theirs"}).diagnostics == []


def test_a_group_that_exists_already_is_a_conflict(group: Core) -> None:
    summary, detail = told(group, {"name": "Own / one"})
    assert summary == "The group exists already"
    assert '  id = "2"\n' in detail


def test_a_group_that_is_gone_is_deleted(group: Core) -> None:
    assert group.apply({"name": "New"}).diagnostics == []
    group.control.remove("groups", "3")
    assert group.apply(None, refresh=False).diagnostics == []
    assert group.instance is None


def test_a_member_is_deleted_by_the_id_of_its_membership(member: Core) -> None:
    member.control.plant("members", {"group": 1, "uid": 1}, "5")
    assert member.apply({"group_id": "1", "userid": "olga", "iamid": "okta"}).diagnostics == []
    assert [each["id"] for each in member.control.stored("members")] == [5, 6]
    member.control.clear_requests()
    assert member.apply(None).diagnostics == []
    assert [each["path"] for each in member.control.requests()["requests"] if each["method"] == "DELETE"] == [
        "/bim/group/1/user/6"
    ]
    assert [each["id"] for each in member.control.stored("members")] == [5]


def test_a_member_that_exists_already_is_a_conflict(member: Core) -> None:
    member.control.plant("members", {"group": 1, "uid": 7})
    summary, detail = told(member, {"group_id": "1", "userid": "ana"})
    assert summary == "The group member exists already"
    assert '  id = "1/bim/ana"\n' in detail


def test_members_of_what_is_missing_or_foreign_are_refused(member: Core) -> None:
    assert told(member, {"group_id": "1", "userid": "ben"}) == (
        "Immuta does not know the user",
        "the identity manager 'bim' has no user 'ben'. Create the user first, or correct `userid` and `iamid`. For a user "
        "that this configuration creates, refer to the resource (`immuta_user.NAME.userid`). Nothing was sent.",
    )
    assert told(member, {"group_id": "9", "userid": "ana"})[0] == "Immuta does not know the group"
    assert told(member, {"group_id": "2", "userid": "ana"}) == (
        "The group belongs to another identity manager",
        "group 2 is of the identity manager 'okta', which decides about the group. Change it there, or use a group of Immuta's "
        "own identity manager (`bim`). Nothing was changed.",
    )
    member.control.plant("members", {"group": 2, "uid": 8})
    assert member.import_("2/okta/olga").errors == ["A group member of another identity manager"]
    assert member.control.stored("members") == [
        {**member.control.stored("members")[0], "group": 2, "uid": 8},
    ]


@pytest.mark.parametrize(("collection", "id"), [("groups", "1"), ("members", "1")])
def test_a_member_of_what_is_gone_is_gone(member: Core, collection: str, id: str) -> None:
    assert member.apply({"group_id": "1", "userid": "ana"}).diagnostics == []
    kept = member.instance
    member.control.remove(collection, id)
    assert (member.apply(None, refresh=False).diagnostics, member.instance) == ([], None)
    member.instance = kept
    assert (member.refresh().diagnostics, member.instance) == ([], None)


def test_a_lost_membership_is_recognised(member: Core) -> None:
    member.control.add_fault({"match": {"operation": "record-create"}, "action": "reset-after"})
    applied = member.apply({"group_id": "1", "userid": "ana"})
    assert (applied.errors, applied.warnings) == ([], ["The group member was recognised after a lost answer"])
    assert member.apply({"group_id": "1", "userid": "ana"}).action == "none"


def test_one_empty_list_does_not_prove_that_a_member_is_gone(member: Core) -> None:
    assert member.apply({"group_id": "1", "userid": "ana"}).diagnostics == []
    empty = {"kind": "respond", "status": 200, "body": {"hits": [], "count": 0}}
    member.control.add_fault({"match": {"path": "/bim/group/1/user"}, "action": empty})
    assert member.refresh().diagnostics == []
    assert member.instance is not None


@pytest.mark.parametrize(
    ("gone", "requests"),
    [
        (False, ["/bim/group/1/user", "/bim/group"]),
        (True, ["/bim/group/1/user", "/bim/group/1", "/bim/group/1/user"]),
    ],
)
def test_a_refresh_lists_the_members_of_a_group_once_and_again_if_there_is_none(
    member: Core, gone: bool, requests: list[str]
) -> None:
    states = []
    for number in range(60):
        user = member.control.plant("users", {"userid": f"user-{number}"})
        if not gone:
            member.control.plant("members", {"group": 1, "uid": user["id"]})
        states.append(
            member.full(
                {"id": f"1/bim/user-{number}", "group_id": "1", "iamid": "bim", "userid": f"user-{number}"}
            )
        )
    said: list[Any] = []
    process = member.start()
    process.configure(said)
    read = [process.read(state, b"", said)[0] for state in states]
    assert (said, read) == ([], [None] * 60 if gone else states)
    assert [each["path"] for each in member.control.requests()["requests"]] == requests
