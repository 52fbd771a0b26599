"""Example data as Python programs for cdktf."""

from __future__ import annotations

import subprocess
import sys

from immuta_provider.adopt.layout import Group, flat
from immuta_provider.adopt.python import Writer
from immuta_provider.model.fields import ResourceType

from documentation.examples import Example

WIDTH = 100


def program(type: ResourceType, example: Example) -> str:
    """A whole program that deploys one resource; the tenant and its key come from the environment."""
    writer = Writer(type)
    arguments = writer.arguments(example.arguments)
    call = Group(f"{type.class_name}(", [("", "stack"), ("", f'"{example.name}"'), *arguments], ")")
    names = {"ImmutaProvider", type.class_name, *writer.used}
    return formatted(
        "from cdktf import App, TerraformStack\n\n"
        f"from immuta_constructs import {', '.join(sorted(names))}\n\n"
        'app = App()\nstack = TerraformStack(app, "immuta")\n'
        'ImmutaProvider(stack, "immuta")  # the tenant is in IMMUTA_HOST, the key in IMMUTA_API_KEY\n'
        f"{example.name} = {flat(call)}\n"
        "app.synth()\n"
    )


def formatted(source: str) -> str:
    ruff = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", str(WIDTH), "-"]
    return subprocess.run(ruff, input=source, capture_output=True, text=True, check=True).stdout.strip()
