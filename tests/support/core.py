"""Terraform's side of a resource's life, in a few lines: for tests that need hundreds of applies in seconds.

`Core` calls the provider's handlers, message for message, in the order in which Terraform does (a new provider process
for the plan and for the apply, the resource planned again before it is applied), and holds the provider to what Terraform
holds it to: a plan that keeps the configuration, a state that keeps the plan, nothing unknown in a state, no write-only
value anywhere. What it leaves out: expressions, dependencies, several resources at once. The real Terraform has tests of
its own; these are for the many cases in which the world misbehaves.
"""

from __future__ import annotations

import asyncio
import functools
import json
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from immuta_provider.api.http.errors import ConnectError, RequestTimeout, Stopped
from immuta_provider.api.http.exchange import Request, Response
from immuta_provider.plugin.protocol import messages, msgpack
from immuta_provider.plugin.protocol.service import Service
from immuta_provider.plugin.schema import Attribute, Schema
from immuta_provider.plugin.values import UNKNOWN, Unknown, contains_unknown
from immuta_provider.provider import ImmutaProvider
from immuta_simulator.app import create_app
from immuta_simulator.connection import ConnectionDropped
from immuta_simulator.control import Control
from support.fake_clock import FakeClock

Value = dict[str, Any]
ENVIRONMENT = {"IMMUTA_HOST": "https://immuta.example", "IMMUTA_API_KEY": "simulator-api-key"}


class Diagnostic(NamedTuple):
    severity: str
    summary: str
    detail: str
    path: tuple[Any, ...]


class Instance:
    """The state of one resource."""

    def __init__(self, state: Value, private: bytes, tainted: bool = False) -> None:
        self.state = state
        self.private = private
        self.tainted = tainted

    def __repr__(self) -> str:
        return f"Instance({self.state!r}, tainted={self.tainted})"


class Applied:
    """The outcome of one `terraform apply`: the planned action and the diagnostics.

    `announced` are the reasons for a planned update that its values do not show, from the last plan. They are not among the
    diagnostics, since Terraform plans twice for each apply.
    """

    def __init__(self) -> None:
        self.action = "none"
        self.diagnostics: list[Diagnostic] = []
        self.announced: list[str] = []

    @property
    def errors(self) -> list[str]:
        return [d.summary for d in self.diagnostics if d.severity == "error"]

    @property
    def warnings(self) -> list[str]:
        return [d.summary for d in self.diagnostics if d.severity == "warning"]

    @property
    def outcome(self) -> tuple[str, list[Diagnostic]]:
        """The action with every diagnostic, to be compared at once."""
        return self.action, self.diagnostics

    @property
    def texts(self) -> list[tuple[str, str]]:
        """The summary and the detail of each diagnostic."""
        return [(d.summary, d.detail) for d in self.diagnostics]


class Refusal:
    """Connections that are refused before they are made: for the `call`-th request of an operation and the next `times`
    (None: for good)."""

    def __init__(self, operation: str, call: int = 1, times: int | None = 1) -> None:
        self.operation = operation
        self.call = call
        self.times = times
        self.seen = 0

    def hits(self, operation: str) -> bool:
        if operation != self.operation:
            return False
        self.seen += 1
        return self.seen >= self.call and (self.times is None or self.seen < self.call + self.times)


class InProcess:
    """The client's transport, straight into the simulator's application.

    `refusals` are faults that no server could make; `before` is called ahead of each request with its operation, for what
    somebody else does meanwhile, and `after` with each answer, which it may replace. One request at a time; `order` are the
    operations. While it is `planning_creation`, nothing is answered: the one list of such a plan has tests of its
    own, and the faults of other tests are not meant for it.
    """

    def __init__(self, control: Control) -> None:
        self.control = control
        self.clock = FakeClock()
        self._loop = asyncio.new_event_loop()
        self._lock = threading.Lock()
        self._slept = 0.0
        self._app = create_app(control=control, sleep=self._sleep)
        self.refusals: list[Refusal] = []
        self.before: Callable[[str], None] | None = None
        self.after: Callable[[str, Response], Response] | None = None
        self.order: list[str] = []
        self.planning_creation = False

    def send(self, request: Request) -> Response:
        if self.planning_creation:
            raise Stopped("Interrupted", "the plan of a create is not answered.")
        operation = self.control.claim(request.method, urlsplit(request.url).path)[1].operation
        with self._lock:
            self.order.append(operation)
            if self.before is not None:
                self.before(operation)
            if any(refusal.hits(operation) for refusal in self.refusals):
                raise ConnectError(
                    "Immuta could not be reached", "refused.", kind="refused", maybe_sent=False
                )
            self._slept = 0.0
            response = self._loop.run_until_complete(self._ask(request))
            slept = self._slept
        if slept >= request.timeout:
            self.clock.advance(request.timeout)
            raise RequestTimeout("Immuta did not answer in time", "the request timed out.", maybe_sent=True)
        self.clock.advance(slept)
        return response if self.after is None else self.after(operation, response)

    def fault(
        self, action: str | Mapping[str, Any], *, call: int = 1, times: int | None = 1, **match: str
    ) -> None:
        """Switches a fault of the simulator on, as the test kit's `Immuta.fault` does."""
        self.control.add_fault({"action": action, "call": call, "times": times, "match": match})

    def counts(self) -> dict[str, int]:
        """The number of requests of each operation."""
        counts: dict[str, int] = self.control.requests()["counts"]
        return counts

    def requests(self, operation: str | None = None) -> list[dict[str, Any]]:
        """The requests, also of one operation, oldest first."""
        requests: list[dict[str, Any]] = self.control.requests(operation)["requests"]
        return requests

    def paths(self) -> list[str]:
        """The path of each request, oldest first."""
        return [request["path"] for request in self.requests()]

    def reset(self) -> None:
        """Resets itself and the simulator, but not the time."""
        self.control.reset()
        self.refusals, self.before, self.after, self.order = [], None, None, []

    def close(self) -> None:
        # A read that a stop has left alone may still be under way.
        with self._lock:
            self._loop.close()
        self.control.close()

    async def _sleep(self, seconds: float) -> None:
        self._slept += seconds

    async def _ask(self, request: Request) -> Response:
        parts = urlsplit(request.url)
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": parts.scheme,
            "path": unquote(parts.path),
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "root_path": "",
            "headers": [(k.lower().encode(), v.encode()) for k, v in request.headers.items()],
            "client": ("127.0.0.1", 1),
            "server": (parts.hostname, 443),
        }
        sent: list[Any] = []
        body = [{"type": "http.request", "body": request.body or b"", "more_body": False}]

        async def receive() -> Any:
            return body.pop() if body else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        try:
            await self._app(scope, receive, send)
        except ConnectionDropped:
            raise ConnectError(
                "The connection to Immuta broke", "reset.", kind="broken", maybe_sent=True
            ) from None
        start = next(m for m in sent if m["type"] == "http.response.start")
        return Response(
            start["status"],
            {k.decode(): v.decode() for k, v in start["headers"]},
            b"".join(m.get("body", b"") for m in sent if m["type"] == "http.response.body"),
        )


# A type is equal to others of its shape, and its hash costs as much as what it is kept for: the schema is the key.
@functools.cache
def _encoder(schema: Schema) -> Callable[[Any], bytes]:
    return msgpack.encoder(schema.object_type)


@functools.cache
def _decoder(schema: Schema) -> Callable[[bytes], Any]:
    return msgpack.decoder(schema.object_type)


class Core:
    """One resource of one type, its state, and the world that it lives in."""

    def __init__(
        self,
        resource: str,
        *,
        transport: InProcess | None = None,
        environment: Mapping[str, str] | None = None,
        provider_config: Value | None = None,
    ) -> None:
        self.resource = resource
        self.transport = transport or InProcess(Control())
        self.control, self.clock = self.transport.control, self.transport.clock
        self.environment = {**ENVIRONMENT, **(environment or {})}
        self.provider_config = provider_config or {}
        self.instance: Instance | None = None
        self.schema: Schema = self.start().provider.resources[resource].schema

    def start(self) -> Process:
        provider = ImmutaProvider(self.environment, transport=self.transport, clock=self.clock)
        self.process = Process(provider, self.resource, self.provider_config)
        """The latest one."""
        return self.process

    @property
    def state(self) -> Value:
        """The state of the resource, which has to have one."""
        assert self.instance is not None
        return self.instance.state

    def configured_process(self) -> Process:
        """A provider process that is configured, for what several resources share in one run."""
        process = self.start()
        assert not process.configure([])
        return process

    def assert_settled(self, config: Value, **options: Any) -> None:
        """Nothing is left to do for a configuration, with a refresh and without."""
        for refresh in (True, False):
            assert self.apply(config, refresh=refresh, **options).outcome == ("none", [])

    def close(self) -> None:
        self.transport.close()

    def apply(
        self,
        config: Value | None,
        *,
        refresh: bool = True,
        after_plan: Any = None,
        at_plan: Value | None = None,
        ignored: Collection[str] = (),
    ) -> Applied:
        """`terraform apply`: validate, refresh, plan, apply. None destroys. `after_plan` runs between plan and apply;
        `at_plan` is the configuration as the plan sees it, with what is unknown until the apply; `ignored` are the attributes
        under `ignore_changes`."""
        applied = Applied()
        planned = self.plan(at_plan or config, applied, refresh=refresh, ignored=ignored)
        if applied.errors or applied.action == "none":
            return applied
        if after_plan is not None:
            after_plan()
        process = self.start()
        if process.configure(applied.diagnostics):
            return applied
        full = None if config is None else self.full(config)
        if applied.action in ("delete", "replace"):
            assert self.instance is not None
            self._apply(process, applied, self.instance.state, None, None, self.instance.private)
            if applied.errors or self.instance is not None:
                return applied
        if full is not None:
            prior, private = self._prior()
            again, kept, replaces = self._plan(process, applied, prior, full, private, ignored)
            if applied.errors:
                return applied
            assert planned is not None
            assert again is not None
            assert not replaces, "an update that was planned became a replacement"
            _check_applied(self.schema.attributes, planned, again, ())
            if prior is not None and again == prior:
                return applied
            self._apply(process, applied, prior, again, full, kept)
        return applied

    def plan(
        self,
        config: Value | None,
        applied: Applied | None = None,
        *,
        refresh: bool = True,
        ignored: Collection[str] = (),
    ) -> Value | None:
        """`terraform plan`; the action is in `applied`."""
        applied = applied or Applied()
        process = self.start()
        if process.configure(applied.diagnostics):
            return None
        if refresh and self.instance is not None:
            self._refresh(process, applied)
        if applied.errors:
            return None
        if config is None:
            applied.action = "none" if self.instance is None else "delete"
            if self.instance is not None:
                process.plan(self.instance.state, None, None, self.instance.private, applied.diagnostics)
            return None
        full = self.full(config)
        prior, private = self._prior()
        planned, _, replaces = self._plan(process, applied, prior, full, private, ignored)
        if applied.errors:
            return None
        if self.instance is None:
            applied.action = "create"
        elif replaces or self.instance.tainted:
            applied.action = "replace"
            planned, _, _ = self._plan(process, applied, None, full, b"")
        else:
            applied.action = "none" if planned == prior else "update"
        return planned

    def refresh(self) -> Applied:
        """`terraform refresh`."""
        applied = Applied()
        process = self.start()
        if not process.configure(applied.diagnostics) and self.instance is not None:
            self._refresh(process, applied)
        return applied

    def import_(self, id: str) -> Applied:
        """`terraform import`: the imported object is read, and must exist."""
        applied = Applied()
        process = self.start()
        if process.configure(applied.diagnostics):
            return applied
        state, private = process.import_(id, applied.diagnostics)
        if state is not None:
            self.instance = Instance(state, private)
            self._refresh(process, applied)
            if applied.errors:
                self.instance = None
        return applied

    def full(self, config: Value) -> Value:
        """Every attribute present, at every depth, as Terraform hands a configuration over."""
        full: Value = _full(self.schema.attributes, config)
        return full

    def _prior(self) -> tuple[Value | None, bytes]:
        return (self.instance.state, self.instance.private) if self.instance is not None else (None, b"")

    def _refresh(self, process: Process, applied: Applied) -> None:
        assert self.instance is not None
        stored = process.upgrade(self.instance.state, applied.diagnostics)
        if stored is None or applied.errors:
            return
        state, private = process.read(stored, self.instance.private, applied.diagnostics)
        if applied.errors:
            return
        _check_stored(self.schema, state)
        self.instance = Instance(state, private, self.instance.tainted) if state is not None else None

    def _plan(
        self,
        process: Process,
        applied: Applied,
        prior: Value | None,
        config: Value,
        private: bytes,
        ignored: Collection[str] = (),
    ) -> tuple[Value, bytes, bool]:
        if process.validate(config, applied.diagnostics):
            return config, private, False
        if prior is not None:
            config = {**config, **{name: prior[name] for name in ignored}}
        proposed = _proposed(self.schema.attributes, config, prior)
        diagnostics: list[Diagnostic] = []
        self.transport.planning_creation = prior is None
        try:
            planned, kept, replaces = process.plan(prior, proposed, config, private, diagnostics)
        finally:
            self.transport.planning_creation = False
        announcements = [
            d for d in diagnostics if d.severity == "warning" and d.summary.startswith("An update sends ")
        ]
        applied.announced = [line for d in announcements for line in d.detail.splitlines()]
        applied.diagnostics += [d for d in diagnostics if d not in announcements]
        if not applied.errors:
            _check_planned(self.schema.attributes, config, prior, planned, ())
        return planned, kept, replaces

    def _apply(
        self,
        process: Process,
        applied: Applied,
        prior: Value | None,
        planned: Value | None,
        config: Value | None,
        private: bytes,
    ) -> None:
        before = len(applied.errors)
        state, kept = process.apply(prior, planned, config, private, applied.diagnostics)
        failed = len(applied.errors) > before
        _check_stored(self.schema, state)
        if state is None:
            assert failed or planned is None, "a create without an error stored nothing"
            self.instance = None
            return
        if not failed:
            assert planned is not None, "a destroy without an error left a state"
            _check_applied(self.schema.attributes, planned, state, ())
        tainted = (failed and prior is None) or (self.instance is not None and self.instance.tainted)
        self.instance = Instance(state, kept, tainted)


class Process:
    """One provider process: requests made, answers read."""

    def __init__(self, provider: ImmutaProvider, resource: str, provider_config: Value) -> None:
        self.provider = provider
        self.resource = resource
        self.handlers = Service(provider).handlers
        self.schema: Schema = provider.resources[resource].schema
        self._provider_config = provider_config

    def configure(self, diagnostics: list[Diagnostic]) -> bool:
        """True if it failed."""
        config = encoded(self.provider.schema, self._provider_config)
        request = {"terraform_version": "1.11.4", "config": config}
        return self._fails(messages.CONFIGURE_PROVIDER, request, diagnostics)

    def validate(self, config: Value, diagnostics: list[Diagnostic]) -> bool:
        """True if it failed."""
        request = {
            "type_name": self.resource,
            "config": _dynamic(self.schema, config),
            "client_capabilities": {"write_only_attributes_allowed": True},
        }
        return self._fails(messages.VALIDATE_RESOURCE_CONFIG, request, diagnostics)

    def _fails(self, rpc: messages.Rpc, request: Mapping[str, Any], diagnostics: list[Diagnostic]) -> bool:
        before = len(diagnostics)
        self.call(rpc, request, diagnostics)
        return any(each.severity == "error" for each in diagnostics[before:])

    def upgrade(self, state: Value, diagnostics: list[Diagnostic]) -> Value | None:
        request = {
            "type_name": self.resource,
            "version": 0,
            "raw_state": {"json": json.dumps(state).encode()},
        }
        answer = self.call(messages.UPGRADE_RESOURCE_STATE, request, diagnostics)
        upgraded: Value | None = decoded(self.schema, answer["upgraded_state"])
        return upgraded

    def read(self, state: Value, private: bytes, diagnostics: list[Diagnostic]) -> tuple[Value | None, bytes]:
        request = {
            "type_name": self.resource,
            "current_state": _dynamic(self.schema, state),
            "private": private,
        }
        answer = self.call(messages.READ_RESOURCE, request, diagnostics)
        return decoded(self.schema, answer["new_state"]), answer["private"]

    def plan(
        self,
        prior: Value | None,
        proposed: Value | None,
        config: Value | None,
        private: bytes,
        diagnostics: list[Diagnostic],
    ) -> tuple[Any, bytes, bool]:
        request = {
            "type_name": self.resource,
            "prior_state": _dynamic(self.schema, prior),
            "proposed_new_state": _dynamic(self.schema, proposed),
            "config": _dynamic(self.schema, config),
            "prior_private": private,
        }
        answer = self.call(messages.PLAN_RESOURCE_CHANGE, request, diagnostics)
        return (
            decoded(self.schema, answer["planned_state"]),
            answer["planned_private"],
            bool(answer["requires_replace"]),
        )

    def apply(
        self,
        prior: Value | None,
        planned: Value | None,
        config: Value | None,
        private: bytes,
        diagnostics: list[Diagnostic],
    ) -> tuple[Value | None, bytes]:
        request = {
            "type_name": self.resource,
            "prior_state": _dynamic(self.schema, prior),
            "planned_state": _dynamic(self.schema, planned),
            "config": _dynamic(self.schema, config),
            "planned_private": private,
        }
        answer = self.call(messages.APPLY_RESOURCE_CHANGE, request, diagnostics)
        return decoded(self.schema, answer["new_state"]), answer["private"]

    def import_(self, id: str, diagnostics: list[Diagnostic]) -> tuple[Value | None, bytes]:
        answer = self.call(
            messages.IMPORT_RESOURCE_STATE, {"type_name": self.resource, "id": id}, diagnostics
        )
        for imported in answer["imported_resources"]:
            return decoded(self.schema, imported["state"]), imported["private"]
        return None, b""

    def call(self, rpc: messages.Rpc, request: Mapping[str, Any], diagnostics: list[Diagnostic]) -> Any:
        answer = rpc.response.decode(self.handlers[rpc.path](rpc.request.encode(request)))
        diagnostics += diagnostics_in(answer["diagnostics"])
        return answer


def diagnostics_in(decoded: Iterable[Any]) -> list[Diagnostic]:
    """The diagnostics of a decoded answer."""
    found = []
    for each in decoded:
        steps = (each["attribute"] or {}).get("steps", ())
        path = tuple(next(v for v in step.values() if v is not None) for step in steps)
        severity = "error" if each["severity"] == 1 else "warning"
        found.append(Diagnostic(severity, each["summary"], each["detail"], path))
    return found


def decoded(schema: Schema, dynamic: Any) -> Any:
    return None if dynamic is None or not dynamic["msgpack"] else _decoder(schema)(dynamic["msgpack"])


def _dynamic(schema: Schema, value: Value | None) -> dict[str, bytes]:
    return {"msgpack": _encoder(schema)(value)}


def encoded(schema: Schema, config: Value | None) -> dict[str, bytes]:
    """A configuration with every attribute present, as Terraform passes it."""
    return _dynamic(schema, _full(schema.attributes, config))


def _full(attributes: tuple[Attribute, ...], value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    assert value.keys() <= {a.name for a in attributes}, value.keys() - {a.name for a in attributes}
    return {a.name: _full_attribute(a, value.get(a.name)) for a in attributes}


def _full_attribute(attribute: Attribute, value: Any) -> Any:
    nested = attribute.nested
    if nested is None or value is None or isinstance(value, Unknown):
        return value
    if nested.nesting == "map":
        return {key: _full(nested.attributes, each) for key, each in value.items()}
    if isinstance(value, list):
        return [_full(nested.attributes, each) for each in value]
    return _full(nested.attributes, value)


def _proposed(attributes: tuple[Attribute, ...], config: Value, prior: Value | None) -> Value:
    """Terraform's own proposal: the configuration, with the prior values of computed attributes that it leaves out."""
    before = prior or {}
    return {
        a.name: before.get(a.name) if a.computed and config[a.name] is None else config[a.name]
        for a in attributes
    }


def _check_planned(
    attributes: tuple[Attribute, ...], config: Any, prior: Any, planned: Any, path: tuple[Any, ...]
) -> None:
    """Terraform refuses a plan that is neither what was configured nor what was there before."""
    if not isinstance(planned, dict):
        return
    for a in attributes:
        where = (*path, a.name)
        configured, was = config[a.name], (prior or {}).get(a.name)
        made = planned[a.name]
        if a.write_only:
            assert made is None, f"{where} is write-only"
        elif configured is None:
            assert a.computed or made is None, f"{where} was not configured and is planned as {made!r}"
        elif a.nested is not None and a.nested.nesting == "single" and isinstance(configured, dict):
            _check_planned(a.nested.attributes, configured, was, made, where)
        elif a.nested is None and not isinstance(configured, Unknown):
            assert made in (configured, was), (
                f"{where} was configured as {configured!r} and is planned as {made!r}"
            )


def _check_applied(
    attributes: tuple[Attribute, ...], planned: Any, state: Any, path: tuple[Any, ...]
) -> None:
    """Terraform refuses a state in which a planned value changed."""
    for a in attributes:
        before, after, where = planned[a.name], state[a.name], (*path, a.name)
        if isinstance(before, Unknown):
            continue
        if (
            a.nested is not None
            and isinstance(before, dict)
            and isinstance(after, dict)
            and contains_unknown(before)
        ):
            _check_applied(a.nested.attributes, before, after, where)
        elif not contains_unknown(before):
            assert before == after, f"{where} was planned as {before!r} and became {after!r}"


def _check_stored(schema: Schema, state: Any) -> None:
    if state is None:
        return
    assert not contains_unknown(state), "a state holds an unknown value"
    _check_no_secret(schema.attributes, state)


def _check_no_secret(attributes: tuple[Attribute, ...], value: Any) -> None:
    for each in value if isinstance(value, list) else [value]:
        if not isinstance(each, dict):
            continue
        for a in attributes:
            if a.write_only:
                assert each[a.name] is None, f"{a.name} is in the state"
            elif a.nested is not None:
                _check_no_secret(a.nested.attributes, each[a.name])


__all__ = ["UNKNOWN", "Applied", "Core", "Diagnostic", "InProcess", "Instance", "Refusal", "Value"]
