"""Azure Synapse Analytics, dedicated SQL pools."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from immuta_provider.model.fields import Choices, When
from immuta_provider.model.integrations.base import SET_UP_BY, AboutIntegration, Integration
from immuta_provider.model.integrations.oauth import OAuthClientConfig
from immuta_provider.model.integrations.parts import Impersonation, a_host, a_port
from immuta_provider.model.spec import Object, Spec

WITH_PASSWORD = When({"authentication_type": ("userPassword",)})
MAYBE_WITH_PASSWORD = When({"authentication_type": ("userPassword",)}, strict=False)
# Immuta's own pages offer OAuth for Synapse; how the API calls it was not read.
WITH_OAUTH = When({"authentication_type": ("oAuthClientCredentials",)}, strict=False)


class AzureSynapseImpersonation(Impersonation):
    """Users querying as another user."""

    role: Annotated[
        str | None,
        Spec(
            "role",
            "Database role whose members may impersonate.",
            default="IMMUTA_IMPERSONATION, as far as is known.",
            computed=True,
        ),
    ] = None


class MetadataDelimiters(Object):
    """The format of profile data into text on the platform."""

    hash_delimiter: Annotated[
        str | None,
        Spec(
            "hashDelimiter",
            "Text between two key-value pairs.",
            default="A vertical bar, as far as is known.",
            replace=True,
            computed=True,
            computed_as="|",
        ),
    ] = None
    hash_key_delimiter: Annotated[
        str | None,
        Spec(
            "hashKeyDelimiter",
            "Text between a key and its value.",
            default="A colon, as far as is known.",
            replace=True,
            computed=True,
            computed_as=":",
        ),
    ] = None
    array_delimiter: Annotated[
        str | None,
        Spec(
            "arrayDelimiter",
            "Text between two elements of an array.",
            default="A comma, as far as is known.",
            replace=True,
            computed=True,
            computed_as=",",
        ),
    ] = None


class AzureSynapseIntegration(Integration):
    """Azure Synapse Analytics access control through secure views in one dedicated SQL pool. The pool has to run, and
    the account needs the permission to manage grants. One Immuta tenant may have several of them."""

    about = AboutIntegration(
        resource="immuta_azure_synapse_integration",
        constants={"type": "Azure Synapse Analytics"},
        title="Azure Synapse Analytics",
        documentation="https://documentation.immuta.com/2024.2/developer-guides/api-intro/integrations-api/how-to-guides/synapse-api",
        host_field="host",
        unique_by=("host", "database", "schema"),
        teardown_platform="azure_synapse",
        teardown_fields=("authentication_type", "username", "password", "oauth_client_config"),
        scripts=Choices("initial-create", "create", "cleanup", "post-cleanup", "edit", "delete"),
    )

    auto_bootstrap: Annotated[bool, SET_UP_BY]
    host: Annotated[
        str,
        a_host(
            "host",
            "Host name of the SQL pool's server, such as acme.sql.azuresynapse.net.",
            replace=True,
            pattern_strict=True,
        ),
    ]
    port: Annotated[
        int | None,
        a_port(
            "Port of the server.",
            "1433, as far as is known.",
            replace=True,
            computed=True,
            computed_as=1433,
        ),
    ] = None
    database: Annotated[
        str,
        Spec("database", "Existing database in which Immuta keeps its views and schemas.", replace=True),
    ]
    # pydantic's BaseModel has a method `schema`, so the Python attribute carries PEP 8's underscore.
    schema_: Annotated[
        str, Spec("schema", "Schema that Immuta manages, for its secure views.", replace=True)
    ] = Field(alias="schema")
    authentication_type: Annotated[
        str,
        Spec(
            "authenticationType",
            "Authentication method. userPassword: by user name and password. oAuthClientCredentials: as an OAuth client, as "
            "far as is known.",
            choices=Choices("userPassword", "oAuthClientCredentials", strict=False),
        ),
    ]
    username: Annotated[
        str | None,
        Spec(
            "username",
            "User name. With auto_bootstrap a privileged account that is used once; without, the account that "
            "Immuta goes on using.",
            default="Immuta signs in as an OAuth client.",
            required_when=WITH_PASSWORD,
            only_when=MAYBE_WITH_PASSWORD,
        ),
    ] = None
    password: Annotated[
        str | None,
        Spec(
            "password",
            "Password of that user.",
            default="Immuta signs in as an OAuth client.",
            required_when=WITH_PASSWORD,
            only_when=MAYBE_WITH_PASSWORD,
            secret=True,
        ),
    ] = None
    oauth_client_config: Annotated[
        OAuthClientConfig | None,
        Spec(
            "oAuthClientConfig",
            "The OAuth client as which Immuta signs in, at Microsoft Entra ID.",
            default="Immuta signs in without OAuth.",
            required_when=WITH_OAUTH,
            only_when=WITH_OAUTH,
        ),
    ] = None
    impersonation: Annotated[
        AzureSynapseImpersonation | None,
        Spec("impersonation", "Users querying as another user.", default="Off.", computed=True),
    ] = None
    metadata_delimiters: Annotated[
        MetadataDelimiters | None,
        Spec(
            "metadataDelimiters",
            "Delimiters for profile data on the platform. They are fixed for the life of the integration.",
            default="Immuta uses the defaults of the three delimiters.",
            replace=True,
            computed=True,
        ),
    ] = None
