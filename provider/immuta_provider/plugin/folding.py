"""Normalized forms (views) of a text, in which the redactor searches for secrets.

A view has no blanks, line breaks and control characters, no upper case, and the standard alphabet of base64 instead of the
URL-safe one. The plain view keeps everything else. The decoded views also undo the escapes of JSON, HCL, HTML, Python and URLs,
nested or not, and drop `+`, which is a blank in a form. A view may lose characters, because secrets are folded like the text that
is searched.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from re import Match
    from typing import Final

_FOLDED: Final = {**dict.fromkeys(range(0x21)), 0x7F: None, ord("-"): "+", ord("_"): "/"}
_NESTED: Final = 3
_ESCAPING: Final = ("\\", "%", "&", "$", "+")
_ESCAPE: Final = (
    r"(?:\\++u[0-9a-fA-F]{4})+|(?:\\++x[0-9a-fA-F]{2})+|(?:%(?:25)*[0-9a-fA-F]{2})+"
    r"|\\++U([0-9a-fA-F]{8})|&(?:amp;)*(?:\#([0-9]{1,7})|\#[xX]([0-9a-fA-F]{1,6})|(quot|apos|lt|gt|amp));"
    # An escaped blank or line break is dropped, as a plain one is.
    r"|(?<![$%])([$%])++(?=\{)|(\\++[bfnrt]?|\+)"
)
_UNIT: Final = r"[\\%][\\ux25]*?([0-9a-fA-F]{4}|[0-9a-fA-F]{2})(?=[\\%]|$)"
_NAMED: Final = {"quot": '"', "apos": "'", "lt": "<", "gt": ">", "amp": "&"}


class View:
    """A folded text, with the position of each of its characters in the original."""

    __slots__ = ("_ends", "_original", "_starts", "text")

    def __init__(
        self, text: str, original: str, starts: list[int] | None = None, ends: list[int] | None = None
    ) -> None:
        self.text = text
        self._original = original
        self._starts = starts
        self._ends = ends

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Start and end, in the original, of the characters from `first` up to `last` (not included)."""
        if self._starts is None or self._ends is None:
            self._starts = _positions(self._original)
            self._ends = [at + 1 for at in self._starts]
        return self._starts[first], self._ends[last - 1]

    def inside(self, outer: View) -> View:
        """This view of `outer.text` as a view of `outer`'s original."""
        spans = [outer.span(at, end) for at, end in zip(self._starts or (), self._ends or (), strict=True)]
        return View(self.text, outer._original, [start for start, _ in spans], [end for _, end in spans])


def fold(text: str) -> str:
    """The plain view of a text."""
    if text.isascii():
        return text.translate(_FOLDED).lower()
    kept = [char.casefold() for char in text if char.isprintable() and not char.isspace()]
    return "".join(kept).translate(_FOLDED)


def views(text: str) -> Iterator[View]:
    """The plain view, then the decoded ones if the text may have escapes. JSON in a URL is decoded twice."""
    yield View(fold(text), text)
    outer: View | None = None
    for _ in range(_NESTED):
        inner = outer.text if outer is not None else text
        if not any(sign in inner for sign in _ESCAPING):
            return
        view = _decoded(inner)
        if outer is not None:
            view = view.inside(outer)
        yield view
        outer = view


def folded(text: str) -> set[str]:
    """The texts to search for in views in order to find this text."""
    return {view.text for view in views(text)}


def _positions(text: str, first: int = 0) -> list[int]:
    """Returns the position in `text` of the original of each character of `fold(text)`, counted from `first`."""
    if text.isascii():
        return [at for at, char in enumerate(text, first) if char > " " and char != "\x7f"]
    return [at for at, char in enumerate(text, first) for _ in fold(char)]


def _decoded(text: str) -> View:
    import re

    decoded: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def plain(first: int, last: int) -> None:
        positions = _positions(text[first:last], first)
        decoded.append(fold(text[first:last]))
        starts.extend(positions)
        ends.extend([at + 1 for at in positions])

    at = 0
    for found in re.finditer(_ESCAPE, text):
        plain(at, found.start())
        for char, start, end in _meaning(found):
            for each in fold(char):
                decoded.append(each)
                starts.append(start)
                ends.append(end)
        at = found.end()
    plain(at, len(text))
    return View("".join(decoded), text, starts, ends)


def _meaning(found: Match[str]) -> Iterator[tuple[str, int, int]]:
    """The decoded characters of an escape, or of a sequence of them, each with its start and end."""
    if found.lastindex is not None:
        wide, decimal, hexadecimal, name, sign, nothing = found.groups()
        if nothing:
            return
        code = int(decimal) if decimal else int(wide or hexadecimal or "0", 16)
        char = _NAMED[name] if name else chr(code) if code <= 0x10FFFF else ""
        yield sign or char, found.start(), found.end()
        return
    import re

    units = [
        (bytes.fromhex(each[1]), found.start() + each.start(), found.start() + each.end())
        for each in re.finditer(_UNIT, found[0])
    ]
    if not units:
        return
    data = b"".join([unit for unit, _, _ in units])
    width = len(units[0][0])
    text, encoding = _text(data, "utf-8" if width == 1 else "utf-16-be")
    first = 0
    for char in text:
        last = first + len(char.encode(encoding, "surrogatepass")) // width
        yield char, units[first][1], units[last - 1][2]
        first = last


def _text(data: bytes, encoding: str) -> tuple[str, str]:
    """The decoded text, and its encoding. Python's `\\xe4` is a character in a text, and a part of one in bytes."""
    try:
        return data.decode(encoding, "strict" if encoding == "utf-8" else "surrogatepass"), encoding
    except UnicodeDecodeError:
        return data.decode("latin-1"), "latin-1"
