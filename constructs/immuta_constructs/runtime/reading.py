"""The base classes of the constructs for data sources and ephemeral resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Self, cast

from constructs import Construct
from immuta_provider.distribution import mirror
from immuta_provider.model.wording import Problem

from ..cdk import (
    IMMUTA_CDKTN,
    Annotations,
    EphemeralBase,
    EphemeralLifecycle,
    ITerraformDependable,
    TerraformCount,
    TerraformDataSource,
    TerraformIterator,
    TerraformProvider,
    TerraformProviderGeneratorMetadata,
    TerraformResourceLifecycle,
)
from .arguments import plain
from .errors import ArgumentError, described
from .registry import read_of
from .scopes import foreign
from .secrets import declared
from .tokens import with_text_tokens
from .traces import Trace, misplaced, traces, warn_of_traces
from .unusable import unusable_texts

EPHEMERAL = "ephemeral"
# cdktf 0.21 does not support ephemeral blocks. A managed resource has the same meta-arguments and, with this prefix on its type,
# the same references. Only the block's place in the document differs.
PREFIX = "" if IMMUTA_CDKTN else f"{EPHEMERAL}."
# The rules that Terraform accepts in the lifecycle of an ephemeral resource.
CONDITIONS = ("precondition", "postcondition")
# The key in a construct's context under which a program, or cdktf.json, declares its versions of Terraform.
TARGETS = "targetVersions"


class DataSource(TerraformDataSource):
    """A data source, which Terraform reads in every plan and keeps in its state. It accepts and returns no secret."""

    TF_RESOURCE_TYPE: ClassVar[str]

    def __new__(cls, *place: Any, **arguments: Any) -> Self:
        refuse_names("data source", cls.TF_RESOURCE_TYPE, place, arguments)
        return super().__new__(cls)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        arguments: Mapping[str, Any],
        count: int | float | TerraformCount | None,
        depends_on: Sequence[ITerraformDependable] | None,
        for_each: TerraformIterator | None,
        lifecycle: TerraformResourceLifecycle | Mapping[str, Any] | None,
        provider: TerraformProvider | None,
    ) -> None:
        read = read_of(self.TF_RESOURCE_TYPE)
        config, found = read.plain(arguments)
        found += [
            *foreign(scope),
            *unusable_texts({"id_" if "id" in arguments else "id": id, "lifecycle": lifecycle}),
        ]
        found += read.problems(config, secrets=False)
        reported = {problem.path for problem in found}
        found += [problem for problem in misplaced((), plain(arguments)) if problem.path not in reported]
        refuse(f"the data source {self.TF_RESOURCE_TYPE}", scope, id, found)
        super().__init__(
            scope,
            with_text_tokens(id),
            terraform_resource_type=self.TF_RESOURCE_TYPE,
            terraform_generator_metadata=TerraformProviderGeneratorMetadata(provider_name="immuta"),
            count=count,
            depends_on=depends_on,
            for_each=for_each,
            lifecycle=cast(Any, lifecycle),
            provider=provider,
        )
        warn(self, found)
        self._attributes: dict[str, Any] = declared(scope, config)

    def _synthesize_attributes(self) -> Mapping[str, Any]:
        return self._attributes

    def _synthesize_hcl_attributes(self) -> Mapping[str, Any]:
        raise NotImplementedError(JSON_ONLY)


class EphemeralResource(EphemeralBase):
    """An ephemeral resource, which Terraform opens in every run and never stores. It may accept and return secrets.

    Terraform allows its attributes only in ephemeral contexts: provider blocks, write-only arguments, other ephemeral
    resources, and ephemeral variables and outputs.
    """

    TF_RESOURCE_TYPE: ClassVar[str]

    def __new__(cls, *place: Any, **arguments: Any) -> Self:
        refuse_names("ephemeral resource", cls.TF_RESOURCE_TYPE, place, arguments)
        return super().__new__(cls)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        arguments: Mapping[str, Any],
        count: int | float | TerraformCount | None,
        depends_on: Sequence[ITerraformDependable] | None,
        for_each: TerraformIterator | None,
        lifecycle: EphemeralLifecycle | TerraformResourceLifecycle | Mapping[str, Any] | None,
        provider: TerraformProvider | None,
    ) -> None:
        read = read_of(self.TF_RESOURCE_TYPE)
        config, found = read.plain(arguments)
        found += [
            *foreign(scope),
            *unusable_texts({"id_" if "id" in arguments else "id": id, "lifecycle": lifecycle}),
        ]
        conditions, unfit = conditions_of(lifecycle)
        found += unfit
        found += read.problems(config, secrets=True)
        refuse(f"the ephemeral resource {self.TF_RESOURCE_TYPE}", scope, id, found)
        super().__init__(
            scope,
            with_text_tokens(id),
            terraform_resource_type=f"{PREFIX}{self.TF_RESOURCE_TYPE}",
            terraform_generator_metadata=TerraformProviderGeneratorMetadata(provider_name="immuta"),
            count=count,
            depends_on=depends_on,
            for_each=for_each,
            lifecycle=cast(Any, conditions),
            provider=provider,
        )
        # Without a declaration cdktn counts on Terraform 1.5.7, which has no ephemeral resources, and refuses this one. The
        # provider requires a newer version of every stack anyway.
        if IMMUTA_CDKTN and self.node.try_get_context(TARGETS) is None:
            self.node.set_context(TARGETS, dict.fromkeys(("terraform", "opentofu"), mirror.REQUIRED_VERSION))
        warn(self, found)
        warn_of_traces(self, self.secret_traces(config))
        self._attributes: dict[str, Any] = declared(scope, config)

    def secret_traces(self, config: Mapping[str, Any]) -> Iterator[Trace]:
        """Yields the traces of the secrets in arguments, which are plain data."""
        return traces(read_of(self.TF_RESOURCE_TYPE).objects, config)

    def to_terraform(self) -> Any:
        """Returns the `ephemeral` block for the stack's JSON."""
        fragment = super().to_terraform()
        if EPHEMERAL in fragment:
            return fragment
        ((_, blocks),) = fragment["resource"].items()
        return {EPHEMERAL: {self.TF_RESOURCE_TYPE: blocks}}

    def _synthesize_attributes(self) -> Mapping[str, Any]:
        return self._attributes

    def _synthesize_hcl_attributes(self) -> Mapping[str, Any]:
        raise NotImplementedError(JSON_ONLY)


JSON_ONLY = (
    "Immuta's data sources and ephemeral resources are synthesized to JSON only: remove --hcl / hcl_output"
)


def refuse(subject: str, scope: Construct, id: str, found: Sequence[Problem]) -> None:
    """Raises one ArgumentError with every strict problem; returns if there is none."""
    errors = [problem for problem in found if problem.strict]
    if errors:
        raise ArgumentError(subject, f"{scope.node.path}/{id}", errors)


def refuse_names(kind: str, resource: str, place: tuple[Any, ...], arguments: Mapping[str, Any]) -> None:
    """Raises an ArgumentError for names that it explains better than Python's TypeError."""
    found = read_of(resource).not_arguments(arguments)
    at = {**dict(zip(("scope", "id"), place, strict=False)), **arguments}
    if found and {"scope", "id"} <= at.keys():
        refuse(f"the {kind} {resource}", at["scope"], at["id"], found)


def conditions_of(lifecycle: Any) -> tuple[Any, list[Problem]]:
    """Returns the lifecycle of an ephemeral resource as a mapping, and the rules that only other resources have.

    cdktn's constructor does not accept a `TerraformResourceLifecycle`, even if it has nothing but conditions.
    """
    rules = getattr(lifecycle, "_values", lifecycle)
    if not isinstance(rules, Mapping):
        return lifecycle, []
    configured = {name: value for name, value in rules.items() if value is not None}
    detail = "Terraform accepts only precondition and postcondition there. Remove it."
    return configured, [
        Problem(("lifecycle", name), True, f"lifecycle.{name} is not for ephemeral resources", detail)
        for name in configured
        if name not in CONDITIONS
    ]


def warn(construct: Construct, found: Sequence[Problem]) -> None:
    for problem in found:
        Annotations.of(construct).add_warning(described(problem))
