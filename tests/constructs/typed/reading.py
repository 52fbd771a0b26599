from typing import assert_type

from cdktf import App, IResolvable, TerraformStack, TerraformVariable
from immuta_constructs import (
    DataImmutaExistingIntegrationScript,
    DataImmutaIntegration,
    DataImmutaIntegrations,
    DataImmutaIntegrationScript,
    DataImmutaTag,
    EphemeralImmutaTrinoApiKey,
    SnowflakeSettings,
    snowflake_host,
)

stack = TerraformStack(App(), "stack")
variable = TerraformVariable(stack, "variable", type="string")

integration = DataImmutaIntegration(stack, "one", id="7")
DataImmutaIntegration(stack, "other", type="Snowflake", host=variable.string_value)
every = DataImmutaIntegrations(stack, "every", type="Trino")
assert_type(integration.auto_bootstrap, IResolvable)
assert_type(integration.id, str)
assert_type(every.integrations.get(0).id, str)
script = DataImmutaIntegrationScript(stack, "script", script="create", snowflake={"host": "h"})
DataImmutaIntegrationScript(stack, "any", script=variable.value)
assert_type(script.content, str)
DataImmutaExistingIntegrationScript(stack, "edit", integration_id=integration.id, script="edit", snowflake=SnowflakeSettings(host=snowflake_host(variable.string_value), warehouse="w", database="d", authentication_type="keyPair"))
EphemeralImmutaTrinoApiKey(stack, "key", integration_id=integration.id, lifecycle={"precondition": []})
DataImmutaTag(stack, "tag", name="PII")

DataImmutaIntegrationScript(stack, "x", script="craete")  # refused: script: arg-type, reportArgumentType
DataImmutaIntegrationScript(stack, "x", script=variable.string_value)  # refused: script: arg-type, reportArgumentType
DataImmutaIntegrationScript(stack, "x", script="create", snowflake="h")  # refused: snowflake: arg-type, reportArgumentType
DataImmutaIntegration(stack, "x", id=7)  # refused: id: arg-type, reportArgumentType
EphemeralImmutaTrinoApiKey(stack, "x", integration_id="7", lifecycle="always")  # refused: lifecycle: arg-type, reportArgumentType
DataImmutaTag(stack, "x", nmae="PII")  # refused: nmae: call-arg, reportCallIssue
snowflake_host(variable)  # refused: account: arg-type, reportArgumentType
