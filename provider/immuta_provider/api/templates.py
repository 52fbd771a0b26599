"""Routes and ids as templates: names in braces stand for values."""

from __future__ import annotations

from .http.errors import ConfigurationError
from .http.ids import is_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


def expanded(route: str, values: Mapping[str, Any]) -> tuple[str, str]:
    """The method and the path of a route, each name in braces replaced by its value. A part of the query without a value is left
    out. ConfigurationError for an id that would lead to another route."""
    from urllib.parse import quote

    method, _, template = route.partition(" ")
    path, _, query = template.partition("?")

    def segment(text: str) -> str:
        if not (text.startswith("{") and text.endswith("}")):
            return text
        value = str(values[text[1:-1]])
        if not is_name(value):
            raise ConfigurationError(
                "Invalid id",
                f'"{quote(value)}" cannot be an id at Immuta. Correct it in the import or the state.',
            )
        return quote(value, safe="")

    parts = []
    for part in query.split("&") if query else ():
        name, _, text = part.partition("=")
        value = values.get(text[1:-1]) if text.startswith("{") else text
        if value is not None:
            shown = str(value).lower() if isinstance(value, bool) else str(value)
            parts.append(f"{quote(name, safe='')}={quote(shown, safe='')}")
    whole = "/".join(segment(each) for each in path.split("/"))
    return method, whole + ("?" + "&".join(parts) if parts else "")


def id_of(template: str, values: Mapping[str, Any]) -> str | None:
    """The id of an object whose key consists of several values: `{iamid}/{userid}`. None if a value is missing.

    A slash inside a value is written `%2F`, and a percent sign `%25`.
    """
    parts = [values.get(part[1:-1]) for part in template.split("/")]
    if any(part is None or part == "" for part in parts):
        return None
    return "/".join(str(part).replace("%", "%25").replace("/", "%2F") for part in parts)


def values_of(template: str, id: str) -> dict[str, str]:
    """The values that an id consists of; {"id": id} if it does not fit the template. The last value may have slashes."""
    names = [part[1:-1] for part in template.split("/")]
    parts = id.split("/", len(names) - 1)
    if len(parts) != len(names) or not all(parts):
        return {"id": id}
    texts = [part.replace("%2F", "/").replace("%2f", "/").replace("%25", "%") for part in parts]
    return dict(zip(names, texts, strict=True))
