"""Databricks: a workspace with its SQL endpoint and privileges by Databricks' own provider, and the integration.

It wants `pip install cdktf-cdktf-provider-databricks`. Terraform signs in to Databricks by DATABRICKS_CLIENT_ID and
DATABRICKS_CLIENT_SECRET. Immuta's service principal and its OAuth secret are made in the account console beforehand: a
`databricks_service_principal_secret` would be in the state. They are in TF_VAR_immuta_client_id and TF_VAR_immuta_client_secret.
"""

from cdktf import App, TerraformStack, TerraformVariable, Token
from cdktf_cdktf_provider_databricks.data_databricks_service_principal import DataDatabricksServicePrincipal
from cdktf_cdktf_provider_databricks.grant import Grant
from cdktf_cdktf_provider_databricks.metastore_assignment import MetastoreAssignment
from cdktf_cdktf_provider_databricks.mws_permission_assignment import MwsPermissionAssignment
from cdktf_cdktf_provider_databricks.mws_workspaces import MwsWorkspaces
from cdktf_cdktf_provider_databricks.permissions import Permissions, PermissionsAccessControl
from cdktf_cdktf_provider_databricks.provider import DatabricksProvider
from cdktf_cdktf_provider_databricks.sql_endpoint import SqlEndpoint
from constructs import Construct
from immuta_constructs import (
    DatabricksAudit,
    DatabricksIntegration,
    DatabricksOAuthClientConfig,
    ImmutaProvider,
    Secret,
    databricks_workspace_host,
)


class DatabricksWorkspace(TerraformStack):
    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        account_id = TerraformVariable(self, "databricks_account_id", type="string").string_value
        metastore_id = TerraformVariable(self, "metastore_id", type="string").string_value
        client_id = TerraformVariable(self, "immuta_client_id", type="string").string_value
        ImmutaProvider(self, "immuta")
        account = DatabricksProvider(
            self,
            "account",
            alias="account",
            host="https://accounts.cloud.databricks.com",
            account_id=account_id,
        )
        workspace = MwsWorkspaces(
            self,
            "workspace",
            provider=account,
            account_id=account_id,
            workspace_name="acme-lakehouse",
            aws_region="eu-central-1",
            compute_mode="SERVERLESS",
        )
        metastore = MetastoreAssignment(
            self,
            "metastore",
            provider=account,
            metastore_id=metastore_id,
            workspace_id=workspace.workspace_id,
        )
        principal = DataDatabricksServicePrincipal(
            self, "principal", provider=account, application_id=client_id
        )
        member = MwsPermissionAssignment(
            self,
            "member",
            provider=account,
            workspace_id=metastore.workspace_id,
            principal_id=Token.as_number(principal.id),
            permissions=["USER"],
        )

        inside = DatabricksProvider(self, "inside", alias="inside", host=workspace.workspace_url)
        endpoint = SqlEndpoint(
            self,
            "endpoint",
            provider=inside,
            name="immuta",
            cluster_size="2X-Small",
            auto_stop_mins=10,
            enable_serverless_compute=True,
        )
        usage = Permissions(
            self,
            "usage",
            provider=inside,
            sql_endpoint_id=endpoint.id,
            access_control=[
                PermissionsAccessControl(
                    service_principal_name=principal.application_id, permission_level="CAN_USE"
                )
            ],
            depends_on=[member],
        )
        catalogs = Grant(
            self,
            "catalogs",
            provider=inside,
            metastore=metastore.metastore_id,
            principal=principal.application_id,
            privileges=["CREATE_CATALOG"],
            depends_on=[member],
        )
        audit = [
            Grant(
                self,
                f"audit-{kind}",
                provider=inside,
                principal=principal.application_id,
                privileges=[privilege],
                depends_on=[member],
                **{kind: name},
            )
            for kind, name, privilege in (
                ("catalog", "system", "USE_CATALOG"),
                ("schema", "system.access", "USE_SCHEMA"),
                ("table", "system.access.audit", "SELECT"),
            )
        ]
        host = databricks_workspace_host(workspace.workspace_url)
        DatabricksIntegration(
            self,
            "integration",
            auto_bootstrap=True,
            workspace_url=host,
            http_path=endpoint.odbc_params.get(0).path,
            authentication_type="oAuthM2M",
            oauth_client_config=DatabricksOAuthClientConfig(
                use_certificate=False,
                client_id=principal.application_id,
                client_secret=Secret.variable("immuta_client_secret"),
                authority_url=f"https://{host}/oidc/v1/token",
                scope="all-apis",
            ),
            audit=DatabricksAudit(enabled=True),
            workspace_ids=[Token.as_string(workspace.workspace_id)],
            depends_on=[usage, catalogs, *audit],
        )


app = App()
DatabricksWorkspace(app, "databricks-workspace")
app.synth()
