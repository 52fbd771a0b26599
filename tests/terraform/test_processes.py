"""The provider as a process under the real Terraform: interrupted, killed, reattached, large."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.simulator import Simulator
from support.terraform import PROGRAMS, ROOT, Terraform, clean_environment

SNOWFLAKE = {
    "auto_bootstrap": False,
    "host": "acme.snowflakecomputing.com",
    "warehouse": "WH",
    "database": "IMMUTA",
    "authentication_type": "userPassword",
    "username": "admin",
    "password": "correct horse battery staple",
}
REQUIRED = {"required_providers": {"immuta": {"source": "cdktf-immuta/immuta"}}}


def one_snowflake(**more: Any) -> dict[str, Any]:
    return {
        "terraform": REQUIRED,
        "resource": {"immuta_snowflake_integration": {"this": {**SNOWFLAKE, **more}}},
    }


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator() as running:
        yield running


@pytest.fixture(params=PROGRAMS)
def terraform(request: pytest.FixtureRequest, tmp_path: Path, simulator: Simulator) -> Terraform:
    environment = {"IMMUTA_HOST": simulator.url, "IMMUTA_API_KEY": simulator.api_key}
    made = Terraform(tmp_path, PROGRAMS[request.param], environment=environment)
    made.write(one_snowflake())
    made.ok("init")
    return made


def until(condition: Callable[[], Any]) -> Any:
    """Wait for something that another process does."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen in 30 seconds")


def providers_of(group: int) -> list[int]:
    """The provider processes in a process group."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes()
            own = os.getpgid(int(entry.name))
        except (OSError, ProcessLookupError):
            continue
        if own == group and b"immuta" in command and b"terraform\0" not in command[:40]:
            found.append(int(entry.name))
    return found


def test_an_interrupted_create_is_kept_with_its_real_status(
    terraform: Terraform, simulator: Simulator
) -> None:
    simulator.admin.settings(polls=1_000_000)
    running = terraform.start("apply", "-auto-approve")
    until(lambda: simulator.admin.counts().get("status"))
    os.killpg(running.pid, signal.SIGINT)
    stdout, stderr = running.communicate(timeout=60)
    assert running.returncode != 0
    assert "Interrupt received" in stdout
    assert "The integration was created, but is not ready yet" in stdout + stderr
    (resource,) = terraform.state()["resources"]
    (instance,) = resource["instances"]
    assert (instance["attributes"]["id"], instance["attributes"]["status"], instance.get("status")) == (
        "1",
        "creating",
        None,
    )
    simulator.admin.alter("1", status="enabled")
    code, stdout, stderr = terraform.run("plan", "-detailed-exitcode")
    assert code == 0, stdout + stderr


def test_a_killed_provider_leaves_an_integration_that_the_next_create_names(
    terraform: Terraform, simulator: Simulator
) -> None:
    simulator.admin.settings(polls=1_000_000)
    running = terraform.start("apply", "-auto-approve")
    until(lambda: simulator.admin.counts().get("status"))
    for pid in until(lambda: providers_of(running.pid)):
        os.kill(pid, signal.SIGKILL)
    stdout, stderr = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "Plugin did not respond" in stderr or "plugin" in stderr.lower()
    assert terraform.state()["resources"] == []

    simulator.admin.settings(polls=1)
    simulator.admin.alter("1", status="enabled")
    code, _, stderr = terraform.run("apply", "-auto-approve")
    assert code == 1
    assert "import {\n" in re.sub(r"[│╷╵] ?", "", stderr)
    assert "to = immuta_snowflake_integration.NAME" in stderr
    assert 'id = "1"' in stderr
    terraform.ok("import", "immuta_snowflake_integration.this", "1")
    terraform.ok("apply", "-auto-approve")
    assert terraform.run("plan", "-detailed-exitcode").code == 0
    assert len(simulator.admin.integrations()) == 1


def test_the_provider_ends_when_terraform_is_killed(terraform: Terraform, simulator: Simulator) -> None:
    simulator.admin.settings(polls=1_000_000)
    running = terraform.start("apply", "-auto-approve")
    until(lambda: simulator.admin.counts().get("status"))
    group = running.pid
    assert until(lambda: providers_of(group))
    os.kill(running.pid, signal.SIGKILL)
    running.communicate(timeout=60)
    until(lambda: not providers_of(group))


def test_a_provider_that_runs_already(terraform: Terraform, simulator: Simulator) -> None:
    environment = {
        **clean_environment(),
        "PYTHONPATH": str(ROOT / "provider"),
        "IMMUTA_HOST": simulator.url,
        "IMMUTA_API_KEY": simulator.api_key,
    }
    serving = subprocess.Popen(
        [sys.executable, "-m", "immuta_provider.main", "--debug"],
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    )
    try:
        assert serving.stdout is not None
        line = next(line for line in serving.stdout if "TF_REATTACH_PROVIDERS" in line)
        reattach = {"TF_REATTACH_PROVIDERS": line.split("=", 1)[1].strip().strip("'")}
        assert list(json.loads(reattach["TF_REATTACH_PROVIDERS"])) == [
            "registry.terraform.io/cdktf-immuta/immuta"
        ]
        terraform.ok("apply", "-auto-approve", environment=reattach)
        assert terraform.run("plan", "-detailed-exitcode", environment=reattach).code == 0
        terraform.ok("destroy", "-auto-approve", environment=reattach)
        assert simulator.admin.integrations() == []
        assert serving.poll() is None
    finally:
        serving.send_signal(signal.SIGINT)
        serving.communicate(timeout=10)
    assert serving.returncode == 0


def test_five_megabytes_in_one_value(terraform: Terraform, simulator: Simulator) -> None:
    text = "x" * 5_000_000
    terraform.write(one_snowflake(warehouse=text))
    terraform.ok("apply", "-auto-approve")
    assert simulator.admin.sent()[0]["config"]["warehouse"] == text
    assert terraform.run("plan", "-detailed-exitcode").code == 0


def test_a_thousand_integrations(terraform: Terraform, simulator: Simulator) -> None:
    simulator.admin.settings(polls=0)
    bucket = {
        "name": "lake-${count.index}",
        "aws_account_id": "210987654321",
        "aws_region": "eu-central-1",
        "aws_location_role": "arn:aws:iam::210987654321:role/immuta-location",
        "aws_location_path": "s3://lake-${count.index}/",
        "authentication_type": "auto",
        "aws_role_to_assume": "arn:aws:iam::210987654321:role/immuta-grants",
        "count": 1000,
    }
    terraform.write({"terraform": REQUIRED, "resource": {"immuta_amazon_s3_integration": {"lake": bucket}}})
    terraform.ok("apply", "-auto-approve", "-parallelism=30")
    assert len(simulator.admin.integrations()) == 1000
    simulator.admin.clear_requests()
    assert terraform.run("plan", "-detailed-exitcode").code == 0
    assert simulator.admin.counts() == {"list": 1}
