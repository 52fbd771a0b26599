from typing import Any, assert_type

from cdktf import App, TerraformStack
from immuta_constructs.testing import Deploy, Deployed, Immuta, Synthesized, synthesized

stack = TerraformStack(App(), "stack")
found = synthesized(stack)
assert_type(found, Synthesized)
assert_type(found["resource"]["immuta_tag"]["pii"], Any)
assert_type(found.warnings, list[str])


def test_a_deployment(deploy: Deploy, immuta: Immuta) -> None:
    deployed = deploy(stack, variables={"password": "example"})
    assert_type(deployed, Deployed)
    assert_type(deployed.outputs, dict[str, Any])
    assert_type(deployed.plan(), dict[str, str])
    immuta.fault("rate-limited", operation="create", times=None)
    assert_type(immuta.stored("tags"), list[dict[str, Any]])
    assert_type(immuta.environment, dict[str, str])
    deploy(stack, variables={"password": 7})  # refused: variables: dict-item, reportArgumentType
    deploy("stack")  # refused: stack: arg-type, reportArgumentType
    immuta.fault(7)  # refused: action: arg-type, reportArgumentType
    immuta.stored()  # refused: collection: call-arg, reportCallIssue


synthesized(App())  # refused: stack: arg-type, reportArgumentType
