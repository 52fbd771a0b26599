"""The example with every option leaves out no argument, no class and no option of the provider.

`test_synthesis.py` shows what each argument becomes, and `tests/cdktf/test_examples.py` deploys the example.
"""

from __future__ import annotations

import ast
import inspect
import runpy
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from immuta_constructs import ImmutaProvider
from immuta_constructs.cdk import LIBRARY
from immuta_constructs.testing import Synthesized, synthesized
from immuta_provider.model.classes import Classes
from immuta_provider.model.compiled.integrations import INTEGRATIONS

PROGRAM = Path(__file__).resolve().parents[2] / "examples" / "every_option" / "main.py"
OF_THE_TENANT = {"host", "api_key", "bearer_token", "ca_file", "insecure_skip_tls_verify"}
"""Options that the environment sets, since they depend on the tenant."""


@pytest.fixture
def document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Synthesized:
    monkeypatch.setenv("CDKTF_OUTDIR", str(tmp_path))
    program = tmp_path / "main.py"
    program.write_text(PROGRAM.read_text().replace("from cdktf import", f"from {LIBRARY} import"))
    app = runpy.run_path(str(program))["app"]
    return synthesized(app.node.find_child("every-option"))


def test_the_example_sets_every_argument_and_no_warning_is_shown(document: Synthesized) -> None:
    """An object that may stand in two places is used once at least."""
    known = {(type.resource, *path[-2:]) for type in INTEGRATIONS for path, _ in type.walk()}
    used = {
        (resource, *path[-2:])
        for resource, named in document["resource"].items()
        for arguments in named.values()
        for path in paths(arguments)
    }
    assert known - used == set()
    assert document.warnings == []


def test_the_example_sets_every_option_of_the_provider_that_no_tenant_decides(document: Synthesized) -> None:
    (block,) = document["provider"]["immuta"]
    arguments = inspect.signature(ImmutaProvider.__init__).parameters.values()
    options = {each.name for each in arguments if each.kind is each.KEYWORD_ONLY}
    assert set(block) == options - OF_THE_TENANT - {"alias"}


def test_the_example_uses_every_class_of_an_integration() -> None:
    names = {node.id for node in ast.walk(ast.parse(PROGRAM.read_text())) if isinstance(node, ast.Name)}
    classes = {name for type in INTEGRATIONS for name in (type.class_name, *Classes(type).names.values())}
    assert classes - names == set()


def test_every_secret_of_the_example_is_ephemeral(document: Synthesized) -> None:
    declared = {"type": "string", "sensitive": True, "ephemeral": True}
    assert [name for name, variable in document["variable"].items() if variable != declared] == []


def paths(value: object, *at: str) -> Iterator[tuple[str, ...]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield (*at, key)
            yield from paths(item, *at, key)
    elif isinstance(value, list):
        for item in value:
            yield from paths(item, *at)
