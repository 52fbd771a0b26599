"""Whole Terraform commands, ours beside the Go null provider's: time, CPU time and memory, as medians and their ratios.

Ours is an integration with a secret, on a simulator that settles at once: Amazon S3 with its twenty attributes, or Snowflake with
its fifty-five. Theirs is a `null_resource`, once with a short trigger and once with a trigger so long that both have equally many
bytes of state: Terraform's own work grows with these bytes, whoever the provider is. The runs alternate, so that a machine whose
speed drifts slows all alike. The simulator's CPU time is in no figure.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [
    str(ROOT / "tests"),
    str(ROOT / "provider"),
    str(ROOT / "constructs"),
    str(ROOT / "simulator"),
]

from immuta_simulator.settings import DEFAULT_API_KEY  # noqa: E402
from support.simulator_process import SimulatorProcess  # noqa: E402
from support.terraform import NULL_SOURCE, NULL_VERSION, Terraform  # noqa: E402

SNOWFLAKE: dict[str, Any] = {
    "auto_bootstrap": False,
    "host": "acme-${count.index}.eu-central-1.snowflakecomputing.com",
    "port": 443,
    "warehouse": "IMMUTA_WH",
    "database": "IMMUTA",
    "authentication_type": "userPassword",
    "username": "IMMUTA_SYSTEM_ACCOUNT",
    "password": "a password, ${count.index}",
    "role": "ACCOUNTADMIN",
    "audit": {"enabled": True},
    "workspaces": {"enabled": True, "warehouses": ["A", "B"]},
    "impersonation": {"enabled": False},
    "lineage": {"enabled": False},
    "user_role_pattern": {"exclude": ["SYSADMIN", "USERADMIN"]},
}

S3: dict[str, Any] = {
    "name": "lake-${count.index}",
    "aws_account_id": "210987654321",
    "aws_region": "eu-central-1",
    "aws_location_role": "arn:aws:iam::210987654321:role/immuta-location",
    "aws_location_path": "s3://lake-${count.index}/",
    "authentication_type": "accessKey",
    "aws_access_key_id": "AKIAEXAMPLE",
    "aws_secret_access_key": "a secret, ${count.index}",
}
RESOURCES = {
    "s3": ("immuta_amazon_s3_integration", S3),
    "snowflake": ("immuta_snowflake_integration", SNOWFLAKE),
}


GO = "null_resource"
OURS, WIDE, NARROW = "ours", "Go, equal state", "Go, narrow state"
WARM_UP_ROUNDS = 1


class Run(NamedTuple):
    """One command: seconds from start to end, CPU seconds of Terraform and of its providers (NaN where the system does not tell
    them apart), MiB of the largest process."""

    wall: float
    terraform_cpu: float
    provider_cpu: float
    memory: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1,100,1000", help="numbers of resources, with commas")
    parser.add_argument(
        "--rounds", type=int, default=7, help="runs of each command (a third of it for 1000 resources)"
    )
    parser.add_argument("--scrypt", action="store_true", help="fingerprints without a fingerprint_key")
    parser.add_argument("--resource", choices=RESOURCES, default="s3")
    options = parser.parse_args()
    type, attributes = RESOURCES[options.resource]
    with (
        tempfile.TemporaryDirectory(prefix="immuta-bench-") as top,
        SimulatorProcess() as simulator,
    ):
        environment = {"IMMUTA_HOST": simulator.url, "IMMUTA_API_KEY": DEFAULT_API_KEY}
        if not options.scrypt:
            environment["IMMUTA_FINGERPRINT_KEY"] = "a key for the benchmark"

        def folder(type: str, attributes: dict[str, Any], size: int) -> Terraform:
            path = Path(tempfile.mkdtemp(dir=top))
            terraform = Terraform(path, environment=environment, null_provider=True)
            terraform.write(configuration(type, attributes, size))
            terraform.ok("init")
            return terraform

        def width(type: str, attributes: dict[str, Any]) -> int:
            return instance_bytes(folder(type, attributes, 1))

        ours_bytes, narrow_bytes = width(type, attributes), width(GO, null_resource())
        wide = null_resource(padding=ours_bytes - narrow_bytes)
        print(
            f"bytes of state a resource: {ours_bytes} of {type}, {width(GO, wide)} of the wide {GO}, "
            f"{narrow_bytes} of the narrow one"
        )
        print(f"{'':<28}{'wall s':>10}{'Terraform CPU s':>18}{'provider CPU s':>18}{'MiB':>8}")
        for size in map(int, options.sizes.split(",")):
            terraforms = {
                OURS: folder(type, attributes, size),
                WIDE: folder(GO, wide, size),
                NARROW: folder(GO, null_resource(), size),
            }
            rounds = options.rounds if size < 1000 else max(options.rounds // 3, 1)
            measured = measure(terraforms, rounds, simulator.reset)
            for command in ("apply", "plan"):
                print(f"{command}, {size} resources")
                print(table({who: median(measured[who, command]) for who in terraforms}), flush=True)
    return 0


def null_resource(padding: int = 0) -> dict[str, Any]:
    return {"triggers": {"n": "${count.index}" + "x" * padding}}


def instance_bytes(terraform: Terraform) -> int:
    """The bytes that one resource takes in the state: attributes, private state and what Terraform adds. Applies first."""
    terraform.ok("apply", "-auto-approve")
    (instance,) = terraform.state()["resources"][0]["instances"]
    return len(json.dumps(instance, separators=(",", ":")))


def measure(
    terraforms: Mapping[str, Terraform], rounds: int, reset: Callable[[], object]
) -> dict[tuple[str, str], list[Run]]:
    measured: dict[tuple[str, str], list[Run]] = {}
    for number in range(WARM_UP_ROUNDS + rounds):
        for who, terraform in terraforms.items():
            reset()
            for state in terraform.folder.glob("terraform.tfstate*"):
                state.unlink()
            for command in (["apply", "-auto-approve"], ["plan", "-detailed-exitcode"]):
                run = timed(terraform, command)
                if number >= WARM_UP_ROUNDS:
                    measured.setdefault((who, command[0]), []).append(run)
    return measured


def configuration(type: str, attributes: dict[str, Any], size: int) -> dict[str, Any]:
    providers = {
        "immuta": {"source": "cdktf-immuta/immuta"},
        "null": {"source": NULL_SOURCE, "version": NULL_VERSION},
    }
    own = type.partition("_")[0]
    return {
        "terraform": {"required_providers": {own: providers[own]}},
        "resource": {type: {"this": {**attributes, "count": size}}},
    }


def timed(terraform: Terraform, arguments: list[str]) -> Run:
    output = terraform.folder / "output"
    with output.open("wb") as sink:
        started = time.perf_counter()
        child = os.posix_spawn(
            shutil.which(terraform.program[0]) or terraform.program[0],
            [*terraform.program, f"-chdir={terraform.folder}", *arguments],
            terraform.environment,
            file_actions=[(os.POSIX_SPAWN_DUP2, sink.fileno(), 1), (os.POSIX_SPAWN_DUP2, sink.fileno(), 2)],
        )
        providers = cpu_of_children(child)
        _, status, usage = os.wait4(child, 0)
        wall = time.perf_counter() - started
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"terraform {' '.join(arguments)} failed:\n{output.read_text()[-4000:]}")
    # The usage of a process has that of the children that it waited for, and Terraform waits for its providers.
    return Run(wall, usage.ru_utime + usage.ru_stime - providers, providers, usage.ru_maxrss / 1024)


def cpu_of_children(pid: int) -> float:
    """Waits for the end of a process, and returns the CPU seconds of the children that it waited for.

    NaN without Linux's /proc, which keeps both figures apart until the process is reaped.
    """
    if sys.platform != "linux":
        return math.nan
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    # proc(5): after the name in parentheses, fields 3 and on; cutime and cstime are 16 and 17.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def table(runs: Mapping[str, Run]) -> str:
    """A line for each run, then what `OURS` takes against each of the others."""
    ours = runs[OURS]
    lines = [
        f"  {who:<26}{run.wall:>10.2f}{run.terraform_cpu:>18.2f}{run.provider_cpu:>18.2f}{run.memory:>8.0f}"
        for who, run in runs.items()
    ]
    for who, run in runs.items():
        if who != OURS:
            wall, terraform, provider, memory = (
                mine / other if other else math.nan for mine, other in zip(ours, run, strict=True)
            )
            lines.append(
                f"  {f'{OURS} / {who}':<26}{wall:>10.2f}{terraform:>18.2f}{provider:>18.2f}{memory:>8.2f}"
            )
    return "\n".join(lines)


def median(runs: list[Run]) -> Run:
    return Run(*(statistics.median(column) for column in zip(*runs, strict=True)))


if __name__ == "__main__":
    sys.exit(main())
