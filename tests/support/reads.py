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
from support.core import InProcess, decoded, diagnostics_in, encoded


class Read(NamedTuple):
    """The answered value, or None, and the diagnostics."""

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
        """Reads as a plan does if every argument is known."""
        schema = self.provider.data_sources[name].schema
        request = {"type_name": name, "config": encoded(schema, config)}
        return self._read(
            schema, request, messages.VALIDATE_DATA_RESOURCE_CONFIG, messages.READ_DATA_SOURCE, "state"
        )

    def ephemeral(self, name: str, /, **config: Any) -> Read:
        """Opens as a plan does if every argument is known, and closes."""
        schema = self.provider.ephemeral_resources[name].schema
        request = {"type_name": name, "config": encoded(schema, config)}
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
        """The diagnostics before anything is read; values may be unknown."""
        schema = self.provider.data_sources[name].schema
        request = {"type_name": name, "config": encoded(schema, config)}
        return self._validate(messages.VALIDATE_DATA_RESOURCE_CONFIG, request)

    def validate_ephemeral(self, name: str, /, **config: Any) -> list[tuple[Any, ...]]:
        schema = self.provider.ephemeral_resources[name].schema
        request = {"type_name": name, "config": encoded(schema, config)}
        return self._validate(messages.VALIDATE_EPHEMERAL_RESOURCE_CONFIG, request)

    def _validate(self, rpc: messages.Rpc, request: Any) -> list[tuple[Any, ...]]:
        return [*diagnostics_in(self.ask(rpc, **request).values["diagnostics"])]

    def function(self, name: str, *arguments: Any) -> Any:
        function = self.provider.functions[name]
        values = [
            {"msgpack": msgpack.encoder(parameter.type)(argument)}
            for parameter, argument in zip(function.parameters, arguments, strict=True)
        ]
        answer = self.ask(messages.CALL_FUNCTION, name=name, arguments=values).values
        if answer["error"] is not None:
            return answer["error"]["text"], answer["error"]["function_argument"]
        return msgpack.decoder(function.returns)(answer["result"]["msgpack"])

    def _read(
        self, schema: Schema, request: Any, validate: messages.Rpc, read: messages.Rpc, field: str
    ) -> Read:
        diagnostics = self._validate(validate, request)
        if any(severity == "error" for severity, *_ in diagnostics):
            return Read(None, diagnostics)
        answer = self.ask(read, **request).values
        return Read(decoded(schema, answer[field]), [*diagnostics, *diagnostics_in(answer["diagnostics"])])


def sent(transport: InProcess, operation: str) -> list[Any]:
    """The bodies of an operation's requests so far."""
    return [r["body"] for r in transport.control.requests(operation)["requests"]]
