from cdktf import App, TerraformStack, TerraformVariable
from immuta_constructs import (
    ImmutaProvider,
    RedshiftTeardownCredentials,
    Secret,
    SnowflakeAudit,
    SnowflakeTeardownCredentials,
    TeardownCredentials,
)

stack = TerraformStack(App(), "stack")
variable = TerraformVariable(stack, "variable", type="any")

credentials = SnowflakeTeardownCredentials(authentication_type="userPassword", username="x", password=Secret.variable("p"))
ImmutaProvider(
    stack,
    "immuta",
    alias="eu",
    host=variable.string_value,
    api_key=Secret.variable("key"),
    insecure_skip_tls_verify=variable.boolean_value,
    request_timeout=variable.number_value,
    max_retries=3,
    http_headers={"X-Gateway": Secret.variable("gateway")},
    teardown_credentials=TeardownCredentials(snowflake=credentials, hosts={"h": {}, "i": RedshiftTeardownCredentials()}),
)
ImmutaProvider(stack, "tokens", http_headers=variable.value, teardown_credentials=variable.value)
TeardownCredentials(hosts=variable.value)

ImmutaProvider(stack, "x", host=7)  # refused: host: arg-type, reportArgumentType
ImmutaProvider(stack, "x", http_headers={"X-Gateway": 7})  # refused: http_headers: dict-item, reportArgumentType
ImmutaProvider(stack, "x", request_timeout="60")  # refused: request_timeout: arg-type, reportArgumentType
ImmutaProvider(stack, "x", insecure_skip_tls_verify="no")  # refused: insecure_skip_tls_verify: arg-type, reportArgumentType
ImmutaProvider(stack, "x", teardown_credentials=credentials)  # refused: teardown_credentials: arg-type, reportArgumentType
TeardownCredentials(hosts={"h": SnowflakeAudit()})  # refused: hosts: dict-item, reportArgumentType
Secret.variable(7)  # refused: name: arg-type, reportArgumentType
