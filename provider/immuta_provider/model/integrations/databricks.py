"""Databricks Unity Catalog."""

from __future__ import annotations

from typing import Annotated

from immuta_provider.model.fields import Choices, When
from immuta_provider.model.integrations.base import SET_UP_BY, AboutIntegration, Integration
from immuta_provider.model.integrations.oauth import OAuthClientConfig
from immuta_provider.model.integrations.parts import ALWAYS_EXPECTED, Audit, a_host, a_port
from immuta_provider.model.spec import Object, Spec

WITH_TOKEN = When({"authentication_type": ("token",)}, strict=False)
WITH_OAUTH = When({"authentication_type": ("oAuthM2M",)}, strict=False)
AUTHENTICATION = "Authentication method. token: by a personal access token. oAuthM2M: as an OAuth client."


class GroupPattern(Object):
    """The account group that policies leave alone."""

    deny: Annotated[
        str | None,
        Spec(
            "deny",
            "Name of the account group that data policies leave alone.",
            default="No group is left out.",
        ),
    ] = None


class ProxyOptions(Object):
    """A proxy server between Immuta and the workspace."""

    host: Annotated[
        str | None,
        a_host(
            "host",
            "Host name of the proxy.",
            default="Immuta is expected to refuse the proxy.",
            required_when=ALWAYS_EXPECTED,
        ),
    ] = None
    port: Annotated[
        int | None,
        a_port("Port of the proxy.", "443, as far as is known.", computed=True, computed_as=443),
    ] = None
    username: Annotated[
        str | None,
        Spec("username", "User name at the proxy.", default="Immuta does not sign in at the proxy."),
    ] = None
    password: Annotated[
        str | None,
        Spec(
            "password", "Password at the proxy.", default="Immuta does not sign in at the proxy.", secret=True
        ),
    ] = None


class AdditionalWorkspaceConnection(Object):
    """A further workspace of the same metastore."""

    workspace_url: Annotated[
        str | None,
        a_host(
            "workspaceUrl",
            "Host name of the further workspace.",
            default="Immuta is expected to refuse the connection.",
            required_when=ALWAYS_EXPECTED,
        ),
    ] = None
    http_path: Annotated[
        str | None,
        Spec(
            "httpPath",
            "HTTP path of a cluster or SQL warehouse in that workspace.",
            default="Immuta is expected to refuse the connection.",
            required_when=ALWAYS_EXPECTED,
        ),
    ] = None
    authentication_type: Annotated[
        str | None,
        Spec(
            "authenticationType",
            AUTHENTICATION,
            default="Immuta is expected to refuse the connection.",
            required_when=ALWAYS_EXPECTED,
            choices=Choices("token", "oAuthM2M", strict=False),
        ),
    ] = None
    token: Annotated[
        str | None,
        Spec(
            "token",
            "Personal access token in that workspace.",
            default="Immuta signs in as an OAuth client.",
            required_when=WITH_TOKEN,
            only_when=WITH_TOKEN,
            secret=True,
        ),
    ] = None
    oauth_client_config: Annotated[
        OAuthClientConfig | None,
        Spec(
            "oAuthClientConfig",
            "The OAuth client for that workspace.",
            default="Immuta signs in by a token.",
            required_when=WITH_OAUTH,
            only_when=WITH_OAUTH,
        ),
    ] = None
    catalogs: Annotated[
        list[str] | None,
        Spec(
            "catalogs",
            "Catalogs that are bound to that workspace.",
            default="Immuta is expected to refuse the connection.",
            required_when=ALWAYS_EXPECTED,
        ),
    ] = None


class DatabricksIntegration(Integration):
    """Databricks Unity Catalog access control for one metastore. The service principal's credentials go on being used
    after the set-up, so Immuta keeps them."""

    about = AboutIntegration(
        resource="immuta_databricks_integration",
        constants={"type": "Databricks"},
        title="Databricks Unity Catalog",
        documentation="https://documentation.immuta.com/saas/developer-guides/api-intro/integrations-api/how-to-guides/databricks-uc-api",
        host_field="workspace_url",
        unique_by=("workspace_url",),
        scripts=Choices("create", "cleanup", "edit", "delete"),
    )

    auto_bootstrap: Annotated[bool, SET_UP_BY]
    workspace_url: Annotated[
        str,
        a_host(
            "workspaceUrl",
            "Host name of the workspace, such as dbc-acme.cloud.databricks.com.",
            replace=True,
        ),
    ]
    http_path: Annotated[
        str,
        Spec("httpPath", "HTTP path of the cluster or SQL warehouse that Immuta uses."),
    ]
    port: Annotated[
        int | None,
        a_port("Port of the workspace.", "443, as far as is known.", computed=True, computed_as=443),
    ] = None
    authentication_type: Annotated[
        str,
        Spec("authenticationType", AUTHENTICATION, choices=Choices("token", "oAuthM2M")),
    ]
    token: Annotated[
        str | None,
        Spec(
            "token",
            "Personal access token of the service principal.",
            default="Immuta signs in as an OAuth client.",
            required_when=WITH_TOKEN,
            only_when=WITH_TOKEN,
            secret=True,
        ),
    ] = None
    oauth_client_config: Annotated[
        OAuthClientConfig | None,
        Spec(
            "oAuthClientConfig",
            "The OAuth client by which the service principal signs in.",
            default="Immuta signs in by a token.",
            required_when=WITH_OAUTH,
            only_when=WITH_OAUTH,
        ),
    ] = None
    catalog: Annotated[
        str | None,
        Spec(
            "catalog",
            "Catalog that Immuta creates and manages.",
            default="immuta, as far as is known.",
            replace=True,
            computed=True,
            computed_as="immuta",
            pattern="[A-Za-z_][A-Za-z0-9_]*",
            pattern_hint="a name of letters, digits and underscores that does not start with a digit",
        ),
    ] = None
    audit: Annotated[
        Audit | None,
        Spec(
            "audit",
            "Collecting the workspace's query log. It needs SELECT on the tables in system.access.",
            default="Off, as far as is known.",
            computed=True,
        ),
    ] = None
    group_pattern: Annotated[
        GroupPattern | None,
        Spec(
            "groupPattern",
            "The account group that data policies leave alone.",
            default="No group is left out.",
            computed=True,
        ),
    ] = None
    workspace_ids: Annotated[
        list[str] | None,
        Spec(
            "workspaceIds",
            "Ids of the workspaces whose query log is collected.",
            default="Immuta's own choice.",
            computed=True,
        ),
    ] = None
    proxy_options: Annotated[
        ProxyOptions | None,
        Spec(
            "proxyOptions", "A proxy between Immuta and the workspace.", default="Immuta connects directly."
        ),
    ] = None
    additional_workspace_connections: Annotated[
        list[AdditionalWorkspaceConnection] | None,
        Spec(
            "additionalWorkspaceConnections",
            "Further workspaces of the same metastore, for catalogs that are bound to them.",
            default="There are none.",
            computed=True,
            element_key=("workspace_url",),
        ),
    ] = None
