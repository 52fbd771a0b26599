"""The generated constructs are those of the model, with docstrings for all that an editor shows."""

from __future__ import annotations

import dataclasses
import inspect
from typing import Any

import generate_constructs
import generated
import immuta_constructs
import pytest
from bindings.text import ways
from immuta_constructs.cdk import ComplexObject, TerraformResource
from immuta_provider.model.compiled.types import TYPES
from immuta_provider.model.derived import derived_fields
from immuta_provider.model.fields import ResourceType
from immuta_provider.plugin.schema import Schema
from immuta_provider.provider import ImmutaProvider
from immuta_provider.resources.schema import resource_schema
from support.docstrings import described_arguments

EVERY_TYPE = pytest.mark.parametrize("type", TYPES, ids=lambda type: type.resource)
META_ARGUMENTS = ["connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioners"]

# The names that have been public since 0.1; they must not be removed.
PUBLIC = """
AmazonS3Integration ArgumentError AzureSynapseImpersonation AzureSynapseIntegration
AzureSynapseMetadataDelimiters AzureSynapseOAuthClientConfig AzureSynapseOAuthPrivateKey
AzureSynapseSettings AzureSynapseTeardownCredentials BigQueryIntegration BigQuerySettings
DataImmutaExistingIntegrationScript DataImmutaIntegration DataImmutaIntegrationScript
DataImmutaIntegrations DatabricksAdditionalWorkspaceConnection DatabricksAudit DatabricksGroupPattern
DatabricksIntegration DatabricksOAuthClientConfig DatabricksOAuthPrivateKey DatabricksProxyOptions
DatabricksSettings EphemeralImmutaExistingIntegrationScript EphemeralImmutaIntegrationScript
EphemeralImmutaTrinoApiKey ImmutaProvider RedshiftImpersonation RedshiftIntegration RedshiftOkta
RedshiftSettings RedshiftTeardownCredentials Secret SnowflakeAudit SnowflakeImpersonation
SnowflakeIntegration SnowflakeLineage SnowflakeLineageConfig SnowflakeOAuthClientConfig
SnowflakeOAuthPrivateKey SnowflakePrivateKey SnowflakeSettings SnowflakeTeardownCredentials
SnowflakeUserRolePattern SnowflakeWorkspaces TeardownCredentials Timeouts TrinoIntegration
databricks_workspace_host redshift_host snowflake_host
"""


def named(resource: str) -> str:
    return resource.removeprefix("immuta_").title().replace("_", "")


READERS: dict[str, Schema] = {
    **{f"DataImmuta{named(name)}": d.schema for name, d in ImmutaProvider({}).data_sources.items()},
    **{
        f"EphemeralImmuta{named(name)}": e.schema
        for name, e in ImmutaProvider({}).ephemeral_resources.items()
    },
}


def test_generated_constructs_are_up_to_date() -> None:
    assert generated.stale(generate_constructs.render(), generate_constructs.existing()) == []


def test_two_modules_with_the_same_class_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^two modules have a class of the name Audit$"):
        generate_constructs.package_text({"one": ["Audit", "One"], "two": ["Audit", "Two"]})


def test_every_public_name_exists_and_none_of_0_1_is_missing() -> None:
    names = immuta_constructs.__all__
    assert names == sorted(names)
    assert set(names) >= {
        *PUBLIC.split(),
        *(type.class_name for type in TYPES),
        *ImmutaProvider({}).functions,
    }
    assert [name for name in names if not hasattr(immuta_constructs, name)] == []
    assert set(names) <= set(dir(immuta_constructs))
    with pytest.raises(AttributeError, match="module 'immuta_constructs' has no attribute 'Tags'"):
        _ = immuta_constructs.Tags  # type: ignore[attr-defined]


@EVERY_TYPE
def test_a_constructor_has_the_models_arguments(type: ResourceType) -> None:
    construct = getattr(immuta_constructs, type.class_name)
    parameters = dict(inspect.signature(construct.__init__).parameters)
    own = [f for f in type.fields if not f.read_only]
    required = [f.name for f in own if f.required]
    optional = [f.name for f in own if not f.required]
    derived = [f.name for f in derived_fields(type) if f.name != "additional_config"]
    meta = [
        *derived,
        *(["additional_config"] if type.open_at is not None else []),
        *(["timeouts"] if type.settles else []),
        *META_ARGUMENTS,
    ]
    assert type.resource == construct.TF_RESOURCE_TYPE
    assert list(parameters) == ["self", "scope", "id", *required, *optional, *meta]
    assert [name for name, p in parameters.items() if p.kind is p.KEYWORD_ONLY] == list(parameters)[3:]
    assert [name for name, p in parameters.items() if p.default is None] == [*optional, *meta]


@EVERY_TYPE
def test_an_editor_shows_every_argument(type: ResourceType) -> None:
    construct = getattr(immuta_constructs, type.class_name)
    text = inspect.getdoc(construct.__init__) or ""
    summary = text.partition("\n\nArgs:\n")[0]
    assert summary.split() == f"{type.description.split('. ')[0].removesuffix('.')}.".split()
    described = described_arguments(text)
    assert list(described) == list(inspect.signature(construct.__init__).parameters)[1:]
    page = f"Immuta's page: {type.documentation}"
    assert (inspect.getdoc(construct) or "").split() == f"{type.description} {ways(type)} {page}".split()
    for field in (each for each in type.fields if not each.read_only):
        about = described[field.name]
        assert about.startswith(field.description[1:6], 1), field.name
        assert ("Required." in about) is field.required, field.name
        assert (f"A changed value replaces the {type.noun}." in about) is field.replace, field.name
        assert ("Secret, write-only" in about) is field.secret, field.name
        for choice in field.choices.values if field.choices else ():
            assert f"`{choice}`" in about, field.name


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in immuta_constructs.__all__
        if dataclasses.is_dataclass(getattr(immuta_constructs, name))
    ],
)
def test_an_editor_shows_every_argument_of_a_nested_class(name: str) -> None:
    nested = getattr(immuta_constructs, name)
    assert list(described_arguments(inspect.getdoc(nested) or "")) == [
        f.name for f in dataclasses.fields(nested)
    ]


@pytest.mark.parametrize("name", sorted(READERS))
def test_a_reading_construct_has_the_schemas_arguments_and_references(name: str) -> None:
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


@EVERY_TYPE
def test_references_are_the_models_attributes_without_the_secrets(type: ResourceType) -> None:
    construct: Any = getattr(immuta_constructs, type.class_name)
    attributes = {a.name: a for a in resource_schema(type).attributes}
    secrets = {name for name, attribute in attributes.items() if attribute.write_only}
    own = {name for name, value in vars(construct).items() if isinstance(value, property)}
    assert own == set(attributes) - secrets - {"id", "timeouts"}
    assert not any(hasattr(construct, name) for name in secrets)


@EVERY_TYPE
def test_no_attribute_hides_an_attribute_of_cdktf(type: ResourceType) -> None:
    top = {attribute.name for attribute in resource_schema(type).attributes}
    nested = {path[-1] for path, _ in type.walk() if len(path) > 1}
    assert {name for name in top if hasattr(TerraformResource, name)} == set()
    assert {name for name in nested if hasattr(ComplexObject, name)} == set()
