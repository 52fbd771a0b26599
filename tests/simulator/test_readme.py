"""The simulator's README lists everything, and its examples run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

from immuta_simulator.app import create_app
from immuta_simulator.control import Control
from immuta_simulator.faults import PRESETS, Action, Fault
from immuta_simulator.main import parser
from immuta_simulator.operations import OPERATIONS
from immuta_simulator.settings import Settings

README = (Path(__file__).parents[2] / "simulator" / "README.md").read_text()


def section(title: str) -> str:
    return README.partition(f"## {title}\n")[2].partition("\n## ")[0]


def listed(start: str) -> list[str]:
    return re.findall(r"`([^`]+)`", section("Faults").partition(f"\n{start}: ")[2].partition(".\n")[0])


def rows(text: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("| `")
    ]


def test_readme_lists_every_setting_with_its_default() -> None:
    defaults = {name: value for name, value in Settings().model_dump().items() if name != "api_key"}

    assert {row[0].strip("`"): json.loads(row[1].strip("`")) for row in rows(section("Settings"))} == defaults


def test_readme_lists_every_preset_operation_and_kind() -> None:
    kinds = {model.model_fields["kind"].default for model in get_args(get_args(Action)[0])}

    assert sorted(listed("Presets")) == sorted(PRESETS)
    assert listed("Operations") == list(OPERATIONS)
    assert {row[0].strip("`") for row in rows(section("Faults"))} == kinds


def test_readme_lists_every_own_route() -> None:
    paths = create_app().openapi()["paths"]

    named = set(re.findall(r"(/_simulator/[^`]*)`", section("Its own routes")))
    assert named == {path for path in paths if path.startswith("/_simulator")}


def test_readme_lists_every_option() -> None:
    options = {
        option for action in parser()._actions for option in action.option_strings if option.startswith("--")
    }

    assert set(re.findall(r"^- `(--[\w-]+)", README, re.MULTILINE)) == options - {"--help"}


def test_the_examples_run() -> None:
    fault = json.loads(README.partition("```json\n")[2].partition("```")[0])
    code = README.partition("```python\n")[2].partition("```")[0]

    assert Fault.model_validate(fault).call == 2
    assert Control().add_fault(fault)["number"] == 1
    exec(compile(code, "README.md", "exec"), {})
