"""Lists in pages."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_provider.api import pages
from immuta_provider.api.http.errors import ProtocolError

RECORDS = list(range(7))


def server(size: int, **also: Any) -> tuple[Any, list[int]]:
    asked: list[int] = []

    def page(offset: int) -> Any:
        asked.append(offset)
        return {"hits": RECORDS[offset : offset + size], **also}

    return page, asked


@pytest.mark.parametrize(
    ("size", "also", "offsets"),
    [
        (3, {"count": 7}, [0, 3, 6]),
        (7, {"count": 7}, [0]),
        (3, {}, [0, 3, 6, 7]),
        (7, {"count": None}, [0, 7]),
    ],
    ids=["until the count", "all at once", "until an empty page", "without a usable count"],
)
def test_the_offset_advances_by_what_came_back(size: int, also: Any, offsets: list[int]) -> None:
    page, asked = server(size, **also)
    assert (pages.every(page, "hits", "things", "GET /thing"), asked) == (RECORDS, offsets)


@pytest.mark.parametrize("answer", [{"hits": "x"}, {}, "text", None])
def test_a_page_that_is_not_a_list_is_a_malformed_answer(answer: Any) -> None:
    with pytest.raises(ProtocolError, match="a list of things is expected"):
        pages.every(lambda offset: answer, "hits", "things", "GET /thing")


def test_pages_without_an_end_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_PAGES", 3)
    with pytest.raises(ProtocolError, match="does not end"):
        pages.every(lambda offset: [1], "", "things", "GET /thing")
