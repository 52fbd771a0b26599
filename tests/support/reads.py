"""Data sources, ephemeral resources and functions, call by call.

    reads = Reads(transport)                                     # an InProcess; a provider that is configured
    reads.data("immuta_integration", id="1")                     # -> Answer(values, diagnostics)
    reads.ephemeral("immuta_trino_api_key", integration_id="1")
    reads.function("snowflake_host", "acme-sales")               # -> a value, or (text, argument) of an error

Each configuration is validated first, and read only if that finds no error. Diagnostics are (severity, summary, detail,
path), of both calls.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from immuta_provider.plugin.protocol import messages, msgpack
from immuta_provider.plugin.schema import Schema
from support.calls import Calls
from support.core import InProcess, Value, _full


class Read(NamedTuple):
    """What was answered (None: nothing), and what was told."""

    value: Any
    told: list[tuple[Any, ...]]

    @property
    def places(self) -> list[tuple[Any, ...]]:
        """Severity, summary and path of each diagnostic."""
        return [(severity, summary, path) for severity, summary, _, path in self.told]


def refused(summary: str, detail: str, *path: str) -> Read:
    """Nothing was read, because of one error."""
    return Read(None, [("error", summary, detail, path)])


class Reads(Calls):
    def data(self, name: str, /, **config: Any) -> Read:
        """What a plan does where everything is known."""
        schema = self.provider.data_sources[name].schema
        request = {"type_name": name, "config": _message(schema, config)}
        return self._read(
            schema, request, messages.VALIDATE_DATA_RESOURCE_CONFIG, messages.READ_DATA_SOURCE, "state"
        )

    def ephemeral(self, name: str, /, **config: Any) -> Read:
        """What a plan does where everything is known; it is closed, too."""
        schema = self.provider.ephemeral_resources[name].schema
        request = {"type_name": name, "config": _message(schema, config)}
        read = self._read(
            schema,
            request,
            messages.VALIDATE_EPHEMERAL_RESOURCE_CONFIG,
            messages.OPEN_EPHEMERAL_RESOURCE,
            "result",
        )
        if read.value is not None:
            closed = self.ask(messages.CLOSE_EPHEMERAL_RESOURCE, type_name=name, private=b"")
            assert closed.diagnostics == []
        return read

    def validate_data(self, name: str, /, **config: Any) -> list[tuple[Any, ...]]:
        """What is told before anything is read; values may be unknown."""
        message = _message(self.provider.data_sources[name].schema, config)
        return _told(self.ask(messages.VALIDATE_DATA_RESOURCE_CONFIG, type_name=name, config=message).values)

    def validate_ephemeral(self, name: str, /, **config: Any) -> list[tuple[Any, ...]]:
        message = _message(self.provider.ephemeral_resources[name].schema, config)
        return _told(
            self.ask(messages.VALIDATE_EPHEMERAL_RESOURCE_CONFIG, type_name=name, config=message).values
        )

    def function(self, name: str, *arguments: Any) -> Any:
        function = self.provider.functions[name]
        given = [
            {"msgpack": msgpack.encoder(parameter.type)(argument)}
            for parameter, argument in zip(function.parameters, arguments, strict=True)
        ]
        answer = self.ask(messages.CALL_FUNCTION, name=name, arguments=given).values
        if answer["error"] is not None:
            return answer["error"]["text"], answer["error"]["function_argument"]
        return msgpack.decoder(function.returns)(answer["result"]["msgpack"])

    def _read(
        self, schema: Schema, request: Any, validate: messages.Rpc, read: messages.Rpc, field: str
    ) -> Read:
        told = _told(self.ask(validate, **request).values)
        if any(one[0] == "error" for one in told):
            return Read(None, told)
        answer = self.ask(read, **request).values
        told += _told(answer)
        if answer[field] is None:
            return Read(None, told)
        return Read(msgpack.decoder(schema.object_type)(answer[field]["msgpack"]), told)


def sent(transport: InProcess, operation: str) -> list[Any]:
    """The bodies of an operation's requests so far."""
    return [r["body"] for r in transport.control.requests(operation)["requests"]]


def _message(schema: Schema, config: Value) -> dict[str, bytes]:
    return {"msgpack": msgpack.encoder(schema.object_type)(_full(schema.attributes, config))}


def _told(answer: Any) -> list[tuple[Any, ...]]:
    found = []
    for one in answer["diagnostics"]:
        steps = (one["attribute"] or {}).get("steps", ())
        path = tuple(next(v for v in step.values() if v is not None) for step in steps)
        found.append(("error" if one["severity"] == 1 else "warning", one["summary"], one["detail"], path))
    return found
