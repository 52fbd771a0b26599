"""Resource identity in every call that has it, by a real gRPC client. Terraform 1.11 sends none, and ignores those in
responses."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

import pytest
from immuta_provider.plugin.diagnostics import Diagnostics
from immuta_provider.plugin.interfaces import Planned, Stored
from immuta_provider.plugin.values import UNKNOWN
from support.terraform_values import pack
from support.toy_provider import ToyProvider, thing


def dynamic(value: Any) -> dict[str, bytes]:
    return {"msgpack": pack(value)}


def identity(id: Any, zones: Any = None) -> dict[str, Any]:
    return {"identity_data": dynamic({"id": id, "zones": zones})}


STATE = thing(id="1", name="n")
ONE = {"id": "1", "zones": [1, 2]}


def test_get_resource_identity_schemas(pb: ModuleType, call: Any) -> None:
    expected = pb.GetResourceIdentitySchemas.Response()
    expected.identity_schemas["toy_thing"].CopyFrom(
        pb.ResourceIdentitySchema(
            version=2,
            identity_attributes=[
                {
                    "name": "id",
                    "type": b'"string"',
                    "required_for_import": True,
                    "description": "The thing's id.",
                },
                {"name": "zones", "type": b'["list","number"]', "optional_for_import": True},
            ],
        )
    )
    assert call("GetResourceIdentitySchemas") == expected


def read(call: Any, **fields: Any) -> Any:
    return call("ReadResource", type_name="toy_thing", current_state=dynamic(STATE), **fields)


@pytest.mark.parametrize(
    ("before", "said", "after"),
    [
        # A state of Terraform 1.11.
        ({}, ONE, [1, 2]),
        # An import by identity that leaves out what is optional.
        ({"current_identity": identity("1")}, ONE, [1, 2]),
        # An identity never changes.
        ({"current_identity": identity("1", [3])}, ONE, [3]),
        ({"current_identity": identity("1", [3])}, None, [3]),
    ],
)
def test_read_fills_the_missing_attributes_of_the_identity(
    pb: ModuleType, call: Any, provider: ToyProvider, before: Any, said: Any, after: Any
) -> None:
    provider.thing.answers["read"] = lambda *_: Stored(STATE, b"", identity=said)
    answer = read(call, **before)
    assert answer.new_identity == pb.ResourceIdentityData(**identity("1", after))
    assert list(answer.diagnostics) == []


def test_read_without_any_identity_returns_none(call: Any) -> None:
    assert not read(call).HasField("new_identity")


def test_a_resource_that_is_gone_has_no_identity(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    provider.thing.answers["read"] = lambda *_: Stored(None)
    answer = read(call, current_identity=identity("1"))
    assert answer == pb.ReadResource.Response(new_state={"msgpack": b"\xc0"})


@pytest.mark.parametrize("wrong", [{"id": 5}, {"id": UNKNOWN}, {"unheard of": 1}, "text"])
def test_an_invalid_identity_loses_no_state(
    pb: ModuleType, call: Any, provider: ToyProvider, wrong: Any
) -> None:
    provider.thing.answers["read"] = lambda *_: Stored(STATE, b"", identity=wrong)
    answer = read(call, private=b"old")
    assert [d.summary for d in answer.diagnostics] == ["The provider failed on the read of toy_thing"]
    assert (answer.new_state.msgpack != b"\xc0", answer.private) == (True, b"old")
    assert not answer.HasField("new_identity")

    provider.thing.answers["apply"] = lambda *_: Stored(STATE, b"made", identity=wrong)
    fields = {"prior_state": dynamic(None), "planned_state": dynamic(STATE), "config": dynamic(STATE)}
    answer = call("ApplyResourceChange", type_name="toy_thing", **fields)
    assert [d.summary for d in answer.diagnostics] == ["The provider failed on the apply of toy_thing"]
    assert (answer.new_state.msgpack != b"\xc0", answer.private) == (True, b"made")
    assert not answer.HasField("new_identity")


def plan(call: Any, prior: Any, **fields: Any) -> Any:
    values = {"prior_state": dynamic(prior), "proposed_new_state": dynamic(STATE), "config": dynamic(STATE)}
    return call("PlanResourceChange", type_name="toy_thing", **values, **fields)


def test_an_update_keeps_the_identity(pb: ModuleType, call: Any) -> None:
    answer = plan(call, STATE, prior_identity=identity("1", [3]))
    assert answer.planned_identity == pb.ResourceIdentityData(**identity("1", [3]))


def test_a_replacement_does_not_keep_the_identity(call: Any) -> None:
    # Terraform sends the create step of a replacement with the prior identity and without a prior state.
    assert not plan(call, None, prior_identity=identity("1")).HasField("planned_identity")


def test_a_planned_identity_is_sent_if_it_is_known(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    provider.thing.answers["plan"] = lambda *_: Planned(STATE, identity=ONE)
    assert plan(call, None).planned_identity == pb.ResourceIdentityData(**identity("1", [1, 2]))
    # Terraform cannot show a plan with an unknown identity as JSON.
    provider.thing.answers["plan"] = lambda *_: Planned(STATE, identity={"id": UNKNOWN, "zones": [1]})
    answer = plan(call, None)
    assert not answer.HasField("planned_identity")
    assert list(answer.diagnostics) == []


def apply(call: Any, planned: Any = STATE, **fields: Any) -> Any:
    values = {"prior_state": dynamic(STATE), "planned_state": dynamic(planned), "config": dynamic(planned)}
    return call("ApplyResourceChange", type_name="toy_thing", **values, **fields)


def test_apply_returns_the_identity_or_keeps_the_planned_one(
    pb: ModuleType, call: Any, provider: ToyProvider
) -> None:
    kept = apply(call, planned_identity=identity("1", [3]))
    assert kept.new_identity == pb.ResourceIdentityData(**identity("1", [3]))
    # An unknown planned identity is not kept.
    assert not apply(call, planned_identity=identity(UNKNOWN)).HasField("new_identity")
    provider.thing.answers["apply"] = lambda *_: Stored(STATE, identity=ONE)
    said = apply(call, planned_identity=identity(UNKNOWN))
    assert said.new_identity == pb.ResourceIdentityData(**identity("1", [1, 2]))
    assert list(said.diagnostics) == []


def test_a_failed_read_keeps_the_identity(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    provider.thing.answers["read"] = lambda *_: 1 / 0
    answer = read(call, current_identity=identity("1", [3]))
    assert len(answer.diagnostics) == 1
    assert answer.new_identity == pb.ResourceIdentityData(**identity("1", [3]))


def test_a_destroyed_resource_has_no_identity(call: Any, pb: ModuleType) -> None:
    answer = apply(call, None, planned_identity=identity("1"))
    assert answer == pb.ApplyResourceChange.Response(new_state={"msgpack": b"\xc0"})


def test_a_failed_apply_keeps_the_identity(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    provider.thing.answers["apply"] = lambda *_: 1 / 0
    answer = apply(call, None, planned_identity=identity("1", [3]))
    assert len(answer.diagnostics) == 1
    assert answer.new_identity == pb.ResourceIdentityData(**identity("1", [3]))


def test_import_by_identity(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    answer = call("ImportResourceState", type_name="toy_thing", identity=identity("17"))
    state = dynamic(dict(sorted(thing(id="17").items())))
    imported = {"type_name": "toy_thing", "state": state, "identity": identity("17")}
    assert answer == pb.ImportResourceState.Response(imported_resources=[imported])
    assert provider.thing.calls == [("import_state", "", {"id": "17", "zones": None})]


def test_an_import_returns_the_whole_identity(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    provider.thing.answers["import_state"] = lambda *_: [
        Stored({"id": "1"}, identity=ONE),
        Stored({"id": "2"}, type_name="toy_plain", identity=ONE),
    ]
    answer = call("ImportResourceState", type_name="toy_thing", identity=identity("1"))
    first, second = answer.imported_resources
    assert first.identity == pb.ResourceIdentityData(**identity("1", [1, 2]))
    # The other type has none.
    assert not second.HasField("identity")


def test_import_by_the_identity_of_a_type_that_has_none(pb: ModuleType, call: Any) -> None:
    answer = call("ImportResourceState", type_name="toy_plain", identity=identity("1"))
    assert answer == pb.ImportResourceState.Response(
        diagnostics=[
            {
                "severity": "ERROR",
                "summary": "No import by identity",
                "detail": "toy_plain has no resource identity, so it is imported by its id. Write `id = ...` in the import block "
                "instead of `identity`.",
            }
        ]
    )


def test_move(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    provider.thing.answers["move"] = lambda *_: Stored({"id": "1"}, identity=ONE)
    state = {"json": b'{"id":"1"}'}
    fields = {"target_type_name": "toy_thing", "source_type_name": "old", "source_state": state}
    answer = call("MoveResourceState", **fields)
    assert answer.target_identity == pb.ResourceIdentityData(**identity("1", [1, 2]))


def upgrade(call: Any, version: int, stored: Any, type_name: str = "toy_thing") -> Any:
    raw = {} if stored is None else {"json": json.dumps(stored).encode()}
    return call("UpgradeResourceIdentity", type_name=type_name, version=version, raw_identity=raw)


def test_upgrade_from_an_older_version(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    def older(version: int, stored: Any, diagnostics: Diagnostics) -> Any:
        diagnostics.warning("upgraded")
        return {"id": stored["number"]}

    provider.thing.answers["upgrade_identity"] = older
    assert upgrade(call, 1, {"number": "1"}) == pb.UpgradeResourceIdentity.Response(
        upgraded_identity=identity("1"), diagnostics=[{"severity": "WARNING", "summary": "upgraded"}]
    )
    assert provider.thing.calls == [("upgrade_identity", 1, {"number": "1"})]


def test_an_identity_of_the_current_version_is_unchanged(
    pb: ModuleType, call: Any, provider: ToyProvider
) -> None:
    answer = upgrade(call, 2, {"id": "1", "zones": [1], "gone": True})
    assert answer == pb.UpgradeResourceIdentity.Response(upgraded_identity=identity("1", [1]))
    assert provider.thing.calls == []


def test_a_state_without_an_identity_has_none_to_upgrade(pb: ModuleType, call: Any) -> None:
    assert upgrade(call, 0, None) == pb.UpgradeResourceIdentity.Response()


@pytest.mark.parametrize(
    ("type_name", "version", "summary", "detail"),
    [
        (
            "toy_plain",
            1,
            "No resource identity",
            "toy_plain has no resource identity in this version of the provider. Use the provider version that wrote the "
            "state, or a newer one.",
        ),
        (
            "toy_thing",
            3,
            "The identity is newer than this provider",
            "the identity of toy_thing was stored in version 3 of its schema, and this provider supports versions up to 2. "
            "Use the provider version that wrote the identity, or a newer one.",
        ),
    ],
)
def test_an_identity_that_cannot_be_upgraded(
    pb: ModuleType, call: Any, type_name: str, version: int, summary: str, detail: str
) -> None:
    assert upgrade(call, version, {}, type_name) == pb.UpgradeResourceIdentity.Response(
        diagnostics=[{"severity": "ERROR", "summary": summary, "detail": detail}]
    )


@pytest.mark.parametrize("stored", [[], {"zones": {"a": 1}}, {"id": []}])
def test_a_damaged_identity_is_not_reported_as_a_bug(call: Any, stored: Any) -> None:
    assert [d.summary for d in upgrade(call, 2, stored).diagnostics] == ["The stored state is damaged"]
