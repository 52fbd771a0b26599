"""Every link between the pages leads somewhere."""

from __future__ import annotations

import pytest
from support import pages

PAGES = [*sorted(pages.ROOT.glob("*.md")), pages.ROOT / "simulator" / "README.md", *pages.pages()]
LINKS = [link for page in PAGES for link in pages.links(page)]


@pytest.mark.parametrize("link", LINKS, ids=lambda link: f"{link.page.relative_to(pages.ROOT)} {link.target}")
def test_the_link_resolves(link: pages.Link) -> None:
    if "://" in link.target:
        assert link.target.startswith("https://")
        return
    path, _, fragment = link.target.partition("#")
    target = (link.page.parent / path).resolve() if path else link.page
    assert target.is_file()
    if fragment:
        assert fragment in pages.anchors(target)
