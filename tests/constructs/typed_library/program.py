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
    tag = Tag(stack, "tag", name=variable.string_value, depends_on=[variable])
    rules = [Precondition(condition=True, error_message="no")]
    key = EphemeralImmutaTrinoApiKey(stack, "key", integration_id="7", lifecycle={"precondition": rules})
    TerraformOutput(stack, "key", value=key.api_key, depends_on=[tag, key])
    return tag, key, tag.force_destroy


def of_the_library(stack: TerraformStack) -> tuple[TerraformResource, TerraformProvider]:
    provider = ImmutaProvider(stack, "immuta")
    lifecycle = TerraformResourceLifecycle(prevent_destroy=True)
    tag = Tag(stack, "tag", name="A", lifecycle=lifecycle)  # refused: lifecycle: arg-type, reportArgumentType
    each = TerraformIterator.from_list(["C"])
    Tag(stack, "each", name=each.value, for_each=each)  # refused: for_each: arg-type, reportArgumentType
    Tag(stack, "tags", name="B", count=TerraformCount.of(2))  # refused: count: arg-type, reportArgumentType
    return tag, provider  # refused: provider: return-value, reportReturnType
