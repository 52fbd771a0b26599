"""The price of a construct in calls between Python and cdktf's Node, which take nearly all of the time of a synthesis."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from constructs import Construct
from immuta_constructs import Secret, SnowflakeIntegration, Tag
from immuta_constructs.cdk import App, TerraformStack, TerraformVariable
from jsii._kernel.providers import process
from support.snowflake import SNOWFLAKE


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """The numbers of the messages that Python sends: by the method that is called, or by their kind."""
    counter: Counter[str] = Counter()
    send = process._NodeProcess.send

    def counted(self: process._NodeProcess, request: object, *rest: object) -> object:
        counter[getattr(request, "method", type(request).__name__)] += 1
        return send(self, request, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(process._NodeProcess, "send", counted)
    return counter


def integration(scope: Construct, number: int, password: str) -> None:
    host = f"a{number}.snowflakecomputing.com"
    SnowflakeIntegration(scope, f"integration-{number}", **{**SNOWFLAKE, "host": host, "password": password})


def synthesis(folder: Path, number: int, password: str) -> None:
    app = App(outdir=str(folder / str(number)), skip_validation=True)
    stack = TerraformStack(app, "stack")
    TerraformVariable(stack, "password")
    group = Construct(stack, "group")
    for n in range(number):
        Tag(stack, f"tag-{n}", name=f"T{n}")
        integration(group, n, password)
    app.synth()


def price(calls: Counter[str], folder: Path, password: str, numbers: tuple[int, int]) -> dict[str, float]:
    """The messages that one more tag and one more integration cost."""
    less, more = numbers
    calls.clear()
    synthesis(folder, less, password)
    before = calls.copy()
    calls.clear()
    synthesis(folder, more, password)
    return {
        kind: (calls[kind] - before[kind]) / (more - less) for kind in calls if calls[kind] != before[kind]
    }


def test_a_construct_costs_its_creation_and_twice_its_attributes(calls: Counter[str], tmp_path: Path) -> None:
    # cdktf synthesizes every stack twice: to find references across stacks, and to write it.
    assert price(calls, tmp_path, Secret.variable("password"), (5, 10)) == {
        "CreateRequest": 2,
        "_CompleteRequest": 4,
    }


def test_a_stack_is_searched_once_for_what_its_expressions_refer_to(
    calls: Counter[str], tmp_path: Path
) -> None:
    # Each search returns every construct of the stack.
    assert "findAll" not in price(calls, tmp_path, "${var.of_a_module}", (5, 10))
    assert calls["findAll"] == 1


def test_the_package_loads_a_module_at_the_first_use_of_one_of_its_names() -> None:
    program = (
        "import sys, immuta_constructs\n"
        "print([name for name in sys.modules if name.startswith('immuta_constructs.')])\n"
        "immuta_constructs.Tag\n"
        "print([name for name in sys.modules if name.startswith('immuta_constructs.g')])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "[]",
        "['immuta_constructs.governance', 'immuta_constructs.governance.tag']",
    ]
