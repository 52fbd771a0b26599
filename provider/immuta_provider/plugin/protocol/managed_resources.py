"""The RPCs of managed resources and their identities."""

from __future__ import annotations

from .. import json_text, secrecy
from ..paths import dotted
from ..redaction import REDACTOR
from ..refusal import Refusal
from ..values import contains_unknown
from . import arguments, encoding, json_values, messages
from .codecs import Codec, IdentityCodec, Registry, whole
from .msgpack import Misfit
from .protobuf import Malformed
from .rpc import report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..diagnostics import Diagnostics
    from ..interfaces import Planned, Resource, Stored
    from ..types import ObjectOf, Type

    Fields = dict[str, Any]


class ManagedResources:
    """Implements the RPCs. The `failed_*` methods make the response of an RPC that failed. `packages`: see `rpc.report`."""

    def __init__(self, resources: Mapping[str, Resource], packages: tuple[str, ...]) -> None:
        self._resources = resources
        self._packages = packages
        self._identities: dict[str, IdentityCodec] = {}
        self.registry = Registry("resource type", resources)

    def identity(self, type_name: str) -> IdentityCodec | None:
        """The identity codec of a type, or None if the type does not exist or has no identity."""
        codec = self._identities.get(type_name)
        if codec is None:
            resource = self._resources.get(type_name)
            if resource is None or resource.identity is None:
                return None
            codec = self._identities[type_name] = IdentityCodec(resource.identity)
        return codec

    def identity_schemas(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        return {
            "identity_schemas": {
                name: encoding.identity_schema(resource.identity)
                for name, resource in self._resources.items()
                if resource.identity is not None
            }
        }

    def validate(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        resource, codec = self._find(request["type_name"])
        config = whole(codec.config(request["config"]))
        if not (request["client_capabilities"] or {}).get("write_only_attributes_allowed"):
            for path in secrecy.write_only_paths(codec.schema, config):
                diagnostics.error(
                    "Write-only attributes need a newer Terraform",
                    f"{dotted(path)} is a write-only attribute, which must never be stored. This version of Terraform "
                    "or OpenTofu would store it. Use Terraform 1.11 or newer, or OpenTofu 1.11 or newer.",
                    path,
                )
        arguments.check_settable(codec.schema, config, diagnostics)
        resource.validate(config, diagnostics)
        return {}

    def upgrade(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        resource, codec = self._find(request["type_name"])
        version, schema = request["version"], codec.schema
        if version > schema.version:
            raise Refusal(
                "The state is newer than this provider",
                f"{request['type_name']} was stored in version {version} of its schema, and this provider supports "
                f"versions up to {schema.version}. Use the provider version that wrote the state, or a newer one.",
            )
        stored = _raw_state(request["raw_state"], request["type_name"])
        secrecy.learn_secrets(schema, stored, REDACTOR.learn)
        current = version == schema.version
        before = (
            _fitted(schema.stored_type, stored, f"the state of {request['type_name']}")
            if current
            else secrecy.without_write_only(schema, stored)
        )
        state = resource.upgrade(version, before, diagnostics)
        return {} if state is None else {"upgraded_state": codec.encode(state)}

    def upgrade_identity(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        type_name, version = request["type_name"], request["version"]
        resource, _ = self._find(type_name)
        codec = self.identity(type_name)
        if codec is None:
            raise Refusal(
                "No resource identity",
                f"{type_name} has no resource identity in this version of the provider. Use the provider version "
                "that wrote the state, or a newer one.",
            )
        if version > codec.schema.version:
            raise Refusal(
                "The identity is newer than this provider",
                f"the identity of {type_name} was stored in version {version} of its schema, and this provider supports "
                f"versions up to {codec.schema.version}. Use the provider version that wrote the identity, or a newer "
                "one.",
            )
        raw = request["raw_identity"]
        if raw is None or not raw["json"]:
            # A state of Terraform 1.11 or older has no identity. Terraform then asks for an upgrade from version 0.
            return {}
        stored = _raw_state(raw, type_name)
        if version == codec.schema.version:
            identity = _fitted(codec.schema.object_type, stored, f"the identity of {type_name}")
        else:
            identity = resource.upgrade_identity(version, stored, diagnostics)
        return {"upgraded_identity": codec.encode(identity)}

    def read(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        resource, codec = self._find(request["type_name"])
        state = whole(codec.state(request["current_state"]))
        found = resource.read(state, request["private"], diagnostics)
        return {
            "new_state": codec.encode(found.state),
            "private": found.private,
            "new_identity": self._read_identity(request["type_name"], found, request["current_identity"]),
        }

    def failed_read(self, request: Fields) -> Fields:
        return {
            "new_state": self._same_state(request["type_name"], request["current_state"]),
            "private": request["private"],
            "new_identity": self._same_identity(request["type_name"], request["current_identity"]),
        }

    def plan(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        resource, codec = self._find(request["type_name"])
        config = codec.config(request["config"])
        prior = codec.state(request["prior_state"])
        proposed = codec.state(request["proposed_new_state"])
        planned = resource.plan(prior, proposed, config, request["prior_private"], diagnostics)
        return {
            "planned_state": codec.encode(planned.state),
            "planned_private": planned.private,
            "requires_replace": [encoding.path(path) for path in planned.requires_replace],
            "planned_identity": self._planned_identity(request, planned, prior is None),
        }

    def failed_plan(self, request: Fields) -> Fields:
        # If the proposed state cannot be decoded, its secrets cannot be removed, so it is left out. Terraform stores no
        # plan with an error.
        try:
            _, codec = self._find(request["type_name"])
            proposed: Fields | None = codec.encode(codec.state(request["proposed_new_state"]))
        except Exception:
            proposed = None
        return {"planned_state": proposed, "planned_private": request["prior_private"]}

    def apply(self, request: Fields, diagnostics: Diagnostics) -> Fields:
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
            # The resource exists, so a state with nulls is better than none.
            report(messages.APPLY_RESOURCE_CHANGE, request, error, diagnostics, self._packages)
            state = codec.encode_valid(stored.state)
        try:
            identity = self._new_identity(request["type_name"], stored, request["planned_identity"])
        except Misfit as error:
            report(messages.APPLY_RESOURCE_CHANGE, request, error, diagnostics, self._packages)
            identity = self._same_identity(request["type_name"], request["planned_identity"])
        return {"new_state": state, "private": stored.private, "new_identity": identity}

    def failed_apply(self, request: Fields) -> Fields:
        return {
            "new_state": self._same_state(request["type_name"], request["prior_state"]),
            "private": request["planned_private"],
            "new_identity": self._same_identity(request["type_name"], request["planned_identity"]),
        }

    def import_state(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        type_name, configured = request["type_name"], request["identity"]
        resource, _ = self._find(type_name)
        identities = self.identity(type_name)
        if identities is None and configured is not None and not request["id"]:
            raise Refusal(
                "No import by identity",
                f"{type_name} has no resource identity, so it is imported by its id. Write `id = ...` in the import block "
                "instead of `identity`.",
            )
        identity = identities.decode(configured) if identities is not None else None
        imported = []
        for stored in resource.import_state(request["id"], identity, diagnostics):
            name = stored.type_name or type_name
            _, codec = self._find(name)
            imported.append(
                {
                    "type_name": name,
                    "state": codec.encode(stored.state),
                    "private": stored.private,
                    "identity": self._new_identity(name, stored, configured if name == type_name else None),
                }
            )
        return {"imported_resources": imported}

    def move(self, request: Fields, diagnostics: Diagnostics) -> Fields:
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
        return {
            "target_state": codec.encode(moved.state),
            "target_private": moved.private,
            "target_identity": self._new_identity(target, moved, None),
        }

    def _find(self, type_name: str) -> tuple[Resource, Codec]:
        resource: Resource
        resource, codec = self.registry.find(type_name)
        return resource, codec

    def _planned_identity(self, request: Fields, planned: Planned, create: bool) -> Fields | None:
        codec = self.identity(request["type_name"])
        if codec is None:
            return None
        if planned.identity is None and not create:
            return self._same_identity(request["type_name"], request["prior_identity"])
        # In the create step of a replacement, the prior identity is the old resource's. An unknown identity is allowed, but
        # Terraform 1.12 to 1.15 cannot show such a plan as JSON.
        return None if contains_unknown(planned.identity) else codec.encode(planned.identity)

    def _new_identity(self, type_name: str, stored: Stored, before: Fields | None) -> Fields | None:
        """The identity to be stored: the resource's, or else the one from before."""
        codec = self.identity(type_name)
        if codec is None or stored.state is None:
            return None
        if stored.identity is None:
            return self._same_identity(type_name, before)
        return codec.encode(stored.identity)

    def _read_identity(self, type_name: str, found: Stored, before: Fields | None) -> Fields | None:
        """The stored identity, because an identity never changes. The resource's fills it if there was none, and fills the
        attributes that an import by identity left out."""
        codec, actual = self.identity(type_name), found.identity
        if codec is None or found.state is None:
            return None
        stored = self._same_identity(type_name, before)
        if stored is None or actual is None:
            return stored or codec.encode(actual)
        identity = codec.decode(stored)
        return codec.encode({n: actual.get(n) if v is None else v for n, v in identity.items()})

    def _same_identity(self, type_name: str, message: Fields | None) -> Fields | None:
        """The identity from the request, or None if that is not valid or has an unknown value."""
        codec = self.identity(type_name)
        try:
            return codec.encode(codec.decode(message)) if codec is not None else None
        except Exception:
            return None

    def _same_state(self, type_name: str, message: Fields | None) -> Mapping[str, Any] | None:
        """The state from the request without write-only values, or unchanged if it cannot be decoded."""
        try:
            _, codec = self._find(type_name)
            return codec.encode(codec.state(message))
        except Exception:
            return message


def _raw_state(message: Fields | None, type_name: str) -> Any:
    if message is None or not message["json"]:
        if message is not None and message["flatmap"]:
            raise Refusal(
                "The state has a format that is too old",
                f"{type_name} was stored by Terraform 0.11 or older. Apply with Terraform 0.12 first, then with this version.",
            )
        raise Malformed("there is no stored state")
    try:
        stored = json_text.parse(message["json"])
    except (ValueError, RecursionError):
        stored = None
    if not isinstance(stored, dict):
        raise _damaged(f"the stored state of {type_name} is not a JSON object")
    return stored


def _fitted(type: ObjectOf, stored: Fields, what: str) -> Any:
    try:
        return json_values.fit(type, stored)
    except (ValueError, RecursionError):
        wrong = (name for name, each in type.attributes.items() if not _fits(each, stored.get(name)))
        raise _damaged(f"{what} has a value that is not of the schema's type in {', '.join(wrong)}") from None


def _fits(type: Type, value: Any) -> bool:
    try:
        json_values.fit(type, value)
    except (ValueError, RecursionError):
        return False
    return True


def _damaged(how: str) -> Refusal:
    return Refusal(
        "The stored state is damaged",
        f"{how}. The state was changed by hand or by another program. Restore it from a backup. Without a backup, remove "
        "the resource from the state (`terraform state rm ADDRESS`) and import it again.",
    )
