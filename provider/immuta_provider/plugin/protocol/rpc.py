"""One remote call, from message to message, or to a stream of them.

An exception never leaves a call: it becomes a diagnostic beside whatever Terraform must get back so as to lose no
state.
"""

from __future__ import annotations

import time

from .. import log
from ..diagnostics import Diagnostics
from ..refusal import Refusal
from . import encoding
from .failures import places, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from ..schema import Schema
    from .messages import Rpc

    Fields = dict[str, Any]
    Body = Callable[[Fields, Diagnostics], Mapping[str, Any]]
    Events = Callable[[Fields, Diagnostics], Iterator[Mapping[str, Any]]]
    Kept = Callable[[Fields], Mapping[str, Any]]
    SchemaOf = Callable[[str], Schema | None]


class _Handler:
    """What every call does. `schema_of` finds, by the request's type name, the schema that a diagnostic's path is
    checked against (None = no path may be shown); `packages` are those whose lines are told of a failure."""

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
            shown = [encoding.diagnostic(each, schema) for each in diagnostics]
            return rpc.response.encode(_carried(rpc, shown))
        except BaseException as error:
            saved = Diagnostics()
            self._report(request, error, saved)
            return rpc.response.encode(_carried(rpc, [encoding.diagnostic(each, None) for each in saved]))


class UnaryRpc(_Handler):
    """A call with one answer: `body` makes its fields, `kept` those that go back when it failed."""

    __slots__ = ("_body", "_kept")

    def __init__(
        self,
        rpc: Rpc,
        body: Body,
        packages: tuple[str, ...],
        schema_of: SchemaOf | None = None,
        kept: Kept | None = None,
    ) -> None:
        super().__init__(rpc, packages, schema_of)
        self._body = body
        self._kept = kept

    def __call__(self, data: bytes) -> bytes:
        started = time.perf_counter()
        diagnostics = Diagnostics()
        request: Fields = {}
        try:
            request = self._rpc.request.decode(data)
            answer = self._rpc.response.encode(self._body(request, diagnostics))
        # Even an exit or an interrupt in a provider's code must not cost the user a state.
        except BaseException as error:
            self._report(request, error, diagnostics)
            # When the request could not be read there is nothing to hand back.
            kept = self._kept(request) if self._kept is not None and request else {}
            answer = self._rpc.response.encode(kept)
        self._trace(request, started, len(diagnostics))
        if not diagnostics:
            return answer
        # A message may come in parts: whatever becomes of the diagnostics, the answer is safe.
        return answer + self._encode_diagnostics(request, diagnostics)


class StreamRpc(_Handler):
    """A call with many answers: `body` makes the fields of each event. Diagnostics go with the event that was made
    after them, or alone at the end; an error ends the stream."""

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
        told = 0
        try:
            request = self._rpc.request.decode(data)
            for fields in self._body(request, diagnostics):
                event = self._rpc.response.encode(fields)
                if diagnostics:
                    if diagnostics.has_error:
                        break
                    event += self._encode_diagnostics(request, diagnostics)
                    told += len(diagnostics)
                    diagnostics.clear()
                yield event
        except GeneratorExit:
            # The client has gone.
            raise
        except BaseException as error:
            self._report(request, error, diagnostics)
        self._trace(request, started, told + len(diagnostics))
        if diagnostics or "completed" in self._rpc.response:
            yield self._encode_diagnostics(request, diagnostics)


def report(
    rpc: Rpc, request: Fields, error: BaseException, diagnostics: Diagnostics, packages: tuple[str, ...]
) -> None:
    """Tell the user, and the log, that the provider failed."""
    what = _WHAT.get(rpc.name, rpc.name).format(_type_name(request) or "a resource")
    where = told(error, packages)
    log.error("a call failed", rpc=rpc.name, error=where, frames=" > ".join(places(error)))
    cause = _NO_MEMORY if isinstance(error, MemoryError) else _MISTAKE
    diagnostics.error(f"The provider failed on {what}", f"{where}\n\n{cause}{_AFTERWARDS.get(rpc.name, '')}")


def _type_name(request: Fields) -> str:
    for field in ("type_name", "target_type_name", "action_type", "name"):
        name = request.get(field)
        if isinstance(name, str) and name:
            return name
    return ""


def _carried(rpc: Rpc, diagnostics: list[Fields]) -> Fields:
    """Diagnostics in the response field that this call has for them."""
    for field in ("diagnostics", "diagnostic"):
        if field in rpc.response:
            return {field: diagnostics}
    if "completed" in rpc.response:
        return {"completed": {"diagnostics": diagnostics}}
    text = "\n\n".join(f"{each['summary']}: {each['detail']}" for each in diagnostics)
    return {"error": {"text": text}} if "error" in rpc.response else {"Error": text}


_WHAT = {
    "GetMetadata": "the list of what it offers",
    "GetProviderSchema": "its schemas",
    "GetResourceIdentitySchemas": "the schemas of its resources' identities",
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
    "This is a mistake in the provider, not in your configuration. Run again with TF_LOG=DEBUG and report the line above with "
    "the log."
)
_NO_MEMORY = (
    "The provider has no memory left. Give it more, where a limit of the shell (`ulimit -v`) or of a container keeps it short, "
    "or run Terraform with a smaller `-parallelism`."
)
# How things stand after a call that has failed.
_AFTERWARDS = {
    "ReadResource": " The stored state stays as it was.",
    "ApplyResourceChange": " The change may have been made all the same: run a plan to see how things stand.",
    "InvokeAction": " The action may have been done all the same: look before you run it again.",
}
