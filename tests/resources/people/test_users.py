"""Users: a link that is kept nowhere, a password, permissions, and updates that send only what differs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from support.core import Core

USER = {"userid": "ana", "name": "Ana", "email": "ana@acme.example"}
TOKEN = "login-token-of-user-2"


@pytest.fixture
def world(core: Callable[..., Core]) -> Core:
    return core("immuta_user", environment={"IMMUTA_FINGERPRINT_KEY": "a key for the tests"})


def held(world: Core) -> Any:
    return world.control.stored_one("users", "2")


def sent(world: Core) -> list[tuple[str, Any]]:
    """The last part of the path and the body of each update, oldest first."""
    requests = world.control.requests("record-update")["requests"]
    world.control.clear_requests()
    return [(each["path"].rpartition("/")[2], each["body"]) for each in requests]


def test_each_update_sends_only_what_immuta_does_not_show(world: Core) -> None:
    first = {**USER, "password": "first-password", "permissions": ["GOVERNANCE"], "phone": "1"}
    assert world.apply(first).diagnostics == []
    assert sent(world) == [("permissions", {"permissions": ["GOVERNANCE"]})]

    renamed = {**first, "name": "Ana B.", "phone": None}
    assert world.apply(renamed).diagnostics == []
    profile = dict.fromkeys(("phone", "about", "location", "organization", "position"))
    assert sent(world) == [("profile", {**profile, "name": "Ana B.", "email": "ana@acme.example"})]
    assert world.instance is not None
    assert world.instance.state["credentials_revision"] == 1

    rotated = {**renamed, "password": "second-password"}
    assert world.apply(rotated).diagnostics == []
    assert sent(world) == [("password", {"password": "second-password"})]
    assert world.instance.state["credentials_revision"] == 2

    assert world.apply({**rotated, "permissions": []}).diagnostics == []
    assert sent(world) == [("permissions", {"permissions": []})]
    assert world.apply({**rotated, "permissions": []}).action == "none"
    assert (held(world)["password"], held(world)["permissions"]) == ("second-password", [])


def test_a_rotation_after_a_change_of_something_else_is_still_seen(world: Core) -> None:
    assert world.apply({**USER, "password": "first-password"}).diagnostics == []
    assert world.apply({**USER, "password": "first-password", "name": "B"}).diagnostics == []
    assert world.apply({**USER, "password": "first-password", "name": "B"}).action == "none"
    assert world.apply({**USER, "password": "second-password", "name": "C"}).action == "update"
    assert (held(world)["password"], held(world)["profile"]["name"]) == ("second-password", "C")
    assert world.apply({**USER, "name": "C"}).errors == []
    assert world.apply({**USER, "name": "C"}).action == "none"


def test_permissions_that_are_not_configured_are_immutas(world: Core) -> None:
    assert world.apply(USER).diagnostics == []
    assert world.instance is not None
    assert world.instance.state["permissions"] == ["CREATE_PROJECT"]
    world.control.alter("users", "2", {"permissions": ["AUDIT", "CREATE_PROJECT"]})
    assert world.apply(USER).action == "none"


def test_the_password_is_sent_again_to_a_user_that_was_found_after_a_lost_answer(world: Core) -> None:
    world.control.add_fault({"match": {"operation": "record-create"}, "action": "reset-after"})
    applied = world.apply({**USER, "password": "first-password"})
    assert applied.warnings == ["The user was recognised after a lost answer"]
    assert sent(world) == [("password", {"password": "first-password"})]
    assert world.apply({**USER, "password": "first-password"}).action == "none"


@pytest.mark.parametrize("permissions", [["GOVERNANCE"], ["CREATE_PROJECT", "GOVERNANCE"], []], ids=str)
def test_a_new_user_with_more_permissions_is_recognised_after_a_lost_answer(
    world: Core, permissions: list[str]
) -> None:
    """Immuta gives a new user permissions beside those of the request."""
    config = {**USER, "permissions": permissions}
    world.control.add_fault({"match": {"operation": "record-create"}, "action": "reset-after"})
    assert [each.summary for each in world.apply(config).diagnostics] == [
        "The user was recognised after a lost answer"
    ]
    assert sorted(held(world)["permissions"]) == permissions
    again = world.apply(config)
    assert (again.action, again.diagnostics) == ("none", [])


@pytest.mark.parametrize("text", ["https://immuta.example/#/newUser?token=" + TOKEN, TOKEN])
def test_no_message_has_the_link_of_a_new_user(world: Core, text: str) -> None:
    refused = {"kind": "respond", "status": 400, "message": f"cannot change the user behind {text}, sorry"}
    world.control.add_fault({"match": {"operation": "record-update"}, "action": refused})
    told, changed = world.apply({**USER, "permissions": ["AUDIT"]}).diagnostics
    assert told.summary == "The user was created, but not with the configured permissions"
    assert "cannot change the user behind" in told.detail
    assert changed.detail.startswith(
        "permissions: sent ['AUDIT'], Immuta reports ['AUDIT', 'CREATE_PROJECT']"
    )
    assert TOKEN not in f"{told}{changed}{world.instance}"
    assert world.instance is not None
    assert TOKEN.encode() not in world.instance.private


def test_a_user_is_imported_by_login_name(world: Core) -> None:
    world.control.plant("users", {"userid": "ana", "iamid": "okta", "profile": {"name": "Another"}})
    world.control.plant("users", {"userid": "ana", "profile": {"name": "Ana", "email": "ana@acme.example"}})
    assert world.import_("ana").diagnostics == []
    assert world.apply(USER).action == "none"


def test_a_login_name_of_another_identity_manager_is_free(world: Core) -> None:
    world.control.plant("users", {"userid": "ana", "iamid": "okta"})
    assert world.apply(USER).diagnostics == []


def test_a_user_that_exists_already_is_a_conflict(world: Core) -> None:
    world.control.plant("users", {"userid": "ana"})
    (told,) = world.apply(USER).diagnostics
    assert told.summary == "The user exists already"
    assert '  id = "ana"\n' in told.detail


def test_a_user_that_is_gone_is_deleted(world: Core) -> None:
    assert world.apply(USER).diagnostics == []
    world.control.remove("users", "2")
    assert (world.apply(None, refresh=False).diagnostics, world.instance) == ([], None)


def test_a_refresh_of_two_hundred_users_is_four_requests(world: Core) -> None:
    for number in range(199):
        world.control.plant("users", {"userid": f"user-{number}", "profile": {"name": "x", "email": "y"}})
    said: list[Any] = []
    process = world.start()
    process.configure(said)
    for number in range(199):
        state = world.full({"id": f"user-{number}", "userid": f"user-{number}", "name": "x", "email": "y"})
        process.read(state, b"", said)
    assert (said, world.control.requests()["counts"]) == ([], {"record-list": 4})
