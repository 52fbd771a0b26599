"""The constructs of a type that is written through the public model alone."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from bindings.reads import Reads
from bindings.resources import Module, module_name
from immuta_constructs import ArgumentError
from immuta_constructs.cdk import TerraformOutput, TerraformStack
from immuta_constructs.testing import synthesized
from immuta_provider.model.classes import prefix
from immuta_provider.model.compiled.types import BY_RESOURCE, TYPES
from immuta_provider.model.fields import ResourceType
from support.made_up import READ, SHELF, bare_type

Load = Callable[[str, str], Any]


@pytest.fixture
def shelf(load: Load, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module of the type."""
    monkeypatch.setitem(BY_RESOURCE, SHELF.resource, SHELF)
    return load("library.shelf", Module(SHELF).text())


def test_construct_has_exactly_the_arguments_of_the_type(shelf: Any) -> None:
    parameters = inspect.signature(shelf.Shelf.__init__).parameters
    own = ["name", "material", "boards", "locked", "subjects", "labels", "force_destroy"]
    assert list(parameters)[:10] == ["self", "scope", "id", *own]
    assert {name for name, value in vars(shelf.Shelf).items() if isinstance(value, property)} == set(own)
    text = inspect.getdoc(shelf.Shelf.__init__) or ""
    assert "    name: name of the shelf. Required. A changed value replaces the shelf.\n" in text
    assert "integration" not in text


def test_made_up_type_is_synthesized(shelf: Any, stack: TerraformStack) -> None:
    novels = shelf.Shelf(
        stack,
        "novels",
        name="Novels",
        boards=6,
        labels=[shelf.ShelfLabel(text="A-K"), {"text": "L-Z", "colour": "red"}],
        force_destroy=True,
    )
    novels.import_from("7")
    TerraformOutput(stack, "first", value=novels.labels.get(0).text)
    document = synthesized(stack)
    assert document["resource"]["immuta_shelf"]["novels"] == {
        "boards": 6,
        "force_destroy": True,
        "labels": [{"text": "A-K"}, {"colour": "red", "text": "L-Z"}],
        "name": "Novels",
    }
    assert document["import"] == [{"id": "7", "to": "immuta_shelf.novels"}]
    assert document["output"]["first"]["value"] == "${immuta_shelf.novels.labels[0].text}"


def test_errors_use_the_noun_of_the_type(shelf: Any, stack: TerraformStack) -> None:
    with pytest.raises(ArgumentError) as caught:
        shelf.Shelf(stack, "novels", name="Novels", boards=0, material="glass")
    assert str(caught.value).startswith(
        'the shelf "stack/novels" cannot be deployed as written, 2 problems:\n'
    )
    with pytest.raises(
        ValueError, match=r"^'' is not a valid import id of immuta_shelf: pass Immuta's id of the shelf"
    ):
        shelf.Shelf(stack, "poems", name="Poems").import_from("")


@pytest.mark.usefixtures("shelf")
def test_data_source_of_a_made_up_type_is_synthesized(load: Load, stack: TerraformStack) -> None:
    reads = Reads("DataImmuta", "DataSource", "The constructs of the data sources.", {"immuta_shelf": READ})
    module = load("data_sources_of_the_library", reads.text())
    found = module.DataImmutaShelf(stack, "found", name="Novels")
    TerraformOutput(stack, "boards", value=found.boards)
    TerraformOutput(stack, "label", value=found.labels.get(0).text)
    document = synthesized(stack)
    assert document["data"] == {"immuta_shelf": {"found": {"name": "Novels"}}}
    assert {name: output["value"] for name, output in document["output"].items()} == {
        "boards": "${data.immuta_shelf.found.boards}",
        "label": "${data.immuta_shelf.found.labels[0].text}",
    }
    with pytest.raises(ArgumentError, match="name has the wrong type"):
        module.DataImmutaShelf(stack, "other", name=7)


@pytest.mark.parametrize("type", [*TYPES, SHELF], ids=lambda type: type.resource)
def test_a_module_and_its_classes_have_names_from_the_type(type: ResourceType) -> None:
    left_out = type.noun == "integration"
    assert module_name(type) + ("_integration" if left_out else "") == type.resource.removeprefix("immuta_")
    assert prefix(type) + ("Integration" if left_out else "") == type.class_name


def test_the_second_type_of_a_short_name_keeps_its_whole_name() -> None:
    one, other = bare_type("red_shelf", noun="shelf"), bare_type("red_book", noun="book")
    assert [prefix(type, (one, other)) for type in (one, other)] == ["Red", "RedBook"]
