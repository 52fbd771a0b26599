"""The messages of Terraform's plugin protocol, version 6.10, as data: each field's number and kind.

Protocol: https://github.com/hashicorp/terraform/tree/main/docs/plugin-protocol. Terraform 1.11 speaks 6.8,
later ones more; each side passes over the fields that it does not know. State stores, which 1.14 and 1.15 have
as an experiment, are not here.
"""

from __future__ import annotations

from .protobuf import BOOL, BYTES, INT, TEXT, Map, Message, Present

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

    from .protobuf import Kind

    Fields = Mapping[str, tuple[int, Kind]]

SERVICE: Final = "/tfplugin6.Provider/"


class Rpc:
    """One RPC: its name, its request message, and its response message or the message of each event in its stream."""

    __slots__ = ("name", "request", "response", "streams")

    def __init__(self, name: str, request: Fields, response: Fields, *, streams: bool = False) -> None:
        self.name = name
        self.request = Message(f"{name}.Request", request)
        self.response = Message(f"{name}.{'Event' if streams else 'Response'}", response)
        self.streams = streams

    @property
    def path(self) -> str:
        """The HTTP/2 path of the RPC."""
        return SERVICE + self.name

    def __repr__(self) -> str:
        return f"Rpc({self.name!r})"


SEVERITIES: Final = {"error": 1, "warning": 2}
NESTINGS: Final = {"single": 1, "list": 2, "set": 3, "map": 4}

DYNAMIC_VALUE: Final = Message("DynamicValue", {"msgpack": (1, BYTES), "json": (2, BYTES)})
STEP: Final = Message(
    "AttributePath.Step",
    {
        "attribute_name": (1, Present(TEXT)),
        "element_key_string": (2, Present(TEXT)),
        "element_key_int": (3, Present(INT)),
    },
)
ATTRIBUTE_PATH: Final = Message("AttributePath", {"steps": (1, [STEP])})
DIAGNOSTIC: Final = Message(
    "Diagnostic",
    {"severity": (1, INT), "summary": (2, TEXT), "detail": (3, TEXT), "attribute": (4, ATTRIBUTE_PATH)},
)
RAW_STATE: Final = Message("RawState", {"json": (1, BYTES), "flatmap": (2, Map(TEXT))})

ATTRIBUTE: Final = Message("Schema.Attribute")
OBJECT: Final = Message("Schema.Object", {"attributes": (1, [ATTRIBUTE]), "nesting": (3, INT)})
ATTRIBUTE.define(
    {
        "name": (1, TEXT),
        "type": (2, BYTES),
        "description": (3, TEXT),
        "required": (4, BOOL),
        "optional": (5, BOOL),
        "computed": (6, BOOL),
        "sensitive": (7, BOOL),
        "description_kind": (8, INT),
        "deprecated": (9, BOOL),
        "nested_type": (10, OBJECT),
        "write_only": (11, BOOL),
        "deprecation_message": (12, TEXT),
    }
)
BLOCK: Final = Message("Schema.Block")
NESTED_BLOCK: Final = Message(
    "Schema.NestedBlock",
    {
        "type_name": (1, TEXT),
        "block": (2, BLOCK),
        "nesting": (3, INT),
        "min_items": (4, INT),
        "max_items": (5, INT),
    },
)
BLOCK.define(
    {
        "version": (1, INT),
        "attributes": (2, [ATTRIBUTE]),
        "block_types": (3, [NESTED_BLOCK]),
        "description": (4, TEXT),
        "description_kind": (5, INT),
        "deprecated": (6, BOOL),
        "deprecation_message": (7, TEXT),
    }
)
SCHEMA: Final = Message("Schema", {"version": (1, INT), "block": (2, BLOCK)})

IDENTITY_ATTRIBUTE: Final = Message(
    "ResourceIdentitySchema.IdentityAttribute",
    {
        "name": (1, TEXT),
        "type": (2, BYTES),
        "required_for_import": (3, BOOL),
        "optional_for_import": (4, BOOL),
        "description": (5, TEXT),
    },
)
IDENTITY_SCHEMA: Final = Message(
    "ResourceIdentitySchema", {"version": (1, INT), "identity_attributes": (2, [IDENTITY_ATTRIBUTE])}
)
IDENTITY: Final = Message("ResourceIdentityData", {"identity_data": (1, DYNAMIC_VALUE)})

SERVER_CAPABILITIES: Final = Message(
    "ServerCapabilities",
    {
        "plan_destroy": (1, BOOL),
        "get_provider_schema_optional": (2, BOOL),
        "move_resource_state": (3, BOOL),
        "generate_resource_config": (4, BOOL),
    },
)
CLIENT_CAPABILITIES: Final = Message(
    "ClientCapabilities", {"deferral_allowed": (1, BOOL), "write_only_attributes_allowed": (2, BOOL)}
)
DEFERRED: Final = Message("Deferred", {"reason": (1, INT)})
TIMESTAMP: Final = Message("google.protobuf.Timestamp", {"seconds": (1, INT), "nanos": (2, INT)})

PARAMETER: Final = Message(
    "Function.Parameter",
    {
        "name": (1, TEXT),
        "type": (2, BYTES),
        "allow_null_value": (3, BOOL),
        "allow_unknown_values": (4, BOOL),
        "description": (5, TEXT),
        "description_kind": (6, INT),
    },
)
RETURN: Final = Message("Function.Return", {"type": (1, BYTES)})
FUNCTION: Final = Message(
    "Function",
    {
        "parameters": (1, [PARAMETER]),
        "variadic_parameter": (2, PARAMETER),
        "return": (3, RETURN),
        "summary": (4, TEXT),
        "description": (5, TEXT),
        "description_kind": (6, INT),
        "deprecation_message": (7, TEXT),
    },
)
ACTION_SCHEMA: Final = Message("ActionSchema", {"schema": (1, SCHEMA)})
FUNCTION_ERROR: Final = Message("FunctionError", {"text": (1, TEXT), "function_argument": (2, Present(INT))})


def _named(message: str, field: str = "type_name") -> Message:
    return Message(message, {field: (1, TEXT)})


GET_METADATA: Final = Rpc(
    "GetMetadata",
    {},
    {
        "server_capabilities": (1, SERVER_CAPABILITIES),
        "diagnostics": (2, [DIAGNOSTIC]),
        "data_sources": (3, [_named("GetMetadata.DataSourceMetadata")]),
        "resources": (4, [_named("GetMetadata.ResourceMetadata")]),
        "functions": (5, [_named("GetMetadata.FunctionMetadata", "name")]),
        "ephemeral_resources": (6, [_named("GetMetadata.EphemeralResourceMetadata")]),
        "list_resources": (7, [_named("GetMetadata.ListResourceMetadata")]),
        "actions": (9, [_named("GetMetadata.ActionMetadata")]),
    },
)
GET_PROVIDER_SCHEMA: Final = Rpc(
    "GetProviderSchema",
    {},
    {
        "provider": (1, SCHEMA),
        "resource_schemas": (2, Map(SCHEMA)),
        "data_source_schemas": (3, Map(SCHEMA)),
        "diagnostics": (4, [DIAGNOSTIC]),
        "provider_meta": (5, SCHEMA),
        "server_capabilities": (6, SERVER_CAPABILITIES),
        "functions": (7, Map(FUNCTION)),
        "ephemeral_resource_schemas": (8, Map(SCHEMA)),
        "list_resource_schemas": (9, Map(SCHEMA)),
        "action_schemas": (11, Map(ACTION_SCHEMA)),
    },
)
GET_RESOURCE_IDENTITY_SCHEMAS: Final = Rpc(
    "GetResourceIdentitySchemas",
    {},
    {"identity_schemas": (1, Map(IDENTITY_SCHEMA)), "diagnostics": (2, [DIAGNOSTIC])},
)
VALIDATE_PROVIDER_CONFIG: Final = Rpc(
    "ValidateProviderConfig", {"config": (1, DYNAMIC_VALUE)}, {"diagnostics": (2, [DIAGNOSTIC])}
)
CONFIGURE_PROVIDER: Final = Rpc(
    "ConfigureProvider",
    {
        "terraform_version": (1, TEXT),
        "config": (2, DYNAMIC_VALUE),
        "client_capabilities": (3, CLIENT_CAPABILITIES),
    },
    {"diagnostics": (1, [DIAGNOSTIC])},
)
STOP_PROVIDER: Final = Rpc("StopProvider", {}, {"Error": (1, TEXT)})

VALIDATE_RESOURCE_CONFIG: Final = Rpc(
    "ValidateResourceConfig",
    {"type_name": (1, TEXT), "config": (2, DYNAMIC_VALUE), "client_capabilities": (3, CLIENT_CAPABILITIES)},
    {"diagnostics": (1, [DIAGNOSTIC])},
)
UPGRADE_RESOURCE_STATE: Final = Rpc(
    "UpgradeResourceState",
    {"type_name": (1, TEXT), "version": (2, INT), "raw_state": (3, RAW_STATE)},
    {"upgraded_state": (1, DYNAMIC_VALUE), "diagnostics": (2, [DIAGNOSTIC])},
)
UPGRADE_RESOURCE_IDENTITY: Final = Rpc(
    "UpgradeResourceIdentity",
    {"type_name": (1, TEXT), "version": (2, INT), "raw_identity": (3, RAW_STATE)},
    {"upgraded_identity": (1, IDENTITY), "diagnostics": (2, [DIAGNOSTIC])},
)
READ_RESOURCE: Final = Rpc(
    "ReadResource",
    {
        "type_name": (1, TEXT),
        "current_state": (2, DYNAMIC_VALUE),
        "private": (3, BYTES),
        "provider_meta": (4, DYNAMIC_VALUE),
        "client_capabilities": (5, CLIENT_CAPABILITIES),
        "current_identity": (6, IDENTITY),
    },
    {
        "new_state": (1, DYNAMIC_VALUE),
        "diagnostics": (2, [DIAGNOSTIC]),
        "private": (3, BYTES),
        "deferred": (4, DEFERRED),
        "new_identity": (5, IDENTITY),
    },
)
PLAN_RESOURCE_CHANGE: Final = Rpc(
    "PlanResourceChange",
    {
        "type_name": (1, TEXT),
        "prior_state": (2, DYNAMIC_VALUE),
        "proposed_new_state": (3, DYNAMIC_VALUE),
        "config": (4, DYNAMIC_VALUE),
        "prior_private": (5, BYTES),
        "provider_meta": (6, DYNAMIC_VALUE),
        "client_capabilities": (7, CLIENT_CAPABILITIES),
        "prior_identity": (8, IDENTITY),
    },
    {
        "planned_state": (1, DYNAMIC_VALUE),
        "requires_replace": (2, [ATTRIBUTE_PATH]),
        "planned_private": (3, BYTES),
        "diagnostics": (4, [DIAGNOSTIC]),
        "legacy_type_system": (5, BOOL),
        "deferred": (6, DEFERRED),
        "planned_identity": (7, IDENTITY),
    },
)
APPLY_RESOURCE_CHANGE: Final = Rpc(
    "ApplyResourceChange",
    {
        "type_name": (1, TEXT),
        "prior_state": (2, DYNAMIC_VALUE),
        "planned_state": (3, DYNAMIC_VALUE),
        "config": (4, DYNAMIC_VALUE),
        "planned_private": (5, BYTES),
        "provider_meta": (6, DYNAMIC_VALUE),
        "planned_identity": (7, IDENTITY),
    },
    {
        "new_state": (1, DYNAMIC_VALUE),
        "private": (2, BYTES),
        "diagnostics": (3, [DIAGNOSTIC]),
        "legacy_type_system": (4, BOOL),
        "new_identity": (5, IDENTITY),
    },
)
IMPORTED_RESOURCE: Final = Message(
    "ImportResourceState.ImportedResource",
    {"type_name": (1, TEXT), "state": (2, DYNAMIC_VALUE), "private": (3, BYTES), "identity": (4, IDENTITY)},
)
IMPORT_RESOURCE_STATE: Final = Rpc(
    "ImportResourceState",
    {
        "type_name": (1, TEXT),
        "id": (2, TEXT),
        "client_capabilities": (3, CLIENT_CAPABILITIES),
        "identity": (4, IDENTITY),
    },
    {
        "imported_resources": (1, [IMPORTED_RESOURCE]),
        "diagnostics": (2, [DIAGNOSTIC]),
        "deferred": (3, DEFERRED),
    },
)
MOVE_RESOURCE_STATE: Final = Rpc(
    "MoveResourceState",
    {
        "source_provider_address": (1, TEXT),
        "source_type_name": (2, TEXT),
        "source_schema_version": (3, INT),
        "source_state": (4, RAW_STATE),
        "target_type_name": (5, TEXT),
        "source_private": (6, BYTES),
        "source_identity": (7, RAW_STATE),
        "source_identity_schema_version": (8, INT),
    },
    {
        "target_state": (1, DYNAMIC_VALUE),
        "diagnostics": (2, [DIAGNOSTIC]),
        "target_private": (3, BYTES),
        "target_identity": (4, IDENTITY),
    },
)

VALIDATE_DATA_RESOURCE_CONFIG: Final = Rpc(
    "ValidateDataResourceConfig",
    {"type_name": (1, TEXT), "config": (2, DYNAMIC_VALUE)},
    {"diagnostics": (1, [DIAGNOSTIC])},
)
READ_DATA_SOURCE: Final = Rpc(
    "ReadDataSource",
    {
        "type_name": (1, TEXT),
        "config": (2, DYNAMIC_VALUE),
        "provider_meta": (3, DYNAMIC_VALUE),
        "client_capabilities": (4, CLIENT_CAPABILITIES),
    },
    {"state": (1, DYNAMIC_VALUE), "diagnostics": (2, [DIAGNOSTIC]), "deferred": (3, DEFERRED)},
)

VALIDATE_EPHEMERAL_RESOURCE_CONFIG: Final = Rpc(
    "ValidateEphemeralResourceConfig",
    {"type_name": (1, TEXT), "config": (2, DYNAMIC_VALUE)},
    {"diagnostics": (1, [DIAGNOSTIC])},
)
OPEN_EPHEMERAL_RESOURCE: Final = Rpc(
    "OpenEphemeralResource",
    {"type_name": (1, TEXT), "config": (2, DYNAMIC_VALUE), "client_capabilities": (3, CLIENT_CAPABILITIES)},
    {
        "diagnostics": (1, [DIAGNOSTIC]),
        "renew_at": (2, TIMESTAMP),
        "result": (3, DYNAMIC_VALUE),
        "private": (4, Present(BYTES)),
        "deferred": (5, DEFERRED),
    },
)
RENEW_EPHEMERAL_RESOURCE: Final = Rpc(
    "RenewEphemeralResource",
    {"type_name": (1, TEXT), "private": (2, Present(BYTES))},
    {"diagnostics": (1, [DIAGNOSTIC]), "renew_at": (2, TIMESTAMP), "private": (3, Present(BYTES))},
)
CLOSE_EPHEMERAL_RESOURCE: Final = Rpc(
    "CloseEphemeralResource",
    {"type_name": (1, TEXT), "private": (2, Present(BYTES))},
    {"diagnostics": (1, [DIAGNOSTIC])},
)

GET_FUNCTIONS: Final = Rpc(
    "GetFunctions", {}, {"functions": (1, Map(FUNCTION)), "diagnostics": (2, [DIAGNOSTIC])}
)
CALL_FUNCTION: Final = Rpc(
    "CallFunction",
    {"name": (1, TEXT), "arguments": (2, [DYNAMIC_VALUE])},
    {"result": (1, DYNAMIC_VALUE), "error": (2, FUNCTION_ERROR)},
)

VALIDATE_LIST_RESOURCE_CONFIG: Final = Rpc(
    "ValidateListResourceConfig",
    {
        "type_name": (1, TEXT),
        "config": (2, DYNAMIC_VALUE),
        "include_resource_object": (3, DYNAMIC_VALUE),
        "limit": (4, DYNAMIC_VALUE),
    },
    {"diagnostics": (1, [DIAGNOSTIC])},
)
LIST_RESOURCE: Final = Rpc(
    "ListResource",
    {
        "type_name": (1, TEXT),
        "config": (2, DYNAMIC_VALUE),
        "include_resource_object": (3, BOOL),
        "limit": (4, INT),
    },
    {
        "identity": (1, IDENTITY),
        "display_name": (2, TEXT),
        "resource_object": (3, DYNAMIC_VALUE),
        "diagnostic": (4, [DIAGNOSTIC]),
    },
    streams=True,
)

VALIDATE_ACTION_CONFIG: Final = Rpc(
    "ValidateActionConfig",
    # `action_type` in terraform-plugin-go, `type_name` in Terraform. The field number is the same.
    {"action_type": (1, TEXT), "config": (2, DYNAMIC_VALUE)},
    {"diagnostics": (1, [DIAGNOSTIC])},
)
PLAN_ACTION: Final = Rpc(
    "PlanAction",
    {"action_type": (1, TEXT), "config": (2, DYNAMIC_VALUE), "client_capabilities": (3, CLIENT_CAPABILITIES)},
    {"diagnostics": (1, [DIAGNOSTIC]), "deferred": (2, DEFERRED)},
)
PROGRESS: Final = Message("InvokeAction.Event.Progress", {"message": (1, TEXT)})
COMPLETED: Final = Message("InvokeAction.Event.Completed", {"diagnostics": (1, [DIAGNOSTIC])})
INVOKE_ACTION: Final = Rpc(
    "InvokeAction",
    {"action_type": (1, TEXT), "config": (2, DYNAMIC_VALUE), "client_capabilities": (3, CLIENT_CAPABILITIES)},
    {"progress": (1, PROGRESS), "completed": (2, COMPLETED)},
    streams=True,
)
