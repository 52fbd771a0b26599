from cdktf import App, Aspects, TerraformStack
from immuta_constructs import DenyLiteralSecrets, PreventDestroy, RequireManualBootstrap

app = App()
stack = TerraformStack(app, "stack")
Aspects.of(app).add(DenyLiteralSecrets())
Aspects.of(stack).add(RequireManualBootstrap())
Aspects.of(stack).add(PreventDestroy())
Aspects.of(stack).add(PreventDestroy(families=["integrations", "people"]))

Aspects.of(stack).add(DenyLiteralSecrets)  # refused: aspect: arg-type, reportArgumentType
DenyLiteralSecrets(stack)  # refused: scope: call-arg, reportCallIssue
PreventDestroy(families=["tags"])  # refused: families: list-item, reportArgumentType
PreventDestroy(families="people")  # refused: families: arg-type, reportArgumentType
