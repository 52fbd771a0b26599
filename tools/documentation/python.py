"""Example data as Python programs for cdktf."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from bindings import shapes
from bindings.resources import Module
from immuta_provider.model.fields import Field, ResourceType

from documentation.examples import Example, Json, Secret, secrets_in

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
        self._fields = dict(module.type.walk())
        self.used: set[str] = set()

    def value(self, item: object, path: tuple[str, ...]) -> str:
        if isinstance(item, Secret):
            return f'Secret.variable("{item.variable}")'
        if isinstance(item, Json):
            return _literal(item.value)
        if isinstance(item, Mapping) and self._fields[path].fields:
            return self._call(item, path)
        if isinstance(item, list):
            return f"[{', '.join(self.value(one, path) for one in item)}]"
        return _literal(item)

    def _call(self, item: Mapping[str, Any], path: tuple[str, ...]) -> str:
        shape = _shape(self._fields[path], item)
        name = shape.name if shape else self._module.class_of(path)
        self.used.add(name)
        arguments = ", ".join(
            f"{at[-1]}={self.value(value, (*path, *at))}" for at, value in _arguments(item, shape)
        )
        return f"{name}({arguments})"


def _shape(field: Field, item: Mapping[str, Any]) -> shapes.Shape | None:
    """The class that the model names for an object; None if it is named by its place."""
    return next((each for each in shapes.of_field(field) if each.word in ("", item.get("type"))), None)


def _arguments(
    item: Mapping[str, Any], shape: shapes.Shape | None
) -> Iterator[tuple[tuple[str, ...], object]]:
    """The arguments of a class, each with its path in the object."""
    spread = set(dict(shape.inside).values()) if shape else set()
    for name, value in item.items():
        if name in spread:
            yield from (((name, inner), one) for inner, one in value.items())
        elif not (shape and shape.word and name == "type"):
            yield (name,), value


def _literal(item: object) -> str:
    if isinstance(item, Mapping):
        return f"{{{', '.join(f'{json.dumps(name)}: {_literal(one)}' for name, one in item.items())}}}"
    if isinstance(item, list):
        return f"[{', '.join(map(_literal, item))}]"
    return repr(item) if isinstance(item, bool) else json.dumps(item)
