"""The external ids of a user: a map that other people and the identity manager write into as well."""

from __future__ import annotations

from typing import Any

import pytest
from support.core import Core, Diagnostic
from support.worlds import MakeCore

MAPPED = (
    " The identity manager of the user probably maps it: such a value comes from the identity provider and cannot be set by "
    "hand. Look at the profile schema of the identity manager on Immuta's App Settings page, and change the value there, or "
    "remove the key from the configuration."
)


@pytest.fixture
def world(core: MakeCore) -> Core:
    """The external ids of Ana, who is user 2."""
    made = core("immuta_user_external_ids")
    made.control.plant("users", {"userid": "ana", "profile": {"name": "Ana"}})
    return made


def ids(**keys: Any) -> dict[str, Any]:
    return {"userid": "ana", "external_user_ids": keys}


def actual(world: Core) -> Any:
    return world.control.stored_one("users", "2")["profile"].get("externalUserIds")


def somebody_sets(world: Core, **keys: Any) -> None:
    world.control.alter("users", "2", {"profile": {"externalUserIds": keys}})


def puts(world: Core) -> int:
    return sum(each["method"] == "PUT" for each in world.transport.requests())


def test_only_its_own_keys_are_set_compared_and_removed(world: Core) -> None:
    somebody_sets(world, trinoUser="theirs", databricksUser=None)
    assert world.apply(ids(snowflakeUser="A", redshiftUser="a")).diagnostics == []
    assert actual(world) == {"trinoUser": "theirs", "snowflakeUser": "A", "redshiftUser": "a"}
    somebody_sets(world, trinoUser="changed", otherUser={"of": "another shape"})
    assert world.apply(ids(snowflakeUser="A", redshiftUser="a")).action == "none"
    assert world.apply(ids(snowflakeUser="B")).outcome == ("update", [])
    theirs = {"trinoUser": "changed", "otherUser": {"of": "another shape"}}
    assert actual(world) == {**theirs, "snowflakeUser": "B"}
    somebody_sets(world, snowflakeUser="C")
    assert world.apply(ids(snowflakeUser="B")).action == "update"
    assert actual(world) == {**theirs, "snowflakeUser": "B"}
    assert world.apply(None).diagnostics == []
    assert actual(world) == theirs


def test_a_value_that_contains_a_secret_of_the_provider_is_sent_back_unharmed(world: Core) -> None:
    somebody_sets(world, trinoUser="simulator-api-key")
    assert world.apply(ids(snowflakeUser="A")).diagnostics == []
    assert actual(world) == {"trinoUser": "simulator-api-key", "snowflakeUser": "A"}


@pytest.mark.parametrize("theirs", ["A", "B"], ids=["the same", "another"])
def test_a_key_that_is_set_already_is_a_conflict(world: Core, theirs: str) -> None:
    somebody_sets(world, snowflakeUser=theirs)
    [(summary, detail)] = world.apply(ids(snowflakeUser="A", trinoUser="a")).texts
    assert summary == "The user has such an external id already"
    assert detail.startswith(
        "snowflakeUser of user bim/ana is set already, and nothing was changed: this provider takes nothing over."
    )
    assert (actual(world), puts(world), world.instance) == ({"snowflakeUser": theirs}, 0, None)


def test_an_import_takes_over_in_place_at_the_first_apply(world: Core) -> None:
    somebody_sets(world, snowflakeUser="A", trinoUser="theirs")
    assert world.import_("bim/ana").diagnostics == []
    assert world.state == world.full({"id": "bim/ana", "iamid": "bim", "userid": "ana"})
    assert world.apply(ids(snowflakeUser="A")).outcome == ("update", [])
    assert puts(world) == 0
    assert world.apply(ids(snowflakeUser="A")).action == "none"
    world.instance = None
    assert world.import_("bim/ana").diagnostics == []
    other = world.apply(ids(snowflakeUser="B"))
    assert (other.action, other.warnings) == ("update", ["An external id had another value"])
    assert actual(world) == {"snowflakeUser": "B", "trinoUser": "theirs"}


def test_a_value_that_immuta_does_not_keep_is_an_error(world: Core) -> None:
    world.control.change_settings({"mapped_iams": ["bim"]})
    assert world.apply(ids(snowflakeUser="A")).texts == [
        (
            "Immuta did not keep the set of external ids",
            "the request was answered, and Immuta does not show snowflakeUser of user bim/ana as configured."
            + MAPPED,
        )
    ]
    assert world.instance is None


def test_a_change_that_immuta_does_not_keep_is_an_error(world: Core) -> None:
    assert world.apply(ids(snowflakeUser="A")).diagnostics == []
    world.control.change_settings({"mapped_iams": ["bim"]})
    changed = world.apply(ids(snowflakeUser="B"))
    assert changed.errors == ["Immuta did not keep the set of external ids"]
    assert world.state["external_user_ids"] == {"snowflakeUser": "A"}
    [(summary, detail)] = world.apply(None).texts
    assert summary == "Immuta did not remove the set of external ids"
    assert detail.startswith(
        "the request was answered, and Immuta still shows snowflakeUser of user bim/ana." + MAPPED
    )


@pytest.mark.parametrize("created", ["before", "in this run"])
def test_two_resources_of_one_user_are_reported(world: Core, created: str) -> None:
    diagnostics: list[Diagnostic] = []
    process = world.configured_process()

    def create(config: dict[str, Any]) -> Any:
        full = world.full(config)
        planned, private, _ = process.plan(None, full, full, b"", diagnostics)
        return process.apply(None, planned, full, private, diagnostics)[0]

    if created == "before":
        assert world.apply(ids(snowflakeUser="A")).diagnostics == []
        process.upgrade(world.state, diagnostics)
    else:
        assert create(ids(snowflakeUser="A")) is not None
    assert create(ids(trinoUser="a")) is None
    assert diagnostics == [
        (
            "error",
            "Two resources have the external ids of one user",
            "another resource of this configuration has the external ids of user bim/ana. Write all of them into the "
            "`external_user_ids` of one resource, and remove the other one.",
            (),
        )
    ]
    assert actual(world) == {"snowflakeUser": "A"}


def test_external_ids_of_an_unknown_user_are_an_error(world: Core) -> None:
    unknown = {"userid": "ben", "external_user_ids": {"snowflakeUser": "B"}}
    assert world.apply(unknown).errors == ["Immuta does not know the user"]
    assert puts(world) == 0
    assert world.import_("bim/ben").errors[0] == "Immuta does not know the user"
    assert world.import_("ana").errors[0] == "Invalid id"


def test_external_ids_of_a_deleted_user_are_gone(world: Core) -> None:
    assert world.apply(ids(snowflakeUser="A")).diagnostics == []
    world.control.remove("users", "2")
    destroyed = world.apply(None, refresh=False)
    assert (destroyed.diagnostics, world.instance) == ([], None)


def test_a_refusal_after_a_lost_answer_leaves_the_map_as_configured(world: Core) -> None:
    """Immuta carried out the first try, whatever it answers to the later ones."""
    world.transport.fault("reset-after", operation="record-update")
    world.transport.fault("busy", operation="record-update", call=2, times=None)
    applied = world.apply(ids(snowflakeUser="A"))
    assert (applied.errors, applied.warnings) == (
        [],
        ["The set of external ids was recognised after a lost answer"],
    )
    world.control.clear_faults()
    assert world.apply(ids(snowflakeUser="A")).action == "none"
