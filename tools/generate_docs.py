"""Writes the reference documentation from the model and the provider's schema.

    python tools/generate_docs.py            write the files that differ
    python tools/generate_docs.py --check    change nothing; exit 1 and name them if any differ

`render()` gives the same files as data, for the test that fails when they are stale. In `docs/` everything but `guides/` comes
from here, and so do the tables in README.
"""

from __future__ import annotations

import sys
from pathlib import Path

import generated

ROOT = generated.ROOT
sys.path[:0] = [str(ROOT / "provider"), str(ROOT / "tools")]

from documentation import provider_page, reading_pages, readme, resource_page  # noqa: E402
from immuta_provider.model.compiled.types import TYPES  # noqa: E402
from immuta_provider.provider import ImmutaProvider  # noqa: E402

DOCS = ROOT / "docs"
README = ROOT / "README.md"


def render() -> generated.Files:
    """Every generated page's path and text, and README's."""
    provider = ImmutaProvider({})
    pages = {"index": provider_page.render()}
    for type in TYPES:
        pages[f"resources/{resource_page.name_of(type)}"] = resource_page.render(type)
    for folder, offered, page in (
        ("data-sources", provider.data_sources, reading_pages.data_source),
        ("ephemeral-resources", provider.ephemeral_resources, reading_pages.ephemeral_resource),
        ("list-resources", provider.list_resources, reading_pages.list_resource),
        ("actions", provider.actions, reading_pages.action),
    ):
        for name, each in offered.items():
            pages[f"{folder}/{reading_pages.name_of(name)}"] = page(name, each.schema)
    for name, function in provider.functions.items():
        pages[f"functions/{name}"] = reading_pages.function(name, function)
    written = {DOCS / f"{name}.md": text for name, text in pages.items()}
    return {**written, README: readme.render(README.read_text("utf-8"))}


def existing() -> set[Path]:
    """The pages that are not written by hand."""
    return {page for page in DOCS.rglob("*.md") if page.parent.name != "guides"}


if __name__ == "__main__":
    sys.exit(generated.main(sys.argv[1:], render, existing))
