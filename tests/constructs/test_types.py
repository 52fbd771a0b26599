"""A type checker's errors about a user's program."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.cdktf import ENVIRONMENTS
from support.terraform import ROOT

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


# The comment on a line has mypy's code and pyright's rule for the error in it; a line without one is right.
VARIANTS = """\
from cdktf import App, TerraformStack, TerraformVariable
from immuta_constructs import (
    ApprovalAction,
    ColumnTagCircumstance,
    ColumnTagField,
    ConstantMasking,
    DataPolicy,
    DataPolicyAction,
    EntitlementsAction,
    HashMasking,
    MaskingRule,
    NullMasking,
    PolicyExceptions,
    PolicyUsers,
    SubscriptionPolicy,
    TagCircumstance,
    UserEntitlementsRule,
    WhereClauseRule,
)

stack = TerraformStack(App(), "stack")
variable = TerraformVariable(stack, "variable", type="string")
iban = ColumnTagField(column_tag=variable.string_value)
rule = MaskingRule(fields=[iban], masking_config=HashMasking(), inclusions=PolicyUsers(groups=["a"]),
    exceptions=variable.value)
DataPolicy(stack, "a", policy_key="k", name="n", actions=[DataPolicyAction(rules=[rule, WhereClauseRule(predicate="x")])],
    circumstances=[TagCircumstance(tag="A"), ColumnTagCircumstance(column_tag="A"), {"type": "noTags"}])
SubscriptionPolicy(stack, "b", policy_key="k", name="n", actions={"type": "anyone"}, applies_when_selected_by_owner=True)
SubscriptionPolicy(stack, "c", policy_key="k", name="n", actions_json=[{"type": "anyone"}],
    circumstances=variable.value)
HashMasking(constant="x")  # call-arg reportCallIssue
ConstantMasking()  # call-arg reportCallIssue
MaskingRule(fields=[iban], masking_config=NullMasking(), predicate="x")  # call-arg reportCallIssue
MaskingRule(fields=[TagCircumstance(tag="A")], masking_config=HashMasking())  # list-item reportArgumentType
UserEntitlementsRule(matches=[iban])  # list-item reportArgumentType
TagCircumstance(type="tags", tag="A")  # call-arg reportCallIssue
DataPolicyAction(rules=[TagCircumstance(tag="A")])  # list-item reportArgumentType
DataPolicy(stack, "d", policy_key="k", name="n", actions=[rule])  # list-item reportArgumentType
DataPolicy(stack, "e", policy_key="k", name="n", actions=[], circumstances=[iban])  # list-item reportArgumentType
SubscriptionPolicy(stack, "f", policy_key="k", name="n", actions=HashMasking())  # arg-type reportArgumentType
EntitlementsAction(entitlements=PolicyExceptions())  # arg-type reportArgumentType
ApprovalAction(automatic_subscription=True)  # call-arg reportCallIssue
"""

# The first function is right over both libraries. In the second one stand classes that each library has of its own.
LIBRARYS_OWN = """\
from cdktf import (
    IResolvable,
    ITerraformDependable,
    Precondition,
    TerraformCount,
    TerraformIterator,
    TerraformOutput,
    TerraformProvider,
    TerraformResource,
    TerraformResourceLifecycle,
    TerraformStack,
    TerraformVariable,
)
from constructs import IConstruct
from immuta_constructs import EphemeralImmutaTrinoApiKey, ImmutaProvider, Tag


def made(stack: TerraformStack) -> tuple[IConstruct, ITerraformDependable, IResolvable]:
    variable = TerraformVariable(stack, "variable", type="string")
    each = TerraformIterator.from_list(variable.list_value)
    tag = Tag(stack, "tag", name=each.value, for_each=each, depends_on=[variable])
    rules = [Precondition(condition=True, error_message="no")]
    key = EphemeralImmutaTrinoApiKey(stack, "key", integration_id="7", lifecycle={"precondition": rules})
    TerraformOutput(stack, "key", value=key.api_key, depends_on=[tag, key])
    return tag, key, tag.force_destroy


def of_the_library(stack: TerraformStack) -> tuple[TerraformResource, TerraformProvider]:
    provider = ImmutaProvider(stack, "immuta")
    lifecycle = TerraformResourceLifecycle(prevent_destroy=True)
    tag = Tag(stack, "tag", name="A", lifecycle=lifecycle)  # arg-type reportArgumentType
    Tag(stack, "tags", name="B", count=TerraformCount.of(2))  # arg-type reportArgumentType
    return tag, provider  # return-value reportReturnType
"""


def mypy(folder: Path, program: str, library: str = "cdktf", *, told: bool = False) -> list[str]:
    """The lines that mypy writes about a program of a user, whose settings tell it of cdktn or do not."""
    (folder / "program.py").write_text(program.replace("from cdktf import", f"from {library} import"))
    settings = "[mypy]\nstrict = True\nshow_error_codes = True\n"
    (folder / "mypy.ini").write_text(settings + ("always_true = IMMUTA_CDKTN\n" if told else ""))
    python = str(ENVIRONMENTS[library] / "bin" / "python")
    cache = ROOT / ".mypy_cache" / f"user-program-{library}{'-told' if told else ''}"
    command = [sys.executable, "-m", "mypy", "--no-error-summary", "--python-executable", python]
    command += ["--cache-dir", str(cache), "program.py"]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert ended.stderr == ""
    return [line for line in ended.stdout.splitlines() if " defined in " not in line]


def pyright(
    folder: Path, program: str, library: str = "cdktf", *, told: bool = False
) -> list[tuple[int, str]]:
    """The line and rule of each error that pyright finds in a program of a user, told of cdktn or not."""
    (folder / "program.py").write_text(program.replace("from cdktf import", f"from {library} import"))
    settings = {"include": ["program.py"], **({"defineConstant": {"IMMUTA_CDKTN": True}} if told else {})}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    checker = str(ROOT / "node_modules" / ".bin" / "pyright")
    command = [checker, "--outputjson", "--pythonpath", str(ENVIRONMENTS[library] / "bin" / "python")]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    found = json.loads(ended.stdout)["generalDiagnostics"]
    return [(each["range"]["start"]["line"] + 1, each["rule"]) for each in found]


def found_by_mypy(lines: list[str]) -> list[tuple[int, str]]:
    """The line and code of each error."""
    errors = [re.fullmatch(r"program\.py:(\d+): error: .* \[([a-z-]+)\]", line) for line in lines]
    assert all(errors), lines
    return [(int(error[1]), error[2]) for error in errors if error]


def noted(program: str) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """The errors that the comments of a program announce: mypy's and pyright's."""
    wrong = [
        (number, line.partition("  # ")[2].split())
        for number, line in enumerate(program.splitlines(), 1)
        if "  # " in line
    ]
    return [(number, code) for number, (code, _) in wrong], [(number, rule) for number, (_, rule) in wrong]


@pytest.mark.parametrize("library", ENVIRONMENTS)
def test_mypy_sees_what_is_wrong_and_nothing_else(tmp_path: Path, library: str) -> None:
    assert mypy(tmp_path, PROGRAM, library, told=library == "cdktn") == SAID.splitlines()


def test_mypy_and_pyright_see_impossible_combinations_and_nothing_else(tmp_path: Path) -> None:
    said = found_by_mypy(mypy(tmp_path, VARIANTS)), pyright(tmp_path, VARIANTS)
    assert said == noted(VARIANTS)


@pytest.mark.parametrize(
    ("library", "told", "announced"),
    [("cdktf", False, False), ("cdktn", True, False), ("cdktn", False, True)],
)
def test_a_type_checker_that_is_told_takes_the_librarys_own_classes(
    tmp_path: Path, library: str, told: bool, announced: bool
) -> None:
    said = (
        found_by_mypy(mypy(tmp_path, LIBRARYS_OWN, library, told=told)),
        pyright(tmp_path, LIBRARYS_OWN, library, told=told),
    )
    assert said == (noted(LIBRARYS_OWN) if announced else ([], []))
