"""Attributes of users and groups: edges whose keys ignore case, beside those of the identity provider."""

from __future__ import annotations

from typing import Any

import pytest
from support.core import Core
from support.worlds import MakeCore

OF_GROUP = {"group_id": "1", "key": "a", "value": "b"}


@pytest.fixture
def world(core: MakeCore) -> Core:
    """User attributes; Ana is user 2."""
    made = core("immuta_user_attribute")
    made.control.plant("users", {"userid": "ana", "profile": {"name": "Ana"}})
    return made


@pytest.fixture
def groups(core: MakeCore) -> Core:
    """Group attributes; group 1 is Immuta's own, and group 2 of another identity manager."""
    made = core("immuta_group_attribute")
    made.control.plant("groups", {"name": "Own"})
    made.control.plant("groups", {"name": "Theirs", "iamid": "okta", "bimAuthorizations": {"a": ["b"]}})
    return made


def of_user(key: str = "Department", value: str = "Sales", **more: str) -> dict[str, Any]:
    return {"userid": "ana", "key": key, "value": value, **more}


def alter(world: Core, **changes: Any) -> None:
    world.control.alter("users", "2", changes)


def own(world: Core) -> Any:
    """The attributes that Immuta itself stores for the user."""
    return world.control.stored_one("users", "2")["bimAuthorizations"]


def test_the_key_keeps_its_capitals_in_the_state_alone(world: Core) -> None:
    assert world.apply(of_user()).diagnostics == []
    assert own(world) == {"department": ["Sales"]}
    assert (world.state["id"], world.state["key"]) == ("bim/ana/department/Sales", "Department")
    assert world.apply(of_user("DEPARTMENT")).action == "none"
    assert world.apply(of_user(value="sales")).action == "replace"
    world.instance = None
    assert world.import_("bim/ana/DepartMent/sales").diagnostics == []
    assert world.apply(of_user(value="sales")).action == "none"


def test_a_value_may_have_slashes(world: Core) -> None:
    assert world.apply(of_user(value="EU/50%2F/sales")).diagnostics == []
    assert own(world) == {"department": ["EU/50%2F/sales"]}
    assert world.apply(of_user(value="EU/50%2F/sales")).action == "none"
    assert world.apply(None).diagnostics == []
    assert own(world) == {}


def test_other_values_stay(world: Core) -> None:
    alter(world, bimAuthorizations={"department": ["Purchase"], "a": ["b"]})
    assert world.apply(of_user()).diagnostics == []
    assert own(world) == {"department": ["Purchase", "Sales"], "a": ["b"]}
    assert world.apply(None).diagnostics == []
    assert own(world) == {"department": ["Purchase"], "a": ["b"]}


def test_an_attribute_of_the_identity_provider_is_refused(world: Core) -> None:
    alter(world, iamAuthorizations={"Department": ["Sales"]})
    refusal = (
        "The attribute is the identity provider's",
        "user attribute bim/ana/department/Sales comes from the identity provider, which alone can change it, and is not managed "
        "here. Remove the resource: policies can name the attribute all the same. Nothing was changed.",
    )
    assert world.apply(of_user()).texts == [refusal]
    assert own(world) == {}
    assert world.import_("bim/ana/Department/Sales").texts == [refusal]
    assert world.instance is None


def test_an_attribute_of_both_sources_is_managed_in_immutas_own(world: Core) -> None:
    alter(world, bimAuthorizations={"department": ["Sales"]})
    assert world.import_("bim/ana/department/Sales").diagnostics == []
    alter(world, iamAuthorizations={"department": ["Sales"]})
    assert world.apply(of_user()).action == "none"
    alter(world, bimAuthorizations=None)
    assert world.refresh().diagnostics == []
    assert world.instance is None


def test_a_deletion_that_does_nothing_is_an_error(world: Core) -> None:
    assert world.apply(of_user()).diagnostics == []
    world.control.change_settings({"keep_attributes": True})
    began = world.clock.now()
    [(summary, detail)] = world.apply(None).texts
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
    assert world.apply({**of_user(), "userid": "ben"}).texts == [
        (
            "Immuta does not know the user",
            "the identity manager 'bim' has no user 'ben'. Create the user first, or correct `userid` and `iamid`. For a "
            "user that this configuration creates, refer to the resource (`immuta_user.NAME.userid`). Nothing was sent.",
        )
    ]
    assert groups.apply({**OF_GROUP, "group_id": "9"}).texts == [
        (
            "Immuta does not know the group",
            "there is no group with the id '9'. Create the group first, or correct `group_id`. For a group that this "
            "configuration creates, refer to the resource (`immuta_group.NAME.id`). Nothing was sent.",
        )
    ]
    assert world.import_("bim/ana").errors[0] == "Invalid id"


def test_the_attributes_of_other_groups_are_refused(groups: Core) -> None:
    config = {**OF_GROUP, "group_id": "2"}
    assert groups.apply(config).texts == [
        (
            "The group belongs to another identity manager",
            "group 2 is of the identity manager 'okta', which decides about the group. Change it there, or use a group of "
            "Immuta's own identity manager (`bim`). Nothing was changed.",
        )
    ]
    not_accepted = "iamid has a value that Immuta does not accept"
    assert groups.apply({**config, "iamid": "okta"}).errors == [not_accepted]
    assert groups.import_("okta/2/a/b").errors == ["A group attribute of another identity manager"]


def test_attributes_of_a_removed_user_or_group_are_gone(world: Core, groups: Core) -> None:
    assert world.apply(of_user()).diagnostics == []
    world.control.remove("users", "2")
    assert (world.apply(None, refresh=False).diagnostics, world.instance) == ([], None)
    assert groups.apply(OF_GROUP).diagnostics == []
    kept = groups.instance
    groups.control.remove("groups", "1")
    assert (groups.apply(None, refresh=False).diagnostics, groups.instance) == ([], None)
    groups.instance = kept
    assert (groups.refresh().diagnostics, groups.instance) == ([], None)


def test_an_answer_without_attributes_does_not_prove_that_one_is_gone(groups: Core) -> None:
    assert groups.apply(OF_GROUP).diagnostics == []
    without = {"kind": "respond", "status": 200, "body": {"id": 1, "iamid": "bim"}}
    groups.transport.fault(without, path="/bim/iam/bim/group/1")
    assert groups.refresh().errors == ["Immuta's answer cannot be understood"]
    assert groups.instance is not None
