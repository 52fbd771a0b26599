from cdktf import App, TerraformStack, TerraformVariable
from immuta_constructs import (
    AnyoneAction,
    ApprovalAction,
    ColumnTagCircumstance,
    ColumnTagField,
    ConstantMasking,
    DataPolicy,
    DataPolicyAction,
    DatabricksWorkspace,
    DomainCircumstance,
    EntitlementsAction,
    HashMasking,
    MaskingRule,
    NullMasking,
    PolicyApproval,
    PolicyCertification,
    PolicyDomain,
    PolicyExceptions,
    PolicyUsers,
    Project,
    SnowflakeWorkspace,
    SubscriptionPolicy,
    TagCircumstance,
    UserEntitlementsRule,
    WhereClauseRule,
)

stack = TerraformStack(App(), "stack")
variable = TerraformVariable(stack, "variable", type="string")
anything = TerraformVariable(stack, "anything", type="any")

iban = ColumnTagField(column_tag=variable.string_value)
rule = MaskingRule(fields=[iban, {"type": "noTags"}], masking_config=HashMasking(), inclusions=PolicyUsers(groups=["a"]), exceptions=anything.value)
constant = MaskingRule(fields=anything.value, masking_config={"type": "Constant", "constant": "x"})
matching = UserEntitlementsRule(matches=[{"type": "group", "tag": "A"}], operator="all")
DataPolicy(stack, "a", policy_key="k", name="n", actions=[DataPolicyAction(rules=[rule, constant, matching, WhereClauseRule(predicate="x"), {"type": "Masking"}])], circumstances=[TagCircumstance(tag="A"), ColumnTagCircumstance(column_tag="A"), {"type": "noTags"}], certification=PolicyCertification(text="t", label="l", tags=["A"]))
DataPolicy(stack, "b", policy_key="k", name="n", actions=anything.value, circumstances=anything.value)
DataPolicy(stack, "c", policy_key="k", name="n", actions=[{"rules": []}], applies_when_selected_by_owner=True)
DataPolicy(stack, "d", policy_key="k", name="n", actions_json=[{"rules": []}], circumstances=[])
SubscriptionPolicy(stack, "d", policy_key="k", name="n", actions={"type": "anyone"}, applies_when_selected_by_owner=True)
SubscriptionPolicy(stack, "e", policy_key="k", name="n", actions_json={"type": "anyone"}, circumstances=[DomainCircumstance(domains=[PolicyDomain(name="D"), {"name": "E"}])])
SubscriptionPolicy(stack, "f", policy_key="k", name="n", actions_json={"type": "anyone"}, circumstances=[])
SubscriptionPolicy(stack, "g", policy_key="k", name="n", actions_json='{"type": "anyone"}', circumstances=[])
SubscriptionPolicy(stack, "h", policy_key="k", name="n", actions=AnyoneAction(automatic_subscription=True, access_grant="READ"), circumstances=[])
SubscriptionPolicy(stack, "i", policy_key="k", name="n", actions=ApprovalAction(approvals=[PolicyApproval(required_permission="OWNER"), {"required_permission": "NEW"}]), circumstances=[])
SubscriptionPolicy(stack, "j", policy_key="k", name="n", actions=EntitlementsAction(entitlements=PolicyUsers(groups=["a"])), circumstances=[])
Project(stack, "k", project_key="k", name="n", subscription_policy=AnyoneAction(), workspace=SnowflakeWorkspace(schema="s", warehouses=["w"]))
Project(stack, "l", project_key="k", name="n", subscription_policy=anything.value, workspace={"type": "databricks"})

HashMasking(constant="x")  # refused: constant: call-arg, reportCallIssue
ConstantMasking()  # refused: constant: call-arg, reportCallIssue
MaskingRule(fields=[iban], masking_config=NullMasking(), predicate="x")  # refused: predicate: call-arg, reportCallIssue
MaskingRule(fields=[TagCircumstance(tag="A")], masking_config=HashMasking())  # refused: fields: list-item, reportArgumentType
MaskingRule(fields=[iban], masking_config=iban)  # refused: masking_config: arg-type, reportArgumentType
UserEntitlementsRule(matches=[iban])  # refused: matches: list-item, reportArgumentType
TagCircumstance(type="tags", tag="A")  # refused: type: call-arg, reportCallIssue
DomainCircumstance(domains=["D"])  # refused: domains: list-item, reportArgumentType
DataPolicyAction(rules=[TagCircumstance(tag="A")])  # refused: rules: list-item, reportArgumentType
DataPolicy(stack, "x", policy_key="k", name="n", actions=[rule])  # refused: actions: list-item, reportArgumentType
DataPolicy(stack, "x", policy_key="k", name="n", actions=[], circumstances=[iban])  # refused: circumstances: list-item, reportArgumentType
DataPolicy(stack, "x", policy_key="k", name="n", actions=[], applies_when_selected_by_owner=False)  # refused: applies_when_selected_by_owner: arg-type, reportArgumentType
DataPolicy(stack, "x", policy_key="k", name="n", actions_json=7)  # refused: actions_json: arg-type, reportArgumentType
DataPolicy(stack, "x", policy_key="k", name="n", actions_json={"rules": []})  # refused: actions_json: arg-type, reportArgumentType
SubscriptionPolicy(stack, "x", policy_key="k", name="n", actions_json=[{"type": "anyone"}])  # refused: actions_json: arg-type, reportArgumentType
DataPolicy(stack, "x", policy_key="k", name="n", certification=PolicyUsers())  # refused: certification: arg-type, reportArgumentType
PolicyCertification(text="t", label="l", tags="A,B".encode())  # refused: tags: arg-type, reportArgumentType
SubscriptionPolicy(stack, "x", policy_key="k", name="n", actions=HashMasking())  # refused: actions: arg-type, reportArgumentType
EntitlementsAction(entitlements=PolicyExceptions())  # refused: entitlements: arg-type, reportArgumentType
ApprovalAction(automatic_subscription=True)  # refused: automatic_subscription: call-arg, reportCallIssue
ApprovalAction(approvals=[AnyoneAction()])  # refused: approvals: list-item, reportArgumentType
AnyoneAction(access_grant=7)  # refused: access_grant: arg-type, reportArgumentType
PolicyApproval(required_permission=None)  # refused: required_permission: arg-type, reportArgumentType
Project(stack, "x", project_key="k", name="n", workspace=HashMasking())  # refused: workspace: arg-type, reportArgumentType
DatabricksWorkspace(database="d", workspace_configuration_name="w")  # refused: directory: call-arg, reportCallIssue
