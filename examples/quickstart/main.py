"""Every type of integration in one stack, with the values of Immuta's Getting Started guide.

The tenant and its API key come from IMMUTA_HOST and IMMUTA_API_KEY, the secrets from TF_VAR_<name>: see sample-secrets.sh.
"""

from cdktf import App, TerraformStack
from constructs import Construct
from immuta_constructs import (
    AmazonS3Integration,
    AzureSynapseIntegration,
    AzureSynapseTeardownCredentials,
    BigQueryIntegration,
    DatabricksIntegration,
    ImmutaProvider,
    RedshiftIntegration,
    RedshiftTeardownCredentials,
    Secret,
    SnowflakeIntegration,
    SnowflakeTeardownCredentials,
    TeardownCredentials,
    TrinoIntegration,
)


class Quickstart(TerraformStack):
    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        s3_secret_access_key = Secret.variable("s3_secret_access_key")
        synapse_password = Secret.variable("synapse_password")
        databricks_token = Secret.variable("databricks_token")
        bigquery_credential = Secret.variable("bigquery_credential")
        redshift_password = Secret.variable("redshift_password")
        snowflake_password = Secret.variable("snowflake_password")

        # Immuta set these three up itself, and keeps no credentials: `cdktf destroy` has to bring them again.
        ImmutaProvider(
            self,
            "immuta",
            teardown_credentials=TeardownCredentials(
                azure_synapse=AzureSynapseTeardownCredentials(
                    authentication_type="userPassword",
                    username="taylor@synapse.com",
                    password=synapse_password,
                ),
                redshift=RedshiftTeardownCredentials(
                    authentication_type="userPassword",
                    username="taylor@redshift.com",
                    password=redshift_password,
                ),
                snowflake=SnowflakeTeardownCredentials(
                    authentication_type="userPassword",
                    username="taylor@snowflake.com",
                    password=snowflake_password,
                    role="ACCOUNTADMIN",
                ),
            ),
        )

        AmazonS3Integration(
            self,
            "s3",
            name="S3 integration",
            aws_account_id="123456789",
            aws_region="us-east-1",
            aws_location_role="arn:aws:iam::123456789:role/access-grants-instance-role",
            aws_location_path="s3://",
            authentication_type="accessKey",
            aws_access_key_id="123456789",
            aws_secret_access_key=s3_secret_access_key,
        )
        AzureSynapseIntegration(
            self,
            "synapse",
            auto_bootstrap=True,
            host="organization.azure.com",
            schema="immuta",
            database="sample_database",
            authentication_type="userPassword",
            username="taylor@synapse.com",
            password=synapse_password,
        )
        DatabricksIntegration(
            self,
            "databricks",
            auto_bootstrap=True,
            workspace_url="www.example-workspace.cloud.databricks.com",
            http_path="sql/protocolv1/o/0/0000-00000-abc123",
            authentication_type="token",
            token=databricks_token,
            catalog="immuta",
        )
        BigQueryIntegration(
            self,
            "bigquery",
            role="immuta",
            dataset_suffix="_secureView",
            dataset="immuta",
            location="us-east1",
            credential=bigquery_credential,
        )
        RedshiftIntegration(
            self,
            "redshift",
            auto_bootstrap=True,
            host="organization.aws.amazon.com",
            database="immuta",
            initial_database="REDSHIFT_SAMPLE_DATA",
            authentication_type="userPassword",
            username="taylor@redshift.com",
            password=redshift_password,
        )
        SnowflakeIntegration(
            self,
            "snowflake",
            auto_bootstrap=True,
            host="organization.us-east-1.snowflakecomputing.com",
            warehouse="SAMPLE_WAREHOUSE",
            database="SNOWFLAKE_SAMPLE_DATA",
            authentication_type="userPassword",
            username="taylor@snowflake.com",
            password=snowflake_password,
            role="ACCOUNTADMIN",
        )
        TrinoIntegration(self, "trino")


app = App()
Quickstart(app, "quickstart")
app.synth()
