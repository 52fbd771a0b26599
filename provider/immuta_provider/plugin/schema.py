"""Schemas of a provider block and of resources: their attributes, and the facts that Terraform gets about each.

Nested attributes (protocol 6.0) do all that blocks do, so a schema has attributes alone.
"""

from __future__ import annotations

from .types import BOOL, NUMBER, STRING, ListOf, MapOf, ObjectOf, SetOf, Type, WriteOnly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

SINGLE = "single"
LIST = "list"
SET = "set"
MAP = "map"

_WRAPPERS: dict[str, Callable[[Type], Type]] = {SINGLE: lambda t: t, LIST: ListOf, SET: SetOf, MAP: MapOf}


class _Attributes:
    """Named attributes in their declared order."""

    __slots__ = ("_by_name", "attributes", "holds_secret", "holds_write_only", "object_type", "stored_type")

    def __init__(self, attributes: Iterable[Attribute]) -> None:
        self.attributes = tuple(attributes)
        self._by_name = {a.name: a for a in self.attributes}
        self.holds_secret: bool = any(a.holds_secret for a in self.attributes)
        self.holds_write_only: bool = any(a.holds_write_only for a in self.attributes)
        # The types of one object of these attributes: as configured, and as planned and stored.
        self.object_type = ObjectOf({a.name: a.value_type for a in self.attributes})
        self.stored_type = ObjectOf({a.name: a.stored_type for a in self.attributes})
        if len(self._by_name) != len(self.attributes):
            raise ValueError("two attributes have the same name")

    def attribute(self, name: str) -> Attribute | None:
        return self._by_name.get(name)


class Nested(_Attributes):
    """The attributes inside a nested attribute, which is one object of them, or a list, set or map of such
    objects. `element_key` names the attributes that identify an element of a list whose order means nothing."""

    __slots__ = ("element_key", "nesting", "value_type", "whole_stored_type")

    def __init__(
        self, attributes: Iterable[Attribute], nesting: str = SINGLE, *, element_key: tuple[str, ...] = ()
    ) -> None:
        super().__init__(attributes)
        if nesting not in _WRAPPERS:
            raise ValueError(f"nesting is one of {', '.join(_WRAPPERS)}, not {nesting!r}")
        if nesting == SET and self.holds_write_only:
            raise ValueError("Terraform refuses write-only attributes inside a set")
        if element_key and (nesting != LIST or not self._by_name.keys() >= set(element_key)):
            raise ValueError(
                "an element key consists of the elements' own attributes, and only lists have one"
            )
        self.nesting = nesting
        self.element_key = element_key
        self.value_type = _WRAPPERS[nesting](self.object_type)
        self.whole_stored_type = _WRAPPERS[nesting](self.stored_type)


class Attribute:
    """One attribute, of a plain `type` or of `nested` attributes (exactly one of the two).

    `sensitive`: Terraform hides the value, and stores it. `write_only`: the value is in the configuration only,
    never in plan or state. The plan engine alone reads four more: `requires_replace` (a change replaces the resource),
    `use_state_for_unknown` (an update keeps the computed value), `state_only` (a change writes the state and calls
    nothing) and `semantic_equality(prior, config)` (True for two notations of one value). Raises ValueError if Terraform
    would refuse the attribute.
    """

    __slots__ = (
        "computed",
        "deprecated",
        "description",
        "holds_secret",
        "holds_write_only",
        "name",
        "nested",
        "optional",
        "required",
        "requires_replace",
        "semantic_equality",
        "sensitive",
        "state_only",
        "stored_type",
        "type",
        "use_state_for_unknown",
        "value_type",
        "write_only",
    )

    def __init__(
        self,
        name: str,
        type: Type | None = None,
        *,
        nested: Nested | None = None,
        description: str = "",
        required: bool = False,
        optional: bool = False,
        computed: bool = False,
        sensitive: bool = False,
        write_only: bool = False,
        deprecated: bool = False,
        requires_replace: bool = False,
        use_state_for_unknown: bool = False,
        state_only: bool = False,
        semantic_equality: Callable[[Any, Any], bool] | None = None,
    ) -> None:
        value_type = nested.value_type if nested is not None else type
        if value_type is None or (nested is not None and type is not None):
            raise ValueError(f"attribute {name}: it has either a type or nested attributes")
        if (required and (optional or computed)) or not (required or optional or computed):
            raise ValueError(
                f"attribute {name}: it is required, or optional, or computed, or optional and computed"
            )
        if write_only and computed:
            raise ValueError(
                f"attribute {name}: a write-only value cannot be computed, because it is never stored"
            )
        self.name: str = name
        self.type = type
        self.nested = nested
        self.description = description
        self.required = required
        self.optional = optional
        self.computed = computed
        self.sensitive = sensitive
        self.write_only = write_only
        self.deprecated = deprecated
        self.requires_replace = requires_replace
        self.use_state_for_unknown = use_state_for_unknown
        self.state_only = state_only
        self.semantic_equality = semantic_equality
        self.value_type: Type = value_type
        stored_type = nested.whole_stored_type if nested is not None else value_type
        self.stored_type: Type = WriteOnly(value_type) if write_only else stored_type
        self.holds_write_only: bool = write_only or (nested is not None and nested.holds_write_only)
        self.holds_secret: bool = sensitive or write_only or (nested is not None and nested.holds_secret)

    def __repr__(self) -> str:
        return f"Attribute({self.name!r}, {self.value_type!r})"


class Schema(_Attributes):
    """The schema of a resource type, a provider block, an action or a list.

    A new `version` means that older states need an upgrade. `description` is plain text.
    """

    __slots__ = ("deprecated", "description", "version")

    def __init__(
        self,
        attributes: Iterable[Attribute],
        version: int = 0,
        description: str = "",
        *,
        deprecated: bool = False,
    ) -> None:
        super().__init__(attributes)
        self.version = version
        self.description = description
        self.deprecated = deprecated


class ReadSchema(Schema):
    """The schema of a data source or an ephemeral resource. Other resources can refer to the result, so a write-only
    attribute raises ValueError. A secret of an ephemeral resource is `sensitive`. A secret of a data source is in the
    state."""

    __slots__ = ()

    def __init__(
        self,
        attributes: Iterable[Attribute],
        version: int = 0,
        description: str = "",
        *,
        deprecated: bool = False,
    ) -> None:
        super().__init__(attributes, version, description, deprecated=deprecated)
        names = ", ".join(a.name for a in self.attributes if a.holds_write_only)
        if names:
            raise ValueError(f"only a managed resource or an action has write-only attributes; here: {names}")


class IdentityAttribute:
    """One attribute of a resource's identity: text, number, bool or a list of them.

    Exactly one of two is True: an import by identity has to set the attribute (`required_for_import`), or may leave it to
    the provider (`optional_for_import`).
    """

    __slots__ = ("description", "name", "optional_for_import", "required_for_import", "type")

    def __init__(
        self,
        name: str,
        type: Type,
        description: str = "",
        *,
        required_for_import: bool = False,
        optional_for_import: bool = False,
    ) -> None:
        inner = type.element if isinstance(type, ListOf) else type
        if inner not in (STRING, NUMBER, BOOL):
            raise ValueError(
                f"identity attribute {name}: Terraform takes text, number, bool or a list of them, not {type!r}"
            )
        if required_for_import == optional_for_import:
            raise ValueError(f"identity attribute {name}: it is either required or optional for import")
        self.name = name
        self.type = type
        self.description = description
        self.required_for_import = required_for_import
        self.optional_for_import = optional_for_import


class IdentitySchema:
    """The attributes that identify a resource of one type, and never change. A new `version` means that older identities
    need an upgrade."""

    __slots__ = ("attributes", "object_type", "version")

    def __init__(self, attributes: Iterable[IdentityAttribute], version: int = 0) -> None:
        self.attributes = tuple(attributes)
        self.version = version
        self.object_type = ObjectOf({a.name: a.type for a in self.attributes})
        if not self.attributes or len({a.name for a in self.attributes}) < len(self.attributes):
            raise ValueError("an identity has at least one attribute, and no two of the same name")
