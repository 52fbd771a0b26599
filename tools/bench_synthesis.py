"""Measures the constructs: what their import adds to cdktf's, and the synthesis of 1,000 integrations.

    python tools/bench_synthesis.py

Synthesis stands beside two floors: resources of cdktf without any attribute, and resources of a prebuilt provider with as many
attributes. Every figure is the median of programs of their own.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile

IMPORTS = {
    "cdktf alone": "import cdktf",
    "and the package": "import cdktf, immuta_constructs",
    "and three names": "import cdktf; from immuta_constructs import ImmutaProvider, Secret, SnowflakeIntegration",
    "and every name": "import cdktf; from immuta_constructs import *",
}
IMPORT_ROUNDS = 15

NUMBER = 1000
RESOURCES = {
    "without attributes": """
from cdktf import TerraformProviderGeneratorMetadata, TerraformResource
about = TerraformProviderGeneratorMetadata(provider_name="null")
def add(stack, n):
    TerraformResource(
        stack, f"r{n}", terraform_resource_type="null_resource", terraform_generator_metadata=about
    )
""",
    "integrations": """
from immuta_constructs import Secret, SnowflakeIntegration
def add(stack, n):
    SnowflakeIntegration(
        stack, f"r{n}", host=f"a{n}.snowflakecomputing.com", warehouse="W", database=f"D{n}", auto_bootstrap=False,
        authentication_type="userPassword", username="U", password=Secret.variable("password"),
    )
""",
    "of a prebuilt provider": """
from cdktf_cdktf_provider_snowflake.user import User
def add(stack, n):
    User(
        stack, f"r{n}", name=f"U{n}", login_name=f"u{n}", comment="C", default_role="R", default_warehouse="W",
        first_name="A", last_name="B",
    )
""",
}
SYNTHESIS_ROUNDS = 5
PROGRAM = """
import tempfile
from cdktf import App, TerraformStack
{resource}
with tempfile.TemporaryDirectory() as folder:
    app = App(outdir=folder, skip_validation=True)
    stack = TerraformStack(app, "stack")
    for n in range({number}):
        add(stack, n)
    app.synth()
"""
TIMED = """
import os, sys, time
start, cpu = time.perf_counter(), time.process_time()
exec(sys.argv[1])
print(time.perf_counter() - start, time.process_time() - cpu, flush=True)
os._exit(0)
"""


def main() -> int:
    print(f"{'import':<24}{'median ms':>10}{'more':>8}{'CPU ms':>10}{'more':>8}")
    imports = measured(IMPORTS, IMPORT_ROUNDS)
    wall, cpu = imports["cdktf alone"]
    for name, (own_wall, own_cpu) in imports.items():
        figures = (own_wall, own_wall - wall, own_cpu, own_cpu - cpu)
        print(
            f"{name:<24}"
            + "".join(f"{each * 1000:>{w}.0f}" for each, w in zip(figures, (10, 8, 10, 8), strict=True))
        )
    print(f"\n{f'synthesis of {NUMBER:,}':<24}{'median s':>10}{'ratio of the integrations':>28}")
    programs = {
        name: PROGRAM.format(resource=resource, number=NUMBER) for name, resource in RESOURCES.items()
    }
    synthesis = measured(programs, SYNTHESIS_ROUNDS)
    ours = synthesis["integrations"][0]
    for name, (own_wall, _) in synthesis.items():
        print(f"{name:<24}{own_wall:>10.2f}{ours / own_wall:>28.2f}")
    return 0


def measured(programs: dict[str, str], rounds: int) -> dict[str, tuple[float, float]]:
    """Seconds of each program, and its Python's CPU seconds. The programs take turns, so that all see the same machine."""
    with tempfile.TemporaryDirectory(prefix="immuta-bench-") as cache:
        environment = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            "PYTHONPYCACHEPREFIX": cache,
        }
        runs: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
        for number in range(rounds + 1):
            for name, program in programs.items():
                command = [sys.executable, "-c", TIMED, program]
                output = subprocess.run(
                    command,
                    env=environment,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    check=True,
                    text=True,
                ).stdout
                # The first round compiles.
                if number:
                    wall, cpu = map(float, output.split())
                    runs[name].append((wall, cpu))
    return {
        name: (statistics.median(wall for wall, _ in own), statistics.median(cpu for _, cpu in own))
        for name, own in runs.items()
    }


if __name__ == "__main__":
    sys.exit(main())
