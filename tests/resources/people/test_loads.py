"""A run that destroys many users lists them once: whose a user is never changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from support.core import Core


def test_many_deletions_share_one_list(core: Callable[..., Core]) -> None:
    world = core("immuta_user")
    states = []
    for number in range(60):
        userid = f"user-{number}"
        world.control.plant("users", {"userid": userid, "profile": {"name": "x", "email": "y"}})
        states.append(world.full({"id": userid, "userid": userid, "name": "x", "email": "y"}))
    said: list[Any] = []
    process = world.start()
    process.configure(said)
    for state in states:
        process.apply(state, None, None, b"", said)
    assert said == []
    counts = {"record-list": 2, "record-delete": 60, "record-get": 60}
    assert world.control.requests()["counts"] == counts
