"""The link by which a new user sets a password contains a login token. With the real Terraform at TRACE, neither a file nor the
output contains it."""

from __future__ import annotations

import pytest
from immuta_constructs.testing import Immuta
from support.canary_life import Traces

TOKEN = b"login-token-of-user-"
USERS = {
    ("immuta_user", name): {"userid": name, "name": name, "email": f"{name}@acme.example"}
    for name in ("ana", "ben", "eve")
}


@pytest.mark.parametrize("fault", [None, "truncated"])
def test_the_link_of_a_new_user_is_stored_nowhere(
    traces: Traces, simulator: Immuta, fault: str | None
) -> None:
    traces.write(USERS, spelling="json")
    traces.ok("init")
    if fault is not None:
        simulator.fault(fault, operation="record-create", times=None)
    traces.run("apply", "-auto-approve")
    simulator.clear_faults()
    traces.ok("apply", "-auto-approve")
    traces.ok("plan", "-detailed-exitcode", "-out=plan")
    created = [each["userid"] for each in simulator.held("users")]
    assert sorted(created) == ["admin@immuta.example", "ana", "ben", "eve"]
    log = (traces.kept / "terraform.log").read_bytes()
    assert b"POST /bim/iam/bim/user: received" in log or fault is not None
    files = [path for path in traces.root.rglob("*") if path.is_file()]
    assert [path for path in files if TOKEN in path.read_bytes()] == []
