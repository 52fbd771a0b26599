from typing import assert_type

from cdktf import App, LocalExecProvisioner, TerraformCount, TerraformIterator, TerraformResourceLifecycle, TerraformStack, TerraformVariable
from immuta_constructs import ImmutaProvider, Tag, TrinoIntegration

stack = TerraformStack(App(), "stack")
variable = TerraformVariable(stack, "variable", type="any")
europe = ImmutaProvider(stack, "immuta", alias="eu")
each = TerraformIterator.from_list(["A", "B"])

first = Tag(stack, "first", name=each.value, for_each=each, provider=europe, lifecycle={"prevent_destroy": True})
Tag(stack, "second", name="B", depends_on=[first], count=2, lifecycle=TerraformResourceLifecycle(create_before_destroy=True))
TrinoIntegration(
    stack,
    "third",
    count=TerraformCount.of(variable.number_value),
    provisioners=[LocalExecProvisioner(type="local-exec", command="true")],
    connection={"type": "ssh", "host": "bastion.example"},
)
TrinoIntegration(stack, "imported").import_from(7, europe)
assert_type(first.name, str)

Tag(stack, "x", name="A", provider="eu")  # refused: provider: arg-type, reportArgumentType
Tag(stack, "x", name="A", lifecycle="prevent_destroy")  # refused: lifecycle: arg-type, reportArgumentType
Tag(stack, "x", name="A", depends_on=[first.name])  # refused: depends_on: list-item, reportArgumentType
Tag(stack, "x", name="A", depends_on=first)  # refused: depends_on: arg-type, reportArgumentType
Tag(stack, "x", name="A", count="2")  # refused: count: arg-type, reportArgumentType
Tag(stack, "x", name="A", for_each=["A"])  # refused: for_each: arg-type, reportArgumentType
Tag(stack, "x", name="A", provisioners=["true"])  # refused: provisioners: list-item, reportArgumentType
Tag(stack, "x", name="A", connection="ssh")  # refused: connection: arg-type, reportArgumentType
TrinoIntegration(stack, "x").import_from(None)  # refused: id: arg-type, reportArgumentType
