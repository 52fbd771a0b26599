"""Snowflake, set up by Immuta: warehouse, role and user with a key pair by Snowflake's own provider, and the integration.

It wants `pip install cdktf-cdktf-provider-snowflake`. The private key is in TF_VAR_immuta_private_key and in no state; its
public half, on one line without the lines around it, is in TF_VAR_immuta_public_key.
"""

from cdktf import App, TerraformStack, TerraformVariable
from cdktf_cdktf_provider_snowflake.account_role import AccountRole
from cdktf_cdktf_provider_snowflake.grant_account_role import GrantAccountRole
from cdktf_cdktf_provider_snowflake.grant_privileges_to_account_role import (
    GrantPrivilegesToAccountRole,
    GrantPrivilegesToAccountRoleOnAccountObject,
)
from cdktf_cdktf_provider_snowflake.provider import SnowflakeProvider
from cdktf_cdktf_provider_snowflake.service_user import ServiceUser
from cdktf_cdktf_provider_snowflake.warehouse import Warehouse
from constructs import Construct
from immuta_constructs import (
    ImmutaProvider,
    Secret,
    SnowflakeAudit,
    SnowflakeIntegration,
    SnowflakePrivateKey,
    SnowflakeTeardownCredentials,
    TeardownCredentials,
    snowflake_host,
)

USER, ROLE = "IMMUTA_SETUP", "IMMUTA_SETUP"


class SnowflakeSetup(TerraformStack):
    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        organization = TerraformVariable(self, "snowflake_organization", type="string").string_value
        account = TerraformVariable(self, "snowflake_account", type="string").string_value
        public_key = TerraformVariable(self, "immuta_public_key", type="string").string_value
        private_key = SnowflakePrivateKey(
            key_name="PRIV_KEY_FILE",
            user_filename="immuta.p8",
            content=Secret.variable("immuta_private_key"),
        )

        # A destroy configures the provider too: names that the program knows are safer here than references to resources.
        ImmutaProvider(
            self,
            "immuta",
            teardown_credentials=TeardownCredentials(
                snowflake=SnowflakeTeardownCredentials(
                    authentication_type="keyPair", username=USER, role=ROLE, private_key=private_key
                )
            ),
        )
        SnowflakeProvider(
            self,
            "snowflake",
            organization_name=organization,
            account_name=account,
            user="TERRAFORM",
            role="ACCOUNTADMIN",
            authenticator="SNOWFLAKE_JWT",  # SNOWFLAKE_PRIVATE_KEY
        )

        warehouse = Warehouse(
            self,
            "warehouse",
            name="IMMUTA_WH",
            warehouse_size="XSMALL",
            auto_suspend=60,
            initially_suspended=True,
        )
        role = AccountRole(self, "role", name=ROLE)
        user = ServiceUser(
            self,
            "user",
            name=USER,
            default_role=role.name,
            default_warehouse=warehouse.name,
            rsa_public_key=public_key,
        )
        membership = GrantAccountRole(self, "membership", role_name=role.name, user_name=user.name)
        # The privileges that Immuta's guide names for an automatic set-up.
        privileges = GrantPrivilegesToAccountRole(
            self,
            "privileges",
            account_role_name=role.name,
            on_account=True,
            privileges=[
                "CREATE DATABASE",
                "CREATE ROLE",
                "CREATE USER",
                "MANAGE GRANTS",
                "APPLY MASKING POLICY",
                "APPLY ROW ACCESS POLICY",
            ],
            with_grant_option=True,
        )
        usage = GrantPrivilegesToAccountRole(
            self,
            "usage",
            account_role_name=role.name,
            on_account_object=GrantPrivilegesToAccountRoleOnAccountObject(
                object_type="WAREHOUSE", object_name=warehouse.name
            ),
            privileges=["USAGE"],
            with_grant_option=True,
        )
        SnowflakeIntegration(
            self,
            "integration",
            auto_bootstrap=True,
            host=snowflake_host(f"{organization}-{account}"),
            warehouse=warehouse.name,
            database="IMMUTA",
            authentication_type="keyPair",
            username=user.name,
            role=role.name,
            private_key=private_key,
            audit=SnowflakeAudit(enabled=True),
            depends_on=[membership, privileges, usage],
        )


app = App()
SnowflakeSetup(app, "snowflake-setup")
app.synth()
