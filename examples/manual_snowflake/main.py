"""Snowflake, set up by hand: Immuta gets no privileged credentials, Terraform runs its scripts with Snowflake's own provider.

It wants `pip install cdktf-cdktf-provider-snowflake`. The user that Terraform signs in to Snowflake as needs the session
parameter MULTI_STATEMENT_COUNT = 0 (`ALTER USER TERRAFORM SET MULTI_STATEMENT_COUNT = 0`): a script holds many statements.
"""

from cdktf import App, TerraformStack
from cdktf_cdktf_provider_snowflake.execute import Execute
from cdktf_cdktf_provider_snowflake.provider import SnowflakeProvider
from constructs import Construct
from immuta_constructs import (
    DataImmutaIntegrationScript,
    ImmutaProvider,
    Secret,
    SnowflakeIntegration,
    SnowflakePrivateKey,
    SnowflakeSettings,
    snowflake_host,
)

HOST = snowflake_host("acme-sales")
USER = "IMMUTA_SYSTEM_ACCOUNT"


class ManualSnowflake(TerraformStack):
    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        ImmutaProvider(self, "immuta")
        SnowflakeProvider(
            self,
            "snowflake",
            organization_name="acme",
            account_name="sales",
            user="TERRAFORM",
            role="ACCOUNTADMIN",
            authenticator="SNOWFLAKE_JWT",  # SNOWFLAKE_PRIVATE_KEY
            preview_features_enabled=["snowflake_execute"],
        )

        # A script is kept in the state, so it is asked for without the private key; Immuta is sent a placeholder.
        settings = SnowflakeSettings(
            host=HOST,
            warehouse="IMMUTA_WH",
            database="IMMUTA",
            authentication_type="keyPair",
            username=USER,
            private_key={"key_name": "PRIV_KEY_FILE", "user_filename": "immuta.p8"},
        )
        create = DataImmutaIntegrationScript(self, "create", script="create", snowflake=settings)
        cleanup = DataImmutaIntegrationScript(self, "cleanup", script="cleanup", snowflake=settings)

        # Immuta may word the script otherwise one day, which is not a reason to take everything down and set it up again.
        setup = Execute(
            self,
            "setup",
            execute=create.content,
            revert=cleanup.content,
            lifecycle={"ignore_changes": ["execute"]},
        )
        # The public half of the key is not a secret: `openssl pkey -in immuta.p8 -pubout`, without its first and last line.
        key = Execute(
            self,
            "key",
            execute=f"ALTER USER {USER} SET RSA_PUBLIC_KEY = 'MIIBIjANBgkqhkiG...'",
            revert=f"ALTER USER IF EXISTS {USER} UNSET RSA_PUBLIC_KEY",
            depends_on=[setup],
        )
        SnowflakeIntegration(
            self,
            "snowflake_integration",
            auto_bootstrap=False,
            host=HOST,
            warehouse="IMMUTA_WH",
            database="IMMUTA",
            authentication_type="keyPair",
            username=USER,
            private_key=SnowflakePrivateKey(
                key_name="PRIV_KEY_FILE",
                user_filename="immuta.p8",
                content=Secret.variable("immuta_private_key"),
            ),
            depends_on=[key],
        )


app = App()
ManualSnowflake(app, "manual-snowflake")
app.synth()
