from typing import assert_type

from cdktf import App, Fn, TerraformStack, TerraformVariable, Token
from immuta_constructs import Domain, Group, GroupMember, Purpose, PurposeSubpurpose, S3DataSource, Secret, Tag, User, UserExternalIds

stack = TerraformStack(App(), "stack")
variable = TerraformVariable(stack, "variable", type="any")
names = Token.as_string_map(variable.value)

user = User(stack, "ana", userid="ana", name="Ana", email="ana@acme.example", password=Secret.variable("password"))
group = Group(stack, "analysts", name="analysts", iamid="bim")
GroupMember(stack, "member", group_id=group.id, iamid="bim", userid=user.userid)
ids = UserExternalIds(stack, "map", iamid="bim", userid="ana", external_user_ids={"snowflakeUser": "ANA"})
UserExternalIds(stack, "token", iamid="bim", userid="ana", external_user_ids=variable.value)
assert_type(ids.external_user_ids.lookup("snowflakeUser"), str)
pii = Tag(stack, "pii", name="PII", force_destroy=variable.boolean_value)
Tag(stack, "below", name=f"{pii.name}.Email")
Domain(stack, "domain", name=Fn.join("-", [pii.name, "x"]), description=None)
Purpose(stack, "purpose", name="P", subpurposes=[PurposeSubpurpose(name="P.Q"), {"name": "P.R"}])

User(stack, "x", userid="ana", name="Ana", email="a@b.c", password=user)  # refused: password: arg-type, reportArgumentType
Group(stack, "x", name="n", iamid="okta")  # refused: iamid: arg-type, reportArgumentType
GroupMember(stack, "x", group_id=group, iamid="bim", userid="ana")  # refused: group_id: arg-type, reportArgumentType
UserExternalIds(stack, "x", iamid="bim", userid="ana", external_user_ids={"snowflakeUser": 7})  # refused: external_user_ids: dict-item, reportArgumentType
UserExternalIds(stack, "x", iamid="bim", userid="ana", external_user_ids=["ANA"])  # refused: external_user_ids: arg-type, reportArgumentType
Tag(stack, "x", name=pii)  # refused: name: arg-type, reportArgumentType
Tag(stack, "x", name="PII", force_destroy="yes")  # refused: force_destroy: arg-type, reportArgumentType
Purpose(stack, "x", name="P", subpurposes=["P.Q"])  # refused: subpurposes: list-item, reportArgumentType
S3DataSource(stack, "x", integration_id="1", prefix="p")  # refused: data_source_name: call-arg, reportCallIssue
