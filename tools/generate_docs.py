"""Writes the reference documentation from the model and the provider's schema.

    python tools/generate_docs.py            write the files that differ
    python tools/generate_docs.py --check    change nothing; exit 1 and name them if any differ

`render()` gives the same files as data, for the test that fails when they are stale. In `docs/` everything but `guides/` comes
from here.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "provider"), str(ROOT / "tools")]

from documentation import provider_page, reading_pages, resource_page  # noqa: E402
from immuta_provider.model.compiled.integrations import INTEGRATIONS  # noqa: E402
from immuta_provider.provider import ImmutaProvider  # noqa: E402

DOCS = ROOT / "docs"


def render() -> dict[Path, str]:
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


def stale(files: dict[Path, str]) -> list[Path]:
    """The pages that are missing or say something else, and those that nothing generates any more."""
    differing = [path for path, text in files.items() if not path.exists() or path.read_text("utf-8") != text]
    generated = {page for page in DOCS.rglob("*.md") if page.parent.name != "guides"}
    return differing + sorted(generated - set(files))


def main(arguments: list[str]) -> int:
    files = render()
    differing = stale(files)
    for path in differing:
        print(path.relative_to(ROOT))
        if "--check" in arguments:
            continue
        if path in files:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[path], "utf-8")
        else:
            path.unlink()
    return 1 if differing and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
