"""Resource identity in every call that has it. Terraform 1.11 sends none, and ignores those in responses."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from immuta_provider.plugin.diagnostics import Diagnostics
from immuta_provider.plugin.interfaces import Planned, Stored
from immuta_provider.plugin.values import UNKNOWN
from support.plugin_messages import dynamic, problems, stored, summaries, warning
from support.terraform_values import unpack
from support.toy_provider import ToyProvider, thing


def identity(id: Any, zones: Any = None) -> dict[str, Any]:
    return {"identity_data": dynamic({"id": id, "zones": zones})}


def decoded(message: Any) -> Any:
    """The identity of a response, None without one."""
    return unpack(message.identity_data.msgpack) if message.HasField("identity_data") else None


STATE = thing(id="1", name="n")
ONE = {"id": "1", "zones": [1, 2]}
THREE = {"id": "1", "zones": [3]}


def test_the_identity_schemas_are_in_a_response_of_their_own(pb: ModuleType, call: Any) -> None:
    expected = pb.GetResourceIdentitySchemas.Response()
    id = {"name": "id", "type": b'"string"', "required_for_import": True, "description": "The thing's id."}
    zones = {"name": "zones", "type": b'["list","number"]', "optional_for_import": True}
    expected.identity_schemas["toy_thing"].CopyFrom(
        pb.ResourceIdentitySchema(version=2, identity_attributes=[id, zones])
    )
    assert call("GetResourceIdentitySchemas") == expected


def read(call: Any, **fields: Any) -> Any:
    return call("ReadResource", type_name="toy_thing", current_state=dynamic(STATE), **fields)


def plan(call: Any, prior: Any, **fields: Any) -> Any:
    values = {"prior_state": dynamic(prior), "proposed_new_state": dynamic(STATE), "config": dynamic(STATE)}
    return call("PlanResourceChange", type_name="toy_thing", **values, **fields)


def apply(call: Any, planned: Any = STATE, **fields: Any) -> Any:
    values = {"prior_state": dynamic(STATE), "planned_state": dynamic(planned), "config": dynamic(planned)}
    return call("ApplyResourceChange", type_name="toy_thing", **values, **fields)


@pytest.mark.parametrize(
    ("before", "actual", "after"),
    [
        pytest.param({}, None, None, id="none"),
        pytest.param({}, ONE, ONE, id="a state of Terraform 1.11"),
        pytest.param(
            {"current_identity": identity("1")}, ONE, ONE, id="an import that leaves out what is optional"
        ),
        pytest.param({"current_identity": identity("1", [3])}, ONE, THREE, id="another identity"),
        pytest.param({"current_identity": identity("1", [3])}, None, THREE, id="no other identity"),
    ],
)
def test_read_fills_the_missing_attributes_of_the_identity(
    call: Any, provider: ToyProvider, before: Any, actual: Any, after: Any
) -> None:
    provider.thing.answers["read"] = lambda *_: Stored(STATE, b"", identity=actual)
    answer = read(call, **before)
    assert (decoded(answer.new_identity), problems(answer)) == (after, [])


def test_a_resource_that_is_gone_has_no_state_and_no_identity(
    pb: ModuleType, call: Any, provider: ToyProvider
) -> None:
    provider.thing.answers["read"] = lambda *_: Stored(None)
    answer = read(call, current_identity=identity("1"), private=b"old")
    assert answer == pb.ReadResource.Response(new_state=dynamic(None))
    answer = apply(call, None, planned_identity=identity("1"))
    assert answer == pb.ApplyResourceChange.Response(new_state=dynamic(None))


@pytest.mark.parametrize("wrong", [{"id": 5}, {"id": UNKNOWN}, {"unheard of": 1}, "text"])
def test_an_invalid_identity_loses_no_state(
    pb: ModuleType, call: Any, provider: ToyProvider, wrong: Any
) -> None:
    provider.thing.answers["read"] = lambda *_: Stored(STATE, b"", identity=wrong)
    provider.thing.answers["apply"] = lambda *_: Stored(STATE, b"made", identity=wrong)
    for verb, answer, private in (
        ("read", read(call, private=b"old"), b"old"),
        ("apply", apply(call), b"made"),
    ):
        assert summaries(answer) == [f"The provider failed on the {verb} of toy_thing"]
        assert (unpack(answer.new_state.msgpack), answer.private) == (STATE, private)
        assert not answer.HasField("new_identity")


def test_an_update_keeps_the_identity(call: Any) -> None:
    assert decoded(plan(call, STATE, prior_identity=identity("1", [3])).planned_identity) == THREE


def test_a_replacement_does_not_keep_the_identity(call: Any) -> None:
    # Terraform sends the create step of a replacement with the prior identity and without a prior state.
    assert not plan(call, None, prior_identity=identity("1")).HasField("planned_identity")


def test_a_planned_identity_is_sent_if_it_is_known(call: Any, provider: ToyProvider) -> None:
    provider.thing.answers["plan"] = lambda *_: Planned(STATE, identity=ONE)
    assert decoded(plan(call, None).planned_identity) == ONE
    # Terraform cannot show a plan with an unknown identity as JSON.
    provider.thing.answers["plan"] = lambda *_: Planned(STATE, identity={"id": UNKNOWN, "zones": [1]})
    answer = plan(call, None)
    assert (answer.HasField("planned_identity"), problems(answer)) == (False, [])


def test_apply_returns_the_identity_or_keeps_the_planned_one(call: Any, provider: ToyProvider) -> None:
    assert decoded(apply(call, planned_identity=identity("1", [3])).new_identity) == THREE
    # An unknown planned identity is not kept.
    assert not apply(call, planned_identity=identity(UNKNOWN)).HasField("new_identity")
    provider.thing.answers["apply"] = lambda *_: Stored(STATE, identity=ONE)
    answer = apply(call, planned_identity=identity(UNKNOWN))
    assert (decoded(answer.new_identity), problems(answer)) == (ONE, [])


def test_a_call_that_fails_keeps_the_identity(call: Any, provider: ToyProvider) -> None:
    for method in ("read", "apply"):
        provider.thing.answers[method] = lambda *_: 1 / 0
    for answer in (
        read(call, current_identity=identity("1", [3])),
        apply(call, None, planned_identity=identity("1", [3])),
    ):
        assert (decoded(answer.new_identity), len(answer.diagnostics)) == (THREE, 1)


def test_an_import_may_be_by_identity(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    answer = call("ImportResourceState", type_name="toy_thing", identity=identity("17"))
    state = dynamic(dict(sorted(thing(id="17").items())))
    imported = {"type_name": "toy_thing", "state": state, "identity": identity("17")}
    assert answer == pb.ImportResourceState.Response(imported_resources=[imported])
    assert provider.thing.calls == [("import_state", "", {"id": "17", "zones": None})]


def test_an_import_returns_the_whole_identity_of_a_type_that_has_one(
    call: Any, provider: ToyProvider
) -> None:
    provider.thing.answers["import_state"] = lambda *_: [
        Stored({"id": "1"}, identity=ONE),
        Stored({"id": "2"}, type_name="toy_plain", identity=ONE),
    ]
    answer = call("ImportResourceState", type_name="toy_thing", identity=identity("1"))
    first, second = answer.imported_resources
    assert (decoded(first.identity), second.HasField("identity")) == (ONE, False)


def test_an_import_by_the_identity_of_a_type_that_has_none_is_an_error(pb: ModuleType, call: Any) -> None:
    answer = call("ImportResourceState", type_name="toy_plain", identity=identity("1"))
    assert summaries(answer) == ["No import by identity"]
    assert answer == pb.ImportResourceState.Response(diagnostics=answer.diagnostics)


def test_a_move_returns_the_identity(call: Any, provider: ToyProvider) -> None:
    provider.thing.answers["move"] = lambda *_: Stored({"id": "1"}, identity=ONE)
    fields = {"target_type_name": "toy_thing", "source_type_name": "old"}
    answer = call("MoveResourceState", **fields, source_state=stored({"id": "1"}))
    assert decoded(answer.target_identity) == ONE


def upgrade(call: Any, version: int, raw: dict[str, bytes], type_name: str = "toy_thing") -> Any:
    return call("UpgradeResourceIdentity", type_name=type_name, version=version, raw_identity=raw)


def test_an_identity_of_an_older_version_is_upgraded(
    pb: ModuleType, call: Any, provider: ToyProvider
) -> None:
    def older(version: int, stored: Any, diagnostics: Diagnostics) -> Any:
        diagnostics.warning("upgraded")
        return {"id": stored["number"]}

    provider.thing.answers["upgrade_identity"] = older
    assert upgrade(call, 1, stored({"number": "1"})) == pb.UpgradeResourceIdentity.Response(
        upgraded_identity=identity("1"), diagnostics=[warning("upgraded")]
    )
    assert provider.thing.calls == [("upgrade_identity", 1, {"number": "1"})]


def test_an_identity_of_the_current_version_is_fitted_to_the_schema(
    pb: ModuleType, call: Any, provider: ToyProvider
) -> None:
    answer = upgrade(call, 2, stored({"id": "1", "zones": [1], "gone": True}))
    assert answer == pb.UpgradeResourceIdentity.Response(upgraded_identity=identity("1", [1]))
    assert provider.thing.calls == []


def test_a_state_without_an_identity_has_none_to_upgrade(pb: ModuleType, call: Any) -> None:
    assert upgrade(call, 0, {}) == pb.UpgradeResourceIdentity.Response()


DAMAGED = "The stored state is damaged"


@pytest.mark.parametrize(
    ("type_name", "version", "identity", "summary"),
    [
        ("toy_plain", 1, {}, "No resource identity"),
        ("toy_thing", 3, {}, "The identity is newer than this provider"),
        ("toy_thing", 2, [], DAMAGED),
        ("toy_thing", 2, {"zones": {"a": 1}}, DAMAGED),
        ("toy_thing", 2, {"id": []}, DAMAGED),
    ],
)
def test_an_identity_that_cannot_be_upgraded_is_an_error(
    pb: ModuleType, call: Any, type_name: str, version: int, identity: Any, summary: str
) -> None:
    answer = upgrade(call, version, stored(identity), type_name)
    assert summaries(answer) == [summary]
    assert answer == pb.UpgradeResourceIdentity.Response(diagnostics=answer.diagnostics)
