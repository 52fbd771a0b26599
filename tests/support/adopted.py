"""`cdktf-immuta adopt` in tests: against a simulator in this process, and the written program as data.

adopted = adopt(transport, folder, types=["tag"])
adopted.status, adopted.shown, adopted.program
document = synthesized(adopted.program, outdir)
configurations(document)        # resource type and name -> import id and configuration, as Terraform evaluates them
"""

from __future__ import annotations

import contextlib
import io
import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from immuta_provider import cli
from immuta_provider.adopt.command import Options
from immuta_provider.provider import ImmutaProvider
from support.core import ENVIRONMENT, InProcess

SECRET = "a secret of the tests"


class Adopted(NamedTuple):
    status: int
    shown: str
    told: str
    """The progress, the warnings and the errors."""
    program: str


class Resource(NamedTuple):
    """A resource of a program: the id that it is imported by, and its evaluated arguments."""

    id: str
    config: dict[str, Any]
    expressions: tuple[str, ...]
    """The variables and attributes of other resources to which its arguments refer."""
    ignored: tuple[str, ...]

    @property
    def has_secret(self) -> bool:
        return any(each.startswith("var.") for each in self.expressions)


def adopt(transport: InProcess, folder: Path, **options: Any) -> Adopted:
    provider = ImmutaProvider(ENVIRONMENT, transport=transport, clock=transport.clock)
    shown, told = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(told):
        status = cli.adopt(Options(folder, **options), provider)
    name = "main.tf" if options.get("hcl") else "main.py"
    file = folder / name
    return Adopted(
        status, shown.getvalue(), told.getvalue(), file.read_text("utf-8") if file.exists() else ""
    )


def synthesized(program: str, outdir: Path) -> dict[str, Any]:
    """The only stack of a program, as cdktf writes it for Terraform."""
    assert program.count("App()") == 1
    run = program.replace("App()", f"App(outdir={str(outdir)!r})")
    exec(compile(run, "main.py", "exec"), {"__name__": "__main__"})
    (stack,) = outdir.glob("stacks/*/cdk.tf.json")
    document: dict[str, Any] = json.loads(stack.read_text("utf-8"))
    return document


def configurations(document: dict[str, Any]) -> dict[str, Resource]:
    """The resources by address."""
    ids = {each["to"]: literal(each["id"]) for each in document.get("import", ())}
    resources = {
        f"{type}.{name}": body
        for type, named in document.get("resource", {}).items()
        for name, body in named.items()
    }

    def evaluated(value: Any, expressions: list[str]) -> Any:
        if isinstance(value, dict):
            return {literal(name): evaluated(each, expressions) for name, each in value.items()}
        if isinstance(value, list):
            return [evaluated(each, expressions) for each in value]
        expression = re.fullmatch(r"\$\{([a-z0-9_.]+)\}", value) if isinstance(value, str) else None
        if expression is None:
            return literal(value) if isinstance(value, str) else value
        expressions.append(expression[1])
        address, _, attribute = expression[1].rpartition(".")
        if address == "var":
            return SECRET
        return ids[address] if attribute == "id" else literal(resources[address][attribute])

    found: dict[str, Resource] = {}
    for address, body in resources.items():
        expressions: list[str] = []
        config = {
            name: evaluated(value, expressions)
            for name, value in body.items()
            if name not in ("//", "lifecycle")
        }
        ignored = body.get("lifecycle", {}).get("ignore_changes", ())
        found[address] = Resource(ids[address], config, tuple(expressions), tuple(ignored))
    return found


def literal(text: str) -> str:
    """A text without a template, as Terraform evaluates it."""
    assert not re.search(r"(?<!\$)\$\{|(?<!%)%\{", text), f"{text!r} has a template"
    return text.replace("$${", "${").replace("%%{", "%{")
