"""The pages of docs/ as data: their code, links, anchors, and the attributes that they list."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"

_FENCE = re.compile(r"^```(?P<language>\w+)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_HEADING = re.compile(r"^#+ (?P<title>.+)$", re.MULTILINE)
_ANCHOR = re.compile(r'<a id="(?P<id>[^"]+)"></a>')
_LISTED = re.compile(r"^- `(?P<name>\w+)` \((?P<tags>[^)]+)\)", re.MULTILINE)


class Link(NamedTuple):
    page: Path
    target: str


def pages() -> list[Path]:
    return sorted(DOCS.rglob("*.md"))


def name(page: Path) -> str:
    return page.relative_to(DOCS).as_posix()


def code(page: Path | str, language: str) -> list[str]:
    """The code blocks of one language in a page or its text, in their order."""
    found = _FENCE.finditer(page if isinstance(page, str) else page.read_text("utf-8"))
    return [block["code"] for block in found if block["language"] == language]


def links(page: Path) -> list[Link]:
    return [Link(page, link["target"]) for link in _LINK.finditer(_prose(page))]


def anchors(page: Path) -> set[str]:
    """The targets of `#...`: explicit ids, and headings as GitHub names them."""
    text = _prose(page)
    return {a["id"] for a in _ANCHOR.finditer(text)} | {_slug(h["title"]) for h in _HEADING.finditer(text)}


def listed(page: Path) -> dict[str, dict[str, list[str]]]:
    """The tags of every attribute that a page lists: by the section (`""`, `a`, `a.b`), then by name."""
    sections: dict[str, dict[str, list[str]]] = {}
    for part in re.split(r"^(?=##)", _prose(page), flags=re.MULTILINE):
        title = part.split("\n", 1)[0]
        nested = re.fullmatch(r"### Nested: `(.+)`", title)
        section = nested[1] if nested else ""
        found = {m["name"]: m["tags"].split(", ") for m in _LISTED.finditer(part)}
        if found:
            sections.setdefault(section, {}).update(found)
    return sections


def configurations(page: Path) -> list[str]:
    """The page's HCL as whole configurations: its blocks together, a new one where the provider is configured again."""
    found: list[list[str]] = []
    for block in code(page, "hcl"):
        again = any('provider "immuta"' in other for other in found[-1]) if found else True
        if not found or ('provider "immuta"' in block and again):
            found.append([])
        found[-1].append(block)
    return ["\n".join(blocks) for blocks in found]


def without_settings(configuration: str) -> str:
    """Without the block `terraform`, which the folder has already."""
    return re.sub(r"^terraform \{\n.*?^\}\n", "", configuration, flags=re.MULTILINE | re.DOTALL)


def programs(page: Path) -> list[str]:
    """The page's Python as whole programs: a part of a program goes into the one before it."""
    found: list[str] = []
    for block in code(page, "python"):
        if "app.synth()" in block:
            found.append(block)
        else:
            found[0] = found[0].replace("app.synth()", f"{block}app.synth()")
    return found


def words(text: str) -> str:
    """The output of a program on one line, without frames."""
    return " ".join(re.sub(r"[│╷╵├┬─└]", " ", text).split())


def assert_quoted(quotation: str, text: str) -> None:
    """Checks that everything that a page quotes occurs in the text, in its order; `...` stands for an omission."""
    at = 0
    for piece in quotation.split("...\n"):
        quoted = words(piece)
        found = text.find(quoted, at)
        assert found >= 0, f"{quoted}\n\nis not in\n\n{text}"
        at = found + len(quoted)


def _prose(page: Path) -> str:
    return _FENCE.sub("", page.read_text("utf-8"))


def _slug(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
