from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from grpc_tools import protoc
from immuta_provider.plugin import log
from immuta_provider.plugin.protocol.service import Service
from support.plugin_messages import ask
from support.toy_provider import ToyProvider

PROTO = Path(__file__).parent / "proto"


@pytest.fixture(scope="session")
def pb(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """google.protobuf's classes of the protocol's messages."""
    out = tmp_path_factory.mktemp("pb")
    includes = Path(protoc.__file__).parent / "_proto"
    arguments = ["protoc", f"-I{PROTO}", f"-I{includes}", f"--python_out={out}", "tfplugin6.proto"]
    assert protoc.main(arguments) == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(out)
        return importlib.import_module("tfplugin6_pb2")


@pytest.fixture
def provider() -> ToyProvider:
    return ToyProvider()


@pytest.fixture
def service(provider: ToyProvider) -> Service:
    return Service(provider)


@pytest.fixture
def call(pb: ModuleType, service: Service) -> Callable[..., Any]:
    """Calls the provider: `call("ReadResource", type_name=...)` returns the response, or yields the events of a stream."""
    return partial(ask, pb, service)


@pytest.fixture
def log_lines(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The lines of the log at the level TRACE."""
    lines: list[bytes] = []
    chatty = log.Log({"TF_LOG": "TRACE"}, lines.append)
    for name in ("trace", "debug", "info", "warn", "error", "enabled"):
        monkeypatch.setattr(log, name, getattr(chatty, name))
    return lines
