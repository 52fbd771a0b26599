"""The provider's entry in a stack's dependency lock file.

Before it runs `terraform init`, cdktf looks into `<outdir>/stacks/<stack>/.terraform.lock.hcl`. If a required provider has
no entry there, it runs `terraform providers lock` after `init`, which asks the provider's origin registry whatever mirror
the plugin came from. This provider is in no registry, so that step could only fail. An entry that stands there beforehand
makes cdktf leave the step out, and is no guess: the checksum (`h1`) of the installed plugin is a function of the package's
version alone, so `init` verifies the plugin against it as with any other lock file.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

FILE_NAME = ".terraform.lock.hcl"

_HEADER = '# This file is maintained automatically by "terraform init".\n# Manual edits may be lost in future updates.\n'
_BLOCK = re.compile(
    r'^provider "(?P<source>[^"\n]+)" \{\r?\n(?P<body>.*?)^\}\r?\n?', re.MULTILINE | re.DOTALL
)
_SETTING = r'^\s*{}\s*=\s*"(?P<value>[^"]*)"'
_HASH = re.compile(r'"((?:h1|zh):[^"]+)"')


def with_entry(text: str, *, source: str, version: str, checksum: str) -> str:
    """`text`, a lock file or "", with an entry that lets exactly `version` of `source` be installed with `checksum`.

    Other providers' entries stay as they are, letter by letter. Of an entry of the same version every checksum is
    kept (other platforms' among them); an entry of another version is replaced.
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
    """Put the entry of `with_entry` into the lock file at `path`, in one step; a file that is right is not touched."""
    path = path.resolve()
    text = path.read_bytes().decode() if path.exists() else ""
    wanted = with_entry(text, source=source, version=version, checksum=checksum)
    if wanted == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(wanted.encode())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


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
