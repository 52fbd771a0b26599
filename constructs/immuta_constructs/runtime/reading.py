"""The bases of the constructs of data sources and ephemeral resources: they check, synthesize and refer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self, cast

from cdktf import (
    Annotations,
    ITerraformDependable,
    ITerraformIterator,
    TerraformCount,
    TerraformDataSource,
    TerraformProvider,
    TerraformProviderGeneratorMetadata,
    TerraformResource,
    TerraformResourceLifecycle,
    TerraformStack,
)
from constructs import Construct
from immuta_provider.model.wording import Problem

from . import integration_reads, questions
from .arguments import plain
from .errors import ArgumentError, described
from .secrets import declared
from .tokens import with_text_tokens
from .traces import misplaced, traces, warn_of_traces
from .unusable import unusable_texts

EPHEMERAL = "ephemeral"


class DataSource(TerraformDataSource):
    """Something that is read from Immuta in every plan and kept in Terraform's state; it takes no secret and tells none."""

    TF_RESOURCE_TYPE: ClassVar[str]

    def __new__(cls, *place: Any, **arguments: Any) -> Self:
        refuse_without_scripts("data source", cls.TF_RESOURCE_TYPE, place, arguments)
        return super().__new__(cls)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        arguments: Mapping[str, Any],
        count: int | float | TerraformCount | None,
        depends_on: Sequence[ITerraformDependable] | None,
        for_each: ITerraformIterator | None,
        lifecycle: TerraformResourceLifecycle | Mapping[str, Any] | None,
        provider: TerraformProvider | None,
    ) -> None:
        config, found = integration_reads.with_json(arguments)
        found += unusable_texts({"id_" if "id" in arguments else "id": id, "lifecycle": lifecycle})
        found += questions.problems(self.TF_RESOURCE_TYPE, config, secrets=False)
        told = {problem.path for problem in found}
        found += [problem for problem in misplaced((), plain(arguments)) if problem.path not in told]
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
        self._attributes: dict[str, Any] = declared(TerraformStack.of(self), config)

    def _synthesize_attributes(self) -> Mapping[str, Any]:
        return self._attributes

    def _synthesize_hcl_attributes(self) -> Mapping[str, Any]:
        raise NotImplementedError(JSON_ONLY)


class EphemeralResource(TerraformResource):
    """Something that Immuta is asked for in every run and that is kept nowhere; secrets may go in, and come out.

    Terraform takes its attributes only where ephemeral values may stand: in provider blocks, write-only arguments, other
    ephemeral resources, and ephemeral variables and outputs.
    """

    # cdktf 0.21 knows no ephemeral blocks. A managed resource has the same arguments (count, for_each, provider, depends_on,
    # lifecycle) and, with this word in front of its type, the same references; only its place in the document differs.
    TF_RESOURCE_TYPE: ClassVar[str]

    def __new__(cls, *place: Any, **arguments: Any) -> Self:
        refuse_without_scripts("ephemeral resource", cls.TF_RESOURCE_TYPE, place, arguments)
        return super().__new__(cls)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        arguments: Mapping[str, Any],
        count: int | float | TerraformCount | None,
        depends_on: Sequence[ITerraformDependable] | None,
        for_each: ITerraformIterator | None,
        lifecycle: TerraformResourceLifecycle | Mapping[str, Any] | None,
        provider: TerraformProvider | None,
    ) -> None:
        config, found = integration_reads.with_json(arguments)
        found += unusable_texts({"id_" if "id" in arguments else "id": id, "lifecycle": lifecycle})
        found += questions.problems(self.TF_RESOURCE_TYPE, config, secrets=True)
        refuse(f"the ephemeral resource {self.TF_RESOURCE_TYPE}", scope, id, found)
        super().__init__(
            scope,
            with_text_tokens(id),
            terraform_resource_type=f"{EPHEMERAL}.{self.TF_RESOURCE_TYPE}",
            terraform_generator_metadata=TerraformProviderGeneratorMetadata(provider_name="immuta"),
            count=count,
            depends_on=depends_on,
            for_each=for_each,
            lifecycle=cast(Any, lifecycle),
            provider=provider,
        )
        warn(self, found)
        warn_of_traces(self, traces(integration_reads.PLATFORMS, config))
        self._attributes: dict[str, Any] = declared(TerraformStack.of(self), config)

    def to_terraform(self) -> Any:
        """The `ephemeral` block, for the stack's document."""
        ((_, blocks),) = super().to_terraform()["resource"].items()
        return {EPHEMERAL: {self.TF_RESOURCE_TYPE: blocks}}

    def _synthesize_attributes(self) -> Mapping[str, Any]:
        return self._attributes

    def _synthesize_hcl_attributes(self) -> Mapping[str, Any]:
        raise NotImplementedError(JSON_ONLY)


JSON_ONLY = (
    "what is asked of Immuta is synthesized to JSON only, as integrations are: leave out --hcl / hcl_output"
)


def refuse(subject: str, scope: Construct, id: str, found: Sequence[Problem]) -> None:
    """Raise what cannot be deployed, all of it."""
    errors = [problem for problem in found if problem.strict]
    if errors:
        raise ArgumentError(subject, f"{scope.node.path}/{id}", errors)


def refuse_without_scripts(
    kind: str, resource: str, place: tuple[Any, ...], arguments: Mapping[str, Any]
) -> None:
    """Python only says that a constructor does not have such an argument. Here is the reason."""
    found = questions.without_scripts(resource, arguments)
    at = {**dict(zip(("scope", "id"), place, strict=False)), **arguments}
    if found and {"scope", "id"} <= at.keys():
        refuse(f"the {kind} {resource}", at["scope"], at["id"], found)


def warn(construct: Construct, found: Sequence[Problem]) -> None:
    for problem in found:
        Annotations.of(construct).add_warning(described(problem))
