"""The pages of a type that is written through the public model alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from documentation import derived_examples, resource_page
from documentation.examples import EXAMPLES, Example
from documentation.reading_pages import data_source, list_resource
from immuta_provider.model.compiled.types import BY_RESOURCE, TYPES
from immuta_provider.plugin.schema import Attribute, Schema
from immuta_provider.plugin.types import STRING
from support import pages
from support.made_up import READ, SHELF

EXAMPLE = Example("Two boards", "novels", {"name": "Novels", "boards": 2, "labels": [{"text": "A-K"}]})


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EXAMPLES, SHELF.resource, (EXAMPLE,))
    monkeypatch.setitem(BY_RESOURCE, SHELF.resource, SHELF)
    monkeypatch.setattr(derived_examples, "TYPES", (*TYPES, SHELF))


def test_page_has_the_sections_of_the_types_life() -> None:
    page = resource_page.render(SHELF)
    assert re.findall(r"^##+ (.*)$", page, re.MULTILINE) == [
        *("Example usage", "Two boards", "Argument reference", "Required", "Optional", "Read-only"),
        *("Nested: `labels`", "Import"),
    ]
    assert pages.code(page, "hcl") == [
        'resource "immuta_shelf" "novels" {\n  name   = "Novels"\n  boards = 2\n  labels = [{\n    text = "A-K"\n  }]\n}\n',
        'import {\n  to = immuta_shelf.novels\n  id = "1"\n}\n',
    ]
    assert (
        "A shelf that exists in Immuta is imported by its id, the `id` in the answer of `GET /shelf`:" in page
    )
    assert "- **Forces replacement**: Immuta cannot change it in place." in page
    assert [
        word for word in ("integration", "Write-only", "Filled by Immuta", "timeouts") if word in page
    ] == []


def test_page_of_a_data_source_has_an_example_by_natural_key() -> None:
    page = data_source("immuta_shelf", READ)
    assert pages.code(page, "hcl") == ['data "immuta_shelf" "example" {\n  name = "Novels"\n}\n']
    assert 'DataImmutaShelf(stack, "example", name="Novels")' in pages.code(page, "python")[0]
    everything = data_source("immuta_shelves", Schema((), description="The shelves that Immuta has."))
    assert pages.code(everything, "hcl") == ['data "immuta_shelves" "example" {}\n']


@pytest.mark.parametrize(
    ("attributes", "config"),
    [
        ((), ""),
        (("name",), '\n  config {\n    name = "Novels"\n  }\n'),
    ],
)
def test_page_of_a_list_resource_has_the_arguments_of_its_schema(
    attributes: tuple[str, ...], config: str
) -> None:
    schema: Any = Schema(
        tuple(Attribute(name, STRING, description="Of the shelf.", optional=True) for name in attributes),
        description="The shelves that Immuta has.",
    )
    page = list_resource("immuta_shelf", schema)
    assert (
        pages.code(page, "terraform")[0]
        == f'list "immuta_shelf" "shelf" {{\n  provider = immuta\n{config}}}\n'
    )
    assert ("## Argument reference" in page) is bool(attributes)
