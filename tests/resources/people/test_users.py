"""Users: a link that is kept nowhere, a password, permissions, and updates that send differences only."""

from __future__ import annotations

from typing import Any

import pytest
from support.core import Core
from support.worlds import MakeCore

USER = {"userid": "ana", "name": "Ana", "email": "ana@acme.example"}
TOKEN = "login-token-of-user-2"
RECOGNISED = ["The user was recognised after a lost answer"]


@pytest.fixture
def world(core: MakeCore) -> Core:
    return core("immuta_user", environment={"IMMUTA_FINGERPRINT_KEY": "a key for the tests"})


def actual(world: Core) -> Any:
    return world.control.stored_one("users", "2")


def sent(world: Core) -> list[tuple[str, Any]]:
    """The last part of the path and the body of each update, oldest first."""
    requests = world.transport.requests("record-update")
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
    assert world.state["credentials_revision"] == 1

    rotated = {**renamed, "password": "second-password"}
    assert world.apply(rotated).diagnostics == []
    assert sent(world) == [("password", {"password": "second-password"})]
    assert world.state["credentials_revision"] == 2

    assert world.apply({**rotated, "permissions": []}).diagnostics == []
    assert sent(world) == [("permissions", {"permissions": []})]
    assert world.apply({**rotated, "permissions": []}).action == "none"
    assert (actual(world)["password"], actual(world)["permissions"]) == ("second-password", [])


def test_a_rotation_after_a_change_of_something_else_is_still_seen(world: Core) -> None:
    config = {**USER, "password": "first-password"}
    assert world.apply(config).diagnostics == []
    assert world.apply({**config, "name": "B"}).diagnostics == []
    assert world.apply({**config, "name": "B"}).action == "none"
    assert world.apply({**config, "password": "second-password", "name": "C"}).action == "update"
    assert (actual(world)["password"], actual(world)["profile"]["name"]) == ("second-password", "C")
    assert world.apply({**USER, "name": "C"}).errors == []
    assert world.apply({**USER, "name": "C"}).action == "none"


def test_permissions_that_are_not_configured_are_immutas(world: Core) -> None:
    assert world.apply(USER).diagnostics == []
    assert world.state["permissions"] == ["CREATE_PROJECT"]
    world.control.alter("users", "2", {"permissions": ["AUDIT", "CREATE_PROJECT"]})
    assert world.apply(USER).action == "none"


def test_the_password_is_sent_again_to_a_user_that_was_found_after_a_lost_answer(world: Core) -> None:
    config = {**USER, "password": "first-password"}
    world.transport.fault("reset-after", operation="record-create")
    assert world.apply(config).warnings == RECOGNISED
    assert sent(world) == [("password", {"password": "first-password"})]
    assert world.apply(config).action == "none"


@pytest.mark.parametrize("permissions", [["GOVERNANCE"], ["CREATE_PROJECT", "GOVERNANCE"], []], ids=str)
def test_a_new_user_with_more_permissions_is_recognised_after_a_lost_answer(
    world: Core, permissions: list[str]
) -> None:
    """Immuta gives a new user permissions beside those of the request."""
    config = {**USER, "permissions": permissions}
    world.transport.fault("reset-after", operation="record-create")
    applied = world.apply(config)
    assert (applied.errors, applied.warnings) == ([], RECOGNISED)
    assert sorted(actual(world)["permissions"]) == permissions
    assert world.apply(config).outcome == ("none", [])


@pytest.mark.parametrize("text", ["https://immuta.example/#/newUser?token=" + TOKEN, TOKEN])
def test_no_message_has_the_link_of_a_new_user(world: Core, text: str) -> None:
    refused = {"kind": "respond", "status": 400, "message": f"cannot change the user behind {text}, sorry"}
    world.transport.fault(refused, operation="record-update")
    failed, changed = world.apply({**USER, "permissions": ["AUDIT"]}).diagnostics
    assert failed.summary == "The user was created, but not with the configured permissions"
    assert "cannot change the user behind" in failed.detail
    assert changed.detail.startswith(
        "permissions: sent ['AUDIT'], Immuta reports ['AUDIT', 'CREATE_PROJECT']"
    )
    assert TOKEN not in f"{failed}{changed}{world.instance}"
    assert world.instance is not None
    assert TOKEN.encode() not in world.instance.private


def test_a_login_name_of_another_identity_manager_is_another_user(world: Core) -> None:
    world.control.plant("users", {"userid": "ana", "iamid": "okta", "profile": {"name": "Another"}})
    assert world.apply(USER).diagnostics == []
    world.instance = None
    assert world.import_("ana").diagnostics == []
    assert world.apply(USER).action == "none"
