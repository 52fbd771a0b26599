"""A type checker's errors about a user's program."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """\
from cdktf import App, TerraformStack, TerraformVariable, Token
from immuta_constructs import (
    AmazonS3Integration,
    AzureSynapseIntegration,
    DataImmutaIntegrationScript,
    ImmutaProvider,
    SnowflakeAudit,
    SnowflakeIntegration,
    SnowflakeTeardownCredentials,
    TeardownCredentials,
)

stack = TerraformStack(App(), "stack")
variable = TerraformVariable(stack, "variable", type="string")
ImmutaProvider(
    stack,
    "immuta",
    insecure_skip_tls_verify=variable.boolean_value,
    teardown_credentials=TeardownCredentials(snowflake=SnowflakeTeardownCredentials(username="x"), hosts={"h": {}}),
)
snowflake = SnowflakeIntegration(
    stack,
    "snowflake",
    auto_bootstrap=variable.boolean_value,
    host=variable.string_value,
    port=variable.number_value,
    warehouse="w",
    database="d",
    authentication_type=Token.as_any(variable.string_value),
    audit=SnowflakeAudit(enabled=True),
    impersonation={"enabled": True},
    user_role_pattern=variable.value,
    workspaces={"warehouses": variable.list_value},
    timeouts={"create": "1m"},
    depends_on=[variable],
    lifecycle={"prevent_destroy": True},
)
reveal_type(snowflake.id)
reveal_type(snowflake.port)
reveal_type(snowflake.workspaces.warehouses)
SnowflakeIntegration(stack, "s", auto_bootstrap=True, host="h", warehouse="w", database="d")
SnowflakeIntegration(stack, "s", auto_bootstrap=True, host="h", warehouse="w", database="d",
    authentication_type="userPassword", pasword="x")
SnowflakeAudit(enabled="yes")
AmazonS3Integration(stack, "s3", name="n", aws_account_id="1", aws_region="r", aws_location_role="a",
    aws_location_path="s3://", authentication_type="auto", auto_bootstrap=True)
snowflake.password
DataImmutaIntegrationScript(stack, "right", script="create")
DataImmutaIntegrationScript(stack, "any", script=variable.value)
DataImmutaIntegrationScript(stack, "misspelt", script="craete")
DataImmutaIntegrationScript(stack, "text", script=variable.string_value)
AmazonS3Integration(stack, "s3", name="n", aws_account_id="1", aws_region="r", aws_location_role="a",
    aws_location_path="s3://", authentication_type="Auto")
AzureSynapseIntegration(stack, "perhaps", auto_bootstrap=True, host="h", database="d", schema="s",
    authentication_type="unheardOf")
"""

SAID = """\
program.py:38: note: Revealed type is "str"
program.py:39: note: Revealed type is "float"
program.py:40: note: Revealed type is "list[str]"
program.py:41: error: Missing named argument "authentication_type" for "SnowflakeIntegration"  [call-arg]
program.py:42: error: Unexpected keyword argument "pasword" for "SnowflakeIntegration"; did you mean "password"?  [call-arg]
program.py:44: error: Argument "enabled" to "SnowflakeAudit" has incompatible type "str"; expected "bool | IResolvable | None"  [arg-type]
program.py:46: error: Argument "auto_bootstrap" to "AmazonS3Integration" has incompatible type "Literal[True]"; expected "Literal[False] | IResolvable | None"  [arg-type]
program.py:47: error: "SnowflakeIntegration" has no attribute "password"  [attr-defined]
program.py:50: error: Argument "script" to "DataImmutaIntegrationScript" has incompatible type "Literal['craete']"; expected "Literal['initial-create', 'create', 'cleanup', 'post-cleanup'] | IResolvable"  [arg-type]
program.py:51: error: Argument "script" to "DataImmutaIntegrationScript" has incompatible type "str"; expected "Literal['initial-create', 'create', 'cleanup', 'post-cleanup'] | IResolvable"  [arg-type]
program.py:53: error: Argument "authentication_type" to "AmazonS3Integration" has incompatible type "Literal['Auto']"; expected "Literal['auto', 'accessKey'] | IResolvable"  [arg-type]
"""  # noqa: E501


def test_a_type_checker_sees_what_is_wrong_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    settings = f"[mypy]\nstrict = True\nmypy_path = {ROOT / 'constructs'}:{ROOT / 'provider'}\nshow_error_codes = True\n"
    (tmp_path / "mypy.ini").write_text(settings)
    cache = ROOT / ".mypy_cache" / "user-program"
    command = [sys.executable, "-m", "mypy", "--no-error-summary", "--cache-dir", str(cache), "program.py"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert [line for line in ended.stdout.splitlines() if " defined in " not in line] == SAID.splitlines()
    assert ended.stderr == ""
