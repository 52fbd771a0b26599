"""A provider that Terraform does not start itself."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

from immuta_constructs.testing import Immuta
from support.running import ENDLESS, interrupt, one_snowflake, until
from support.terraform import ROOT, Terraform, clean_environment


def test_running_provider_serves_one_command_after_another(terraform: Terraform, immuta: Immuta) -> None:
    """One of them is interrupted."""
    serving = subprocess.Popen(
        [sys.executable, "-m", "immuta_provider.main", "--debug"],
        stdout=subprocess.PIPE,
        env={**clean_environment(), "PYTHONPATH": str(ROOT / "provider"), **immuta.environment},
        text=True,
    )
    try:
        assert serving.stdout is not None
        line = next(line for line in serving.stdout if "TF_REATTACH_PROVIDERS" in line)
        reattach = line.split("=", 1)[1].strip().strip("'")
        assert list(json.loads(reattach)) == ["registry.terraform.io/cdktf-immuta/immuta"]
        terraform.environment["TF_REATTACH_PROVIDERS"] = reattach
        immuta.settings(polls=ENDLESS)
        terraform.write(one_snowflake())
        running = terraform.start("apply", "-auto-approve")
        until(lambda: immuta.counts().get("status"))
        interrupt(running)
        running.communicate(timeout=60)
        immuta.alter("integrations", "1", status="enabled")
        immuta.settings(polls=1)
        terraform.write(one_snowflake(warehouse="ANOTHER"))
        terraform.ok("apply", "-auto-approve")
        terraform.assert_empty_plan()
        terraform.ok("destroy", "-auto-approve")
        assert immuta.stored("integrations") == []
        assert serving.poll() is None
    finally:
        serving.send_signal(signal.SIGINT)
        serving.communicate(timeout=10)
    assert serving.returncode == 0
