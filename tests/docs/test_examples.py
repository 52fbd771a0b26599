"""The examples on the reference pages are right: by the model's rules, as Python programs, and to Terraform itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from documentation.examples import EXAMPLES, FOLDER, Arguments, Example, file_of, read
from documentation.resource_page import import_id, name_of
from immuta_provider.adopt.values import Json, Secret
from immuta_provider.model import rules
from immuta_provider.model.compiled.types import BY_RESOURCE, TYPES
from immuta_provider.model.fields import ResourceType
from support import pages
from support.made_up import SHELF
from support.terraform import Terraform

Synthesized = Callable[[str], dict[str, Any]]

CASES = [(resource, example) for resource, examples in EXAMPLES.items() for example in examples]


def with_secrets(value: Any, secret: str | None) -> Any:
    """An example's arguments as Terraform has them: JSON is text, and so is each secret, or null. `{}` in the text of a secret
    becomes the variable's name."""
    if isinstance(value, Secret):
        return secret and secret.replace("{}", value.variable)
    if isinstance(value, Json):
        return json.dumps(value.value, separators=(",", ":"))
    if isinstance(value, Mapping):
        return {name: with_secrets(item, secret) for name, item in value.items()}
    return [with_secrets(item, secret) for item in value] if isinstance(value, list) else value


def test_every_file_is_the_example_of_a_type() -> None:
    assert set(FOLDER.rglob("*.toml")) == set(map(file_of, TYPES))


def test_an_id_that_is_an_attribute_is_that_of_the_example() -> None:
    resources = ("immuta_tag", "immuta_trino_integration")
    assert [import_id(BY_RESOURCE[name]) for name in resources] == ["PII", "1"]


def test_a_table_of_a_variable_is_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("documentation.examples.FOLDER", tmp_path)
    file = tmp_path / "library" / "shelf.toml"
    file.parent.mkdir()
    file.write_text(
        '[[example]]\ntitle = "One"\nname = "one"\n\n[[example]]\ntitle = "Two"\nname = "two"\n[example.arguments]\n'
        'labels = [{ text = { variable = "label" }, other = { variable = "a", more = 1 } }]\n'
    )
    assert file_of(SHELF) == file
    assert read(SHELF) == (
        Example("One", "one", {}),
        Example("Two", "two", {"labels": [{"text": Secret("label"), "other": {"variable": "a", "more": 1}}]}),
    )


@pytest.mark.parametrize(("resource", "example"), CASES, ids=lambda c: getattr(c, "name", None))
def test_every_example_is_valid(resource: str, example: Example) -> None:
    known = with_secrets(example.arguments, '{"a": "secret"}')
    assert rules.check(BY_RESOURCE[resource], known) == []
    unknown = rules.check(
        BY_RESOURCE[resource], example.arguments, is_unknown=lambda v: isinstance(v, (Json, Secret))
    )
    assert unknown == []


def test_the_python_program_of_an_example_synthesizes_its_arguments(synthesized: Synthesized) -> None:
    for type in TYPES:
        examples = EXAMPLES[type.resource]
        for number, (example, program) in enumerate(
            zip(examples, pages.programs(page_of(type)), strict=True)
        ):
            stack = synthesized(program)
            address = f"{type.resource}.{example.name}"
            arguments = with_secrets(example.arguments, "${var.{}}")
            assert stack["resource"] == {type.resource: {example.name: arguments}}
            assert stack.get("variable", {}) == {
                s.variable: {"ephemeral": True, "sensitive": True, "type": "string"}
                for s in example.secrets()
            }
            assert stack.get("import") == ([{"id": import_id(type), "to": address}] if number == 0 else None)


def test_the_providers_program_synthesizes(synthesized: Synthesized) -> None:
    (program,) = pages.programs(pages.DOCS / "index.md")
    stack = synthesized(program)
    assert stack["provider"] == {
        "immuta": [{"host": "https://acme.hosted.immutacloud.com", "api_key": "${var.immuta_api_key}"}]
    }


def test_the_hcl_of_an_example_plans_its_arguments(terraform: Terraform) -> None:
    blocks = [block for i in TYPES for block in pages.code(page_of(i), "hcl") if is_example(block)]
    terraform.write("\n".join(blocks))
    secrets = {f"TF_VAR_{s.variable}": '{"a": "secret"}' for _, e in CASES for s in e.secrets()}
    terraform.ok("plan", "-out", "plan", environment=secrets)
    planned = terraform.show_json("plan")["planned_values"]["root_module"]["resources"]
    found = {(r["type"], r["name"]): r["values"] for r in planned}
    assert {key: part(values, example_at(key)) for key, values in found.items()} == {
        (resource, example.name): with_secrets(example.arguments, None) for resource, example in CASES
    }


@pytest.mark.parametrize("page", pages.pages(), ids=pages.name)
def test_the_hcl_of_a_page_is_valid_and_well_formatted(page: Path, terraform: Terraform) -> None:
    for configuration in pages.configurations(page):
        terraform.write(pages.without_settings(configuration))
        terraform.ok("fmt", "-check", "-diff", "main.tf")
        terraform.ok("validate")


def page_of(type: ResourceType) -> Path:
    return pages.DOCS / "resources" / f"{name_of(type)}.md"


def is_example(block: str) -> bool:
    return 'resource "' in block


def example_at(key: tuple[str, str]) -> Arguments:
    return next(e.arguments for resource, e in CASES if (resource, e.name) == key)


def part(found: Any, configured: Any) -> Any:
    """The part of a planned value that the example sets."""
    if isinstance(configured, Mapping):
        return {name: part(found[name], item) for name, item in configured.items()}
    if isinstance(configured, list) and len(configured) == len(found):
        return [part(one, item) for one, item in zip(found, configured, strict=True)]
    return found
