"""What a provider is, to this plugin library: plain objects that `service.py` drives.

Values are Terraform values in Python: `None` (null), `str`, `bool`, `int` / `float` (a number beyond float64
is a decimal `str`), `list`, `dict` and `Unknown` (see `values.py`); a resource's value is a dict with every
declared attribute, or None where the resource does not exist. Each method gets a `Diagnostics` list to report
into; an exception is turned into a diagnostic by the service, and nothing else of the answer is used then
except what the docstring says.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    from .diagnostics import Diagnostics
    from .paths import Path
    from .schema import Schema

    Object = dict[str, Any]
else:
    Protocol = object


class Planned:
    """The answer of `Resource.plan`."""

    __slots__ = ("private", "requires_replace", "state")

    def __init__(
        self, state: Object | None, private: bytes = b"", requires_replace: tuple[Path, ...] = ()
    ) -> None:
        self.state = state
        self.private = private
        self.requires_replace = requires_replace


class Stored:
    """A state to be stored, with its private state: the answer of `read` and `apply`, and one imported
    resource."""

    __slots__ = ("private", "state", "type_name")

    def __init__(self, state: Object | None, private: bytes = b"", type_name: str = "") -> None:
        self.state = state
        self.private = private
        self.type_name = type_name


class Resource(Protocol):
    """One managed resource type."""

    schema: Schema

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """ValidateResourceConfig: before every plan, unknown values included. Write-only values are in
        `config`."""

    def upgrade(self, version: int, state: Object, diagnostics: Diagnostics) -> Object | None:
        """UpgradeResourceState: before anything is done with a stored state. `state` of the schema's own
        version has every attribute that the schema has and no other (dropped, or null where missing); that of
        an older version is its JSON as it was stored. Write-only values are null in both."""

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

    def import_state(self, id: str, diagnostics: Diagnostics) -> list[Stored]:
        """ImportResourceState: `terraform import` and import blocks; a read follows."""

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


class Provider(Protocol):
    """A provider: its own configuration block and its resource types."""

    name: str
    version: str
    schema: Schema
    resources: dict[str, Resource]

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """ValidateProviderConfig: unknown values included."""

    def configure(self, config: Object, terraform_version: str, diagnostics: Diagnostics) -> None:
        """ConfigureProvider: once a process, before read, plan, apply and import. Values may be unknown
        during plan."""

    def stop(self) -> None:
        """StopProvider: Terraform was interrupted. Waits end early, running calls finish; called on its own
        thread."""
