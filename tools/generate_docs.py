"""Writes the reference documentation from the model and the provider's schema.

    python tools/generate_docs.py            write the files that differ
    python tools/generate_docs.py --check    change nothing; exit 1 and name them if any differ

`render()` gives the same files as data, for the test that fails when they are stale. In `docs/` everything but `guides/` comes
from here.
"""

from __future__ import annotations

import sys
from pathlib import Path

import generated

ROOT = generated.ROOT
sys.path[:0] = [str(ROOT / "provider"), str(ROOT / "tools")]

from documentation import provider_page, reading_pages, resource_page  # noqa: E402
from immuta_provider.model.compiled.integrations import INTEGRATIONS  # noqa: E402
from immuta_provider.provider import ImmutaProvider  # noqa: E402

DOCS = ROOT / "docs"


def render() -> generated.Files:
    """Every generated page's path and text."""
    pages = {DOCS / "index.md": provider_page.render()}
    for integration in INTEGRATIONS:
        pages[DOCS / "resources" / f"{resource_page.name_of(integration)}.md"] = resource_page.render(
            integration
        )
    provider = ImmutaProvider({})
    others = (
        ("data-sources", provider.data_sources, reading_pages.data_source),
        ("ephemeral-resources", provider.ephemeral_resources, reading_pages.ephemeral_resource),
        ("functions", provider.functions, reading_pages.function),
        ("list-resources", provider.list_resources, reading_pages.list_resource),
        ("actions", provider.actions, reading_pages.action),
    )
    for folder, names, page in others:
        for name in names:
            pages[DOCS / folder / f"{reading_pages.name_of(name)}.md"] = page(name)
    return pages


def existing() -> set[Path]:
    """The pages that are not written by hand."""
    return {page for page in DOCS.rglob("*.md") if page.parent.name != "guides"}


if __name__ == "__main__":
    sys.exit(generated.main(sys.argv[1:], render, existing))
