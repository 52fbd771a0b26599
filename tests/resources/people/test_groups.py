"""Groups of Immuta's own identity manager, and their members."""

from __future__ import annotations

from typing import Any

import pytest
from support.core import Core
from support.worlds import MakeCore

MEMBER = {"group_id": "1", "userid": "ana"}


@pytest.fixture
def group(core: MakeCore) -> Core:
    made = core("immuta_group")
    made.control.plant("groups", {"name": "Theirs", "iamid": "okta"})
    made.control.plant("groups", {"name": "Own / one"})
    return made


@pytest.fixture
def member(core: MakeCore) -> Core:
    """Members. Group 1 is Immuta's own, group 2 of another identity manager, and Olga one of its users."""
    made = core("immuta_group_member")
    made.control.plant("groups", {"name": "Own"})
    made.control.plant("groups", {"name": "Theirs", "iamid": "okta"})
    made.control.plant("users", {"userid": "ana"}, "7")
    made.control.plant("users", {"userid": "olga", "iamid": "okta"}, "8")
    return made


@pytest.mark.parametrize("id", ["bim/Own / one", "bim/Own %2F one"])
def test_a_name_with_a_slash_is_imported_encoded_or_not(group: Core, id: str) -> None:
    assert group.import_(id).diagnostics == []
    assert group.state == group.full({"id": "2", "iamid": "bim", "name": "Own / one"})


@pytest.mark.parametrize("id", ["1", "okta/Theirs"])
def test_a_group_of_another_identity_manager_is_refused(group: Core, id: str) -> None:
    assert group.import_(id).diagnostics == [
        (
            "error",
            "A group of another identity manager",
            "group 1 is of another identity manager, and this provider neither changes nor deletes such a group. Remove the "
            "resource from the configuration and the state (`terraform state rm ADDRESS`), and read the group by the data source "
            "`immuta_group`.",
            (),
        )
    ]
    assert group.apply({"name": "Theirs"}).diagnostics == []


def test_a_member_is_deleted_by_the_id_of_its_membership(member: Core) -> None:
    member.control.plant("members", {"group": 1, "uid": 1}, "5")
    assert member.apply({**MEMBER, "userid": "olga", "iamid": "okta"}).diagnostics == []
    assert [each["id"] for each in member.control.stored("members")] == [5, 6]
    member.control.clear_requests()
    assert member.apply(None).diagnostics == []
    deletions = [each["path"] for each in member.transport.requests() if each["method"] == "DELETE"]
    assert deletions == ["/bim/group/1/user/6"]
    assert [each["id"] for each in member.control.stored("members")] == [5]


@pytest.mark.parametrize(
    ("change", "summary"),
    [
        ({"userid": "ben"}, "Immuta does not know the user"),
        ({"group_id": "9"}, "Immuta does not know the group"),
        ({"group_id": "2"}, "The group belongs to another identity manager"),
    ],
)
def test_members_of_a_missing_or_foreign_group_are_refused(
    member: Core, change: dict[str, str], summary: str
) -> None:
    assert member.apply({**MEMBER, **change}).errors == [summary]
    assert (member.instance, member.control.stored("members")) == (None, [])


def test_a_member_of_a_foreign_group_is_not_imported(member: Core) -> None:
    member.control.plant("members", {"group": 2, "uid": 8})
    assert member.import_("2/okta/olga").errors == ["A group member of another identity manager"]
    assert member.instance is None


@pytest.mark.parametrize("collection", ["groups", "members"])
def test_a_member_of_a_removed_group_and_a_removed_member_are_gone(member: Core, collection: str) -> None:
    assert member.apply(MEMBER).diagnostics == []
    kept = member.instance
    member.control.remove(collection, "1")
    assert (member.apply(None, refresh=False).diagnostics, member.instance) == ([], None)
    member.instance = kept
    assert (member.refresh().diagnostics, member.instance) == ([], None)


def test_one_empty_list_does_not_prove_that_a_member_is_gone(member: Core) -> None:
    assert member.apply(MEMBER).diagnostics == []
    empty = {"kind": "respond", "status": 200, "body": {"hits": [], "count": 0}}
    member.transport.fault(empty, path="/bim/group/1/user")
    assert member.refresh().diagnostics == []
    assert member.instance is not None


def test_a_group_without_members_is_listed_twice_in_a_refresh(member: Core) -> None:
    states: list[Any] = []
    for number in range(60):
        userid = f"user-{number}"
        member.control.plant("users", {"userid": userid})
        states.append(
            member.full({"id": f"1/bim/{userid}", "group_id": "1", "iamid": "bim", "userid": userid})
        )
    process = member.configured_process()
    diagnostics: list[Any] = []
    assert [process.read(state, b"", diagnostics)[0] for state in states] == [None] * 60
    assert diagnostics == []
    assert member.transport.paths() == ["/bim/group/1/user", "/bim/group/1", "/bim/group/1/user"]
