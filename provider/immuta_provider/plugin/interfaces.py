"""What a provider is, to this plugin library: plain objects that `service.py` drives.

Values are Terraform values in Python: `None` (null), `str`, `bool`, `int` / `float` (a number beyond float64
is a decimal `str`), `list`, `dict` and `Unknown` (see `values.py`); a resource's value is a dict with every
declared attribute, or None where the resource does not exist. Each method gets a `Diagnostics` list to report
into; an exception is turned into a diagnostic by the service, and nothing else of the answer is used then
except what the docstring says. Terraform calls one provider from many threads at once.

Functions came with Terraform 1.8, ephemeral resources with 1.10, resource identity with 1.12, list resources and
actions with 1.14. An older Terraform never asks for what it does not know.
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
    """The answer of `Resource.plan`. `identity` None = the prior one, and none where the resource is created. One
    that is not wholly known is not sent: Terraform has no use for it."""

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
    """A state to be stored, with its private state: the answer of `read` and `apply`, and one imported
    resource. `identity` has no unknown value; None = as planned (apply) or as it was imported by. What `read` says
    counts only where there is nothing yet: an identity is for good."""

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
    """The answer of `EphemeralResource.open`. `result` has every attribute, the configured ones as configured, and
    nothing unknown. `renew_at`: when to call `renew`, in seconds since 1970; None = never. `private` goes to `renew`
    and `close`."""

    __slots__ = ("private", "renew_at", "result")

    def __init__(self, result: Object, renew_at: float | None = None, private: bytes = b"") -> None:
        self.result = result
        self.renew_at = renew_at
        self.private = private


class Renewed:
    """The answer of `EphemeralResource.renew`: when to call it next, and the private data for that. Up to Terraform 1.15
    `close` gets that of `open` all the same."""

    __slots__ = ("private", "renew_at")

    def __init__(self, renew_at: float | None = None, private: bytes = b"") -> None:
        self.renew_at = renew_at
        self.private = private


class Listed:
    """One result of `ListResource.list`. `identity` is whole and known, as the resource type's identity schema says;
    `resource` is the resource's whole state, needed only where it was asked for."""

    __slots__ = ("display_name", "identity", "resource")

    def __init__(self, identity: Object, display_name: str, resource: Object | None = None) -> None:
        self.identity = identity
        self.display_name = display_name
        self.resource = resource


class Parameter:
    """One parameter of a function. Terraform itself refuses null unless `nullable`, and answers unknown for an
    unknown argument, without a call, unless `takes_unknown`."""

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
    """What is wrong with a function's arguments, for the user: Terraform shows `text` with the call. `argument` is
    the index of the one that is wrong; a variadic one counts on from the others."""

    def __init__(self, text: str, argument: int | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.argument = argument


class Resource(Protocol):
    """One managed resource type. `identity` None: it has none, and is imported by id alone."""

    schema: Schema
    identity: IdentitySchema | None

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """ValidateResourceConfig: before every plan, unknown values included. Write-only values are in
        `config`."""

    def upgrade(self, version: int, state: Object, diagnostics: Diagnostics) -> Object | None:
        """UpgradeResourceState: before anything is done with a stored state. `state` of the schema's own
        version has every attribute that the schema has and no other (dropped, or null where missing); that of
        an older version is its JSON as it was stored. Write-only values are null in both."""

    def upgrade_identity(self, version: int, identity: Object, diagnostics: Diagnostics) -> Object | None:
        """UpgradeResourceIdentity: before anything is done with a stored identity of an older version, which comes
        as its JSON. Never called while `identity.version` is 0."""

    def read(self, state: Object, private: bytes, diagnostics: Diagnostics) -> Stored:
        """ReadResource: once a resource on refresh, and after import. `Stored(None)` = it is gone. On an
        exception the service hands back what was stored before."""

    def plan(
        self,
        prior: Object | None,
        proposed: Object | None,
        config: Object | None,
        private: bytes,
        diagnostics: Diagnostics,
    ) -> Planned:
        """PlanResourceChange: prior None = create, proposed None = destroy. `proposed` arrives with every
        write-only value nulled; `config` still has them."""

    def apply(
        self,
        prior: Object | None,
        planned: Object | None,
        config: Object | None,
        private: bytes,
        diagnostics: Diagnostics,
    ) -> Stored:
        """ApplyResourceChange: the same three cases. What is returned is stored even beside an error, so an
        error returns what is known to exist. On an exception the service returns the prior state."""

    def import_state(self, id: str, identity: Object | None, diagnostics: Diagnostics) -> list[Stored]:
        """ImportResourceState: `terraform import` and import blocks; a read follows. By `id`, or (then it is "")
        by `identity`, in which attributes that are optional for import may be null."""

    def move(
        self,
        source_provider: str,
        source_type: str,
        version: int,
        state: Object,
        private: bytes,
        diagnostics: Diagnostics,
    ) -> Stored | None:
        """MoveResourceState: a `moved` block from another resource type. None (or an error): not possible."""


class DataSource(Protocol):
    """One data source. Terraform writes what it answers to the state, so its schema has no write-only attribute."""

    @property
    def schema(self) -> ReadSchema:
        """Looked at when it is needed: one that is large may be made then."""

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """ValidateDataResourceConfig: before every plan, unknown values included."""

    def read(self, config: Object, diagnostics: Diagnostics) -> Object | None:
        """ReadDataSource: in every plan where the configuration is known, else in the apply. The answer has every
        attribute, the configured ones as configured; None stands beside an error."""


class EphemeralResource(Protocol):
    """One ephemeral resource type: what it answers is in no plan and no state. Terraform opens it in the plan, and once
    more in the apply."""

    @property
    def schema(self) -> ReadSchema:
        """As a data source's."""

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """ValidateEphemeralResourceConfig: before every plan, unknown values included."""

    def open(self, config: Object, diagnostics: Diagnostics) -> Opened | None:
        """OpenEphemeralResource: once a run for everyone who refers to it; the configuration is known. None stands
        beside an error."""

    def renew(self, private: bytes, diagnostics: Diagnostics) -> Renewed | None:
        """RenewEphemeralResource: when `renew_at` has come and it is still in use. None: no more renewals, and the
        private data stays as it is."""

    def close(self, private: bytes, diagnostics: Diagnostics) -> None:
        """CloseEphemeralResource: when nobody needs it any more."""


class Function(Protocol):
    """One function, called as `provider::NAME::function(...)`. It is pure: the provider may not be configured, and
    Terraform calls it more than once and expects the same answer."""

    parameters: tuple[Parameter, ...]
    variadic: Parameter | None
    returns: Type
    summary: str
    description: str

    def call(self, arguments: list[Any]) -> Any:
        """CallFunction: wherever the expression is evaluated, validation included; `arguments` holds one value a
        parameter, then the variadic ones. Raises `FunctionError`."""


class ListResource(Protocol):
    """How the resources of one type are found; it has the name of the resource type, which must have an identity.
    `schema` is what the `config` block of a `list` block takes."""

    schema: Schema

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """ValidateListResourceConfig: `terraform query` and `terraform validate -query`."""

    def list(
        self, config: Object, limit: int, include_resource: bool, diagnostics: Diagnostics
    ) -> Iterator[Listed]:
        """ListResource: `terraform query`, in which the configuration is known. Stopped when `limit` results are
        there. Diagnostics are sent with the result that follows them; an error ends the list."""


class Action(Protocol):
    """One action type: it does something, and there is nothing to be stored."""

    schema: Schema

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """ValidateActionConfig: before every plan, unknown values included."""

    def plan(self, config: Object, diagnostics: Diagnostics) -> None:
        """PlanAction: when a plan will invoke it. Values may be unknown; an error refuses the plan."""

    def invoke(self, config: Object, progress: Callable[[str], None], diagnostics: Diagnostics) -> None:
        """InvokeAction: `terraform apply -invoke=action...`, or an `action_trigger` of a resource. Each text given
        to `progress` is shown at once."""


class Provider(Protocol):
    """A provider: its own configuration block, and what it offers by its name in Terraform: a
    function by its bare name, all else with the provider's name in front."""

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
        """ConfigureProvider: once a process, before anything but validation, upgrades and functions. Values may be unknown
        during plan."""

    def stop(self) -> None:
        """StopProvider: Terraform was interrupted. Waits end early, running calls finish; called on its own
        thread."""
