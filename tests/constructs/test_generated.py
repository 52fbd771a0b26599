"""The generated constructs are those of the model, and tell an editor all that it shows."""

from __future__ import annotations

import dataclasses
import inspect
from typing import Any

import generate_constructs
import generated
import immuta_constructs
import pytest
from cdktf import ComplexObject, TerraformResource
from immuta_provider.model.compiled.integrations import INTEGRATIONS
from immuta_provider.model.integrations.type import IntegrationType
from immuta_provider.plugin.schema import Schema
from immuta_provider.provider import ImmutaProvider
from immuta_provider.resources.schema import resource_schema
from support.docstrings import described_arguments

META_ARGUMENTS = [
    "additional_config",
    "timeouts",
    "connection",
    "count",
    "depends_on",
    "for_each",
    "lifecycle",
    "provider",
    "provisioners",
]

PUBLIC = [
    "AmazonS3Integration",
    "ArgumentError",
    "AzureSynapseImpersonation",
    "AzureSynapseIntegration",
    "AzureSynapseMetadataDelimiters",
    "AzureSynapseOAuthClientConfig",
    "AzureSynapseOAuthPrivateKey",
    "AzureSynapseSettings",
    "AzureSynapseTeardownCredentials",
    "BigQueryIntegration",
    "BigQuerySettings",
    "DataImmutaExistingIntegrationScript",
    "DataImmutaIntegration",
    "DataImmutaIntegrationScript",
    "DataImmutaIntegrations",
    "DatabricksAdditionalWorkspaceConnection",
    "DatabricksAudit",
    "DatabricksGroupPattern",
    "DatabricksIntegration",
    "DatabricksOAuthClientConfig",
    "DatabricksOAuthPrivateKey",
    "DatabricksProxyOptions",
    "DatabricksSettings",
    "EphemeralImmutaExistingIntegrationScript",
    "EphemeralImmutaIntegrationScript",
    "EphemeralImmutaTrinoApiKey",
    "ImmutaProvider",
    "RedshiftImpersonation",
    "RedshiftIntegration",
    "RedshiftOkta",
    "RedshiftSettings",
    "RedshiftTeardownCredentials",
    "Secret",
    "SnowflakeAudit",
    "SnowflakeImpersonation",
    "SnowflakeIntegration",
    "SnowflakeLineage",
    "SnowflakeLineageConfig",
    "SnowflakeOAuthClientConfig",
    "SnowflakeOAuthPrivateKey",
    "SnowflakePrivateKey",
    "SnowflakeSettings",
    "SnowflakeTeardownCredentials",
    "SnowflakeUserRolePattern",
    "SnowflakeWorkspaces",
    "TeardownCredentials",
    "Timeouts",
    "TrinoIntegration",
    "databricks_workspace_host",
    "redshift_host",
    "snowflake_host",
]


def named(resource: str) -> str:
    return resource.removeprefix("immuta_").title().replace("_", "")


READERS: dict[str, Schema] = {
    **{f"DataImmuta{named(name)}": d.schema for name, d in ImmutaProvider({}).data_sources.items()},
    **{
        f"EphemeralImmuta{named(name)}": e.schema
        for name, e in ImmutaProvider({}).ephemeral_resources.items()
    },
}


def test_nothing_is_stale() -> None:
    assert generated.stale(generate_constructs.render(), generate_constructs.existing()) == []


def test_two_modules_with_the_same_class_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^two modules have a class of the name Audit$"):
        generate_constructs.package_text({"one": ["Audit", "One"], "two": ["Audit", "Two"]})


def test_the_public_surface() -> None:
    assert immuta_constructs.__all__ == PUBLIC
    assert all(hasattr(immuta_constructs, name) for name in PUBLIC)


@pytest.mark.parametrize("integration", INTEGRATIONS, ids=lambda integration: integration.resource)
def test_a_constructor_has_the_models_arguments(integration: IntegrationType) -> None:
    construct = getattr(immuta_constructs, integration.class_name)
    parameters = dict(inspect.signature(construct.__init__).parameters)
    own = integration.fields
    required = [f.name for f in own if f.required]
    optional = [f.name for f in own if not f.required]
    assert integration.resource == construct.TF_RESOURCE_TYPE
    assert list(parameters) == ["self", "scope", "id", *required, *optional, *META_ARGUMENTS]
    assert [name for name, p in parameters.items() if p.kind is p.KEYWORD_ONLY] == list(parameters)[3:]
    assert [name for name, p in parameters.items() if p.default is None] == [*optional, *META_ARGUMENTS]


@pytest.mark.parametrize("integration", INTEGRATIONS, ids=lambda integration: integration.resource)
def test_an_editor_shows_every_argument(integration: IntegrationType) -> None:
    construct = getattr(immuta_constructs, integration.class_name)
    text = inspect.getdoc(construct.__init__) or ""
    assert text.startswith(f"{integration.description.split('. ')[0].removesuffix('.')}.\n\nArgs:\n")
    described = described_arguments(text)
    assert list(described) == list(inspect.signature(construct.__init__).parameters)[1:]
    page = f"Immuta's page: {integration.documentation}"
    assert (inspect.getdoc(construct) or "").split() == f"{integration.description} {page}".split()
    for field in integration.fields:
        about = described[field.name]
        assert about.startswith(field.description[1:6], 1), field.name
        assert ("Required." in about) is field.required, field.name
        assert ("A changed value replaces the integration." in about) is field.replace, field.name
        assert ("Secret, write-only" in about) is field.secret, field.name
        for choice in field.choices.values if field.choices else ():
            assert f"`{choice}`" in about, field.name


@pytest.mark.parametrize(
    "name", [name for name in PUBLIC if dataclasses.is_dataclass(getattr(immuta_constructs, name))]
)
def test_an_editor_shows_every_argument_of_a_nested_class(name: str) -> None:
    nested = getattr(immuta_constructs, name)
    assert list(described_arguments(inspect.getdoc(nested) or "")) == [
        f.name for f in dataclasses.fields(nested)
    ]


@pytest.mark.parametrize("name", sorted(READERS))
def test_what_is_read_has_the_schemas_arguments_and_references(name: str) -> None:
    construct, schema = getattr(immuta_constructs, name), READERS[name]
    arguments = {a.name for a in schema.attributes if a.required or a.optional}
    parameters = inspect.signature(construct.__init__).parameters
    scope, own_id = "scope", "id_" if "id" in arguments else "id"
    meta = {"count", "depends_on", "for_each", "lifecycle", "provider"}
    assert set(parameters) == {"self", scope, own_id} | arguments | meta
    assert {n for n, p in parameters.items() if p.kind is p.KEYWORD_ONLY} == arguments | meta
    assert {a.name for a in schema.attributes if a.required} == {
        n for n in arguments if parameters[n].default is inspect.Parameter.empty
    }
    assert set(described_arguments(inspect.getdoc(construct.__init__) or "")) == set(parameters) - {"self"}
    own = {n for n, value in vars(construct).items() if isinstance(value, property)}
    assert own == {a.name for a in schema.attributes if a.nested is None or a.computed}


def test_every_function_of_the_provider_is_there() -> None:
    assert all(callable(getattr(immuta_constructs, name)) for name in ImmutaProvider({}).functions)


@pytest.mark.parametrize("integration", INTEGRATIONS, ids=lambda integration: integration.resource)
def test_references_are_the_models_attributes_without_the_secrets(integration: IntegrationType) -> None:
    construct: Any = getattr(immuta_constructs, integration.class_name)
    attributes = {a.name: a for a in resource_schema(integration).attributes}
    secrets = {name for name, attribute in attributes.items() if attribute.write_only}
    own = {name for name, value in vars(construct).items() if isinstance(value, property)}
    assert own == set(attributes) - secrets - {"id", "timeouts"}
    assert not any(hasattr(construct, name) for name in secrets)


@pytest.mark.parametrize("integration", INTEGRATIONS, ids=lambda integration: integration.resource)
def test_no_attribute_hides_one_of_cdktfs(integration: IntegrationType) -> None:
    top = {field.name for field in integration.fields} | {
        "id",
        "status",
        "credentials_revision",
        "auto_bootstrap",
    }
    nested = {path[-1] for path, _ in integration.walk() if len(path) > 1}
    assert {name for name in top if hasattr(TerraformResource, name)} == set()
    assert {name for name in nested if hasattr(ComplexObject, name)} == set()
