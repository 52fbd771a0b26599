"""The base class of every resource's construct."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, cast

import jsii
from constructs import Construct
from immuta_provider.model.compiled.types import BY_RESOURCE
from immuta_provider.model.derived import ADDITIONAL_CONFIG

from ..cdk import (
    Annotations,
    FileProvisioner,
    IImportableConfig,
    ImportableResource,
    ITerraformDependable,
    LocalExecProvisioner,
    RemoteExecProvisioner,
    SSHProvisionerConnection,
    TerraformCount,
    TerraformIterator,
    TerraformProvider,
    TerraformProviderGeneratorMetadata,
    TerraformResource,
    TerraformResourceLifecycle,
    WinrmProvisionerConnection,
)
from .arguments import plain
from .checks import no_json, problems, timeout_problems, wrong_classes
from .errors import ArgumentError, described
from .json_text import json_text
from .scopes import foreign
from .secrets import declared
from .tokens import with_text_tokens
from .traces import Trace, misplaced, traces, warn_of_traces
from .unusable import unusable, unusable_texts

Connection = SSHProvisionerConnection | WinrmProvisionerConnection | Mapping[str, Any]
Provisioner = FileProvisioner | LocalExecProvisioner | RemoteExecProvisioner | Mapping[str, Any]

TIMEOUTS = "timeouts"


class ImmutaResource(TerraformResource):
    """The base class of managed resources; not for direct use.

    A property with the name of an argument is a *reference* to the attribute in Terraform's state, for use in other
    resources and outputs. It is not the value that was passed. Secrets are write-only, so they have no property.
    """

    TF_RESOURCE_TYPE: ClassVar[str]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        arguments: Mapping[str, Any],
        connection: Connection | None,
        count: int | float | TerraformCount | None,
        depends_on: Sequence[ITerraformDependable] | None,
        for_each: TerraformIterator | None,
        lifecycle: TerraformResourceLifecycle | Mapping[str, Any] | None,
        provider: TerraformProvider | None,
        provisioners: Sequence[Provisioner] | None,
    ) -> None:
        model = BY_RESOURCE[self.TF_RESOURCE_TYPE]
        config: dict[str, Any] = plain(arguments)
        meta = {"id": id, "connection": connection, "lifecycle": lifecycle, "provisioners": provisioners}
        found = [*foreign(scope), *unusable_texts(meta), *misplaced(model.fields, config)]
        timeouts = config.pop(TIMEOUTS, None)
        found += [*timeout_problems(timeouts), *wrong_classes(model.fields, arguments)]
        for name in (ADDITIONAL_CONFIG.name, *(field.name for field in model.fields if field.as_json)):
            if arguments.get(name) is None:
                continue
            unfit = list(no_json(arguments[name], (name,)))
            found += unfit
            if unfit:
                del config[name]
            else:
                config[name] = json_text(arguments[name])
        found += problems(model, config)
        errors = [problem for problem in found if problem.strict]
        if errors:
            raise ArgumentError(f"the {model.label}", f"{scope.node.path}/{id}", errors)

        super().__init__(
            scope,
            with_text_tokens(id),
            terraform_resource_type=self.TF_RESOURCE_TYPE,
            terraform_generator_metadata=TerraformProviderGeneratorMetadata(provider_name="immuta"),
            connection=cast(Any, connection),
            count=count,
            depends_on=depends_on,
            for_each=for_each,
            lifecycle=cast(Any, lifecycle),
            provider=provider,
            provisioners=cast(Any, provisioners),
        )
        for problem in found:
            Annotations.of(self).add_warning(described(problem))
        warn_of_traces(self, self.secret_traces(config))
        if timeouts is not None:
            config[TIMEOUTS] = timeouts
        self._attributes: dict[str, Any] = declared(scope, config)

    def secret_traces(self, config: Mapping[str, Any]) -> Iterator[Trace]:
        """Yields the traces of the secrets in arguments, which are plain data."""
        return traces(BY_RESOURCE[self.TF_RESOURCE_TYPE].fields, config)

    def _synthesize_attributes(self) -> Mapping[str, Any]:
        return self._attributes

    def _synthesize_hcl_attributes(self) -> Mapping[str, Any]:
        # cdktf's HCL writer does not escape backslashes and quotes, and writes a string of digits as a number. A password
        # would be altered silently.
        raise NotImplementedError(
            "Immuta's resources are synthesized to JSON only: remove --hcl / hcl_output"
        )

    @property
    def id(self) -> str:
        """Reference to the id of the object, as the resource type's page describes it."""
        return self.get_string_attribute("id")

    def import_from(self, id: str | int, provider: TerraformProvider | None = None) -> None:
        """Imports an existing object of Immuta instead of creating one.

        The call adds an `import` block for this resource. The next deploy reads the object into the state and updates
        what differs. Remove the call after that deploy.

        Args:
            id: the import id, as the resource type's page describes it, as text or a number.
            provider: the provider to import with. Default: this construct's provider.

        Raises:
            ValueError: `id` is not a valid import id.
        """
        super().import_from(_import_id(self.TF_RESOURCE_TYPE, id), provider)

    @classmethod
    def generate_config_for_import(
        cls,
        scope: Construct,
        import_to_id: str,
        import_from_id: str | int,
        provider: TerraformProvider | None = None,
    ) -> ImportableResource:
        """Makes `cdktf diff` generate the configuration of an existing object of Immuta.

        The shorter way is `cdktf-immuta adopt`, which writes a program that runs.

        The call deploys nothing. Copy the generated configuration to a construct with `import_from`, add the secrets
        (Immuta never returns them), and remove the call. If secrets are required, the plan ends with an error that names
        them. The generated configuration is then in `generated_resources.tf` in the stack's folder.

        Args:
            scope: the stack to import into.
            import_to_id: the construct's id in the stack.
            import_from_id: the import id, as for `import_from`.
            provider: the provider to import with. Default: the stack's provider without an alias.

        Raises:
            ValueError: `import_from_id` is not a valid import id.
        """
        imported = _Imported(cls.TF_RESOURCE_TYPE, _import_id(cls.TF_RESOURCE_TYPE, import_from_id), provider)
        return ImportableResource(scope, import_to_id, cast(IImportableConfig, imported))


def _import_id(resource: str, id: object) -> str:
    id = with_text_tokens(id)
    for problem in unusable(id, ("id",)):
        raise ValueError(described(problem))
    if isinstance(id, bool) or not isinstance(id, (str, int)) or not str(id).strip():
        meaning = BY_RESOURCE[resource].id_meaning.replace("The id", "the id")
        raise ValueError(f"{id!r} is not a valid import id of {resource}: pass {meaning}")
    return str(id)


@jsii.implements(IImportableConfig)
class _Imported:
    def __init__(self, resource_type: str, import_id: str, provider: TerraformProvider | None) -> None:
        self._resource_type = resource_type
        self._import_id = import_id
        self._provider = provider

    @property
    def terraform_resource_type(self) -> str:
        return self._resource_type

    @property
    def import_id(self) -> str:
        return self._import_id

    @property
    def provider(self) -> TerraformProvider | None:
        return self._provider
