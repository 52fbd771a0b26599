"""Every RPC of the protocol, by a real gRPC client. Each whole response is compared with google.protobuf's message."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

import grpc
import pytest
from immuta_provider.plugin.diagnostics import Diagnostics
from immuta_provider.plugin.interfaces import Planned, Stored
from immuta_provider.plugin.paths import Element, Key
from immuta_provider.plugin.protocol.service import Service
from immuta_provider.plugin.schema import Attribute, Schema
from immuta_provider.plugin.types import NUMBER, STRING, ListOf
from immuta_provider.plugin.values import UNKNOWN, Dynamic, Unknown
from support.terraform_values import pack, unpack
from support.toy_provider import BLOCK, NULLS, THING, ToyProvider, thing

CAPABLE = {"write_only_attributes_allowed": True}


def dynamic(value: Any) -> dict[str, bytes]:
    return {"msgpack": pack(value)}


def block(**attributes: Any) -> dict[str, bytes]:
    return dynamic({"host": None, "api_key": None, "headers": None, **attributes})


CONFIG = thing(
    name="n",
    size=7,
    tags=["b", "a"],
    labels={"k": "v"},
    point={"x": 1, "y": "0.1"},
    hint="configured hint",
    password="configured password",
    owner={"name": "o", "token": "configured token"},
    rules=[
        {"path": "p", "lock": {"pins": ["configured pin"], "level": 1}},
        {"path": "q", "lock": {"pins": UNKNOWN, "level": Unknown({1: False, 3: [5, True]})}},
        {"path": UNKNOWN, "lock": None},
    ],
    zones={"z": {"city": Unknown({2: "Ber"}), "key": "configured key"}},
    members=[{"name": "m"}],
)

WITHHELD = {
    **CONFIG,
    "password": None,
    "owner": {"name": "o", "token": None},
    "rules": [
        {"path": "p", "lock": {"pins": None, "level": 1}},
        {"path": "q", "lock": {"pins": None, "level": Unknown({1: False, 3: [5, True]})}},
        {"path": UNKNOWN, "lock": None},
    ],
    "zones": {"z": {"city": Unknown({2: "Ber"}), "key": None}},
}


def test_get_metadata(pb: ModuleType, call: Any) -> None:
    assert call("GetMetadata") == pb.GetMetadata.Response(
        server_capabilities={
            "plan_destroy": True,
            "get_provider_schema_optional": True,
            "move_resource_state": True,
        },
        resources=[{"type_name": "toy_thing"}, {"type_name": "toy_plain"}],
        data_sources=[{"type_name": "toy_thing"}],
        functions=[{"name": "join"}],
        ephemeral_resources=[{"type_name": "toy_key"}],
        list_resources=[{"type_name": "toy_thing"}],
        actions=[{"type_name": "toy_poke"}],
    )


def test_get_provider_schema(pb: ModuleType, call: Any) -> None:
    text, number = b'"string"', b'"number"'
    secret = {"optional": True, "write_only": True}
    thing_attributes = [
        {"name": "id", "type": text, "computed": True, "description": "The thing's id."},
        {"name": "name", "type": text, "required": True},
        {"name": "size", "type": number, "optional": True},
        {"name": "enabled", "type": b'"bool"', "optional": True, "computed": True},
        {"name": "tags", "type": b'["set","string"]', "optional": True},
        {"name": "labels", "type": b'["map","string"]', "optional": True},
        {
            "name": "point",
            "type": b'["object",{"x":"number","y":"number"}]',
            "optional": True,
            "deprecated": True,
        },
        {"name": "anything", "type": b'"dynamic"', "optional": True},
        {"name": "hint", "type": text, "optional": True, "sensitive": True},
        {"name": "password", "type": text, "sensitive": True, **secret},
        {
            "name": "owner",
            "optional": True,
            "nested_type": {
                "nesting": "SINGLE",
                "attributes": [
                    {"name": "name", "type": text, "required": True},
                    {"name": "token", "type": text, **secret},
                ],
            },
        },
        {
            "name": "rules",
            "optional": True,
            "nested_type": {
                "nesting": "LIST",
                "attributes": [
                    {"name": "path", "type": text, "required": True},
                    {
                        "name": "lock",
                        "optional": True,
                        "nested_type": {
                            "nesting": "SINGLE",
                            "attributes": [
                                {"name": "pins", "type": b'["list","string"]', **secret},
                                {"name": "level", "type": number, "optional": True},
                            ],
                        },
                    },
                ],
            },
        },
        {
            "name": "zones",
            "optional": True,
            "nested_type": {
                "nesting": "MAP",
                "attributes": [
                    {"name": "city", "type": text, "optional": True},
                    {"name": "key", "type": text, **secret},
                ],
            },
        },
        {
            "name": "members",
            "optional": True,
            "nested_type": {
                "nesting": "SET",
                "attributes": [{"name": "name", "type": text, "required": True}],
            },
        },
    ]
    expected = pb.GetProviderSchema.Response(
        provider={
            "block": {
                "attributes": [
                    {"name": "host", "type": text, "required": True},
                    {"name": "api_key", "type": text, "optional": True, "sensitive": True},
                    {"name": "headers", "type": b'["map","string"]', "optional": True, "sensitive": True},
                ]
            }
        },
        server_capabilities={
            "plan_destroy": True,
            "get_provider_schema_optional": True,
            "move_resource_state": True,
        },
    )
    expected.resource_schemas["toy_thing"].CopyFrom(
        pb.Schema(version=3, block={"version": 3, "description": "A thing.", "attributes": thing_attributes})
    )
    expected.resource_schemas["toy_plain"].CopyFrom(
        pb.Schema(
            block={
                "attributes": [
                    {"name": "id", "type": text, "computed": True},
                    {"name": "list", "type": b'["list","number"]', "optional": True},
                ]
            }
        )
    )
    name = {"name": "name", "type": text, "required": True}
    sensitive = {"type": text, "optional": True, "sensitive": True}
    source = [
        name,
        {"name": "token", **sensitive},
        {"name": "size", "type": number, "computed": True},
    ]
    expected.data_source_schemas["toy_thing"].CopyFrom(
        pb.Schema(block={"description": "A thing that is there.", "attributes": source})
    )
    key = [
        name,
        {"name": "password", **sensitive},
        {"name": "key", "type": text, "computed": True, "sensitive": True},
    ]
    expected.ephemeral_resource_schemas["toy_key"].CopyFrom(pb.Schema(block={"attributes": key}))
    query = [{"name": "prefix", "type": text, "optional": True}, {"name": "token", **sensitive}]
    expected.list_resource_schemas["toy_thing"].CopyFrom(pb.Schema(block={"attributes": query}))
    poke = [
        {"name": "id", "type": text, "required": True},
        {"name": "password", "type": text, **secret},
    ]
    action = pb.ActionSchema(schema={"block": {"description": "Pokes a thing.", "attributes": poke}})
    expected.action_schemas["toy_poke"].CopyFrom(action)
    expected.functions["join"].CopyFrom(join(pb))
    assert call("GetProviderSchema") == expected


def join(pb: ModuleType) -> Any:
    function = pb.Function(
        parameters=[
            {
                "name": "separator",
                "type": b'"string"',
                "allow_null_value": True,
                "description": "What stands between.",
            },
            {"name": "start", "type": b'"number"', "allow_unknown_values": True},
        ],
        variadic_parameter={
            "name": "parts",
            "type": b'["list","string"]',
            "description": "What is joined.",
        },
        summary="Joins",
        description="Joins lists of texts.",
    )
    getattr(function, "return").type = b'"string"'
    return function


def test_get_functions(pb: ModuleType, call: Any) -> None:
    expected = pb.GetFunctions.Response()
    expected.functions["join"].CopyFrom(join(pb))
    assert call("GetFunctions") == expected


def test_the_schemas_are_encoded_once(provider: ToyProvider, service: Service) -> None:
    handler = service.handlers["/tfplugin6.Provider/GetProviderSchema"]
    first = handler(b"")
    provider.resources.clear()
    assert handler(b"") is first


def test_kinds_of_which_the_provider_has_no_type_are_empty(
    pb: ModuleType, call: Any, provider: ToyProvider
) -> None:
    del provider.resources["toy_thing"]
    provider.functions.clear()
    assert call("GetResourceIdentitySchemas") == pb.GetResourceIdentitySchemas.Response()
    assert call("GetFunctions") == pb.GetFunctions.Response()


def test_validate_provider_config(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    def validate(config: Any, diagnostics: Diagnostics) -> None:
        diagnostics.warning("host is odd", "look at validated-key", ("host",))

    provider.answers["validate"] = validate
    config = block(host=UNKNOWN, api_key="validated-key")
    # The block holds a secret, and Terraform shows the line that a path points at, so there is no path.
    assert call("ValidateProviderConfig", config=config) == pb.ValidateProviderConfig.Response(
        diagnostics=[{"severity": "WARNING", "summary": "host is odd", "detail": "look at (redacted)"}]
    )
    assert provider.calls == [("validate", {"host": UNKNOWN, "api_key": "validated-key", "headers": None})]


def test_a_provider_block_without_secrets_shows_paths(
    pb: ModuleType, provider: ToyProvider, call: Any
) -> None:
    provider.schema = Schema((Attribute("host", STRING, required=True),))
    provider.answers["validate"] = lambda config, diagnostics: diagnostics.error("bad", "", ("host",))
    assert call(
        "ValidateProviderConfig", config=dynamic({"host": "h"})
    ) == pb.ValidateProviderConfig.Response(
        diagnostics=[
            {"severity": "ERROR", "summary": "bad", "attribute": {"steps": [{"attribute_name": "host"}]}}
        ]
    )


def test_configure_provider(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    provider.answers["configure"] = lambda config, version, diagnostics: diagnostics.error(
        "Immuta said no", 'it quoted {"X-Key": "configured \\"header\\""}'
    )
    config = block(host="h", headers={"X-Key": 'configured "header"'})
    answer = call("ConfigureProvider", terraform_version="1.15.0", config=config, client_capabilities=CAPABLE)
    assert answer == pb.ConfigureProvider.Response(
        diagnostics=[
            {"severity": "ERROR", "summary": "Immuta said no", "detail": 'it quoted {"X-Key": "(redacted)"}'}
        ]
    )
    whole = {"host": "h", "api_key": None, "headers": {"X-Key": 'configured "header"'}}
    assert provider.calls == [("configure", whole, "1.15.0")]


def test_stop_provider(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    assert call("StopProvider") == pb.StopProvider.Response()
    assert provider.calls == [("stop",)]


def test_validate_resource_config(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    def validate(config: Any, diagnostics: Diagnostics) -> None:
        diagnostics.error("size is odd", "allowed: even", ("size",))
        diagnostics.error(
            "pin is weak", "configured pin and configured password", ("rules", 0, "lock", "pins", 0)
        )
        diagnostics.warning("label", "", ("labels", Key("k")))
        diagnostics.warning("member", "", ("members", Element({"name": "m"}), "name"))

    provider.thing.answers["validate"] = validate
    answer = call(
        "ValidateResourceConfig", type_name="toy_thing", config=dynamic(CONFIG), client_capabilities=CAPABLE
    )
    label = [{"attribute_name": "labels"}, {"element_key_string": "k"}]
    assert answer == pb.ValidateResourceConfig.Response(
        diagnostics=[
            {
                "severity": "ERROR",
                "summary": "size is odd",
                "detail": "allowed: even",
                "attribute": {"steps": [{"attribute_name": "size"}]},
            },
            {"severity": "ERROR", "summary": "pin is weak", "detail": "(redacted) and (redacted)"},
            {"severity": "WARNING", "summary": "label", "attribute": {"steps": label}},
            {
                "severity": "WARNING",
                "summary": "member",
                "attribute": {"steps": [{"attribute_name": "members"}]},
            },
        ]
    )
    assert provider.thing.calls == [("validate", CONFIG)]


def test_write_only_attributes_need_a_terraform_that_supports_them(pb: ModuleType, call: Any) -> None:
    def refused(name: str) -> dict[str, str]:
        return {
            "severity": "ERROR",
            "summary": "Write-only attributes need a newer Terraform",
            "detail": f"{name} is a write-only attribute, which must never be stored. This version of Terraform or OpenTofu "
            "would store it. Use Terraform 1.11 or newer, or OpenTofu 1.11 or newer.",
        }

    expected = pb.ValidateResourceConfig.Response(
        diagnostics=[
            refused("password"),
            refused("owner.token"),
            refused("rules[0].lock.pins"),
            refused("rules[1].lock.pins"),
            refused('zones["z"].key'),
        ]
    )
    assert call("ValidateResourceConfig", type_name="toy_thing", config=dynamic(CONFIG)) == expected
    without = call("ValidateResourceConfig", type_name="toy_thing", config=dynamic(WITHHELD))
    assert without == pb.ValidateResourceConfig.Response()


def stored(state: Any) -> dict[str, bytes]:
    return {"json": json.dumps(state).encode()}


def test_upgrade_resource_state_of_the_current_version(call: Any, provider: ToyProvider) -> None:
    state = {
        "name": "n",
        "size": 0.1,
        "gone": [1],
        "tags": ["a"],
        "anything": {"type": ["list", "string"], "value": ["x"]},
        "password": "stored in clear",
        "owner": {"token": "stored too", "old": 1},
        "rules": [{"lock": {"pins": ["stored pin"]}}],
    }
    expected = thing(
        name="n",
        size="0.1",
        tags=["a"],
        owner={"name": None, "token": None},
        rules=[{"path": None, "lock": {"pins": None, "level": None}}],
    )
    answer = call("UpgradeResourceState", type_name="toy_thing", version=3, raw_state=stored(state))
    assert list(answer.diagnostics) == []
    assert unpack(answer.upgraded_state.msgpack) == {**expected, "anything": [b'["list","string"]', ["x"]]}
    seen = {**expected, "anything": Dynamic(ListOf(STRING), ["x"])}
    assert provider.thing.calls == [("upgrade", 3, seen)]


def test_upgrade_resource_state_of_an_older_version(call: Any, provider: ToyProvider) -> None:
    state = {"title": "n", "password": "older secret", "owner": {"token": "older token"}}

    def upgrade(version: int, state: Any, diagnostics: Diagnostics) -> Any:
        diagnostics.warning("upgraded", "the older secret is gone")
        return {"name": state["title"], "password": "older secret"}

    provider.thing.answers["upgrade"] = upgrade
    answer = call("UpgradeResourceState", type_name="toy_thing", version=1, raw_state=stored(state))
    assert [(d.summary, d.detail) for d in answer.diagnostics] == [("upgraded", "the (redacted) is gone")]
    assert unpack(answer.upgraded_state.msgpack) == thing(name="n")
    assert provider.thing.calls == [
        ("upgrade", 1, {"title": "n", "password": None, "owner": {"token": None}})
    ]


@pytest.mark.parametrize(
    ("version", "raw", "summary"),
    [
        (4, stored({}), "The state is newer than this provider"),
        (3, {"flatmap": {"id": "1"}}, "The state has a format that is too old"),
        (3, {}, "The provider failed on the stored state of toy_thing"),
        (3, stored([]), "The stored state is damaged"),
        (3, stored({"size": "hunter2"}), "The stored state is damaged"),
        (3, stored({"name": "hunter2\ud800"}), "The stored state is damaged"),
        (3, {"json": b"{"}, "The stored state is damaged"),
        (3, {"json": b"\xff{}"}, "The stored state is damaged"),
        (
            3,
            {"json": b'{"anything": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"},
            "The stored state is damaged",
        ),
        (1, {"json": b"[]"}, "The stored state is damaged"),
    ],
)
def test_a_state_that_cannot_be_upgraded(call: Any, version: int, raw: Any, summary: str) -> None:
    answer = call("UpgradeResourceState", type_name="toy_thing", version=version, raw_state=raw)
    assert [d.summary for d in answer.diagnostics] == [summary]
    assert not answer.HasField("upgraded_state")
    assert "hunter2" not in str(answer)


def test_a_damaged_state_is_an_error_that_names_the_invalid_attributes(call: Any) -> None:
    raw = stored({"size": "hunter2", "name": ["a"], "hint": "fits", "password": ["never stored"]})
    answer = call("UpgradeResourceState", type_name="toy_thing", version=3, raw_state=raw)
    assert [d.detail for d in answer.diagnostics] == [
        "the state of toy_thing has a value that is not of the schema's type in name, size. The state was changed by hand "
        "or by another program. Restore it from a backup. Without a backup, remove the resource from the state (`terraform state "
        "rm ADDRESS`) and import it again."
    ]


def test_read_resource(call: Any, provider: ToyProvider) -> None:
    state = thing(id="1", name="n", hint="stored hint")

    def read(state: Any, private: bytes, diagnostics: Diagnostics) -> Stored:
        diagnostics.warning("drift", "of stored hint")
        return Stored(
            {**state, "size": 1 << 70, "password": "read back", "owner": {"name": "o", "token": "t"}}, b"new"
        )

    provider.thing.answers["read"] = read
    answer = call("ReadResource", type_name="toy_thing", current_state=dynamic(state), private=b"old")
    assert unpack(answer.new_state.msgpack) == {
        **state,
        "size": str(1 << 70),
        "owner": {"name": "o", "token": None},
    }
    assert answer.private == b"new"
    assert [(d.summary, d.detail) for d in answer.diagnostics] == [("drift", "of (redacted)")]
    assert provider.thing.calls == [("read", state, b"old")]


def test_a_resource_that_is_gone_is_read_as_null(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    provider.thing.answers["read"] = lambda *_: Stored(None)
    answer = call("ReadResource", type_name="toy_thing", current_state=dynamic(NULLS), private=b"old")
    assert answer == pb.ReadResource.Response(new_state={"msgpack": b"\xc0"})


def test_plan_nulls_every_write_only_value_of_the_proposed_state(call: Any, provider: ToyProvider) -> None:
    proposed = {**CONFIG, "id": UNKNOWN}
    answer = call(
        "PlanResourceChange",
        type_name="toy_thing",
        prior_state=dynamic(None),
        proposed_new_state=dynamic(proposed),
        config=dynamic(CONFIG),
        prior_private=b"private",
        client_capabilities=CAPABLE,
    )
    expected = {**WITHHELD, "id": UNKNOWN}
    assert provider.thing.calls == [("plan", None, expected, CONFIG, b"private")]
    assert unpack(answer.planned_state.msgpack) == expected
    assert (answer.planned_private, list(answer.diagnostics)) == (b"private", [])


def test_plan_resource_change(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    def plan(prior: Any, proposed: Any, config: Any, private: bytes, diagnostics: Diagnostics) -> Planned:
        paths = (("name",), ("labels", Key("k")), ("members", Element({}), "name"))
        return Planned(config, b"planned", paths)

    provider.thing.answers["plan"] = plan
    answer = call(
        "PlanResourceChange",
        type_name="toy_thing",
        prior_state=dynamic(thing(id="1", name="m")),
        proposed_new_state=dynamic(CONFIG),
        config=dynamic(CONFIG),
    )
    assert unpack(answer.planned_state.msgpack) == WITHHELD
    answer.ClearField("planned_state")
    assert answer == pb.PlanResourceChange.Response(
        planned_private=b"planned",
        requires_replace=[
            {"steps": [{"attribute_name": "name"}]},
            {"steps": [{"attribute_name": "labels"}, {"element_key_string": "k"}]},
            {"steps": [{"attribute_name": "members"}]},
        ],
    )


def test_a_destroy_is_planned_and_applied_with_null(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    state = thing(id="1", name="n")
    common = {"type_name": "toy_thing", "prior_state": dynamic(state), "config": dynamic(None)}
    planned = call("PlanResourceChange", proposed_new_state=dynamic(None), prior_private=b"p", **common)
    assert planned == pb.PlanResourceChange.Response(planned_state={"msgpack": b"\xc0"}, planned_private=b"p")
    applied = call("ApplyResourceChange", planned_state=dynamic(None), planned_private=b"p", **common)
    assert applied == pb.ApplyResourceChange.Response(new_state={"msgpack": b"\xc0"}, private=b"p")
    assert provider.thing.calls == [("plan", state, None, None, b"p"), ("apply", state, None, None, b"p")]


def test_apply(call: Any, provider: ToyProvider) -> None:
    def apply(prior: Any, planned: Any, config: Any, private: bytes, diagnostics: Diagnostics) -> Stored:
        diagnostics.error("half done", "created, but refused configured token", ("owner", "token"))
        return Stored({**planned, "id": "1", "password": config["password"]}, b"stored")

    provider.thing.answers["apply"] = apply
    answer = call(
        "ApplyResourceChange",
        type_name="toy_thing",
        prior_state=dynamic(None),
        planned_state=dynamic({**WITHHELD, "id": UNKNOWN}),
        config=dynamic(CONFIG),
        planned_private=b"planned",
    )
    assert provider.thing.calls == [("apply", None, {**WITHHELD, "id": UNKNOWN}, CONFIG, b"planned")]
    assert unpack(answer.new_state.msgpack) == {**WITHHELD, "id": "1"}
    assert answer.private == b"stored"
    assert [(d.summary, d.detail, d.HasField("attribute")) for d in answer.diagnostics] == [
        ("half done", "created, but refused (redacted)", False)
    ]


def test_import(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    provider.thing.answers["import_state"] = lambda id, identity, diagnostics: [
        Stored({"id": id, "password": "imported"}, b"one"),
        Stored({"id": "also", "list": [1]}, b"two", "toy_plain"),
    ]
    answer = call("ImportResourceState", type_name="toy_thing", id="17", client_capabilities=CAPABLE)
    assert answer == pb.ImportResourceState.Response(
        imported_resources=[
            {
                "type_name": "toy_thing",
                "state": dynamic(dict(sorted(thing(id="17").items()))),
                "private": b"one",
            },
            {"type_name": "toy_plain", "state": dynamic({"id": "also", "list": [1]}), "private": b"two"},
        ]
    )
    assert provider.thing.calls == [("import_state", "17", None)]


MOVED = {
    "source_provider_address": "registry.terraform.io/old/old",
    "source_type_name": "old_thing",
    "source_schema_version": 2,
    "source_state": stored({"id": "5", "extra": 0.25}),
    "source_private": b"old",
    "target_type_name": "toy_thing",
}


def test_move(call: Any, provider: ToyProvider) -> None:
    provider.thing.answers["move"] = lambda *_: Stored({"id": "5", "password": "moved"}, b"new")
    answer = call("MoveResourceState", **MOVED)
    assert (unpack(answer.target_state.msgpack), answer.target_private) == (thing(id="5"), b"new")
    assert list(answer.diagnostics) == []
    arguments = ("registry.terraform.io/old/old", "old_thing", 2, {"id": "5", "extra": 0.25}, b"old")
    assert provider.thing.calls == [("move", *arguments)]


def test_a_move_that_is_not_supported(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    assert call("MoveResourceState", **MOVED) == pb.MoveResourceState.Response(
        diagnostics=[
            {
                "severity": "ERROR",
                "summary": "The state cannot be moved",
                "detail": "toy_thing cannot take over the state of old_thing (registry.terraform.io/old/old). Remove the "
                "`moved` block, and use `removed` and `import` blocks instead.",
            }
        ]
    )
    provider.thing.answers["move"] = lambda *arguments: arguments[-1].error("cannot", "for a reason")
    assert [d.summary for d in call("MoveResourceState", **MOVED).diagnostics] == ["cannot"]


HAS = {
    "resource type": "toy_plain, toy_thing",
    "data source": "toy_thing",
    "ephemeral resource type": "toy_key",
    "list resource type": "toy_thing",
    "action": "toy_poke",
    "function": "join",
}


@pytest.mark.parametrize(
    ("name", "fields", "kind"),
    [
        ("ValidateResourceConfig", {"type_name": "toy_other"}, "resource type"),
        ("UpgradeResourceState", {"type_name": "toy_other"}, "resource type"),
        ("UpgradeResourceIdentity", {"type_name": "toy_other"}, "resource type"),
        ("ReadResource", {"type_name": "toy_other"}, "resource type"),
        ("PlanResourceChange", {"type_name": "toy_other"}, "resource type"),
        ("ApplyResourceChange", {"type_name": "toy_other"}, "resource type"),
        ("ImportResourceState", {"type_name": "toy_other"}, "resource type"),
        ("MoveResourceState", {"target_type_name": "toy_other"}, "resource type"),
        ("ValidateDataResourceConfig", {"type_name": "toy_other"}, "data source"),
        ("ReadDataSource", {"type_name": "toy_other"}, "data source"),
        ("ValidateEphemeralResourceConfig", {"type_name": "toy_other"}, "ephemeral resource type"),
        ("OpenEphemeralResource", {"type_name": "toy_other"}, "ephemeral resource type"),
        ("RenewEphemeralResource", {"type_name": "toy_other"}, "ephemeral resource type"),
        ("CloseEphemeralResource", {"type_name": "toy_other"}, "ephemeral resource type"),
        ("ValidateListResourceConfig", {"type_name": "toy_other"}, "list resource type"),
        ("ListResource", {"type_name": "toy_other"}, "list resource type"),
        ("ValidateActionConfig", {"action_type": "toy_other"}, "action"),
        ("PlanAction", {"action_type": "toy_other"}, "action"),
        ("InvokeAction", {"action_type": "toy_other"}, "action"),
        ("CallFunction", {"name": "toy_other"}, "function"),
    ],
)
def test_an_unknown_type(
    pb: ModuleType, call: Any, stream: Any, name: str, fields: dict[str, Any], kind: str
) -> None:
    summary = f"Unknown {kind}"
    detail = (
        f"this provider has no {kind} toy_other. It has {HAS[kind]}. Correct the name, or use a provider version that "
        "has it."
    )
    kinds, refused = getattr(pb, name), [{"severity": "ERROR", "summary": summary, "detail": detail}]
    if name == "ListResource":
        assert list(stream(name, **fields)) == [kinds.Event(diagnostic=refused)]
    elif name == "InvokeAction":
        assert list(stream(name, **fields)) == [kinds.Event(completed={"diagnostics": refused})]
    elif name == "CallFunction":
        assert call(name, **fields) == kinds.Response(error={"text": f"{summary}: {detail}"})
    else:
        assert call(name, **fields) == kinds.Response(diagnostics=refused)


def test_an_unknown_type_of_a_kind_without_types(call: Any, provider: ToyProvider) -> None:
    provider.data_sources.clear()
    answer = call("ReadDataSource", type_name="toy_other")
    assert answer.diagnostics[0].detail.startswith("this provider has no data source toy_other. It has none.")


def test_an_unknown_type_loses_no_state(call: Any) -> None:
    current = {"msgpack": b"anything"}
    read = call("ReadResource", type_name="toy_other", current_state=current, private=b"p")
    assert (read.new_state.msgpack, read.private) == (b"anything", b"p")
    applied = call("ApplyResourceChange", type_name="toy_other", prior_state=current, planned_private=b"p")
    assert (applied.new_state.msgpack, applied.private) == (b"anything", b"p")


def test_other_calls_are_not_implemented(call: Any) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        call("LockState", type_name="toy_thing")
    assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED


def test_values_in_json_are_decoded(call: Any, provider: ToyProvider) -> None:
    config = {"json": json.dumps({**NULLS, "name": "n", "password": "by json", "size": 0.5}).encode()}
    expected = thing(name="n", password="by json", size=0.5)
    call("ValidateResourceConfig", type_name="toy_thing", config=config, client_capabilities=CAPABLE)
    answer = call("PlanResourceChange", type_name="toy_thing", proposed_new_state=config, config=config)
    withheld = {**expected, "password": None}
    assert provider.thing.calls == [("validate", expected), ("plan", None, withheld, expected, b"")]
    assert unpack(answer.planned_state.msgpack) == withheld


def test_every_unknown_value_survives_a_plan(call: Any) -> None:
    state = thing(
        id=UNKNOWN,
        name=Unknown({1: False, 2: "pre"}),
        size=Unknown({3: [1, True], 4: ["0.1", False]}),
        enabled=Unknown({1: False}),
        tags=Unknown({1: False, 5: 1, 6: 3}),
        labels={"a": UNKNOWN},
        point={"x": UNKNOWN, "y": Unknown({3: [0, False]})},
        anything=UNKNOWN,
        owner=UNKNOWN,
        rules=[UNKNOWN, {"path": UNKNOWN, "lock": UNKNOWN}],
        zones={"a": UNKNOWN, "b": {"city": Unknown({2: "x"}), "key": None}},
        members=[{"name": UNKNOWN}],
    )
    fields = {"proposed_new_state": dynamic(state), "config": dynamic(state)}
    answer = call("PlanResourceChange", type_name="toy_thing", **fields)
    assert unpack(answer.planned_state.msgpack) == state


def test_trace_lines_name_the_rpc_and_no_value(
    service: Service, pb: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    from immuta_provider.plugin import log

    lines: list[bytes] = []
    chatty = log.Log({"TF_LOG": "TRACE"}, lines.append)
    for name in ("trace", "debug", "info", "warn", "error", "enabled"):
        monkeypatch.setattr(log, name, getattr(chatty, name))
    request = pb.PlanResourceChange.Request(
        type_name="toy_thing", proposed_new_state=dynamic(CONFIG), config=dynamic(CONFIG)
    )
    service.handlers["/tfplugin6.Provider/PlanResourceChange"](request.SerializeToString())
    told = [json.loads(line) for line in lines]
    assert [(t["@message"], t["rpc"], t["type"], t["diagnostics"]) for t in told] == [
        ("answered", "PlanResourceChange", "toy_thing", 0)
    ]
    assert b"configured" not in b"".join(lines)


def test_the_toy_provider_has_the_schemas_that_the_tests_expect() -> None:
    assert [a.name for a in BLOCK.attributes] == ["host", "api_key", "headers"]
    assert set(CONFIG) == {a.name for a in THING.attributes}
    assert THING.attribute("size").type is NUMBER  # type: ignore[union-attr]
