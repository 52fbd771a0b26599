"""Snowflake."""

from __future__ import annotations

from typing import Annotated

from immuta_provider.model.fields import Choices, When
from immuta_provider.model.integrations.base import SET_UP_BY, AboutIntegration, Integration
from immuta_provider.model.integrations.oauth import OAuthClientConfig
from immuta_provider.model.integrations.parts import Audit, Impersonation, a_host, a_port
from immuta_provider.model.spec import Object, Spec

WITH_USER = When({"authentication_type": ("userPassword", "keyPair")})
MAYBE_WITH_USER = When({"authentication_type": ("userPassword", "keyPair")}, strict=False)
WITH_PASSWORD = When({"authentication_type": ("userPassword",)})
MAYBE_WITH_PASSWORD = When({"authentication_type": ("userPassword",)}, strict=False)
WITH_KEY_PAIR = When({"authentication_type": ("keyPair",)})
MAYBE_WITH_KEY_PAIR = When({"authentication_type": ("keyPair",)}, strict=False)
WITH_OAUTH = When({"authentication_type": ("oAuthClientCredentials",)})
MAYBE_WITH_OAUTH = When({"authentication_type": ("oAuthClientCredentials",)}, strict=False)
SET_UP_BY_IMMUTA = When({"auto_bootstrap": (True,)}, strict=False)
SET_UP_BY_HAND = When({"auto_bootstrap": (False,)})
ENABLED = When({"enabled": (True,)}, strict=False)


class PrivateKey(Object):
    """The private key of a key pair."""

    key_name: Annotated[
        str,
        Spec("keyName", "Immuta's name for what this key is for.", choices=Choices("PRIV_KEY_FILE")),
    ]
    user_filename: Annotated[
        str,
        Spec("userFilename", "Name under which Immuta shows the key file to people; no file is read."),
    ]
    content: Annotated[
        str,
        Spec(
            "content",
            "The private key itself, as PEM text with its line breaks.",
            secret=True,
            text_format="pem",
        ),
    ]


class Workspaces(Object):
    """Project workspaces."""

    enabled: Annotated[
        bool | None,
        Spec(
            "enabled",
            "true: projects may have workspaces.",
            default="Off.",
            computed=True,
            computed_as=False,
        ),
    ] = None
    warehouses: Annotated[
        list[str] | None,
        Spec(
            "warehouses",
            "Warehouses that project owners may choose from.",
            default="None.",
            required_when=ENABLED,
            computed=True,
        ),
    ] = None


class SnowflakeImpersonation(Impersonation):
    """Users querying as another user."""

    role: Annotated[
        str | None,
        Spec(
            "role",
            "Role that Immuta creates for impersonation; it may not exist before.",
            default="IMMUTA_IMPERSONATION, as far as is known.",
            computed=True,
        ),
    ] = None


class LineageConfig(Object):
    """The scope of lineage."""

    table_filter: Annotated[
        str | None,
        Spec(
            "tableFilter",
            "Regular expression, without slashes around it, for the tables whose lineage is followed.",
            default="All tables.",
        ),
    ] = None
    tag_filter: Annotated[
        str | None,
        Spec(
            "tagFilter",
            "Regular expression, without slashes around it, for the tags that are passed on.",
            default="All tags.",
        ),
    ] = None


class Lineage(Object):
    """Passing tags on along Snowflake's lineage."""

    enabled: Annotated[
        bool | None,
        Spec(
            "enabled",
            "true: Immuta passes tags on along lineage.",
            default="Off.",
            computed=True,
            computed_as=False,
        ),
    ] = None
    lineage_config: Annotated[
        LineageConfig | None,
        Spec(
            "lineageConfig",
            "Tables and tags for lineage.",
            default="All tables and tags.",
            computed=True,
        ),
    ] = None
    ingest_batch_size: Annotated[
        int | None,
        Spec(
            "ingestBatchSize",
            "Number of rows that are read at once from Snowflake's access history.",
            default="1000, as far as is known.",
            computed=True,
        ),
    ] = None


class UserRolePattern(Object):
    """Names that authorization checks leave out."""

    exclude: Annotated[
        list[str] | None,
        Spec(
            "exclude",
            "Roles and users that authorization checks leave out. Case counts, and there are no wildcards.",
            default="Nobody is left out.",
        ),
    ] = None


class SnowflakeIntegration(Integration):
    """Snowflake access control on one account, through policies that Immuta manages. Immuta takes one integration a
    host. With auto_bootstrap the configured credentials are used once and not kept."""

    about = AboutIntegration(
        resource="immuta_snowflake_integration",
        constants={"type": "Snowflake"},
        title="Snowflake",
        documentation="https://documentation.immuta.com/saas/developer-guides/api-intro/integrations-api/how-to-guides/snowflake-api",
        host_field="host",
        unique_by=("host",),
        teardown_platform="snowflake",
        teardown_fields=(
            "authentication_type",
            "username",
            "password",
            "role",
            "private_key",
            "private_key_password",
        ),
        scripts=Choices("create", "cleanup", "edit", "delete"),
        advice=(
            (
                "lineage.enabled",
                When({"lineage.enabled": (True,), "audit.enabled": (False, None)}, strict=False),
                "lineage is read from Snowflake's query log, and Immuta's own pages have audit enabled first. Set "
                "audit = { enabled = true } beside it.",
            ),
        ),
    )

    auto_bootstrap: Annotated[bool, SET_UP_BY]
    host: Annotated[
        str,
        a_host(
            "host",
            "Host name of the account, such as acme.eu-central-1.snowflakecomputing.com.",
            replace=True,
        ),
    ]
    port: Annotated[
        int | None,
        a_port("Port of the account.", "Immuta uses 443.", replace=True, computed=True, computed_as=443),
    ] = None
    warehouse: Annotated[str, Spec("warehouse", "Default warehouse of the user that Immuta works as.")]
    database: Annotated[
        str, Spec("database", "New, empty database that Immuta creates and manages.", replace=True)
    ]
    authentication_type: Annotated[
        str,
        Spec(
            "authenticationType",
            "Authentication method. userPassword: by user name and password. keyPair: by user name and private key. "
            "oAuthClientCredentials: as an OAuth client, only with auto_bootstrap = false.",
            choices=Choices("userPassword", "keyPair", "oAuthClientCredentials"),
            choice_when=(("oAuthClientCredentials", SET_UP_BY_HAND),),
        ),
    ]
    username: Annotated[
        str | None,
        Spec(
            "username",
            "User name in Snowflake.",
            default="Immuta signs in as an OAuth client.",
            required_when=WITH_USER,
            only_when=MAYBE_WITH_USER,
        ),
    ] = None
    password: Annotated[
        str | None,
        Spec(
            "password",
            "Password of that user.",
            default="Immuta signs in without a password.",
            required_when=WITH_PASSWORD,
            only_when=MAYBE_WITH_PASSWORD,
            secret=True,
        ),
    ] = None
    role: Annotated[
        str | None,
        Spec(
            "role",
            "Role with the privileges for the set-up, such as ACCOUNTADMIN.",
            default="Snowflake uses the user's default role.",
            required_when=SET_UP_BY_IMMUTA,
        ),
    ] = None
    private_key: Annotated[
        PrivateKey | None,
        Spec(
            "privateKey",
            "The private key of that user's key pair.",
            default="Immuta signs in without a key.",
            required_when=WITH_KEY_PAIR,
            only_when=MAYBE_WITH_KEY_PAIR,
        ),
    ] = None
    private_key_password: Annotated[
        str | None,
        Spec(
            "privateKeyPassword",
            "Passphrase of the private key, if it is encrypted. An Immuta that lacks this setting takes PRIV_KEY_FILE_PWD=... in "
            "connect_args instead.",
            default="The private key is not encrypted.",
            only_when=MAYBE_WITH_KEY_PAIR,
            secret=True,
        ),
    ] = None
    oauth_client_config: Annotated[
        OAuthClientConfig | None,
        Spec(
            "oAuthClientConfig",
            "The OAuth client as which Immuta signs in.",
            default="Immuta signs in without OAuth.",
            required_when=WITH_OAUTH,
            only_when=MAYBE_WITH_OAUTH,
        ),
    ] = None
    connect_args: Annotated[
        str | None,
        Spec(
            "connectArgs",
            "Further options for the connection string. They may contain secrets, so they are treated as a secret.",
            default="No further options.",
            secret=True,
        ),
    ] = None
    audit: Annotated[
        Audit | None,
        Spec("audit", "Collecting Snowflake's query log.", default="Off.", computed=True),
    ] = None
    workspaces: Annotated[
        Workspaces | None,
        Spec(
            "workspaces",
            "Project workspaces. Immuta does not offer them while low row access policy mode is on.",
            default="Off.",
            computed=True,
        ),
    ] = None
    impersonation: Annotated[
        SnowflakeImpersonation | None,
        Spec(
            "impersonation",
            "Users querying as another user. Immuta does not offer it while low row access policy mode is on.",
            default="Off.",
            computed=True,
        ),
    ] = None
    lineage: Annotated[
        Lineage | None,
        Spec(
            "lineage",
            "Passing tags on along Snowflake's lineage. Immuta has to enable it for the tenant, and it needs audit.",
            default="Off.",
            computed=True,
        ),
    ] = None
    user_role_pattern: Annotated[
        UserRolePattern | None,
        Spec(
            "userRolePattern",
            "Roles and users that authorization checks leave out.",
            default="Nobody is left out.",
            computed=True,
        ),
    ] = None
