"""The provider's entry in a stack's dependency lock file.

Before `terraform init`, cdktf reads `<outdir>/stacks/<stack>/.terraform.lock.hcl`. If a required provider has no entry
there, cdktf runs `terraform providers lock` after `init`. That command asks the provider's origin registry even if the
plugin came from a mirror, and this provider is not in a registry. An entry written beforehand makes cdktf skip the command.
The checksum (`h1`) of the plugin depends on the package's version alone, so `init` verifies the plugin against the entry.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

FILE_NAME = ".terraform.lock.hcl"

_HEADER = '# This file is maintained automatically by "terraform init".\n# Manual edits may be lost in future updates.\n'
_BLOCK = re.compile(
    r'^provider "(?P<source>[^"\n]+)" \{\r?\n(?P<body>.*?)^\}\r?\n?', re.MULTILINE | re.DOTALL
)
_SETTING = r'^\s*{}\s*=\s*"(?P<value>[^"]*)"'
_HASH = re.compile(r'"((?:h1|zh):[^"]+)"')


class Entry(NamedTuple):
    """A provider's entry: its selected version, and the checksums that Terraform accepts."""

    version: str
    checksums: frozenset[str]


def entry_of(text: str, source: str) -> Entry | None:
    """The entry of a provider in the text of a lock file; None if it has none."""
    body = next((block["body"] for block in _BLOCK.finditer(text) if block["source"] == source), None)
    return None if body is None else Entry(_setting(body, "version") or "", frozenset(_HASH.findall(body)))


def with_entry(text: str, *, source: str, version: str, checksum: str) -> str:
    """Returns `text` (a lock file or "") with an entry that allows only `version` of `source`, with `checksum`.

    Other providers' entries are not changed. An existing entry of the same version keeps its checksums, such as those of
    other platforms. An entry of another version is replaced.
    """
    blocks = list(_BLOCK.finditer(text))
    own = next((block for block in blocks if block["source"] == source), None)
    checksums = {checksum}
    if own is not None and _setting(own["body"], "version") == version:
        checksums.update(_HASH.findall(own["body"]))
        if _setting(own["body"], "constraints") == version and checksum in _HASH.findall(own["body"]):
            return text
    entry = _entry(source, version, sorted(checksums))
    if own is not None:
        return text[: own.start()] + entry + text[own.end() :]
    following = next((block for block in blocks if block["source"] > source), None)
    if following is not None:
        return text[: following.start()] + entry + "\n" + text[following.start() :]
    before = text if text.strip() else _HEADER
    return before.rstrip("\n") + "\n\n" + entry


def write_entry(path: Path, *, source: str, version: str, checksum: str) -> None:
    """Writes the entry of `with_entry` to the lock file at `path` atomically; an up-to-date file is not touched."""
    path = path.resolve()
    text = path.read_bytes().decode() if path.exists() else ""
    updated = with_entry(text, source=source, version=version, checksum=checksum)
    if updated == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(updated.encode())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _entry(source: str, version: str, checksums: list[str]) -> str:
    hashes = "".join(f'    "{checksum}",\n' for checksum in checksums)
    return (
        f'provider "{source}" {{\n'
        f'  version     = "{version}"\n'
        f'  constraints = "{version}"\n'
        f"  hashes = [\n{hashes}  ]\n"
        "}\n"
    )


def _setting(body: str, name: str) -> str | None:
    match = re.search(_SETTING.format(name), body, re.MULTILINE)
    return match["value"] if match else None
