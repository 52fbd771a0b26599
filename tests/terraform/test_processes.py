"""The provider as a process under the real Terraform: interrupted, killed, reattached."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys

import pytest
from immuta_constructs.testing import Immuta
from support.running import Ended, interrupt, kill_providers, one_snowflake, providers_of, until
from support.terraform import ROOT, Terraform, clean_environment


@pytest.fixture(autouse=True)
def initialized(terraform: Terraform) -> None:
    terraform.write(one_snowflake())
    terraform.ok("init")


def test_an_interrupted_create_is_kept_with_its_real_status(terraform: Terraform, immuta: Immuta) -> None:
    immuta.settings(polls=1_000_000)
    running = terraform.start("apply", "-auto-approve")
    until(lambda: immuta.counts().get("status"))
    interrupt(running)
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
    immuta.alter("integrations", "1", status="enabled")
    code, stdout, stderr = terraform.run("plan", "-detailed-exitcode")
    assert code == 0, stdout + stderr


def test_a_killed_provider_leaves_an_integration_that_the_next_create_names(
    terraform: Terraform, immuta: Immuta
) -> None:
    immuta.settings(polls=1_000_000)
    running = terraform.start("apply", "-auto-approve")
    until(lambda: immuta.counts().get("status"))
    kill_providers(running)
    assert Ended(running).code == 1
    assert terraform.state()["resources"] == []

    immuta.settings(polls=1)
    immuta.alter("integrations", "1", status="enabled")
    code, _, stderr = terraform.run("apply", "-auto-approve")
    assert code == 1
    assert "import {\n" in re.sub(r"[│╷╵] ?", "", stderr)
    assert "to = immuta_snowflake_integration.NAME" in stderr
    assert 'id = "1"' in stderr
    terraform.ok("import", "immuta_snowflake_integration.this", "1")
    terraform.ok("apply", "-auto-approve")
    assert terraform.run("plan", "-detailed-exitcode").code == 0
    assert len(immuta.stored("integrations")) == 1


def test_the_provider_ends_when_terraform_is_killed(terraform: Terraform, immuta: Immuta) -> None:
    immuta.settings(polls=1_000_000)
    running = terraform.start("apply", "-auto-approve")
    until(lambda: immuta.counts().get("status"))
    group = running.pid
    assert until(lambda: providers_of(group))
    os.kill(running.pid, signal.SIGKILL)
    running.communicate(timeout=60)
    until(lambda: not providers_of(group))


def test_a_provider_that_runs_already(terraform: Terraform, immuta: Immuta) -> None:
    """It serves one command after another, an interrupted one among them."""
    environment = {
        **clean_environment(),
        "PYTHONPATH": str(ROOT / "provider"),
        "IMMUTA_HOST": immuta.url,
        "IMMUTA_API_KEY": immuta.api_key,
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
        immuta.settings(polls=1_000_000)
        running = terraform.start("apply", "-auto-approve", environment=reattach)
        until(lambda: immuta.counts().get("status"))
        interrupt(running)
        running.communicate(timeout=60)
        immuta.alter("integrations", "1", status="enabled")
        immuta.settings(polls=1)
        terraform.write(one_snowflake(warehouse="ANOTHER"))
        terraform.ok("apply", "-auto-approve", environment=reattach)
        assert terraform.run("plan", "-detailed-exitcode", environment=reattach).code == 0
        terraform.ok("destroy", "-auto-approve", environment=reattach)
        assert immuta.stored("integrations") == []
        assert serving.poll() is None
    finally:
        serving.send_signal(signal.SIGINT)
        serving.communicate(timeout=10)
    assert serving.returncode == 0
