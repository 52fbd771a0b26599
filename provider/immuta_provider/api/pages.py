"""Reads lists, in one answer or in pages."""

from __future__ import annotations

from .http import json_body
from .templates import expanded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from .http.client import HttpClient
    from .http.kind import Kind

# A server that repeats its pages for ever is ended here.
MOST_PAGES = 10_000


def records(answer: Any, key: str) -> Any:
    """The records in the answer to a list: at `key`; "" = the answer is the array of them."""
    return answer.get(key) if key and isinstance(answer, dict) else answer


def every(page: Callable[[int], Any], key: str, plural: str, request: str) -> list[Any]:
    """The records of all pages. `page` is called with an offset and returns an answer. `request` names the list in messages.

    The offset advances by what came back, since a page may be shorter than it was requested to be. The last page is an empty
    one, or the one that reaches the answer's `count`. Raises ProtocolError for a page that is not a list, and for pages without
    an end.
    """
    found: list[Any] = []
    for _ in range(MOST_PAGES):
        answer = page(len(found))
        more = records(answer, key)
        if not isinstance(more, list):
            raise json_body.malformed(f"it has to be a list of {plural}, but it is not a list", request)
        found += more
        count = answer.get("count") if isinstance(answer, dict) else None
        if not more or (isinstance(count, int) and len(found) >= count):
            return found
    raise json_body.malformed(f"the list of {plural} does not end", request)


def listed(
    client: HttpClient,
    route: str,
    values: Mapping[str, Any],
    *,
    items: str,
    page: int,
    plural: str,
    kind: Kind,
    deadline: float | None = None,
    again: bool = False,
) -> Any:
    """The records that a list's route answers: those of every page, where `page` records are requested at once."""
    method, whole = expanded(route, values)

    def answer(path: str) -> Any:
        return client.call(method, path, deadline=deadline, again=again, is_list=True, kind=kind)

    if not page:
        return records(answer(whole), items)
    mark = "&" if "?" in whole else "?"
    return every(lambda offset: answer(f"{whole}{mark}size={page}&offset={offset}"), items, plural, route)
