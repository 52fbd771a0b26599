"""Terraform's CLI configuration, as far as it says where providers come from.

The files are HCL. Only the shape that Terraform documents is read: blocks, and settings with a text or a list of texts. The rules
are those of Terraform's page "CLI Configuration File".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

VARIABLE = "TF_CLI_CONFIG_FILE"
CACHE_VARIABLE = "TF_PLUGIN_CACHE_DIR"

_COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*")|#[^\n]*|//[^\n]*|/\*.*?\*/', re.DOTALL)
_TEXT = r'"((?:[^"\\\n]|\\.)*)"'


@dataclass(frozen=True)
class Method:
    """One installation method: its kind, its folder ("" if it has none), and the providers that it includes and excludes."""

    kind: str
    path: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]

    def serves(self, source: str) -> bool:
        return (not self.include or _any(self.include, source)) and not _any(self.exclude, source)


@dataclass(frozen=True)
class Configuration:
    """The settings about providers. `methods` is None without a `provider_installation` block."""

    files: tuple[Path, ...]
    methods: tuple[Method, ...] | None
    overrides: Mapping[str, str]
    cache: str


def files(environ: Mapping[str, str], home: Path) -> tuple[Path, ...]:
    """The files that Terraform reads. The one that the variable names need not exist."""
    named = environ.get(VARIABLE, "")
    if named:
        return (Path(named),)
    candidates = (home / ".terraformrc", *sorted((home / ".terraform.d").glob("*.tfrc")))
    return tuple(path for path in candidates if path.is_file())


def read(environ: Mapping[str, str], home: Path) -> Configuration:
    """The configuration of this user. A file that does not exist says nothing. Raises OSError for one that cannot be read."""
    paths = files(environ, home)
    text = "\n".join(path.read_text("utf-8", "replace") for path in paths if path.exists())
    plain = _COMMENT.sub(lambda found: found[1] or " ", text)
    installation = next(_blocks(plain, "provider_installation"), None)
    methods = overrides = None
    if installation is not None:
        overrides = next(_blocks(installation, "dev_overrides"), None)
        methods = tuple(
            Method(
                kind,
                _setting(body, "path") or _setting(body, "url"),
                _list(body, "include"),
                _list(body, "exclude"),
            )
            for kind in ("filesystem_mirror", "network_mirror", "direct")
            for body in _blocks(installation, kind)
        )
    return Configuration(
        paths,
        methods,
        dict(re.findall(rf"{_TEXT}\s*=\s*{_TEXT}", overrides or "")),
        environ.get(CACHE_VARIABLE, "") or _setting(plain, "plugin_cache_dir"),
    )


def _blocks(text: str, name: str) -> Iterator[str]:
    """The bodies of the blocks of this name, those inside other blocks included. dev_overrides may also be an attribute."""
    for start in re.finditer(rf"\b{name}\s*=?\s*\{{", text):
        depth, at = 1, start.end()
        for brace in re.finditer(r'"(?:[^"\\\n]|\\.)*"|[{}]', text[at:]):
            depth += {"{": 1, "}": -1}.get(brace[0], 0)
            if depth == 0:
                yield text[at : at + brace.start()]
                break


def _setting(body: str, name: str) -> str:
    found = re.search(rf"\b{name}\s*=\s*{_TEXT}", body)
    return found[1] if found else ""


def _list(body: str, name: str) -> tuple[str, ...]:
    found = re.search(rf"\b{name}\s*=\s*\[(.*?)\]", body, re.DOTALL)
    return tuple(re.findall(_TEXT, found[1])) if found else ()


def _any(patterns: tuple[str, ...], source: str) -> bool:
    return any(fnmatchcase(source, _whole(pattern)) for pattern in patterns)


def _whole(pattern: str) -> str:
    """A pattern with its host: `a/b` stands for `registry.terraform.io/a/b`."""
    return pattern if pattern.count("/") == 2 else f"registry.terraform.io/{pattern}"
