from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import grpc
import pytest
from grpc_tools import protoc
from immuta_provider.plugin.protocol.service import Service
from support.toy_provider import ToyProvider

Call = Callable[..., Any]

PROTO = Path(__file__).parent / "proto"


def _load(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def pb(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """google.protobuf's classes of the protocol's messages."""
    out = tmp_path_factory.mktemp("pb")
    includes = Path(protoc.__file__).parent / "_proto"
    arguments = ["protoc", f"-I{PROTO}", f"-I{includes}", f"--python_out={out}", "tfplugin6.proto"]
    assert protoc.main(arguments) == 0
    return _load("tfplugin6_pb2", out / "tfplugin6_pb2.py")


@pytest.fixture
def provider() -> ToyProvider:
    return ToyProvider()


@pytest.fixture
def service(provider: ToyProvider) -> Service:
    return Service(provider)


class _Behind(grpc.GenericRpcHandler):  # type: ignore[misc]
    """Serves a service's handlers and streams by grpcio, without decoding messages."""

    def __init__(self, service: Service) -> None:
        self._handlers = service.handlers
        self._streams = service.streams

    def service(self, details: Any) -> Any:
        handler = self._handlers.get(details.method)
        if handler is not None:
            return grpc.unary_unary_rpc_method_handler(lambda data, context: handler(data))
        streamer = self._streams.get(details.method)
        if streamer is not None:
            return grpc.unary_stream_rpc_method_handler(lambda data, context: streamer(data))
        return None


@pytest.fixture
def channel(service: Service) -> Iterator[grpc.Channel]:
    """A real gRPC client's connection to the provider."""
    server = grpc.server(ThreadPoolExecutor(4), handlers=(_Behind(service),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield channel
    server.stop(None).wait()


@pytest.fixture
def call(pb: ModuleType, channel: grpc.Channel) -> Call:
    """Calls the provider: `call("ReadResource", type_name=...)` returns the response message."""

    def run(name: str, /, **fields: Any) -> Any:
        kinds = getattr(pb, name)
        stub = channel.unary_unary(
            f"/tfplugin6.Provider/{name}",
            request_serializer=kinds.Request.SerializeToString,
            response_deserializer=kinds.Response.FromString,
        )
        return stub(kinds.Request(**fields), timeout=20)

    return run


@pytest.fixture
def stream(pb: ModuleType, channel: grpc.Channel) -> Call:
    """Calls the provider: `stream("ListResource", type_name=...)` yields the events."""

    def run(name: str, /, **fields: Any) -> Any:
        kinds = getattr(pb, name)
        stub = channel.unary_stream(
            f"/tfplugin6.Provider/{name}",
            request_serializer=kinds.Request.SerializeToString,
            response_deserializer=kinds.Event.FromString,
        )
        return stub(kinds.Request(**fields), timeout=20)

    return run
