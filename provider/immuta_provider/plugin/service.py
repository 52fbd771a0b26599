"""The provider's side of the plugin protocol: one handler a remote call, from message to message.

Each handler decodes, finds, calls and encodes. An exception never leaves one: it becomes a diagnostic beside
whatever Terraform must get back so as to lose no state.
"""

from __future__ import annotations

import time

from . import encoding, jsonvalues, log, messages, msgpack, secrecy
from .diagnostics import Diagnostics
from .failures import places, told
from .msgpack import Misfit
from .paths import dotted
from .redaction import REDACTOR
from .wire import Malformed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from .messages import Rpc
    from .provider import Provider, Resource
    from .schema import Schema
    from .types import Type

    Fields = dict[str, Any]
    Body = Callable[[Fields, Diagnostics], Mapping[str, Any]]
    Kept = Callable[[Fields], Mapping[str, Any]]

_CAPABILITIES = {
    "plan_destroy": True,
    "get_provider_schema_optional": True,
    "move_resource_state": True,
}


class Refusal(Exception):
    """A call that cannot be answered, for a reason that the user can be told."""

    def __init__(self, summary: str, detail: str) -> None:
        super().__init__(summary)
        self.summary = summary
        self.detail = detail


class _Codec:
    """How the values of one schema come and go: as configured, or as planned and stored (write-only
    attributes null)."""

    __slots__ = ("configured", "schema", "stored", "to_stored")

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.configured = msgpack.decoder(schema.object_type)
        self.stored = msgpack.decoder(schema.stored_type)
        self.to_stored = msgpack.encoder(schema.stored_type)

    def config(self, message: Fields | None) -> Any:
        """A configuration; its secrets are learned before anything else happens."""
        value = _dynamic(message, self.configured, self.schema.object_type)
        secrecy.teach(self.schema, value, REDACTOR.learn)
        return value

    def state(self, message: Fields | None) -> Any:
        """A prior, proposed, planned or current state."""
        value = _dynamic(message, self.stored, self.schema.stored_type)
        secrecy.teach(self.schema, value, REDACTOR.learn)
        return value

    def encode(self, state: Any) -> Fields:
        return {"msgpack": self.to_stored(state)}

    def encode_what_fits(self, state: Any) -> Fields:
        """The state with null for each attribute whose value is not of its type: better than to lose the
        whole."""
        fitting = {}
        for attribute in self.schema.attributes:
            try:
                msgpack.encoder(attribute.stored_type)(state[attribute.name])
                fitting[attribute.name] = state[attribute.name]
            except (Misfit, KeyError):
                pass
        return self.encode(fitting)


class Service:
    """A provider as handlers by the path of their call.

    `handlers` answer one message with one; `streams` answer one message with many. Both may be called from
    any thread.
    """

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._codecs: dict[str, _Codec] = {}
        self._provider_codec: _Codec | None = None
        self._schemas: bytes | None = None
        self._packages = tuple({__name__.split(".", 1)[0], type(provider).__module__.split(".", 1)[0]})
        self.handlers: dict[str, Callable[[bytes], bytes]] = {
            messages.GET_METADATA.path: self._handler(messages.GET_METADATA, self._get_metadata),
            messages.GET_PROVIDER_SCHEMA.path: self._get_provider_schema,
        }
        self.streams: dict[str, Callable[[bytes], Iterator[bytes]]] = {}
        bodies: list[tuple[Rpc, Body, Kept | None]] = [
            (messages.GET_RESOURCE_IDENTITY_SCHEMAS, _nothing, None),
            (messages.VALIDATE_PROVIDER_CONFIG, self._validate_provider_config, None),
            (messages.CONFIGURE_PROVIDER, self._configure_provider, None),
            (messages.STOP_PROVIDER, self._stop_provider, None),
            (messages.VALIDATE_RESOURCE_CONFIG, self._validate_resource_config, None),
            (messages.UPGRADE_RESOURCE_STATE, self._upgrade_resource_state, None),
            (messages.UPGRADE_RESOURCE_IDENTITY, self._upgrade_resource_identity, None),
            (messages.READ_RESOURCE, self._read_resource, self._unread),
            (messages.PLAN_RESOURCE_CHANGE, self._plan_resource_change, self._unplanned),
            (messages.APPLY_RESOURCE_CHANGE, self._apply_resource_change, self._unapplied),
            (messages.IMPORT_RESOURCE_STATE, self._import_resource_state, None),
            (messages.MOVE_RESOURCE_STATE, self._move_resource_state, None),
            (messages.VALIDATE_DATA_RESOURCE_CONFIG, self._no_data_source, None),
            (messages.READ_DATA_SOURCE, self._no_data_source, None),
            (messages.VALIDATE_EPHEMERAL_RESOURCE_CONFIG, self._no_ephemeral_resource, None),
            (messages.OPEN_EPHEMERAL_RESOURCE, self._no_ephemeral_resource, None),
            (messages.RENEW_EPHEMERAL_RESOURCE, self._no_ephemeral_resource, None),
            (messages.CLOSE_EPHEMERAL_RESOURCE, self._no_ephemeral_resource, None),
            (messages.GET_FUNCTIONS, _nothing, None),
            (messages.CALL_FUNCTION, self._no_function, None),
        ]
        for rpc, body, kept in bodies:
            self.handlers[rpc.path] = self._handler(rpc, body, kept)

    def _handler(self, rpc: Rpc, body: Body, kept: Kept | None = None) -> Callable[[bytes], bytes]:
        """The whole of a call: `body` makes the answer's fields, `kept` those that go back when it failed."""

        def handle(data: bytes) -> bytes:
            started = time.perf_counter()
            diagnostics = Diagnostics()
            request: Fields = {}
            try:
                request = rpc.request.decode(data)
                answer = rpc.response.encode(body(request, diagnostics))
            except Refusal as refusal:
                diagnostics.error(refusal.summary, refusal.detail)
                answer = _encode_kept(rpc, kept, request)
            # Even an exit or an interrupt in a provider's code must not cost the user a state.
            except BaseException as error:
                self._report(rpc, request, error, diagnostics)
                answer = _encode_kept(rpc, kept, request)
            if log.enabled(log.TRACE):
                log.trace(
                    "answered",
                    rpc=rpc.name,
                    type=_type_name(request),
                    milliseconds=round((time.perf_counter() - started) * 1e3, 3),
                    diagnostics=len(diagnostics),
                )
            if not diagnostics:
                return answer
            # A message may come in parts: whatever becomes of the diagnostics, the answer is safe.
            return answer + self._encode_diagnostics(rpc, request, diagnostics)

        return handle

    def _encode_diagnostics(self, rpc: Rpc, request: Fields, diagnostics: Diagnostics) -> bytes:
        try:
            schema = self._shown_schema(rpc, request)
            told = [encoding.diagnostic(each, schema) for each in diagnostics]
            return rpc.response.encode(_carried(rpc, told))
        except BaseException as error:
            saved = Diagnostics()
            self._report(rpc, request, error, saved)
            return rpc.response.encode(_carried(rpc, [encoding.diagnostic(each, None) for each in saved]))

    def _shown_schema(self, rpc: Rpc, request: Fields) -> Schema | None:
        """The schema that a diagnostic's path is checked against; None = no path may be shown."""
        if rpc in (messages.VALIDATE_PROVIDER_CONFIG, messages.CONFIGURE_PROVIDER):
            # Terraform shows the block's line that a path points at, and the secret may be on the same one.
            return None if self._provider.schema.holds_secret else self._provider.schema
        resource = self._provider.resources.get(_type_name(request))
        return resource.schema if resource is not None else None

    def _report(self, rpc: Rpc, request: Fields, error: BaseException, diagnostics: Diagnostics) -> None:
        what = _WHAT.get(rpc.name, rpc.name).format(_type_name(request) or "a resource")
        where = told(error, self._packages)
        log.error("a call failed", rpc=rpc.name, error=where, frames=" > ".join(places(error)))
        diagnostics.error(f"The provider failed on {what}", f"{where}\n\n{_NEXT.get(rpc.name, _NEXT[''])}")

    def _find(self, type_name: str) -> tuple[Resource, _Codec]:
        resource = self._provider.resources.get(type_name)
        if resource is None:
            raise _unknown("resource type", type_name, self._provider.resources)
        codec = self._codecs.get(type_name)
        if codec is None:
            codec = self._codecs[type_name] = _Codec(resource.schema)
        return resource, codec

    def _provider_config(self, request: Fields) -> Any:
        if self._provider_codec is None:
            self._provider_codec = _Codec(self._provider.schema)
        return _whole(self._provider_codec.config(request["config"]))

    def _get_metadata(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        return {
            "server_capabilities": _CAPABILITIES,
            "resources": [{"type_name": name} for name in self._provider.resources],
        }

    def _get_provider_schema(self, data: bytes) -> bytes:
        if self._schemas is None:
            handle = self._handler(messages.GET_PROVIDER_SCHEMA, self._all_schemas)
            answer = handle(data)
            if messages.GET_PROVIDER_SCHEMA.response.decode(answer)["diagnostics"]:
                return answer
            self._schemas = answer
        return self._schemas

    def _all_schemas(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        return {
            "provider": encoding.schema(self._provider.schema),
            "resource_schemas": {
                name: encoding.schema(resource.schema) for name, resource in self._provider.resources.items()
            },
            "server_capabilities": _CAPABILITIES,
        }

    def _validate_provider_config(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        self._provider.validate(self._provider_config(request), diagnostics)
        return {}

    def _configure_provider(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        config = self._provider_config(request)
        self._provider.configure(config, request["terraform_version"], diagnostics)
        return {}

    def _stop_provider(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        self._provider.stop()
        return {}

    def _validate_resource_config(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        resource, codec = self._find(request["type_name"])
        config = _whole(codec.config(request["config"]))
        if not (request["client_capabilities"] or {}).get("write_only_attributes_allowed"):
            for path in secrecy.set_write_only(codec.schema, config):
                diagnostics.error(
                    "Write-only attributes need a newer Terraform",
                    f"{dotted(path)} is a write-only attribute: it is sent and never stored. This program would store "
                    "it. Use Terraform 1.11 or newer, or OpenTofu 1.11 or newer.",
                    path,
                )
        resource.validate(config, diagnostics)
        return {}

    def _upgrade_resource_state(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        resource, codec = self._find(request["type_name"])
        version, schema = request["version"], codec.schema
        if version > schema.version:
            raise Refusal(
                "The state is newer than this provider",
                f"{request['type_name']} was stored in version {version} of its schema, and this provider knows "
                f"version {schema.version}. Use the provider version that wrote it, or a newer one.",
            )
        stored = _raw_state(request["raw_state"], request["type_name"])
        secrecy.teach(schema, stored, REDACTOR.learn)
        current = version == schema.version
        before = jsonvalues.fit(schema.stored_type, stored) if current else secrecy.withhold(schema, stored)
        state = resource.upgrade(version, before, diagnostics)
        return {} if state is None else {"upgraded_state": codec.encode(state)}

    def _upgrade_resource_identity(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        self._find(request["type_name"])
        raise Refusal(
            "No resource identity",
            f"{request['type_name']} has no resource identity in this version of the provider. Use the provider version "
            "that wrote the state, or a newer one.",
        )

    def _read_resource(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        resource, codec = self._find(request["type_name"])
        state = _whole(codec.state(request["current_state"]))
        found = resource.read(state, request["private"], diagnostics)
        return {"new_state": codec.encode(found.state), "private": found.private}

    def _unread(self, request: Fields) -> Fields:
        kept = self._as_it_was(request["type_name"], request["current_state"])
        return {"new_state": kept, "private": request["private"]}

    def _plan_resource_change(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        resource, codec = self._find(request["type_name"])
        config = codec.config(request["config"])
        prior = codec.state(request["prior_state"])
        proposed = codec.state(request["proposed_new_state"])
        planned = resource.plan(prior, proposed, config, request["prior_private"], diagnostics)
        return {
            "planned_state": codec.encode(planned.state),
            "planned_private": planned.private,
            "requires_replace": [encoding.path(path) for path in planned.requires_replace],
        }

    def _unplanned(self, request: Fields) -> Fields:
        # Where it cannot be read it cannot be rid of its secrets either, and nothing goes back: Terraform
        # stores no plan beside an error.
        try:
            _, codec = self._find(request["type_name"])
            proposed: Fields | None = codec.encode(codec.state(request["proposed_new_state"]))
        except Exception:
            proposed = None
        return {"planned_state": proposed, "planned_private": request["prior_private"]}

    def _apply_resource_change(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        resource, codec = self._find(request["type_name"])
        config = codec.config(request["config"])
        prior = codec.state(request["prior_state"])
        planned = codec.state(request["planned_state"])
        stored = resource.apply(prior, planned, config, request["planned_private"], diagnostics)
        try:
            state = codec.encode(stored.state)
        except Misfit as error:
            if not isinstance(stored.state, dict):
                raise
            # What was made must not be forgotten over one value of it.
            self._report(messages.APPLY_RESOURCE_CHANGE, request, error, diagnostics)
            state = codec.encode_what_fits(stored.state)
        return {"new_state": state, "private": stored.private}

    def _unapplied(self, request: Fields) -> Fields:
        kept = self._as_it_was(request["type_name"], request["prior_state"])
        return {"new_state": kept, "private": request["planned_private"]}

    def _import_resource_state(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        type_name = request["type_name"]
        resource, _ = self._find(type_name)
        if not request["id"] and request["identity"] is not None:
            raise Refusal(
                "No import by identity",
                f"{type_name} is imported by its id: write `id = ...` in the import block instead of `identity`.",
            )
        imported = []
        for stored in resource.import_state(request["id"], None, diagnostics):
            name = stored.type_name or type_name
            _, codec = self._find(name)
            imported.append(
                {"type_name": name, "state": codec.encode(stored.state), "private": stored.private}
            )
        return {"imported_resources": imported}

    def _move_resource_state(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        target, source = request["target_type_name"], request["source_type_name"]
        resource, codec = self._find(target)
        state = _raw_state(request["source_state"], source)
        version, private = request["source_schema_version"], request["source_private"]
        address = request["source_provider_address"]
        moved = resource.move(address, source, version, state, private, diagnostics)
        if moved is None:
            if not diagnostics.has_error:
                raise Refusal(
                    "The state cannot be moved",
                    f"{target} cannot take over the state of {source} ({address}). Remove the `moved` block, and use "
                    "`removed` and `import` blocks instead.",
                )
            return {}
        return {"target_state": codec.encode(moved.state), "target_private": moved.private}

    def _no_data_source(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        raise _unknown("data source", request["type_name"], {})

    def _no_ephemeral_resource(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        raise _unknown("ephemeral resource type", request["type_name"], {})

    def _no_function(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        raise _unknown("function", request["name"], {})

    def _as_it_was(self, type_name: str, message: Fields | None) -> Mapping[str, Any] | None:
        """A stored state to be handed back: without write-only values where it can be read, else as it came."""
        try:
            _, codec = self._find(type_name)
            return codec.encode(codec.state(message))
        except Exception:
            return message


def _encode_kept(rpc: Rpc, kept: Kept | None, request: Fields) -> bytes:
    """The fields that go back when a call failed; none, when the request could not be read."""
    return rpc.response.encode(kept(request)) if kept is not None and request else b""


def _dynamic(message: Fields | None, decode: Callable[[bytes], Any], type: Type) -> Any:
    """The value of a DynamicValue: MessagePack, or JSON, or null where there is none."""
    if message is None:
        return None
    if message["msgpack"]:
        return decode(message["msgpack"])
    return jsonvalues.fit(type, jsonvalues.parse(message["json"])) if message["json"] else None


def _raw_state(message: Fields | None, type_name: str) -> Any:
    if message is None or not message["json"]:
        if message is not None and message["flatmap"]:
            raise Refusal(
                "The state is of a format that is too old",
                f"{type_name} was stored by Terraform 0.11 or older. Apply with Terraform 0.12 first, and then again.",
            )
        raise Malformed("there is no stored state")
    stored = jsonvalues.parse(message["json"])
    if not isinstance(stored, dict):
        raise Malformed("a stored state is no object")
    return stored


def _whole(value: Any) -> Any:
    if not isinstance(value, dict):
        raise Malformed("a configuration or a state is no object")
    return value


def _nothing(request: Fields, diagnostics: Diagnostics) -> Fields:
    return {}


def _type_name(request: Fields) -> str:
    name: str = request.get("type_name") or request.get("target_type_name") or ""
    return name


def _carried(rpc: Rpc, diagnostics: list[Fields]) -> Fields:
    """Diagnostics in the response field that this call has for them."""
    if "diagnostics" in rpc.response:
        return {"diagnostics": diagnostics}
    text = "\n\n".join(f"{each['summary']}: {each['detail']}" for each in diagnostics)
    return {"error": {"text": text}} if "error" in rpc.response else {"Error": text}


def _unknown(kind: str, name: str, known: Mapping[str, object]) -> Refusal:
    has = f"It has {', '.join(sorted(known))}." if known else "It has none."
    return Refusal(
        f"Unknown {kind}",
        f"this provider has no {kind} {name}. {has} Correct the name, or use a provider version that has it.",
    )


_WHAT = {
    "GetMetadata": "the list of what it offers",
    "GetProviderSchema": "its schemas",
    "ValidateProviderConfig": "the check of its provider block",
    "ConfigureProvider": "its configuration",
    "StopProvider": "stopping",
    "ValidateResourceConfig": "the check of {}",
    "UpgradeResourceState": "the stored state of {}",
    "ReadResource": "the read of {}",
    "PlanResourceChange": "the plan of {}",
    "ApplyResourceChange": "the apply of {}",
    "ImportResourceState": "the import of {}",
    "MoveResourceState": "the move of {}",
}

_NEXT = {
    "": "This is a mistake in the provider, not in your configuration. Run again with TF_LOG=DEBUG and report the line "
    "above with the log.",
    "ReadResource": "This is a mistake in the provider; the stored state stays as it was. Run again with TF_LOG=DEBUG and "
    "report the line above with the log.",
    "ApplyResourceChange": "This is a mistake in the provider. The change may have been made all the same: run a plan to see how "
    "things stand, and report the line above with the log of a run with TF_LOG=DEBUG.",
}
