"""The provider service of the plugin protocol: the handler of each RPC, and the RPCs of the provider itself."""

from __future__ import annotations

from . import encoding, messages
from .codecs import codec, whole
from .managed_resources import ManagedResources
from .protobuf import BYTES, Message
from .rpc import StreamRpc, UnaryRpc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from ..diagnostics import Diagnostics
    from ..interfaces import Provider
    from ..schema import Schema
    from .actions import Actions
    from .data_sources import DataSources
    from .ephemeral_resources import EphemeralResources
    from .functions import Functions
    from .list_resources import ListResources
    from .messages import Rpc
    from .rpc import Body, Events, Fallback, Fields, SchemaOf

_CAPABILITIES = {
    "plan_destroy": True,
    "get_provider_schema_optional": True,
    "move_resource_state": True,
}


# Decodes nothing but the diagnostics of GetProviderSchema's response: decoding its schemas takes milliseconds.
_DIAGNOSTICS_ONLY = Message("diagnostics", {"diagnostics": (4, [BYTES])})


class Service:
    """The RPC handlers of a provider, by the path of the RPC.

    `handlers` return one message, `streams` return many. Both may be called from any thread.
    """

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._schemas: bytes | None = None
        self._packages = tuple({__name__.split(".", 1)[0], type(provider).__module__.split(".", 1)[0]})
        self._managed = ManagedResources(provider.resources, self._packages)

        self.handlers: dict[str, Callable[[bytes], bytes]] = {}
        self._answer(messages.GET_METADATA, self._get_metadata)
        self._all_schemas = UnaryRpc(messages.GET_PROVIDER_SCHEMA, self._describe, self._packages)
        self.handlers[messages.GET_PROVIDER_SCHEMA.path] = self._get_provider_schema
        self._answer(messages.VALIDATE_PROVIDER_CONFIG, self._validate, self._visible_schema)
        self._answer(messages.CONFIGURE_PROVIDER, self._configure, self._visible_schema)
        self._answer(messages.STOP_PROVIDER, self._stop)

        managed = self._managed
        find = managed.registry.schema
        self._answer(messages.GET_RESOURCE_IDENTITY_SCHEMAS, managed.identity_schemas)
        self._answer(messages.VALIDATE_RESOURCE_CONFIG, managed.validate, find)
        self._answer(messages.UPGRADE_RESOURCE_STATE, managed.upgrade, find)
        self._answer(messages.UPGRADE_RESOURCE_IDENTITY, managed.upgrade_identity, find)
        self._answer(messages.READ_RESOURCE, managed.read, find, managed.failed_read)
        self._answer(messages.PLAN_RESOURCE_CHANGE, managed.plan, find, managed.failed_plan)
        self._answer(messages.APPLY_RESOURCE_CHANGE, managed.apply, find, managed.failed_apply)
        self._answer(messages.IMPORT_RESOURCE_STATE, managed.import_state, find)
        self._answer(messages.MOVE_RESOURCE_STATE, managed.move, find)

        data = _Lazy(self._data_sources)
        self._answer(messages.VALIDATE_DATA_RESOURCE_CONFIG, data.body("validate"), data.schema)
        self._answer(messages.READ_DATA_SOURCE, data.body("read"), data.schema)

        ephemeral = _Lazy(self._ephemeral_resources)
        self._answer(
            messages.VALIDATE_EPHEMERAL_RESOURCE_CONFIG, ephemeral.body("validate"), ephemeral.schema
        )
        self._answer(messages.OPEN_EPHEMERAL_RESOURCE, ephemeral.body("open"), ephemeral.schema)
        self._answer(messages.RENEW_EPHEMERAL_RESOURCE, ephemeral.body("renew"), ephemeral.schema)
        self._answer(messages.CLOSE_EPHEMERAL_RESOURCE, ephemeral.body("close"), ephemeral.schema)

        self._answer(messages.GET_FUNCTIONS, self._get_functions)
        self._answer(messages.CALL_FUNCTION, _Lazy(self._functions).body("call"))

        self.streams: dict[str, Callable[[bytes], Iterator[bytes]]] = {}
        lists = _Lazy(self._list_resources)
        self._answer(messages.VALIDATE_LIST_RESOURCE_CONFIG, lists.body("validate"), lists.schema)
        self._stream(messages.LIST_RESOURCE, lists.body("list"), lists.schema)

        actions = _Lazy(self._actions)
        self._answer(messages.VALIDATE_ACTION_CONFIG, actions.body("validate"), actions.schema)
        self._answer(messages.PLAN_ACTION, actions.body("plan"), actions.schema)
        self._stream(messages.INVOKE_ACTION, actions.body("invoke"), actions.schema)

    def _data_sources(self) -> DataSources:
        from .data_sources import DataSources

        return DataSources(self._provider.data_sources)

    def _ephemeral_resources(self) -> EphemeralResources:
        from .ephemeral_resources import EphemeralResources

        return EphemeralResources(self._provider.ephemeral_resources)

    def _functions(self) -> Functions:
        from .functions import Functions

        return Functions(self._provider.functions)

    def _list_resources(self) -> ListResources:
        from .list_resources import ListResources

        return ListResources(self._provider.list_resources, self._managed)

    def _actions(self) -> Actions:
        from .actions import Actions

        return Actions(self._provider.actions)

    def _answer(
        self, rpc: Rpc, body: Body, schema_of: SchemaOf | None = None, fallback: Fallback | None = None
    ) -> None:
        self.handlers[rpc.path] = UnaryRpc(rpc, body, self._packages, schema_of, fallback)

    def _stream(self, rpc: Rpc, body: Events, schema_of: SchemaOf) -> None:
        self.streams[rpc.path] = StreamRpc(rpc, body, self._packages, schema_of)

    def _visible_schema(self, name: str) -> Schema | None:
        # Terraform shows the source line that a path points at, and a secret may be on the same line.
        return None if self._provider.schema.holds_secret else self._provider.schema

    def _get_metadata(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        provider = self._provider
        return {
            "server_capabilities": _CAPABILITIES,
            "resources": _names(provider.resources),
            "data_sources": _names(provider.data_sources),
            "functions": [{"name": name} for name in provider.functions],
            "ephemeral_resources": _names(provider.ephemeral_resources),
            "list_resources": _names(provider.list_resources),
            "actions": _names(provider.actions),
        }

    def _get_provider_schema(self, data: bytes) -> bytes:
        if self._schemas is None:
            answer = self._all_schemas(data)
            if _DIAGNOSTICS_ONLY.decode(answer)["diagnostics"]:
                return answer
            self._schemas = answer
        return self._schemas

    def _describe(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        provider = self._provider
        return {
            "provider": encoding.schema(provider.schema),
            "resource_schemas": _schemas(provider.resources),
            "data_source_schemas": _schemas(provider.data_sources),
            "ephemeral_resource_schemas": _schemas(provider.ephemeral_resources),
            "list_resource_schemas": _schemas(provider.list_resources),
            "action_schemas": {
                name: {"schema": schema} for name, schema in _schemas(provider.actions).items()
            },
            **self._get_functions(request, diagnostics),
            "server_capabilities": _CAPABILITIES,
        }

    def _get_functions(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        return {"functions": {name: encoding.function(f) for name, f in self._provider.functions.items()}}

    def _config(self, request: Fields) -> Any:
        return whole(codec(self._provider.schema).config(request["config"]))

    def _validate(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        self._provider.validate(self._config(request), diagnostics)
        return {}

    def _configure(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        self._provider.configure(self._config(request), request["terraform_version"], diagnostics)
        return {}

    def _stop(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        self._provider.stop()
        return {}


class _Lazy:
    """RPCs that most commands never call. Their module is loaded at the first call."""

    __slots__ = ("_load", "_loaded")

    def __init__(self, load: Callable[[], Any]) -> None:
        self._load = load
        self._loaded: Any = None

    def body(self, name: str) -> Callable[[Fields, Diagnostics], Any]:
        return lambda request, diagnostics: getattr(self._bodies(), name)(request, diagnostics)

    def schema(self, name: str) -> Schema | None:
        schema: Schema | None = self._bodies().registry.schema(name)
        return schema

    def _bodies(self) -> Any:
        # If two threads load it at once, one result is lost. It has caches only.
        if self._loaded is None:
            self._loaded = self._load()
        return self._loaded


def _names(types: Mapping[str, Any]) -> list[Fields]:
    return [{"type_name": name} for name in types]


def _schemas(types: Mapping[str, Any]) -> dict[str, Fields]:
    return {name: encoding.schema(each.schema) for name, each in types.items()}
