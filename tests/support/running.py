"""Terraform commands that are still running: waiting for what they do, finding their processes, ending them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from immuta_constructs.testing.terraform import unframed
from support import snowflake
from support.pages import words
from support.terraform import Terraform

REQUIRED = {"required_providers": {"immuta": {"source": "cdktf-immuta/immuta"}}}
SNOWFLAKE = {**snowflake.SNOWFLAKE, "password": "correct horse battery staple"}
BUCKET = {
    "name": "lake-${count.index}",
    "aws_account_id": "210987654321",
    "aws_region": "eu-central-1",
    "aws_location_role": "arn:aws:iam::210987654321:role/immuta-location",
    "aws_location_path": "s3://lake-${count.index}/",
    "authentication_type": "auto",
    "aws_role_to_assume": "arn:aws:iam::210987654321:role/immuta-grants",
}

PATIENCE = 30.0
"""Seconds for what another process does."""
ENDLESS = 1_000_000
"""Polls of the simulator's settings: the work of an integration does not end within a test."""


def resources(type: str, named: Mapping[str, Mapping[str, Any]], **blocks: Any) -> dict[str, Any]:
    """A configuration with these resources of one type, and other blocks."""
    return {"resource": {type: named}, **blocks}


def one_snowflake(**more: Any) -> dict[str, Any]:
    return resources("immuta_snowflake_integration", {"this": {**SNOWFLAKE, **more}})


def snowflakes(name: str, count: int) -> dict[str, Any]:
    """Snowflake integrations of this number, each for a host of its own."""
    each = {**SNOWFLAKE, "host": "acme-${count.index}.snowflakecomputing.com", "count": count}
    return resources("immuta_snowflake_integration", {name: each})


def buckets(count: int) -> dict[str, Any]:
    """Amazon S3 integrations of this number, which have no secrets."""
    return resources("immuta_amazon_s3_integration", {"lake": {**BUCKET, "count": count}})


def one_bucket() -> dict[str, Any]:
    bucket = {**BUCKET, "name": "lake", "aws_location_path": "s3://lake/"}
    return resources("immuta_amazon_s3_integration", {"this": bucket})


def one_trino() -> dict[str, Any]:
    return resources("immuta_trino_integration", {"this": {}})


def until(condition: Callable[[], Any]) -> Any:
    """Waits for something that another process does, and returns the value of `condition`."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError(f"it did not happen in {PATIENCE} seconds")


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


def kill_providers(running: subprocess.Popen[str]) -> None:
    for pid in until(lambda: providers_of(running.pid)):
        os.kill(pid, signal.SIGKILL)


def interrupt(running: subprocess.Popen[str]) -> None:
    """Ctrl-C: the terminal sends it to the whole process group."""
    os.killpg(running.pid, signal.SIGINT)


class Ended:
    """The end of a command: its exit status, the summaries of the provider's errors and warnings, and its whole output, also
    on one line (`flat`)."""

    def __init__(self, running: subprocess.Popen[str], seconds: float = 60) -> None:
        stdout, stderr = running.communicate(timeout=seconds)
        self.code = running.returncode
        self.text = unframed(stdout + stderr)
        self.flat = words(self.text)
        # Terraform adds an "execution halted" of its own for each node of its graph that an interruption left out.
        errors = re.findall(r"^Error: (.*)$", self.text, re.MULTILINE)
        self.errors = [error for error in errors if error != "execution halted"]
        self.warnings = re.findall(r"^Warning: (.*)$", self.text, re.MULTILINE)


def instances(terraform: Terraform) -> list[dict[str, Any]]:
    """The attributes of every instance in the state file, with `tainted` if it is tainted."""
    file = terraform.folder / "terraform.tfstate"
    # Terraform makes an empty one when it locks it.
    if not file.exists() or not file.stat().st_size:
        return []
    return [
        {**instance["attributes"], **({"tainted": True} if instance.get("status") == "tainted" else {})}
        for resource in terraform.state()["resources"]
        for instance in resource["instances"]
    ]


def statuses(terraform: Terraform) -> list[tuple[Any, ...]]:
    """The id, status and warehouse of each instance in the state file, and True if it is tainted."""
    return [(i["id"], i["status"], i["warehouse"], i.get("tainted")) for i in instances(terraform)]
