"""The link by which a new user sets a password holds a login token: no file that Terraform leaves behind has it, nor does what is
printed, with the real Terraform at TRACE."""

from __future__ import annotations

from pathlib import Path

import pytest
from immuta_constructs.testing import Immuta
from support.canary_life import API_KEY, Traces

TOKEN = b"login-token-of-user-"
USERS = {
    ("immuta_user", name): {"userid": name, "name": name, "email": f"{name}@acme.example"}
    for name in ("ana", "ben", "eve")
}


@pytest.mark.parametrize("fault", [None, "truncated"])
def test_the_link_of_a_new_user_is_kept_nowhere(tmp_path: Path, fault: str | None) -> None:
    with Immuta(api_key=API_KEY) as simulator:
        traces = Traces(tmp_path, simulator)
        traces.write(USERS, spelling="json")
        traces.ok("init")
        if fault is not None:
            simulator.fault(fault, operation="record-create", times=None)
        traces.run("apply", "-auto-approve")
        simulator.clear_faults()
        traces.ok("apply", "-auto-approve")
        traces.ok("plan", "-detailed-exitcode", "-out=plan")
        created = [each["userid"] for each in simulator.stored("users")]
    assert sorted(created) == ["admin@immuta.example", "ana", "ben", "eve"]
    log = (traces.kept / "terraform.log").read_bytes()
    assert b"POST /bim/iam/bim/user: received" in log or fault is not None
    found = [path for path in tmp_path.rglob("*") if path.is_file() and TOKEN in path.read_bytes()]
    assert found == []
