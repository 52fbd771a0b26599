"""Whole Terraform commands, ours beside the Go null provider's: time, CPU time and memory, as medians and their ratios.

Ours is an integration with a secret, on a simulator that settles at once: Amazon S3 with its twenty attributes, or Snowflake with
its fifty-five; theirs is a `null_resource` with its two. The runs alternate, so that a machine whose speed drifts slows both.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "provider"), str(ROOT / "simulator")]

from support.simulator import Simulator  # noqa: E402
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


class Run(NamedTuple):
    """One command: seconds from start to end, CPU seconds of Terraform and its providers, MiB of the largest process."""

    wall: float
    cpu: float
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
    print(
        f"{'':<24}{'ours: s':>10}{'CPU s':>8}{'MiB':>7}{'null: s':>10}{'CPU s':>8}{'MiB':>7}{'ratio':>8}{'CPU':>7}{'MiB':>7}"
    )
    for size in map(int, options.sizes.split(",")):
        rounds = options.rounds if size < 1000 else max(options.rounds // 3, 1)
        measured = measure(RESOURCES[options.resource], size, rounds, scrypt=options.scrypt)
        for command in ("apply", "plan"):
            ours, null = (median(measured[who, command]) for who in ("ours", "null"))
            print(
                f"{command + f', {size} resources':<24}{ours.wall:>10.2f}{ours.cpu:>8.2f}{ours.memory:>7.0f}"
                f"{null.wall:>10.2f}{null.cpu:>8.2f}{null.memory:>7.0f}"
                f"{ours.wall / null.wall:>8.2f}{ours.cpu / null.cpu:>7.2f}{ours.memory / null.memory:>7.2f}",
                flush=True,
            )
    return 0


def measure(
    ours: tuple[str, dict[str, Any]], size: int, rounds: int, *, scrypt: bool
) -> dict[tuple[str, str], list[Run]]:
    measured: dict[tuple[str, str], list[Run]] = {}
    with (
        tempfile.TemporaryDirectory(prefix="immuta-bench-") as top,
        Simulator(process=True, polls=0) as simulator,
    ):
        folders = {who: Path(top, who) for who in ("ours", "null")}
        terraforms = {}
        for who, folder in folders.items():
            folder.mkdir()
            environment = {"IMMUTA_HOST": simulator.url, "IMMUTA_API_KEY": simulator.api_key}
            if not scrypt:
                environment["IMMUTA_FINGERPRINT_KEY"] = "a key for the benchmark"
            terraforms[who] = Terraform(folder, environment=environment, null_provider=True)
            terraforms[who].write(configuration(ours if who == "ours" else None, size))
            terraforms[who].ok("init")
        for number in range(rounds + 1):
            for who, terraform in terraforms.items():
                simulator.admin.ask("POST", "/reset")
                for state in terraform.folder.glob("terraform.tfstate*"):
                    state.unlink()
                for command in (["apply", "-auto-approve"], ["plan", "-detailed-exitcode"]):
                    run = timed(terraform, command)
                    if number:  # the first round warms caches up
                        measured.setdefault((who, command[0]), []).append(run)
    return measured


def configuration(ours: tuple[str, dict[str, Any]] | None, size: int) -> dict[str, Any]:
    if ours is not None:
        required: dict[str, Any] = {"immuta": {"source": "cdktf-immuta/immuta"}}
        resource, attributes = ours
    else:
        required = {"null": {"source": NULL_SOURCE, "version": NULL_VERSION}}
        resource, attributes = "null_resource", {"triggers": {"n": "${count.index}"}}
    return {
        "terraform": {"required_providers": required},
        "resource": {resource: {"this": {**attributes, "count": size}}},
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
        _, status, usage = os.wait4(child, 0)
        wall = time.perf_counter() - started
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"terraform {' '.join(arguments)} failed:\n{output.read_text()[-4000:]}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def median(runs: list[Run]) -> Run:
    return Run(*(statistics.median(column) for column in zip(*runs, strict=True)))


if __name__ == "__main__":
    sys.exit(main())
