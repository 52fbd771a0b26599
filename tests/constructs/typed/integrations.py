from typing import assert_type

from cdktf import App, Fn, TerraformIterator, TerraformStack, TerraformVariable, Token
from immuta_constructs import (
    AmazonS3Integration,
    AzureSynapseIntegration,
    DatabricksAdditionalWorkspaceConnection,
    DatabricksIntegration,
    Secret,
    SnowflakeAudit,
    SnowflakeIntegration,
    SnowflakePrivateKey,
    SnowflakeWorkspaces,
    Timeouts,
    TrinoIntegration,
)

stack = TerraformStack(App(), "stack")
text = TerraformVariable(stack, "text", type="string")
number = TerraformVariable(stack, "number", type="number")
flag = TerraformVariable(stack, "flag", type="bool")
texts = TerraformVariable(stack, "texts", type="list(string)")
anything = TerraformVariable(stack, "anything", type="any")
each = TerraformIterator.from_map({"eu": {"host": "eu.example"}})

# Literals, classes and plain data.
snowflake = SnowflakeIntegration(
    stack,
    "literals",
    auto_bootstrap=False,
    host="acme.snowflakecomputing.com",
    port=443,
    warehouse="W",
    database="D",
    authentication_type="keyPair",
    username="U",
    private_key=SnowflakePrivateKey(key_name="PRIV_KEY_FILE", user_filename="f", content=Secret.variable("key")),
    audit=SnowflakeAudit(enabled=True),
    impersonation={"enabled": True},
    workspaces=SnowflakeWorkspaces(enabled=True, warehouses=("A", "B")),
    additional_config={"newKey": [1, None]},
    timeouts=Timeouts(create="20m"),
)
# Tokens of every kind.
SnowflakeIntegration(
    stack,
    "tokens",
    for_each=each,
    auto_bootstrap=flag.boolean_value,
    host=each.get_string("host"),
    port=number.number_value,
    warehouse=f"{each.key}_WH",
    database=Fn.upper(text.string_value),
    authentication_type=Token.as_any(text.string_value),
    username=Token.as_string(anything.value),
    password=Fn.trimspace(Secret.variable("password")),
    private_key=anything.value,
    audit={"enabled": flag.boolean_value},
    workspaces={"warehouses": texts.list_value},
    impersonation=Token.as_any(anything.value),
    additional_config=Fn.jsonencode({"a": number.number_value}),
    timeouts={"create": text.string_value},
)
AmazonS3Integration(stack, "s3", name="n", aws_account_id="1", aws_region="r", aws_location_role="a", aws_location_path="s3://", authentication_type="auto", auto_bootstrap=False)
AzureSynapseIntegration(stack, "new", auto_bootstrap=True, host="h", database="d", schema="s", authentication_type="unheardOf")
DatabricksIntegration(
    stack,
    "databricks",
    auto_bootstrap=True,
    workspace_url="h",
    http_path="/p",
    authentication_type="token",
    token=Secret.variable("token"),
    workspace_ids=["1", text.string_value],
    additional_workspace_connections=[
        DatabricksAdditionalWorkspaceConnection(workspace_url="h", http_path="/p", authentication_type="token", token=Secret.variable("t"), catalogs=["c"]),
        {"workspace_url": "h"},
    ],
)
DatabricksIntegration(stack, "token", auto_bootstrap=True, workspace_url="h", http_path="/p", authentication_type="token", additional_workspace_connections=anything.value)

# References to attributes.
assert_type(snowflake.id, str)
assert_type(snowflake.port, float)
assert_type(snowflake.workspaces.warehouses, list[str])
TrinoIntegration(stack, "reference", additional_config={"id": snowflake.id}, rotation_trigger=snowflake.id)
snowflake.password  # refused: password: attr-defined, reportAttributeAccessIssue

SnowflakeIntegration(stack, "x", auto_bootstrap=True, host="h", warehouse="w", database="d")  # refused: authentication_type: call-arg, reportCallIssue
SnowflakeIntegration(stack, "x", auto_bootstrap=True, host="h", warehouse="w", database="d", authentication_type="keyPair", pasword="x")  # refused: pasword: call-arg, reportCallIssue
SnowflakeIntegration(stack, "x", auto_bootstrap="no", host="h", warehouse="w", database="d", authentication_type="keyPair")  # refused: auto_bootstrap: arg-type, reportArgumentType
SnowflakeIntegration(stack, "x", auto_bootstrap=True, host=7, warehouse="w", database="d", authentication_type="keyPair")  # refused: host: arg-type, reportArgumentType
SnowflakeIntegration(stack, "x", auto_bootstrap=True, host=text, warehouse="w", database="d", authentication_type="keyPair")  # refused: host: arg-type, reportArgumentType
SnowflakeIntegration(stack, "x", auto_bootstrap=True, host="h", port="443", warehouse="w", database="d", authentication_type="keyPair")  # refused: port: arg-type, reportArgumentType
SnowflakeIntegration(stack, "x", auto_bootstrap=True, host="h", warehouse="w", database="d", authentication_type="keypair")  # refused: authentication_type: arg-type, reportArgumentType
SnowflakeIntegration(stack, "x", auto_bootstrap=True, host="h", warehouse="w", database="d", authentication_type=text.string_value)  # refused: authentication_type: arg-type, reportArgumentType
SnowflakeIntegration(stack, "x", auto_bootstrap=True, host="h", warehouse="w", database="d", authentication_type="keyPair", password=7)  # refused: password: arg-type, reportArgumentType
SnowflakeIntegration(stack, "x", auto_bootstrap=True, host="h", warehouse="w", database="d", authentication_type="keyPair", audit=True)  # refused: audit: arg-type, reportArgumentType
SnowflakeIntegration(stack, "x", auto_bootstrap=True, host="h", warehouse="w", database="d", authentication_type="keyPair", audit=SnowflakeWorkspaces())  # refused: audit: arg-type, reportArgumentType
SnowflakeIntegration(stack, "x", auto_bootstrap=True, host="h", warehouse="w", database="d", authentication_type="keyPair", additional_config=["a"])  # refused: additional_config: arg-type, reportArgumentType
SnowflakeIntegration(stack, "x", auto_bootstrap=True, host="h", warehouse="w", database="d", authentication_type="keyPair", timeouts="20m")  # refused: timeouts: arg-type, reportArgumentType
SnowflakeAudit(enabled="yes")  # refused: enabled: arg-type, reportArgumentType
SnowflakeAudit(True)  # refused: enabled: call-arg, reportCallIssue
SnowflakeWorkspaces(warehouses=[7])  # refused: warehouses: list-item, reportArgumentType
SnowflakePrivateKey(key_name="PRIV_KEY_FILE", user_filename="f", content=b"key")  # refused: content: arg-type, reportArgumentType
AmazonS3Integration(stack, "x", name="n", aws_account_id="1", aws_region="r", aws_location_role="a", aws_location_path="s3://", authentication_type="auto", auto_bootstrap=True)  # refused: auto_bootstrap: arg-type, reportArgumentType
AzureSynapseIntegration(stack, "x", auto_bootstrap=True, host="h", database="d", schema="s", authentication_type=7)  # refused: authentication_type: arg-type, reportArgumentType
DatabricksIntegration(stack, "x", auto_bootstrap=True, workspace_url="h", http_path="/p", authentication_type="token", workspace_ids=1)  # refused: workspace_ids: arg-type, reportArgumentType
DatabricksIntegration(stack, "x", auto_bootstrap=True, workspace_url="h", http_path="/p", authentication_type="token", additional_workspace_connections=[SnowflakeAudit()])  # refused: additional_workspace_connections: list-item, reportArgumentType
