"""Amazon Redshift."""

from __future__ import annotations

from typing import Annotated

from immuta_provider.model.fields import Choices, When
from immuta_provider.model.integrations.base import SET_UP_BY, AboutIntegration, Integration
from immuta_provider.model.integrations.parts import ALWAYS_EXPECTED, Impersonation, a_host, a_port
from immuta_provider.model.spec import Object, Spec

WITH_PASSWORD = When({"authentication_type": ("userPassword",)})
MAYBE_WITH_PASSWORD = When({"authentication_type": ("userPassword",)}, strict=False)
WITH_ACCESS_KEY = When({"authentication_type": ("accessKey",)}, strict=False)
WITH_OKTA = When({"authentication_type": ("okta",)}, strict=False)
SET_UP_BY_HAND = When({"auto_bootstrap": (False,)})


class Okta(Object):
    """Signing in through Okta."""

    username: Annotated[
        str | None,
        Spec(
            "username",
            "User name at Okta.",
            default="Immuta is expected to refuse the sign-in.",
            required_when=ALWAYS_EXPECTED,
        ),
    ] = None
    password: Annotated[
        str | None,
        Spec(
            "password",
            "Password at Okta.",
            default="Immuta is expected to refuse the sign-in.",
            required_when=ALWAYS_EXPECTED,
            secret=True,
        ),
    ] = None
    app_id: Annotated[
        str | None,
        Spec(
            "appId",
            "Id of the Redshift application at Okta.",
            default="Immuta is expected to refuse the sign-in.",
            required_when=ALWAYS_EXPECTED,
        ),
    ] = None
    idp_host: Annotated[
        str | None,
        a_host(
            "idpHost",
            "Host name of the Okta organisation.",
            default="Immuta is expected to refuse the sign-in.",
            required_when=ALWAYS_EXPECTED,
        ),
    ] = None
    role: Annotated[
        str | None,
        Spec(
            "role",
            "Role at AWS that the Okta user takes on.",
            default="Immuta is expected to refuse the sign-in.",
            required_when=ALWAYS_EXPECTED,
        ),
    ] = None


class RedshiftImpersonation(Impersonation):
    """Users querying as another user."""

    role: Annotated[
        str | None,
        Spec(
            "role",
            "Redshift group whose members may impersonate.",
            default="immuta_impersonation, as far as is known.",
            computed=True,
        ),
    ] = None


class RedshiftIntegration(Integration):
    """Amazon Redshift access control through secure views on one cluster or workgroup. A database of its own needs RA3
    nodes or Redshift Serverless. One Immuta tenant may have several of them."""

    about = AboutIntegration(
        resource="immuta_redshift_integration",
        constants={"type": "Redshift"},
        title="Redshift",
        documentation="https://documentation.immuta.com/2024.2/developer-guides/api-intro/integrations-api/how-to-guides/redshift-api",
        host_field="host",
        unique_by=("host", "database"),
        teardown_platform="redshift",
        teardown_fields=(
            "authentication_type",
            "username",
            "password",
            "database_user",
            "access_key_id",
            "secret_key",
            "session_token",
        ),
        scripts=Choices("initial-create", "create", "cleanup", "edit", "delete"),
    )

    auto_bootstrap: Annotated[bool, SET_UP_BY]
    host: Annotated[
        str,
        a_host(
            "host",
            "Host name of the cluster or workgroup, such as acme.abc123.eu-west-1.redshift.amazonaws.com.",
            replace=True,
        ),
    ]
    port: Annotated[
        int | None,
        a_port(
            "Port of the cluster.",
            "5439, as far as is known.",
            replace=True,
            computed=True,
            computed_as=5439,
        ),
    ] = None
    database: Annotated[
        str,
        Spec(
            "database",
            "New, empty database that Immuta manages; for Redshift Spectrum, the existing one with the external "
            "tables.",
            replace=True,
        ),
    ]
    initial_database: Annotated[
        str | None,
        Spec(
            "initialDatabase",
            "Existing database to which Immuta connects first, to create its own.",
            default="Immuta is expected to refuse the integration.",
            required_when=ALWAYS_EXPECTED,
            replace=True,
        ),
    ] = None
    authentication_type: Annotated[
        str,
        Spec(
            "authenticationType",
            "Authentication method. userPassword: by user name and password. accessKey: by an AWS access key. "
            "okta: through Okta, which Immuta calls deprecated and takes only with auto_bootstrap = false.",
            choices=Choices("userPassword", "accessKey", "okta", strict=False),
            choice_when=(("okta", SET_UP_BY_HAND),),
        ),
    ]
    username: Annotated[
        str | None,
        Spec(
            "username",
            "User name in Redshift.",
            default="Immuta signs in without a user name.",
            required_when=WITH_PASSWORD,
            only_when=MAYBE_WITH_PASSWORD,
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
    database_user: Annotated[
        str | None,
        Spec(
            "databaseUser",
            "Redshift user that the access key represents.",
            default="Immuta signs in without an access key.",
            required_when=WITH_ACCESS_KEY,
            only_when=WITH_ACCESS_KEY,
        ),
    ] = None
    access_key_id: Annotated[
        str | None,
        Spec(
            "accessKeyId",
            "Id of the AWS access key; not secret by itself.",
            default="Immuta signs in without an access key.",
            required_when=WITH_ACCESS_KEY,
            only_when=WITH_ACCESS_KEY,
        ),
    ] = None
    secret_key: Annotated[
        str | None,
        Spec(
            "secretKey",
            "Secret of the AWS access key.",
            default="Immuta signs in without an access key.",
            required_when=WITH_ACCESS_KEY,
            only_when=WITH_ACCESS_KEY,
            secret=True,
        ),
    ] = None
    session_token: Annotated[
        str | None,
        Spec(
            "sessionToken",
            "Session token of a temporary access key.",
            default="The access key is a permanent one.",
            only_when=WITH_ACCESS_KEY,
            secret=True,
        ),
    ] = None
    okta: Annotated[
        Okta | None,
        Spec(
            "okta",
            "Signing in through Okta.",
            default="Immuta signs in without Okta.",
            required_when=WITH_OKTA,
            only_when=WITH_OKTA,
        ),
    ] = None
    impersonation: Annotated[
        RedshiftImpersonation | None,
        Spec("impersonation", "Users querying as another user.", default="Off.", computed=True),
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
