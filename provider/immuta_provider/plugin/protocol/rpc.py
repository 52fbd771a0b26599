"""Handles one RPC, from the request message to the response message or to a stream of messages.

An exception in a handler becomes a diagnostic. It is sent with the fields that Terraform needs in order to lose no state.
"""

from __future__ import annotations

import time

from .. import log
from ..diagnostics import Diagnostics
from ..refusal import Refusal
from . import encoding
from .failures import describe, places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from ..schema import Schema
    from .messages import Rpc

    Fields = dict[str, Any]
    Body = Callable[[Fields, Diagnostics], Mapping[str, Any]]
    Events = Callable[[Fields, Diagnostics], Iterator[Mapping[str, Any]]]
    Fallback = Callable[[Fields], Mapping[str, Any]]
    SchemaOf = Callable[[str], Schema | None]


class _Handler:
    """The common parts of all RPCs. `schema_of` finds, by the request's type name, the schema for a diagnostic's path.
    (None = paths are not shown.) A diagnostic of a failure names a line in one of `packages`."""

    __slots__ = ("_packages", "_rpc", "_schema_of")

    def __init__(self, rpc: Rpc, packages: tuple[str, ...], schema_of: SchemaOf | None) -> None:
        self._rpc = rpc
        self._packages = packages
        self._schema_of = schema_of

    def _report(self, request: Fields, error: BaseException, diagnostics: Diagnostics) -> None:
        if isinstance(error, Refusal):
            diagnostics.error(error.summary, error.detail)
        else:
            report(self._rpc, request, error, diagnostics, self._packages)

    def _trace(self, request: Fields, started: float, diagnostics: int) -> None:
        if log.enabled(log.TRACE):
            log.trace(
                "answered",
                rpc=self._rpc.name,
                type=_type_name(request),
                milliseconds=round((time.perf_counter() - started) * 1e3, 3),
                diagnostics=diagnostics,
            )

    def _encode_diagnostics(self, request: Fields, diagnostics: Diagnostics) -> bytes:
        rpc = self._rpc
        try:
            schema = self._schema_of(_type_name(request)) if self._schema_of is not None else None
            encoded = [encoding.diagnostic(each, schema) for each in diagnostics]
            return rpc.response.encode(_diagnostics_field(rpc, encoded))
        except BaseException as error:
            failure = Diagnostics()
            self._report(request, error, failure)
            encoded = [encoding.diagnostic(each, None) for each in failure]
            return rpc.response.encode(_diagnostics_field(rpc, encoded))


class UnaryRpc(_Handler):
    """An RPC with one response. `body` makes its fields, and `fallback` makes them if `body` failed."""

    __slots__ = ("_body", "_fallback")

    def __init__(
        self,
        rpc: Rpc,
        body: Body,
        packages: tuple[str, ...],
        schema_of: SchemaOf | None = None,
        fallback: Fallback | None = None,
    ) -> None:
        super().__init__(rpc, packages, schema_of)
        self._body = body
        self._fallback = fallback

    def __call__(self, data: bytes) -> bytes:
        started = time.perf_counter()
        diagnostics = Diagnostics()
        request: Fields = {}
        try:
            request = self._rpc.request.decode(data)
            answer = self._rpc.response.encode(self._body(request, diagnostics))
        # No exception may lose the state, not even SystemExit or KeyboardInterrupt from a provider's code.
        except BaseException as error:
            self._report(request, error, diagnostics)
            # A request that could not be decoded has nothing to return.
            fields = self._fallback(request) if self._fallback is not None and request else {}
            answer = self._rpc.response.encode(fields)
        self._trace(request, started, len(diagnostics))
        if not diagnostics:
            return answer
        # Protobuf merges concatenated messages, so a failure to encode the diagnostics cannot lose the answer.
        return answer + self._encode_diagnostics(request, diagnostics)


class StreamRpc(_Handler):
    """An RPC with a stream of responses. `body` yields the fields of each event. Diagnostics are sent with the next
    event, or alone at the end. An error ends the stream."""

    __slots__ = ("_body",)

    def __init__(
        self, rpc: Rpc, body: Events, packages: tuple[str, ...], schema_of: SchemaOf | None = None
    ) -> None:
        super().__init__(rpc, packages, schema_of)
        self._body = body

    def __call__(self, data: bytes) -> Iterator[bytes]:
        started = time.perf_counter()
        diagnostics = Diagnostics()
        request: Fields = {}
        sent = 0
        try:
            request = self._rpc.request.decode(data)
            for fields in self._body(request, diagnostics):
                event = self._rpc.response.encode(fields)
                if diagnostics:
                    if diagnostics.has_error:
                        break
                    event += self._encode_diagnostics(request, diagnostics)
                    sent += len(diagnostics)
                    diagnostics.clear()
                yield event
        except GeneratorExit:
            # The client has gone.
            raise
        except BaseException as error:
            self._report(request, error, diagnostics)
        self._trace(request, started, sent + len(diagnostics))
        if diagnostics or "completed" in self._rpc.response:
            yield self._encode_diagnostics(request, diagnostics)


def report(
    rpc: Rpc, request: Fields, error: BaseException, diagnostics: Diagnostics, packages: tuple[str, ...]
) -> None:
    """Reports a failure of the provider to the user and the log."""
    what = _WHAT.get(rpc.name, rpc.name).format(_type_name(request) or "a resource")
    description = describe(error, packages)
    log.error("a call failed", rpc=rpc.name, error=description, frames=" > ".join(places(error)))
    cause = _NO_MEMORY if isinstance(error, MemoryError) else _MISTAKE
    diagnostics.error(
        f"The provider failed on {what}", f"{description}\n\n{cause}{_EFFECTS.get(rpc.name, '')}"
    )


def _type_name(request: Fields) -> str:
    for field in ("type_name", "target_type_name", "action_type", "name"):
        name = request.get(field)
        if isinstance(name, str) and name:
            return name
    return ""


def _diagnostics_field(rpc: Rpc, diagnostics: list[Fields]) -> Fields:
    """The diagnostics in the field that the response of this RPC has for them."""
    for field in ("diagnostics", "diagnostic"):
        if field in rpc.response:
            return {field: diagnostics}
    if "completed" in rpc.response:
        return {"completed": {"diagnostics": diagnostics}}
    text = "\n\n".join(f"{each['summary']}: {each['detail']}" for each in diagnostics)
    return {"error": {"text": text}} if "error" in rpc.response else {"Error": text}


_WHAT = {
    "GetMetadata": "the list of its types",
    "GetProviderSchema": "its schemas",
    "GetResourceIdentitySchemas": "its identity schemas",
    "GetFunctions": "the list of its functions",
    "ValidateProviderConfig": "the check of its provider block",
    "ConfigureProvider": "its configuration",
    "StopProvider": "stopping",
    "ValidateResourceConfig": "the check of {}",
    "UpgradeResourceState": "the stored state of {}",
    "UpgradeResourceIdentity": "the stored identity of {}",
    "ReadResource": "the read of {}",
    "PlanResourceChange": "the plan of {}",
    "ApplyResourceChange": "the apply of {}",
    "ImportResourceState": "the import of {}",
    "MoveResourceState": "the move of {}",
    "ValidateDataResourceConfig": "the check of the data source {}",
    "ReadDataSource": "the read of the data source {}",
    "ValidateEphemeralResourceConfig": "the check of the ephemeral resource {}",
    "OpenEphemeralResource": "the opening of the ephemeral resource {}",
    "RenewEphemeralResource": "the renewal of the ephemeral resource {}",
    "CloseEphemeralResource": "the closing of the ephemeral resource {}",
    "CallFunction": "the function {}",
    "ValidateListResourceConfig": "the check of the list of {}",
    "ListResource": "the list of {}",
    "ValidateActionConfig": "the check of the action {}",
    "PlanAction": "the plan of the action {}",
    "InvokeAction": "the action {}",
}

_MISTAKE = (
    "This is a bug in the provider, not an error in your configuration. Run again with TF_LOG=DEBUG and report the line above "
    "with the log."
)
_NO_MEMORY = (
    "The provider has no memory left. Raise the limit of the shell (`ulimit -v`) or of the container, or run Terraform with a "
    "smaller `-parallelism`."
)
# The effect of a failed RPC on the resource.
_EFFECTS = {
    "ReadResource": " The stored state is unchanged.",
    "ApplyResourceChange": " The change may have been made nevertheless. Run `terraform plan` to see the difference.",
    "InvokeAction": " The action may have been done nevertheless. Check its effect before you run it again.",
}
