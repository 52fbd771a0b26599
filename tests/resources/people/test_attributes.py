"""Attributes of users and groups: edges whose keys ignore case, beside those of the identity provider."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from support.core import Core

USER, GROUP = "immuta_user_attribute", "immuta_group_attribute"
MakeCore = Callable[..., Core]


@pytest.fixture
def world(core: MakeCore) -> Core:
    """User attributes; Ana is user 2."""
    made = core(USER)
    made.control.plant("users", {"userid": "ana", "profile": {"name": "Ana"}})
    return made


@pytest.fixture
def groups(core: MakeCore) -> Core:
    """Group attributes; group 1 is Immuta's own, and group 2 of another identity manager."""
    made = core(GROUP)
    made.control.plant("groups", {"name": "Own"})
    made.control.plant("groups", {"name": "Theirs", "iamid": "okta", "bimAuthorizations": {"a": ["b"]}})
    return made


def one(key: str = "Department", value: str = "Sales", **more: str) -> dict[str, Any]:
    return {"userid": "ana", "key": key, "value": value, **more}


def own(world: Core) -> Any:
    return world.control.stored_one("users", "2")["bimAuthorizations"]


def told(world: Core, config: dict[str, Any] | None) -> tuple[str, str]:
    (found,) = world.apply(config).diagnostics
    return found.summary, found.detail


def test_the_key_keeps_its_capitals_in_the_state_alone(world: Core) -> None:
    assert world.apply(one()).diagnostics == []
    assert own(world) == {"department": ["Sales"]}
    assert world.instance is not None
    assert (world.instance.state["id"], world.instance.state["key"]) == (
        "bim/ana/department/Sales",
        "Department",
    )
    assert world.apply(one("DEPARTMENT")).action == "none"
    assert world.apply(one(value="sales")).action == "replace"
    world.instance = None
    assert world.import_("bim/ana/DepartMent/sales").diagnostics == []
    assert world.apply(one(value="sales")).action == "none"


def test_a_value_may_have_slashes(world: Core) -> None:
    assert world.apply(one(value="EU/50%2F/sales")).diagnostics == []
    assert own(world) == {"department": ["EU/50%2F/sales"]}
    assert world.apply(one(value="EU/50%2F/sales")).action == "none"
    assert world.apply(None).diagnostics == []
    assert own(world) == {}


def test_other_values_stay(world: Core) -> None:
    world.control.alter("users", "2", {"bimAuthorizations": {"department": ["Purchase"], "a": ["b"]}})
    assert world.apply(one()).diagnostics == []
    assert own(world) == {"department": ["Purchase", "Sales"], "a": ["b"]}
    assert world.apply(None).diagnostics == []
    assert own(world) == {"department": ["Purchase"], "a": ["b"]}


def test_one_that_exists_already_is_a_conflict(world: Core) -> None:
    world.control.alter("users", "2", {"bimAuthorizations": {"department": ["Sales"]}})
    summary, detail = told(world, one())
    assert summary == "The user attribute exists already"
    assert '  id = "bim/ana/department/Sales"\n' in detail
    assert world.instance is None


def test_one_of_the_identity_provider_is_refused(world: Core) -> None:
    world.control.alter("users", "2", {"iamAuthorizations": {"Department": ["Sales"]}})
    refusal = (
        "The attribute is the identity provider's",
        "user attribute bim/ana/department/Sales comes from the identity provider, which alone can change it, and is not managed "
        "here. Remove the resource: policies can name the attribute all the same. Nothing was changed.",
    )
    assert told(world, one()) == refusal
    assert own(world) == {}
    assert world.import_("bim/ana/Department/Sales").diagnostics[0][1:3] == refusal
    assert world.instance is None


def test_one_of_both_sources_is_managed_in_its_own(world: Core) -> None:
    world.control.alter("users", "2", {"bimAuthorizations": {"department": ["Sales"]}})
    assert world.import_("bim/ana/department/Sales").diagnostics == []
    world.control.alter("users", "2", {"iamAuthorizations": {"department": ["Sales"]}})
    assert world.apply(one()).action == "none"
    world.control.alter("users", "2", {"bimAuthorizations": None})
    assert world.refresh().diagnostics == []
    assert world.instance is None


def test_a_deletion_that_does_nothing_is_an_error(world: Core) -> None:
    assert world.apply(one()).diagnostics == []
    world.control.change_settings({"keep_attributes": True})
    began = world.clock.now()
    summary, detail = told(world, None)
    assert summary == "Immuta did not delete the user attribute"
    assert detail.startswith(
        "the request was answered, and Immuta still shows user attribute bim/ana/department/Sales. Look at it in Immuta, and try "
        "again."
    )
    assert 50 < world.clock.now() - began < 70
    assert world.instance is not None
    world.control.change_settings({"keep_attributes": False})
    assert world.apply(None).diagnostics == []


def test_missing_users_and_groups_are_named(world: Core, groups: Core) -> None:
    assert told(world, {**one(), "userid": "ben"}) == (
        "Immuta does not know the user",
        "the identity manager 'bim' has no user 'ben'. Create the user first, or correct `userid` and `iamid`. For a user "
        "that this configuration creates, refer to the resource (`immuta_user.NAME.userid`). Nothing was sent.",
    )
    assert told(groups, {"group_id": "9", "key": "a", "value": "b"}) == (
        "Immuta does not know the group",
        "there is no group with the id '9'. Create the group first, or correct `group_id`. For a group that this "
        "configuration creates, refer to the resource (`immuta_group.NAME.id`). Nothing was sent.",
    )
    assert world.import_("bim/ana").errors[0] == "Invalid id"


def test_the_attributes_of_other_groups_are_refused(groups: Core) -> None:
    config = {"group_id": "2", "key": "a", "value": "b"}
    assert told(groups, config) == (
        "The group belongs to another identity manager",
        "group 2 is of the identity manager 'okta', which decides about the group. Change it there, or use a group of Immuta's "
        "own identity manager (`bim`). Nothing was changed.",
    )
    assert groups.apply({**config, "iamid": "okta"}).errors == [
        "iamid has a value that Immuta does not accept"
    ]
    assert groups.import_("okta/2/a/b").errors == ["A group attribute of another identity manager"]


def test_those_of_what_is_gone_are_gone(world: Core, groups: Core) -> None:
    assert world.apply(one()).diagnostics == []
    world.control.remove("users", "2")
    assert (world.apply(None, refresh=False).diagnostics, world.instance) == ([], None)
    assert groups.apply({"group_id": "1", "key": "a", "value": "b"}).diagnostics == []
    kept = groups.instance
    groups.control.remove("groups", "1")
    assert (groups.apply(None, refresh=False).diagnostics, groups.instance) == ([], None)
    groups.instance = kept
    assert (groups.refresh().diagnostics, groups.instance) == ([], None)


def test_an_answer_without_attributes_does_not_prove_that_one_is_gone(groups: Core) -> None:
    assert groups.apply({"group_id": "1", "key": "a", "value": "b"}).diagnostics == []
    without = {"kind": "respond", "status": 200, "body": {"id": 1, "iamid": "bim"}}
    groups.control.add_fault({"match": {"path": "/bim/iam/bim/group/1"}, "action": without})
    assert groups.refresh().errors == ["Immuta's answer cannot be understood"]
    assert groups.instance is not None


@pytest.mark.parametrize("short", [False, True])
def test_a_refresh_of_many_users_reads_the_list(world: Core, short: bool) -> None:
    states = []
    for number in range(198):
        userid, values = f"user-{number}", {"a": ["x", "y"]}
        world.control.plant("users", {"userid": userid, "bimAuthorizations": values})
        states += [
            world.full(
                {
                    "id": f"bim/{userid}/a/{value}",
                    "iamid": "bim",
                    "userid": userid,
                    "key": "a",
                    "value": value,
                }
            )
            for value in "xy"
        ]
    world.control.change_settings({"short_user_rows": short})
    assert refreshed(world, states) == states
    counts = {"record-list": 4, **({"record-get": 198} if short else {})}
    assert world.control.requests()["counts"] == counts


def test_a_refresh_reads_each_group_once(groups: Core) -> None:
    groups.control.alter("groups", "1", {"bimAuthorizations": {"a": ["x", "y", "z"]}})
    states = [
        groups.full({"id": f"bim/1/a/{value}", "iamid": "bim", "group_id": "1", "key": "a", "value": value})
        for value in "xyz"
    ]
    assert refreshed(groups, states) == states
    assert groups.control.requests()["counts"] == {"record-get": 1}


def refreshed(world: Core, states: list[Any]) -> list[Any]:
    """The states after one run has refreshed them."""
    said: list[Any] = []
    process = world.start()
    process.configure(said)
    for state in states:
        process.upgrade(state, said)
    fresh = [process.read(state, b"", said)[0] for state in states]
    assert said == []
    return fresh
