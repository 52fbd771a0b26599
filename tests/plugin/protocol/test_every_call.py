"""Every RPC of the protocol, sent by grpcio with Google's messages to a process of the provider."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import grpc
import msgpack
import pytest
from immuta_constructs.testing import Immuta
from immuta_provider.provider import ImmutaProvider
from support.plugin_process import PATIENCE, environment, read_line

TRINO = "immuta_trino_integration"
OFFERED = ImmutaProvider({})


class Wire:
    """Calls RPCs by name. `made` has the names of those that were answered."""

    def __init__(self, channel: grpc.Channel, pb: ModuleType) -> None:
        self._channel = channel
        self._pb = pb
        self._service = pb.DESCRIPTOR.services_by_name["Provider"]
        self.made: set[str] = set()
        self.schemas = self.ask("GetProviderSchema")

    @property
    def methods(self) -> set[str]:
        return {method.name for method in self._service.methods}

    def ask(self, name: str, /, **fields: Any) -> Any:
        """The response, or the list of events of a stream."""
        method, kinds = self._service.methods_by_name[name], getattr(self._pb, name)
        made = self._channel.unary_stream if method.server_streaming else self._channel.unary_unary
        answer_type = kinds.Event if method.server_streaming else kinds.Response
        call = made(
            f"/tfplugin6.Provider/{name}",
            request_serializer=kinds.Request.SerializeToString,
            response_deserializer=answer_type.FromString,
        )
        answer = call(kinds.Request(**fields), timeout=PATIENCE)
        events = list(answer) if method.server_streaming else answer
        self.made.add(name)
        return events

    def config(self, kind: str, name: str, /, **values: Any) -> dict[str, bytes]:
        """A whole object of a schema, with null for missing values."""
        schema = getattr(self.schemas, kind)
        schema = schema[name] if name else schema
        schema = schema.schema if kind == "action_schemas" else schema
        names = [attribute.name for attribute in schema.block.attributes]
        assert values.keys() <= set(names)
        return packed({each: values.get(each) for each in names})

    def told(self, name: str, /, **fields: Any) -> list[tuple[int, str]]:
        return [(one.severity, one.summary) for one in self.ask(name, **fields).diagnostics]


def packed(value: Any) -> dict[str, bytes]:
    return {"msgpack": msgpack.packb(value)}


def unpacked(message: Any) -> Any:
    """The value without null members."""
    value = msgpack.unpackb(message.msgpack)
    return {k: v for k, v in value.items() if v is not None} if isinstance(value, dict) else value


@pytest.fixture(scope="module")
def simulator() -> Iterator[Immuta]:
    with Immuta(polls=0) as one:
        yield one


@pytest.fixture(scope="module")
def channel(simulator: Immuta) -> Iterator[grpc.Channel]:
    variables = environment(IMMUTA_HOST=simulator.url, IMMUTA_API_KEY=simulator.api_key)
    with subprocess.Popen(
        [sys.executable, "-m", "immuta_provider.main", "--debug"],
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        try:
            line = read_line(process.stdout.fileno(), "TF_REATTACH_PROVIDERS")
            (served,) = json.loads(line.strip().removeprefix("TF_REATTACH_PROVIDERS='")[:-1]).values()
            with grpc.insecure_channel(f"unix:{served['Addr']['String']}") as one:
                yield one
        finally:
            process.kill()


def test_every_call_is_answered(channel: grpc.Channel, pb: ModuleType, simulator: Immuta) -> None:
    wire = Wire(channel, pb)
    resource = {"type_name": TRINO}
    tenant = simulator.url.removeprefix("http://")
    identity = {"identity_data": packed({"host": tenant, "id": "1"})}

    metadata = wire.ask("GetMetadata")
    assert (
        {r.type_name for r in metadata.resources}
        == set(wire.schemas.resource_schemas)
        == set(OFFERED.resources)
    )
    assert {d.type_name for d in metadata.data_sources} == set(OFFERED.data_sources)
    assert {e.type_name for e in metadata.ephemeral_resources} == set(OFFERED.ephemeral_resources)
    assert {r.type_name for r in metadata.list_resources} == set(OFFERED.list_resources)
    assert {a.type_name for a in metadata.actions} == set(OFFERED.actions)
    assert (
        set(wire.ask("GetFunctions").functions)
        == {f.name for f in metadata.functions}
        == set(OFFERED.functions)
    )
    identities = wire.ask("GetResourceIdentitySchemas").identity_schemas
    assert {name: [a.name for a in each.identity_attributes] for name, each in identities.items()} == {
        name: ["host", "id"] for name in OFFERED.resources
    }
    host = wire.ask("CallFunction", name="snowflake_host", arguments=[packed("ACME-Sales")])
    assert unpacked(host.result) == "acme-sales.snowflakecomputing.com"

    block = wire.config("provider", "")
    assert wire.told("ValidateProviderConfig", config=block) == []
    assert wire.told("ConfigureProvider", config=block, terraform_version="1.15.5") == []

    config, nothing = wire.config("resource_schemas", TRINO), packed(None)
    assert wire.told("ValidateResourceConfig", **resource, config=config) == []
    planned = wire.ask(
        "PlanResourceChange", **resource, prior_state=nothing, proposed_new_state=config, config=config
    )
    assert list(planned.diagnostics) == list(planned.requires_replace) == []
    applied = wire.ask(
        "ApplyResourceChange",
        **resource,
        prior_state=nothing,
        planned_state=planned.planned_state,
        planned_private=planned.planned_private,
        planned_identity=planned.planned_identity,
        config=config,
    )
    state = {"id": "1", "status": "enabled"}
    assert (list(applied.diagnostics), unpacked(applied.new_state)) == ([], state)
    assert unpacked(applied.new_identity.identity_data) == {"host": tenant, "id": "1"}
    read = wire.ask("ReadResource", **resource, current_state=applied.new_state, private=applied.private)
    assert (list(read.diagnostics), unpacked(read.new_state)) == ([], state)
    stored = {
        "json": json.dumps(
            {**dict.fromkeys(a.name for a in OFFERED.resources[TRINO].schema.attributes), **state}
        ).encode()
    }
    upgraded = wire.ask(
        "UpgradeResourceState", **resource, version=OFFERED.resources[TRINO].schema.version, raw_state=stored
    )
    assert (list(upgraded.diagnostics), unpacked(upgraded.upgraded_state)) == ([], state)
    raw = {"json": json.dumps({"host": tenant, "id": "1"}).encode()}
    newer = wire.ask("UpgradeResourceIdentity", **resource, version=0, raw_identity=raw)
    assert unpacked(newer.upgraded_identity.identity_data) == {"host": tenant, "id": "1"}
    (imported,) = wire.ask("ImportResourceState", **resource, identity=identity).imported_resources
    assert (imported.type_name, unpacked(imported.state)["id"]) == (TRINO, "1")
    moved = wire.told(
        "MoveResourceState", source_type_name="other", target_type_name=TRINO, source_state={"json": b"{}"}
    )
    assert moved == [(1, "The state cannot be moved")]

    by_id = wire.config("data_source_schemas", "immuta_integration", id="1")
    data = {"type_name": "immuta_integration", "config": by_id}
    assert wire.told("ValidateDataResourceConfig", **data) == []
    assert unpacked(wire.ask("ReadDataSource", **data).state)["type"] == "Trino"

    key = "immuta_trino_api_key"
    ephemeral = {
        "type_name": key,
        "config": wire.config("ephemeral_resource_schemas", key, integration_id="1"),
    }
    assert wire.told("ValidateEphemeralResourceConfig", **ephemeral) == []
    opened = wire.ask("OpenEphemeralResource", **ephemeral)
    first = unpacked(opened.result)["api_key"]
    assert first == simulator.stored("integrations")[0]["config"]["apiKey"]
    assert wire.told("RenewEphemeralResource", type_name=key, private=opened.private) == []
    assert wire.told("CloseEphemeralResource", type_name=key, private=opened.private) == []

    listed = {**resource, "config": wire.config("list_resource_schemas", TRINO)}
    assert wire.told("ValidateListResourceConfig", **listed) == []
    (found,) = wire.ask("ListResource", **listed, limit=10, include_resource_object=True)
    assert (found.display_name, unpacked(found.resource_object)) == (
        "Starburst (Trino): integration 1",
        state,
    )

    action = {
        "action_type": "immuta_regenerate_api_key",
        "config": wire.config("action_schemas", "immuta_regenerate_api_key", id="1"),
    }
    assert wire.told("ValidateActionConfig", **action) == []
    assert wire.told("PlanAction", **action) == []
    *progress, end = wire.ask("InvokeAction", **action)
    assert [event.WhichOneof("type") for event in progress] == ["progress", "progress"]
    assert (end.WhichOneof("type"), list(end.completed.diagnostics)) == ("completed", [])
    assert simulator.stored("integrations")[0]["config"]["apiKey"] != first

    assert wire.ask("StopProvider").Error == ""
    # The protocol has more RPCs than this provider implements. The test's copy of the protocol has one of them.
    assert wire.made == wire.methods - {"LockState"}
    with pytest.raises(grpc.RpcError) as refused:
        wire.ask("LockState")
    assert isinstance(refused.value, grpc.Call)
    assert (refused.value.code(), refused.value.details()) == (
        grpc.StatusCode.UNIMPLEMENTED,
        "unknown method /tfplugin6.Provider/LockState",
    )
