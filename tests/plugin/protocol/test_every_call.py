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
from support.plugin_messages import dynamic, stored, summaries
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
        return dynamic({each: values.get(each) for each in names})

    def summaries(self, name: str, /, **fields: Any) -> list[str]:
        """The summaries of the diagnostics of a response."""
        return summaries(self.ask(name, **fields))


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


def test_every_rpc_is_answered(channel: grpc.Channel, pb: ModuleType, simulator: Immuta) -> None:
    wire = Wire(channel, pb)
    resource = {"type_name": TRINO}
    tenant = simulator.url.removeprefix("http://")
    identity = {"identity_data": dynamic({"host": tenant, "id": "1"})}

    metadata = wire.ask("GetMetadata")
    for kind in ("resources", "data_sources", "ephemeral_resources", "list_resources", "actions"):
        assert {each.type_name for each in getattr(metadata, kind)} == set(getattr(OFFERED, kind))
    assert {each.name for each in metadata.functions} == set(OFFERED.functions)
    assert set(wire.schemas.resource_schemas) == set(OFFERED.resources)
    assert set(wire.ask("GetFunctions").functions) == set(OFFERED.functions)
    identities = wire.ask("GetResourceIdentitySchemas").identity_schemas
    assert {name: [a.name for a in each.identity_attributes] for name, each in identities.items()} == {
        name: ["host", "id"] for name in OFFERED.resources
    }
    host = wire.ask("CallFunction", name="snowflake_host", arguments=[dynamic("ACME-Sales")])
    assert unpacked(host.result) == "acme-sales.snowflakecomputing.com"

    block = wire.config("provider", "")
    assert wire.summaries("ValidateProviderConfig", config=block) == []
    assert wire.summaries("ConfigureProvider", config=block, terraform_version="1.15.5") == []

    config, nothing = wire.config("resource_schemas", TRINO), dynamic(None)
    assert wire.summaries("ValidateResourceConfig", **resource, config=config) == []
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
    schema = OFFERED.resources[TRINO].schema
    raw = stored({**dict.fromkeys(a.name for a in schema.attributes), **state})
    upgraded = wire.ask("UpgradeResourceState", **resource, version=schema.version, raw_state=raw)
    assert (list(upgraded.diagnostics), unpacked(upgraded.upgraded_state)) == ([], state)
    raw = stored({"host": tenant, "id": "1"})
    newer = wire.ask("UpgradeResourceIdentity", **resource, version=0, raw_identity=raw)
    assert unpacked(newer.upgraded_identity.identity_data) == {"host": tenant, "id": "1"}
    (imported,) = wire.ask("ImportResourceState", **resource, identity=identity).imported_resources
    assert (imported.type_name, unpacked(imported.state)["id"]) == (TRINO, "1")
    moved = wire.summaries(
        "MoveResourceState", source_type_name="other", target_type_name=TRINO, source_state=stored({})
    )
    assert moved == ["The state cannot be moved"]

    by_id = wire.config("data_source_schemas", "immuta_integration", id="1")
    data = {"type_name": "immuta_integration", "config": by_id}
    assert wire.summaries("ValidateDataResourceConfig", **data) == []
    assert unpacked(wire.ask("ReadDataSource", **data).state)["type"] == "Trino"

    key = "immuta_trino_api_key"
    ephemeral = {
        "type_name": key,
        "config": wire.config("ephemeral_resource_schemas", key, integration_id="1"),
    }
    assert wire.summaries("ValidateEphemeralResourceConfig", **ephemeral) == []
    opened = wire.ask("OpenEphemeralResource", **ephemeral)
    first = unpacked(opened.result)["api_key"]
    assert first == simulator.held("integrations")[0]["config"]["apiKey"]
    assert wire.summaries("RenewEphemeralResource", type_name=key, private=opened.private) == []
    assert wire.summaries("CloseEphemeralResource", type_name=key, private=opened.private) == []

    listed = {**resource, "config": wire.config("list_resource_schemas", TRINO)}
    assert wire.summaries("ValidateListResourceConfig", **listed) == []
    (found,) = wire.ask("ListResource", **listed, limit=10, include_resource_object=True)
    assert (found.display_name, unpacked(found.resource_object)) == (
        "Starburst (Trino): integration 1",
        state,
    )

    action = {
        "action_type": "immuta_regenerate_api_key",
        "config": wire.config("action_schemas", "immuta_regenerate_api_key", id="1"),
    }
    assert wire.summaries("ValidateActionConfig", **action) == []
    assert wire.summaries("PlanAction", **action) == []
    *progress, end = wire.ask("InvokeAction", **action)
    assert [event.WhichOneof("type") for event in progress] == ["progress", "progress"]
    assert (end.WhichOneof("type"), list(end.completed.diagnostics)) == ("completed", [])
    assert simulator.held("integrations")[0]["config"]["apiKey"] != first

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
