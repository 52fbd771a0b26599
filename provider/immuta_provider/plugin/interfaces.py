"""The interfaces that a provider implements: plain objects that `service.py` calls.

Values are Terraform values in Python (see `values.py`). A resource's value is a dict with every attribute of the schema,
or None if the resource does not exist. Each method gets a `Diagnostics` list to append to. If a method raises, the service
makes a diagnostic of the exception; its docstring says what Terraform gets then. Terraform calls a provider from many
threads at once.

Functions need Terraform 1.8, ephemeral resources 1.10, resource identity 1.12, list resources and actions 1.14. An older
Terraform never makes these calls.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, Protocol

    from .diagnostics import Diagnostics
    from .paths import Path
    from .schema import IdentitySchema, ReadSchema, Schema
    from .types import Type

    Object = dict[str, Any]
else:
    Protocol = object


class Planned:
    """The result of `Resource.plan`. `identity` None = the prior one, or none if the plan creates the resource. An
    identity with an unknown value is not sent, because Terraform does not use it."""

    __slots__ = ("identity", "private", "requires_replace", "state")

    def __init__(
        self,
        state: Object | None,
        private: bytes = b"",
        requires_replace: tuple[Path, ...] = (),
        identity: Object | None = None,
    ) -> None:
        self.state = state
        self.private = private
        self.requires_replace = requires_replace
        self.identity = identity


class Stored:
    """A state to be stored, with its private state: the result of `read` and `apply`, and one imported resource.
    `identity` has no unknown value. None = the planned one (apply), or the one of the import. The identity from
    `read` is used only if Terraform has none yet, because an identity never changes."""

    __slots__ = ("identity", "private", "state", "type_name")

    def __init__(
        self,
        state: Object | None,
        private: bytes = b"",
        type_name: str = "",
        identity: Object | None = None,
    ) -> None:
        self.state = state
        self.private = private
        self.type_name = type_name
        self.identity = identity


class Opened:
    """The result of `EphemeralResource.open`. `result` has every attribute, the configured ones as configured, and
    no unknown value. `renew_at` is the time to call `renew`, in seconds since 1970; None = never. `renew` and `close`
    get `private`."""

    __slots__ = ("private", "renew_at", "result")

    def __init__(self, result: Object, renew_at: float | None = None, private: bytes = b"") -> None:
        self.result = result
        self.renew_at = renew_at
        self.private = private


class Renewed:
    """The result of `EphemeralResource.renew`: the time of the next call, and the private data for it. Up to Terraform
    1.15, `close` still gets the private data of `open`."""

    __slots__ = ("private", "renew_at")

    def __init__(self, renew_at: float | None = None, private: bytes = b"") -> None:
        self.renew_at = renew_at
        self.private = private


class Listed:
    """One result of `ListResource.list`. `identity` has every attribute of the identity schema, none unknown. `resource`
    is the resource's whole state, and may be None unless `include_resource` is True."""

    __slots__ = ("display_name", "identity", "resource")

    def __init__(self, identity: Object, display_name: str, resource: Object | None = None) -> None:
        self.identity = identity
        self.display_name = display_name
        self.resource = resource


class Parameter:
    """One parameter of a function. Terraform itself refuses null unless `nullable`. Unless `takes_unknown`, the result
    for an unknown argument is unknown, without a call."""

    __slots__ = ("description", "name", "nullable", "takes_unknown", "type")

    def __init__(
        self,
        name: str,
        type: Type,
        description: str = "",
        *,
        nullable: bool = False,
        takes_unknown: bool = False,
    ) -> None:
        self.name = name
        self.type = type
        self.description = description
        self.nullable = nullable
        self.takes_unknown = takes_unknown


class FunctionError(Exception):
    """A function's argument is wrong. Terraform shows `text` with the call. `argument` is the index of the wrong
    argument; variadic ones follow the others."""

    def __init__(self, text: str, argument: int | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.argument = argument


class Resource(Protocol):
    """One managed resource type. `identity` None = the type has no identity and is imported by id only."""

    schema: Schema
    identity: IdentitySchema | None

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """ValidateResourceConfig: before every plan, unknown values included. Write-only values are in
        `config`."""

    def upgrade(self, version: int, state: Object, diagnostics: Diagnostics) -> Object | None:
        """UpgradeResourceState: before any other use of a stored state. If `version` is the schema's, `state` has
        exactly the schema's attributes: missing ones are null, others are dropped. A state of an older version is its
        JSON as stored. Write-only values are null in both."""

    def upgrade_identity(self, version: int, identity: Object, diagnostics: Diagnostics) -> Object | None:
        """UpgradeResourceIdentity: before any other use of a stored identity of an older version. `identity` is its
        JSON as stored. Never called while `identity.version` is 0."""

    def read(self, state: Object, private: bytes, diagnostics: Diagnostics) -> Stored:
        """ReadResource: once a resource on refresh, and after import. `Stored(None)` = the resource is gone. On an
        exception the service returns the stored state."""

    def plan(
        self,
        prior: Object | None,
        proposed: Object | None,
        config: Object | None,
        private: bytes,
        diagnostics: Diagnostics,
    ) -> Planned:
        """PlanResourceChange: prior None = create, proposed None = destroy. Write-only values are null in
        `proposed` and set in `config`."""

    def apply(
        self,
        prior: Object | None,
        planned: Object | None,
        config: Object | None,
        private: bytes,
        diagnostics: Diagnostics,
    ) -> Stored:
        """ApplyResourceChange: prior None = create, planned None = destroy. Terraform stores the result even if there
        is an error, so it has to be the state that is known to exist. On an exception the service returns the prior
        state."""

    def import_state(self, id: str, identity: Object | None, diagnostics: Diagnostics) -> list[Stored]:
        """ImportResourceState: `terraform import` and import blocks; a read follows. The import is by `id`, or by
        `identity` if `id` is "". In an identity, attributes that are optional for import may be null."""

    def move(
        self,
        source_provider: str,
        source_type: str,
        version: int,
        state: Object,
        private: bytes,
        diagnostics: Diagnostics,
    ) -> Stored | None:
        """MoveResourceState: a `moved` block from another resource type. None or an error = not possible."""


class DataSource(Protocol):
    """One data source. Terraform writes the result to the state, so its schema has no write-only attribute."""

    @property
    def schema(self) -> ReadSchema:
        """The schema. It is read when it is needed, so a large one may be built at that time."""

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """ValidateDataResourceConfig: before every plan, unknown values included."""

    def read(self, config: Object, diagnostics: Diagnostics) -> Object | None:
        """ReadDataSource: in every plan in which the configuration is known, else during apply. The result has every
        attribute, the configured ones as configured. None needs an error."""


class EphemeralResource(Protocol):
    """One ephemeral resource type. Its result is not stored in a plan or state. Terraform opens it during plan, and again
    during apply."""

    @property
    def schema(self) -> ReadSchema:
        """The schema, as for a data source."""

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """ValidateEphemeralResourceConfig: before every plan, unknown values included."""

    def open(self, config: Object, diagnostics: Diagnostics) -> Opened | None:
        """OpenEphemeralResource: once a run, for all references to it. The configuration is known. None needs an
        error."""

    def renew(self, private: bytes, diagnostics: Diagnostics) -> Renewed | None:
        """RenewEphemeralResource: at `renew_at`, if the resource is still in use. None = no more renewals, and the
        private data stays as it is."""

    def close(self, private: bytes, diagnostics: Diagnostics) -> None:
        """CloseEphemeralResource: after its last use."""


class Function(Protocol):
    """One function, called as `provider::NAME::function(...)`. It has to be pure: the provider may not be configured, and
    Terraform expects the same result from each call."""

    parameters: tuple[Parameter, ...]
    variadic: Parameter | None
    returns: Type
    summary: str
    description: str

    def call(self, arguments: list[Any]) -> Any:
        """CallFunction: each time the expression is evaluated, validation included. `arguments` has one value a
        parameter, then the variadic ones. Raises `FunctionError`."""


class ListResource(Protocol):
    """Lists the resources of one type. It has the name of that type, which must have an identity. `schema` is of the
    `config` block inside a `list` block."""

    schema: Schema

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """ValidateListResourceConfig: `terraform query` and `terraform validate -query`."""

    def list(
        self, config: Object, limit: int, include_resource: bool, diagnostics: Diagnostics
    ) -> Iterator[Listed]:
        """ListResource: `terraform query`, with a known configuration. The service stops after `limit` results.
        Diagnostics are sent with the next result. An error ends the list."""


class Action(Protocol):
    """One action type: an operation that stores nothing in the state."""

    schema: Schema

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """ValidateActionConfig: before every plan, unknown values included."""

    def plan(self, config: Object, diagnostics: Diagnostics) -> None:
        """PlanAction: in a plan that will invoke the action. Values may be unknown. An error refuses the plan."""

    def invoke(self, config: Object, progress: Callable[[str], None], diagnostics: Diagnostics) -> None:
        """InvokeAction: `terraform apply -invoke=action...`, or an `action_trigger` of a resource. Terraform shows each
        text that is passed to `progress` at once."""


class Provider(Protocol):
    """A provider: the schema of its own block, and its types by their name in Terraform. All names but those of
    functions begin with the provider's name."""

    name: str
    version: str
    schema: Schema
    resources: dict[str, Resource]
    data_sources: dict[str, DataSource]
    ephemeral_resources: dict[str, EphemeralResource]
    functions: dict[str, Function]
    list_resources: dict[str, ListResource]
    actions: dict[str, Action]

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """ValidateProviderConfig: unknown values included."""

    def configure(self, config: Object, terraform_version: str, diagnostics: Diagnostics) -> None:
        """ConfigureProvider: once a process, before all calls but validation, upgrades and functions. Values may be
        unknown during plan."""

    def stop(self) -> None:
        """StopProvider: Terraform was interrupted. Running calls have to stop waiting and to finish. Called on a thread
        of its own."""
