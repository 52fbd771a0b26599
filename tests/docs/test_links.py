"""Every link between the pages leads somewhere."""

from __future__ import annotations

import pytest
from support import pages

LINKS = [link for page in pages.pages() for link in pages.links(page)]


@pytest.mark.parametrize("link", LINKS, ids=lambda link: f"{pages.name(link.page)} {link.target}")
def test_the_link_resolves(link: pages.Link) -> None:
    if "://" in link.target:
        assert link.target.startswith("https://")
        return
    path, _, fragment = link.target.partition("#")
    target = (link.page.parent / path).resolve() if path else link.page
    assert target.is_file()
    if fragment:
        assert fragment in pages.anchors(target)
