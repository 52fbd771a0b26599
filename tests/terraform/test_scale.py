"""Three hundred tags, users with attributes, and policies in one stack: nothing fails, doubles or is lost."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_constructs.testing import Immuta
from support.terraform import Terraform

pytestmark = pytest.mark.soak

EACH = 300
RECORDS = 4 * EACH
MOST_REQUESTS = 2.5
"""Requests for one record, lists and repeated requests included."""
USERS_PER_PAGE = 50
LONGEST_COMMAND_SECONDS = 1800.0
"""The longest command of Terraform on a busy machine."""
COLLECTIONS = ("tags", "users", "policies")
SLOW_DOWN = {"kind": "respond", "status": 429, "headers": {"retry-after": "1"}}


def stack() -> dict[str, Any]:
    def policy(n: int) -> dict[str, Any]:
        tagged = {"type": "columnTags", "column_tag": f"${{immuta_tag.n{n}.name}}"}
        config = {"fields": [tagged], "masking_config": {"type": "Hash"}}
        return {
            "policy_key": f"policy-{n}",
            "name": f"Policy {n}",
            "actions": [{"rules": [{"type": "Masking", "config": config}]}],
            "circumstances": [tagged],
        }

    kinds = {
        "immuta_tag": lambda n: {"name": f"Tag {n}"},
        "immuta_user": lambda n: {"userid": f"user-{n}", "name": f"User {n}", "email": "u@acme.example"},
        "immuta_user_attribute": lambda n: {
            "userid": f"${{immuta_user.n{n}.userid}}",
            "key": "area",
            "value": f"A{n}",
        },
        "immuta_data_policy": policy,
    }
    resources = {kind: {f"n{n}": made(n) for n in range(EACH)} for kind, made in kinds.items()}
    return {"resource": resources}


def trouble(immuta: Immuta) -> None:
    """Rate limits all along the way, and answers that are lost: of creates afterwards only, since those are not repeated."""
    immuta.clear_faults()
    for call in range(7, 3 * RECORDS, 50):
        immuta.fault(SLOW_DOWN, call=call)
    for verb in ("create", "get", "update", "delete"):
        immuta.fault("reset-after", operation=f"record-{verb}", call=20, times=2)
    for verb in ("get", "update", "delete"):
        immuta.fault("reset-before", operation=f"record-{verb}", call=90, times=2)


@pytest.mark.parametrize(("parallelism", "troubled"), [(10, False), (50, False), (50, True)])
def test_three_hundred_of_each_are_created_planned_and_destroyed(
    one_terraform: Terraform, immuta: Immuta, parallelism: int, troubled: bool
) -> None:
    immuta.settings(polls=0)
    one_terraform.write(stack())
    before = {name: immuta.stored(name) for name in COLLECTIONS}

    def run(*command: str) -> dict[str, int]:
        """The requests of a command that succeeds, by verb."""
        if troubled:
            trouble(immuta)
        immuta.clear_requests()
        code, stdout, stderr = one_terraform.run(
            *command, f"-parallelism={parallelism}", timeout=LONGEST_COMMAND_SECONDS
        )
        assert (code, stderr) == (0, ""), stdout + stderr
        return immuta.counts()

    applied = run("apply", "-auto-approve")
    assert sum(applied.values()) <= MOST_REQUESTS * RECORDS
    held = {name: immuta.stored(name)[len(before[name]) :] for name in COLLECTIONS}
    assert sorted(tag["name"] for tag in held["tags"]) == sorted(f"Tag {n}" for n in range(EACH))
    assert {user["userid"]: user["bimAuthorizations"] for user in held["users"]} == {
        f"user-{n}": {"area": [f"A{n}"]} for n in range(EACH)
    }
    assert sorted(each["policyKey"] for each in held["policies"]) == sorted(
        f"policy-{n}" for n in range(EACH)
    )

    planned = run("plan", "-detailed-exitcode")
    # Users are listed for themselves and for their attributes.
    assert set(planned) == {"record-list"}
    assert planned["record-list"] <= 2 * (EACH // USERS_PER_PAGE + 1) + 2 + 2 * troubled * RECORDS // 50

    destroyed = run("destroy", "-auto-approve")
    assert sum(destroyed.values()) <= MOST_REQUESTS * RECORDS
    assert {name: immuta.stored(name) for name in COLLECTIONS} == before
