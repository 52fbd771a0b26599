"""Example data as Python programs for cdktf."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping

from bindings.resources import Module
from immuta_provider.model.fields import OBJECT, OBJECTS, ResourceType

from documentation.examples import Example, Secret, secrets_in

WIDTH = 100


def program(type: ResourceType, example: Example) -> str:
    """A whole program that deploys one resource; the tenant and its key come from the environment."""
    writer = _Writer(Module(type))
    arguments = "".join(
        f", {name}={writer.value(value, (name,))}" for name, value in example.arguments.items()
    )
    names = {"ImmutaProvider", type.class_name, *writer.used}
    if any(secrets_in(example.arguments)):
        names.add("Secret")
    return formatted(
        "from cdktf import App, TerraformStack\n\n"
        f"from immuta_constructs import {', '.join(sorted(names))}\n\n"
        'app = App()\nstack = TerraformStack(app, "immuta")\n'
        'ImmutaProvider(stack, "immuta")  # the tenant is in IMMUTA_HOST, the key in IMMUTA_API_KEY\n'
        f'{example.name} = {type.class_name}(stack, "{example.name}"{arguments})\n'
        "app.synth()\n"
    )


def formatted(source: str) -> str:
    ruff = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", str(WIDTH), "-"]
    return subprocess.run(ruff, input=source, capture_output=True, text=True, check=True).stdout.strip()


class _Writer:
    """Writes values, nested objects as calls of their classes, and notes the classes that it needed."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._kinds = {path: field.kind for path, field in module.type.walk()}
        self.used: set[str] = set()

    def value(self, item: object, path: tuple[str, ...]) -> str:
        if isinstance(item, Secret):
            return f'Secret.variable("{item.variable}")'
        if isinstance(item, Mapping) and self._kinds[path] in (OBJECT, OBJECTS):
            name = self._module.class_of(path)
            self.used.add(name)
            return f"{name}({', '.join(f'{k}={self.value(v, (*path, k))}' for k, v in item.items())})"
        if isinstance(item, list):
            return f"[{', '.join(self.value(one, path) for one in item)}]"
        return repr(item) if isinstance(item, bool) else json.dumps(item)
