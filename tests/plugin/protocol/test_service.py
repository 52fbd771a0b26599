"""The RPCs of the provider and of managed resources. Each whole response is compared with google.protobuf's message."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

import pytest
from immuta_provider.plugin.diagnostics import Diagnostics
from immuta_provider.plugin.interfaces import Planned, Stored
from immuta_provider.plugin.paths import Element, Key
from immuta_provider.plugin.protocol.service import Service
from immuta_provider.plugin.schema import Attribute, Schema
from immuta_provider.plugin.types import STRING, ListOf
from immuta_provider.plugin.values import UNKNOWN, Dynamic, Unknown
from support.plugin_messages import dynamic, error, problems, stored, summaries, warning
from support.terraform_values import unpack
from support.toy_provider import CONFIGURED, NULLS, WITHHELD, ToyProvider, thing

CAPABLE = {"write_only_attributes_allowed": True}
SERVER = {"plan_destroy": True, "get_provider_schema_optional": True, "move_resource_state": True}


def block(**attributes: Any) -> dict[str, bytes]:
    return dynamic({"host": None, "api_key": None, "headers": None, **attributes})


def test_the_metadata_name_every_type_and_function(pb: ModuleType, call: Any) -> None:
    assert call("GetMetadata") == pb.GetMetadata.Response(
        server_capabilities=SERVER,
        resources=[{"type_name": "toy_thing"}, {"type_name": "toy_plain"}],
        data_sources=[{"type_name": "toy_thing"}],
        functions=[{"name": "join"}],
        ephemeral_resources=[{"type_name": "toy_key"}],
        list_resources=[{"type_name": "toy_thing"}],
        actions=[{"type_name": "toy_poke"}],
    )


NUMBER = b'"number"'
SECRET: dict[str, Any] = {"optional": True, "sensitive": True}
WRITE_ONLY: dict[str, Any] = {"optional": True, "write_only": True}


def attribute(name: str, type: bytes = b'"string"', **facts: Any) -> dict[str, Any]:
    return {"name": name, "type": type, **facts}


def nested(name: str, nesting: str, *attributes: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "optional": True, "nested_type": {"nesting": nesting, "attributes": attributes}}


THING_ATTRIBUTES = [
    attribute("id", computed=True, description="The thing's id."),
    attribute("name", required=True),
    attribute("size", NUMBER, optional=True),
    attribute("enabled", b'"bool"', optional=True, computed=True),
    attribute("tags", b'["set","string"]', optional=True),
    attribute("labels", b'["map","string"]', optional=True),
    attribute("point", b'["object",{"x":"number","y":"number"}]', optional=True, deprecated=True),
    attribute("anything", b'"dynamic"', optional=True),
    attribute("hint", **SECRET),
    attribute("password", sensitive=True, **WRITE_ONLY),
    nested("owner", "SINGLE", attribute("name", required=True), attribute("token", **WRITE_ONLY)),
    nested(
        "rules",
        "LIST",
        attribute("path", required=True),
        nested(
            "lock",
            "SINGLE",
            attribute("pins", b'["list","string"]', **WRITE_ONLY),
            attribute("level", NUMBER, optional=True),
        ),
    ),
    nested("zones", "MAP", attribute("city", optional=True), attribute("key", **WRITE_ONLY)),
    nested("members", "SET", attribute("name", required=True)),
]


def test_the_schemas_of_every_type_are_in_one_response(pb: ModuleType, call: Any) -> None:
    def schema(*attributes: dict[str, Any], version: int = 0, **facts: Any) -> Any:
        return pb.Schema(version=version, block={"version": version, "attributes": attributes, **facts})

    name, host = attribute("name", required=True), attribute("host", required=True)
    headers = attribute("headers", b'["map","string"]', **SECRET)
    expected = pb.GetProviderSchema.Response(
        provider=schema(host, attribute("api_key", **SECRET), headers), server_capabilities=SERVER
    )
    things = schema(*THING_ATTRIBUTES, version=3, description="A thing.")
    expected.resource_schemas["toy_thing"].CopyFrom(things)
    numbers = attribute("list", b'["list","number"]', optional=True)
    expected.resource_schemas["toy_plain"].CopyFrom(schema(attribute("id", computed=True), numbers))
    source = (name, attribute("token", **SECRET), attribute("size", NUMBER, computed=True))
    expected.data_source_schemas["toy_thing"].CopyFrom(schema(*source, description="A thing that is there."))
    key = schema(name, attribute("password", **SECRET), attribute("key", computed=True, sensitive=True))
    expected.ephemeral_resource_schemas["toy_key"].CopyFrom(key)
    query = schema(attribute("prefix", optional=True), attribute("token", **SECRET))
    expected.list_resource_schemas["toy_thing"].CopyFrom(query)
    poke = (attribute("id", required=True), attribute("password", **WRITE_ONLY))
    expected.action_schemas["toy_poke"].schema.CopyFrom(schema(*poke, description="Pokes a thing."))
    expected.functions["join"].CopyFrom(join(pb))
    assert call("GetProviderSchema") == expected


def join(pb: ModuleType) -> Any:
    function = pb.Function(
        parameters=[
            attribute("separator", allow_null_value=True, description="What stands between."),
            attribute("start", NUMBER, allow_unknown_values=True),
        ],
        variadic_parameter=attribute("parts", b'["list","string"]', description="What is joined."),
        summary="Joins",
        description="Joins lists of texts.",
    )
    getattr(function, "return").type = b'"string"'
    return function


def test_functions_are_described_in_a_call_of_their_own(pb: ModuleType, call: Any) -> None:
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


def test_a_diagnostic_of_a_provider_block_with_secrets_has_no_path(
    pb: ModuleType, call: Any, provider: ToyProvider
) -> None:
    """Terraform shows the line that a path points at."""
    provider.answers["validate"] = lambda config, diagnostics: diagnostics.warning(
        "host is odd", "look at validated-key", ("host",)
    )
    config = block(host=UNKNOWN, api_key="validated-key")
    assert call("ValidateProviderConfig", config=config) == pb.ValidateProviderConfig.Response(
        diagnostics=[warning("host is odd", "look at (redacted)")]
    )
    assert provider.calls == [("validate", {"host": UNKNOWN, "api_key": "validated-key", "headers": None})]


def test_a_diagnostic_of_a_provider_block_without_secrets_has_its_path(
    pb: ModuleType, call: Any, provider: ToyProvider
) -> None:
    provider.schema = Schema((Attribute("host", STRING, required=True),))
    provider.answers["validate"] = lambda config, diagnostics: diagnostics.error("bad", "", ("host",))
    answer = call("ValidateProviderConfig", config=dynamic({"host": "h"}))
    assert answer == pb.ValidateProviderConfig.Response(diagnostics=[error("bad", "", "host")])


def test_the_provider_is_configured_with_its_block_and_the_version_of_terraform(
    pb: ModuleType, call: Any, provider: ToyProvider
) -> None:
    provider.answers["configure"] = lambda config, version, diagnostics: diagnostics.error(
        "Immuta said no", 'it quoted {"X-Key": "configured \\"header\\""}'
    )
    config = block(host="h", headers={"X-Key": 'configured "header"'})
    answer = call("ConfigureProvider", terraform_version="1.15.0", config=config, client_capabilities=CAPABLE)
    quoted = error("Immuta said no", 'it quoted {"X-Key": "(redacted)"}')
    assert answer == pb.ConfigureProvider.Response(diagnostics=[quoted])
    whole = {"host": "h", "api_key": None, "headers": {"X-Key": 'configured "header"'}}
    assert provider.calls == [("configure", whole, "1.15.0")]


def test_a_stop_is_passed_on(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    assert call("StopProvider") == pb.StopProvider.Response()
    assert provider.calls == [("stop",)]


def test_a_diagnostic_of_a_resource_has_its_path_up_to_a_secret(
    pb: ModuleType, call: Any, provider: ToyProvider
) -> None:
    def validate(config: Any, diagnostics: Diagnostics) -> None:
        diagnostics.error("size is odd", "allowed: even", ("size",))
        diagnostics.error(
            "pin is weak", "configured pin and configured password", ("rules", 0, "lock", "pins", 0)
        )
        diagnostics.warning("label", "", ("labels", Key("k")))
        diagnostics.warning("member", "", ("members", Element({"name": "m"}), "name"))

    provider.thing.answers["validate"] = validate
    answer = call(
        "ValidateResourceConfig",
        type_name="toy_thing",
        config=dynamic(CONFIGURED),
        client_capabilities=CAPABLE,
    )
    label = [{"attribute_name": "labels"}, {"element_key_string": "k"}]
    assert answer == pb.ValidateResourceConfig.Response(
        diagnostics=[
            error("size is odd", "allowed: even", "size"),
            error("pin is weak", "(redacted) and (redacted)"),
            {"severity": "WARNING", "summary": "label", "attribute": {"steps": label}},
            warning("member", "", "members"),
        ]
    )
    assert provider.thing.calls == [("validate", CONFIGURED)]


def test_write_only_attributes_need_a_terraform_that_supports_them(pb: ModuleType, call: Any) -> None:
    detail = (
        "{} is a write-only attribute, which must never be stored. This version of Terraform or OpenTofu would store it. Use "
        "Terraform 1.11 or newer, or OpenTofu 1.11 or newer."
    )
    configured = ("password", "owner.token", "rules[0].lock.pins", "rules[1].lock.pins", 'zones["z"].key')
    refused = [error("Write-only attributes need a newer Terraform", detail.format(n)) for n in configured]
    for config, diagnostics in ((CONFIGURED, refused), (WITHHELD, [])):
        answer = call("ValidateResourceConfig", type_name="toy_thing", config=dynamic(config))
        assert answer == pb.ValidateResourceConfig.Response(diagnostics=diagnostics)


def test_a_state_of_the_current_version_is_fitted_to_the_schema_without_secrets(
    call: Any, provider: ToyProvider
) -> None:
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


def test_a_state_of_an_older_version_is_upgraded_without_its_secrets(
    pb: ModuleType, call: Any, provider: ToyProvider
) -> None:
    state = {"title": "n", "password": "older secret", "owner": {"token": "older token"}}

    def upgrade(version: int, state: Any, diagnostics: Diagnostics) -> Any:
        diagnostics.warning("upgraded", "the older secret is gone")
        return {"name": state["title"], "password": "older secret"}

    provider.thing.answers["upgrade"] = upgrade
    answer = call("UpgradeResourceState", type_name="toy_thing", version=1, raw_state=stored(state))
    assert list(answer.diagnostics) == [pb.Diagnostic(**warning("upgraded", "the (redacted) is gone"))]
    assert unpack(answer.upgraded_state.msgpack) == thing(name="n")
    assert provider.thing.calls == [
        ("upgrade", 1, {"title": "n", "password": None, "owner": {"token": None}})
    ]


DAMAGED = "The stored state is damaged"
NESTED = b'{"anything": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@pytest.mark.parametrize(
    ("version", "raw", "summary"),
    [
        (4, stored({}), "The state is newer than this provider"),
        (3, {"flatmap": {"id": "1"}}, "The state has a format that is too old"),
        (3, {}, "The provider failed on the stored state of toy_thing"),
        (3, stored([]), DAMAGED),
        (3, stored({"size": "hunter2"}), DAMAGED),
        (3, stored({"name": "hunter2\ud800"}), DAMAGED),
        (3, {"json": b"{"}, DAMAGED),
        (3, {"json": b"\xff{}"}, DAMAGED),
        (3, {"json": NESTED}, DAMAGED),
        (1, {"json": b"[]"}, DAMAGED),
    ],
)
def test_a_state_that_cannot_be_upgraded_is_an_error_that_does_not_quote_it(
    pb: ModuleType, call: Any, version: int, raw: Any, summary: str
) -> None:
    answer = call("UpgradeResourceState", type_name="toy_thing", version=version, raw_state=raw)
    assert summaries(answer) == [summary]
    assert answer == pb.UpgradeResourceState.Response(diagnostics=answer.diagnostics)
    assert "hunter2" not in str(answer)


def test_a_read_withholds_write_only_values_and_redacts_stored_secrets(
    pb: ModuleType, call: Any, provider: ToyProvider
) -> None:
    state = thing(id="1", name="n", hint="stored hint")

    def read(state: Any, private: bytes, diagnostics: Diagnostics) -> Stored:
        diagnostics.warning("drift", "of stored hint")
        secrets = {"password": "read back", "owner": {"name": "o", "token": "t"}}
        return Stored({**state, "size": 1 << 70, **secrets}, b"new")

    provider.thing.answers["read"] = read
    answer = call("ReadResource", type_name="toy_thing", current_state=dynamic(state), private=b"old")
    without = {"size": str(1 << 70), "owner": {"name": "o", "token": None}}
    assert unpack(answer.new_state.msgpack) == {**state, **without}
    answer.ClearField("new_state")
    drift = [warning("drift", "of (redacted)")]
    assert answer == pb.ReadResource.Response(private=b"new", diagnostics=drift)
    assert provider.thing.calls == [("read", state, b"old")]


def test_plan_nulls_every_write_only_value_of_the_proposed_state(
    pb: ModuleType, call: Any, provider: ToyProvider
) -> None:
    answer = call(
        "PlanResourceChange",
        type_name="toy_thing",
        prior_state=dynamic(None),
        proposed_new_state=dynamic({**CONFIGURED, "id": UNKNOWN}),
        config=dynamic(CONFIGURED),
        prior_private=b"private",
        client_capabilities=CAPABLE,
    )
    expected = {**WITHHELD, "id": UNKNOWN}
    assert provider.thing.calls == [("plan", None, expected, CONFIGURED, b"private")]
    assert unpack(answer.planned_state.msgpack) == expected
    answer.ClearField("planned_state")
    assert answer == pb.PlanResourceChange.Response(planned_private=b"private")


def test_a_plan_names_the_attributes_that_require_replacement_up_to_a_set(
    pb: ModuleType, call: Any, provider: ToyProvider
) -> None:
    def plan(prior: Any, proposed: Any, config: Any, private: bytes, diagnostics: Diagnostics) -> Planned:
        paths = (("name",), ("labels", Key("k")), ("members", Element({}), "name"))
        return Planned(config, b"planned", paths)

    provider.thing.answers["plan"] = plan
    values = {"proposed_new_state": dynamic(CONFIGURED), "config": dynamic(CONFIGURED)}
    answer = call("PlanResourceChange", type_name="toy_thing", prior_state=dynamic(NULLS), **values)
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


def test_apply_gets_the_secrets_and_returns_none(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    def apply(prior: Any, planned: Any, config: Any, private: bytes, diagnostics: Diagnostics) -> Stored:
        diagnostics.error("half done", "created, but refused configured token", ("owner", "token"))
        return Stored({**planned, "id": "1", "password": config["password"]}, b"stored")

    provider.thing.answers["apply"] = apply
    planned = {**WITHHELD, "id": UNKNOWN}
    answer = call(
        "ApplyResourceChange",
        type_name="toy_thing",
        prior_state=dynamic(None),
        planned_state=dynamic(planned),
        config=dynamic(CONFIGURED),
        planned_private=b"planned",
    )
    assert provider.thing.calls == [("apply", None, planned, CONFIGURED, b"planned")]
    assert unpack(answer.new_state.msgpack) == {**WITHHELD, "id": "1"}
    answer.ClearField("new_state")
    refused = [error("half done", "created, but refused (redacted)")]
    assert answer == pb.ApplyResourceChange.Response(private=b"stored", diagnostics=refused)


def test_an_import_may_bring_resources_of_several_types(
    pb: ModuleType, call: Any, provider: ToyProvider
) -> None:
    provider.thing.answers["import_state"] = lambda id, identity, diagnostics: [
        Stored({"id": id, "password": "imported"}, b"one"),
        Stored({"id": "also", "list": [1]}, b"two", "toy_plain"),
    ]
    answer = call("ImportResourceState", type_name="toy_thing", id="17", client_capabilities=CAPABLE)
    whole = dynamic(dict(sorted(thing(id="17").items())))
    assert answer == pb.ImportResourceState.Response(
        imported_resources=[
            {"type_name": "toy_thing", "state": whole, "private": b"one"},
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


def test_a_move_takes_over_a_state_of_another_provider(call: Any, provider: ToyProvider) -> None:
    provider.thing.answers["move"] = lambda *_: Stored({"id": "5", "password": "moved"}, b"new")
    answer = call("MoveResourceState", **MOVED)
    assert (unpack(answer.target_state.msgpack), answer.target_private) == (thing(id="5"), b"new")
    assert problems(answer) == []
    arguments = ("registry.terraform.io/old/old", "old_thing", 2, {"id": "5", "extra": 0.25}, b"old")
    assert provider.thing.calls == [("move", *arguments)]


def test_a_move_that_is_not_supported_is_an_error(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    refused = error(
        "The state cannot be moved",
        "toy_thing cannot take over the state of old_thing (registry.terraform.io/old/old). Remove the `moved` block, and use "
        "`removed` and `import` blocks instead.",
    )
    assert call("MoveResourceState", **MOVED) == pb.MoveResourceState.Response(diagnostics=[refused])
    provider.thing.answers["move"] = lambda *arguments: arguments[-1].error("cannot", "for a reason")
    assert summaries(call("MoveResourceState", **MOVED)) == ["cannot"]


UNKNOWN_TYPES = {
    ("resource type", "toy_plain, toy_thing"): (
        "ValidateResourceConfig",
        "UpgradeResourceState",
        "UpgradeResourceIdentity",
        "ReadResource",
        "PlanResourceChange",
        "ApplyResourceChange",
        "ImportResourceState",
        "MoveResourceState",
    ),
    ("data source", "toy_thing"): ("ValidateDataResourceConfig", "ReadDataSource"),
    ("ephemeral resource type", "toy_key"): (
        "ValidateEphemeralResourceConfig",
        "OpenEphemeralResource",
        "RenewEphemeralResource",
        "CloseEphemeralResource",
    ),
    ("list resource type", "toy_thing"): ("ValidateListResourceConfig", "ListResource"),
    ("action", "toy_poke"): ("ValidateActionConfig", "PlanAction", "InvokeAction"),
    ("function", "join"): ("CallFunction",),
}
TYPE_FIELDS = {"type_name", "target_type_name", "action_type", "name"}


@pytest.mark.parametrize(
    ("name", "kind", "known"),
    [(name, kind, known) for (kind, known), names in UNKNOWN_TYPES.items() for name in names],
)
def test_an_unknown_type_is_an_error_that_names_the_known_ones(
    pb: ModuleType, call: Any, name: str, kind: str, known: str
) -> None:
    kinds = getattr(pb, name)
    (field,) = TYPE_FIELDS.intersection(kinds.Request.DESCRIPTOR.fields_by_name)
    answer = call(name, **{field: "toy_other"})
    detail = f"this provider has no {kind} toy_other. It has {known}. Correct the name, or use a provider version that has it."
    refused = [error(f"Unknown {kind}", detail)]
    if name == "ListResource":
        assert list(answer) == [kinds.Event(diagnostic=refused)]
    elif name == "InvokeAction":
        assert list(answer) == [kinds.Event(completed={"diagnostics": refused})]
    elif name == "CallFunction":
        assert answer == kinds.Response(error={"text": f"Unknown {kind}: {detail}"})
    else:
        assert answer == kinds.Response(diagnostics=refused)


def test_the_error_of_an_unknown_type_names_none_where_its_kind_has_none(
    call: Any, provider: ToyProvider
) -> None:
    provider.data_sources.clear()
    answer = call("ReadDataSource", type_name="toy_other")
    assert answer.diagnostics[0].detail.startswith("this provider has no data source toy_other. It has none.")


def test_an_unknown_type_loses_no_state(call: Any) -> None:
    current = {"msgpack": b"anything"}
    read = call("ReadResource", type_name="toy_other", current_state=current, private=b"p")
    assert (read.new_state.msgpack, read.private) == (b"anything", b"p")
    applied = call("ApplyResourceChange", type_name="toy_other", prior_state=current, planned_private=b"p")
    assert (applied.new_state.msgpack, applied.private) == (b"anything", b"p")


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


def test_trace_lines_name_the_rpc_and_no_value(call: Any, log_lines: list[bytes]) -> None:
    call(
        "PlanResourceChange",
        type_name="toy_thing",
        proposed_new_state=dynamic(CONFIGURED),
        config=dynamic(CONFIGURED),
    )
    (line,) = map(json.loads, log_lines)
    fields = ("@message", "rpc", "type", "diagnostics")
    assert [line[field] for field in fields] == ["answered", "PlanResourceChange", "toy_thing", 0]
    assert b"configured" not in log_lines[0]
