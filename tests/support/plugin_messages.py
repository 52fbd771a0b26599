"""Calls of a service of the plugin protocol with google.protobuf's messages, and the messages that many tests need.

answer = ask(pb, Service(ToyProvider()), "ReadDataSource", type_name="toy_thing", config=dynamic({"name": "n"}))
assert problems(answer) == [error("not found")]
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from google.protobuf.message import Message
from immuta_provider.plugin.protocol.service import Service
from support.terraform_values import pack


def ask(pb: ModuleType, service: Service, name: str, /, **fields: Any) -> Any:
    """The response message, or an iterator of the event messages of a stream."""
    kinds, path = getattr(pb, name), f"/tfplugin6.Provider/{name}"
    request = kinds.Request(**fields).SerializeToString()
    if path in service.streams:
        return map(kinds.Event.FromString, service.streams[path](request))
    return kinds.Response.FromString(service.handlers[path](request))


def dynamic(value: Any) -> dict[str, bytes]:
    """A `DynamicValue`."""
    return {"msgpack": pack(value)}


def stored(value: Any) -> dict[str, bytes]:
    """A `RawState`."""
    return {"json": json.dumps(value).encode()}


def error(summary: str, detail: str = "", *steps: str) -> dict[str, Any]:
    """A `Diagnostic` at a path of attributes."""
    path = {"attribute": {"steps": [{"attribute_name": step} for step in steps]}} if steps else {}
    return {"severity": "ERROR", "summary": summary, "detail": detail, **path}


def warning(summary: str, detail: str = "", *steps: str) -> dict[str, Any]:
    return {**error(summary, detail, *steps), "severity": "WARNING"}


def problems(answer: Message | Iterator[Message]) -> list[Any]:
    """The diagnostics of a response or of all events, wherever its message has them."""
    if not isinstance(answer, Message):
        return [each for event in answer for each in problems(event)]
    message: Any = answer.completed if hasattr(answer, "completed") else answer
    return list(message.diagnostic if hasattr(message, "diagnostic") else message.diagnostics)


def summaries(answer: Message | Iterator[Message]) -> list[str]:
    return [each.summary for each in problems(answer)]
