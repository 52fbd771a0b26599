"""One Snowflake integration."""

from cdktf import App, TerraformOutput, TerraformStack
from immuta_constructs import ImmutaProvider, Secret, SnowflakeAudit, SnowflakeIntegration

app = App()
stack = TerraformStack(app, "data-platform")
ImmutaProvider(stack, "immuta")  # the tenant and its key are in IMMUTA_HOST and IMMUTA_API_KEY
snowflake = SnowflakeIntegration(
    stack,
    "snowflake",
    auto_bootstrap=False,
    host="acme.eu-central-1.snowflakecomputing.com",
    warehouse="IMMUTA_WH",
    database="IMMUTA",
    authentication_type="userPassword",
    username="IMMUTA_SYSTEM_ACCOUNT",
    password=Secret.variable("snowflake_password"),  # TF_VAR_snowflake_password
    audit=SnowflakeAudit(enabled=True),
)
TerraformOutput(stack, "integration_id", value=snowflake.id)
app.synth()
