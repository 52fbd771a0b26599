"""Every argument of every type of integration, to copy from. Secrets come from TF_VAR_<name>."""

from cdktf import App, TerraformStack
from constructs import Construct
from immuta_constructs import (
    AmazonS3Integration,
    AzureSynapseImpersonation,
    AzureSynapseIntegration,
    AzureSynapseMetadataDelimiters,
    AzureSynapseOAuthClientConfig,
    AzureSynapseOAuthPrivateKey,
    AzureSynapseTeardownCredentials,
    BigQueryIntegration,
    DatabricksAdditionalWorkspaceConnection,
    DatabricksAudit,
    DatabricksGroupPattern,
    DatabricksIntegration,
    DatabricksOAuthClientConfig,
    DatabricksOAuthPrivateKey,
    DatabricksProxyOptions,
    ImmutaProvider,
    RedshiftImpersonation,
    RedshiftIntegration,
    RedshiftOkta,
    RedshiftTeardownCredentials,
    Secret,
    SnowflakeAudit,
    SnowflakeImpersonation,
    SnowflakeIntegration,
    SnowflakeLineage,
    SnowflakeLineageConfig,
    SnowflakeOAuthClientConfig,
    SnowflakeOAuthPrivateKey,
    SnowflakePrivateKey,
    SnowflakeTeardownCredentials,
    SnowflakeUserRolePattern,
    SnowflakeWorkspaces,
    TeardownCredentials,
    Timeouts,
    TrinoIntegration,
)


class EveryOption(TerraformStack):
    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        self.provider()
        self.amazon_s3()
        self.azure_synapse()
        self.databricks()
        self.bigquery()
        self.redshift()
        self.snowflake()
        TrinoIntegration(self, "trino", rotation_trigger="2026-08")

    def provider(self) -> None:
        ImmutaProvider(
            self,
            "immuta",
            http_headers={"X-Request-Source": "cdktf"},
            request_timeout=30,
            max_retries=2,
            max_concurrency=5,
            fingerprint_key=Secret.variable("fingerprint_key"),
            teardown_credentials=TeardownCredentials(
                azure_synapse=AzureSynapseTeardownCredentials(
                    authentication_type="userPassword",
                    username="synadmin",
                    password=Secret.variable("synapse_password"),
                ),
                redshift=RedshiftTeardownCredentials(
                    authentication_type="userPassword",
                    username="awsuser",
                    password=Secret.variable("redshift_password"),
                ),
                # An account of its own for one host: the key pair's.
                hosts={
                    "acme-keys.eu-central-1.snowflakecomputing.com": SnowflakeTeardownCredentials(
                        authentication_type="keyPair",
                        username="SETUP_ADMIN",
                        role="ACCOUNTADMIN",
                        private_key=SnowflakePrivateKey(
                            key_name="PRIV_KEY_FILE",
                            user_filename="immuta.p8",
                            content=Secret.variable("snowflake_private_key"),
                        ),
                        private_key_password=Secret.variable("snowflake_private_key_password"),
                    )
                },
            ),
        )

    def amazon_s3(self) -> None:
        AmazonS3Integration(
            self,
            "s3_auto",
            auto_bootstrap=False,
            name="lake-eu",
            aws_account_id="210987654321",
            aws_region="eu-central-1",
            aws_location_role="arn:aws:iam::210987654321:role/immuta-location",
            aws_location_path="s3://acme-lake/",
            authentication_type="auto",
            aws_role_to_assume="arn:aws:iam::210987654321:role/immuta-grants",
            port=443,
        )
        AmazonS3Integration(
            self,
            "s3_access_key",
            name="lake-us",
            aws_account_id="210987654321",
            aws_region="us-east-1",
            aws_location_role="arn:aws:iam::210987654321:role/immuta-location",
            aws_location_path="s3://acme-us/",
            authentication_type="accessKey",
            aws_access_key_id="AKIAEXAMPLE0001",
            aws_secret_access_key=Secret.variable("s3_secret_access_key"),
        )

    def azure_synapse(self) -> None:
        AzureSynapseIntegration(
            self,
            "synapse",
            auto_bootstrap=True,
            host="acme-pool.sql.azuresynapse.net",
            port=1433,
            database="warehouse",
            schema="immuta_views",
            authentication_type="userPassword",
            username="synadmin",
            password=Secret.variable("synapse_password"),
            impersonation=AzureSynapseImpersonation(enabled=True, role="IMMUTA_IMPERSONATION"),
            metadata_delimiters=AzureSynapseMetadataDelimiters(
                hash_delimiter="|", hash_key_delimiter=":", array_delimiter=","
            ),
        )
        AzureSynapseIntegration(
            self,
            "synapse_oauth",
            auto_bootstrap=False,
            host="acme-oauth.sql.azuresynapse.net",
            database="warehouse",
            schema="immuta_views",
            authentication_type="oAuthClientCredentials",
            oauth_client_config=AzureSynapseOAuthClientConfig(
                use_certificate=False,
                client_id="5d1e-example",
                client_secret=Secret.variable("synapse_client_secret"),
                scope="https://database.windows.net/.default",
                authority_url="https://login.microsoftonline.com/acme/oauth2/v2.0/token",
            ),
        )
        AzureSynapseIntegration(
            self,
            "synapse_certificate",
            auto_bootstrap=False,
            host="acme-certificate.sql.azuresynapse.net",
            database="warehouse",
            schema="immuta_views",
            authentication_type="oAuthClientCredentials",
            oauth_client_config=AzureSynapseOAuthClientConfig(
                use_certificate=True,
                client_id="5d1e-example",
                public_certificate_thumbprint="ab12cd34",
                oauth_private_key=AzureSynapseOAuthPrivateKey(
                    key_name="oauth client certificate",
                    user_filename="client.pem",
                    content=Secret.variable("synapse_certificate_key"),
                ),
                authority_url="https://login.microsoftonline.com/acme/oauth2/v2.0/token",
                resource="https://database.windows.net",
            ),
        )

    def databricks(self) -> None:
        DatabricksIntegration(
            self,
            "databricks_oauth",
            auto_bootstrap=False,
            workspace_url="dbc-acme.cloud.databricks.com",
            http_path="/sql/1.0/warehouses/0a1b2c3d",
            port=443,
            authentication_type="oAuthM2M",
            oauth_client_config=DatabricksOAuthClientConfig(
                use_certificate=False,
                client_id="3f6c-example",
                client_secret=Secret.variable("databricks_client_secret"),
                scope="all-apis",
                authority_url="https://dbc-acme.cloud.databricks.com/oidc/v1/token",
            ),
            catalog="immuta_prod",
            audit=DatabricksAudit(enabled=True),
            group_pattern=DatabricksGroupPattern(deny="immuta_exempt"),
            workspace_ids=["1234567890123456"],
            proxy_options=DatabricksProxyOptions(
                host="proxy.acme.example",
                port=3128,
                username="immuta",
                password=Secret.variable("proxy_password"),
            ),
            additional_workspace_connections=[
                DatabricksAdditionalWorkspaceConnection(
                    workspace_url="dbc-acme-2.cloud.databricks.com",
                    http_path="/sql/1.0/warehouses/4e5f6a7b",
                    authentication_type="token",
                    token=Secret.variable("databricks_token"),
                    catalogs=["sales"],
                ),
                DatabricksAdditionalWorkspaceConnection(
                    workspace_url="dbc-acme-3.cloud.databricks.com",
                    http_path="/sql/1.0/warehouses/8c9d0e1f",
                    authentication_type="oAuthM2M",
                    oauth_client_config=self.with_certificate(),
                    catalogs=["hr", "finance"],
                ),
            ],
        )
        DatabricksIntegration(
            self,
            "databricks",
            auto_bootstrap=True,
            workspace_url="dbc-acme-4.cloud.databricks.com",
            http_path="/sql/1.0/warehouses/2a3b4c5d",
            authentication_type="token",
            token=Secret.variable("databricks_token"),
        )

    def with_certificate(self) -> DatabricksOAuthClientConfig:
        return DatabricksOAuthClientConfig(
            use_certificate=True,
            client_id="7b2a-example",
            public_certificate_thumbprint="ab12cd34",
            oauth_private_key=DatabricksOAuthPrivateKey(
                key_name="oauth client certificate",
                user_filename="client.pem",
                content=Secret.variable("databricks_certificate_key"),
            ),
            authority_url="https://login.acme.example/oauth2/token",
            resource="https://databricks.acme.example",
        )

    def bigquery(self) -> None:
        BigQueryIntegration(
            self,
            "bigquery",
            auto_bootstrap=False,
            role="immuta",
            dataset_suffix="_secure",
            dataset="immuta",
            location="europe-west3",
            credential=Secret.variable("bigquery_credential"),
            port=443,
        )

    def redshift(self) -> None:
        RedshiftIntegration(
            self,
            "redshift",
            auto_bootstrap=True,
            host="acme.abc123.eu-west-1.redshift.amazonaws.com",
            port=5439,
            database="immuta",
            initial_database="dev",
            authentication_type="userPassword",
            username="awsuser",
            password=Secret.variable("redshift_password"),
            impersonation=RedshiftImpersonation(enabled=True, role="immuta_impersonation"),
            connect_args=Secret.variable("redshift_connect_args"),
        )
        RedshiftIntegration(
            self,
            "redshift_access_key",
            auto_bootstrap=False,
            host="acme-keys.abc123.eu-west-1.redshift.amazonaws.com",
            database="immuta",
            initial_database="dev",
            authentication_type="accessKey",
            database_user="immuta_system",
            access_key_id="AKIAEXAMPLE0002",
            secret_key=Secret.variable("redshift_secret_key"),
            session_token=Secret.variable("redshift_session_token"),
        )
        RedshiftIntegration(
            self,
            "redshift_okta",
            auto_bootstrap=False,
            host="acme-okta.abc123.eu-west-1.redshift.amazonaws.com",
            database="immuta",
            initial_database="dev",
            authentication_type="okta",
            okta=RedshiftOkta(
                username="immuta@acme.example",
                password=Secret.variable("okta_password"),
                app_id="redshift",
                idp_host="acme.okta.example",
                role="immuta",
            ),
        )

    def snowflake(self) -> None:
        SnowflakeIntegration(
            self,
            "snowflake",
            auto_bootstrap=False,
            host="acme.eu-central-1.snowflakecomputing.com",
            port=443,
            warehouse="IMMUTA_WH",
            database="IMMUTA",
            authentication_type="userPassword",
            username="IMMUTA_SYSTEM_ACCOUNT",
            password=Secret.variable("snowflake_password"),
            connect_args=Secret.variable("snowflake_connect_args"),
            audit=SnowflakeAudit(enabled=True),
            workspaces=SnowflakeWorkspaces(enabled=True, warehouses=["WS_WH"]),
            impersonation=SnowflakeImpersonation(enabled=True, role="IMMUTA_IMPERSONATION"),
            lineage=SnowflakeLineage(
                enabled=True,
                lineage_config=SnowflakeLineageConfig(table_filter=r"SALES\..*", tag_filter=".*"),
                ingest_batch_size=1000,
            ),
            user_role_pattern=SnowflakeUserRolePattern(exclude=["SYSADMIN"]),
            additional_config={"aKeyOfANewerImmuta": {"enabled": True}},
            timeouts=Timeouts(create="20m", update="15m", delete="10m"),
        )
        SnowflakeIntegration(
            self,
            "snowflake_key_pair",
            auto_bootstrap=True,
            host="acme-keys.eu-central-1.snowflakecomputing.com",
            warehouse="IMMUTA_WH",
            database="IMMUTA",
            authentication_type="keyPair",
            username="SETUP_ADMIN",
            role="ACCOUNTADMIN",
            private_key=SnowflakePrivateKey(
                key_name="PRIV_KEY_FILE",
                user_filename="immuta.p8",
                content=Secret.variable("snowflake_private_key"),
            ),
            private_key_password=Secret.variable("snowflake_private_key_password"),
        )
        SnowflakeIntegration(
            self,
            "snowflake_oauth",
            auto_bootstrap=False,
            host="acme-oauth.eu-central-1.snowflakecomputing.com",
            warehouse="IMMUTA_WH",
            database="IMMUTA",
            authentication_type="oAuthClientCredentials",
            oauth_client_config=SnowflakeOAuthClientConfig(
                use_certificate=False,
                client_id="9d4e-example",
                client_secret=Secret.variable("snowflake_client_secret"),
                authority_url="https://login.acme.example/oauth2/token",
                scope="session:role:IMMUTA",
                resource="https://snowflake.acme.example",
            ),
        )
        SnowflakeIntegration(
            self,
            "snowflake_oauth_certificate",
            auto_bootstrap=False,
            host="acme-certificate.eu-central-1.snowflakecomputing.com",
            warehouse="IMMUTA_WH",
            database="IMMUTA",
            authentication_type="oAuthClientCredentials",
            oauth_client_config=SnowflakeOAuthClientConfig(
                use_certificate=True,
                client_id="1c8f-example",
                public_certificate_thumbprint="cd34ef56",
                oauth_private_key=SnowflakeOAuthPrivateKey(
                    key_name="oauth client certificate",
                    user_filename="client.pem",
                    content=Secret.variable("snowflake_certificate_key"),
                ),
                authority_url="https://login.acme.example/oauth2/token",
            ),
        )


app = App()
EveryOption(app, "every-option")
app.synth()
