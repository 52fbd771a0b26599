"""The provider's entry in a lock file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from immuta_provider.distribution.lock import with_entry, write_entry

SOURCE = "registry.terraform.io/cdktf-immuta/immuta"

HEADER = """\
# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.
"""

OURS = """
provider "registry.terraform.io/cdktf-immuta/immuta" {
  version     = "1.2.3"
  constraints = "1.2.3"
  hashes = [
    "h1:new=",
  ]
}
"""

AWS = """
provider "registry.terraform.io/aaa/aws" {
  version     = "5.0.0"
  constraints = ">= 4.0.0, < 6.0.0"
  hashes = [
    "h1:aws=",
    "zh:aws",
  ]
}
"""

NULL = """
provider "registry.terraform.io/hashicorp/null" {
  version = "2.1.2"
  hashes = [
    "h1:null=",
  ]
}
"""


def entry(text: str) -> str:
    return with_entry(text, source=SOURCE, version="1.2.3", checksum="h1:new=")


def with_hashes(*hashes: str) -> str:
    return OURS.replace('    "h1:new=",\n', "".join(f'    "{one}",\n' for one in hashes))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("", HEADER + OURS, id="no file"),
        pytest.param(HEADER, HEADER + OURS, id="empty file"),
        pytest.param(HEADER + AWS, HEADER + AWS + OURS, id="last in order"),
        pytest.param(HEADER + NULL, HEADER + OURS + NULL, id="first in order"),
        pytest.param(HEADER + AWS + NULL, HEADER + AWS + OURS + NULL, id="between"),
        pytest.param(HEADER + AWS + OURS + NULL, HEADER + AWS + OURS + NULL, id="right already"),
        pytest.param(
            HEADER + AWS + with_hashes("h1:old=").replace("1.2.3", "1.2.2") + NULL,
            HEADER + AWS + OURS + NULL,
            id="another version",
        ),
        pytest.param(
            HEADER + with_hashes("h1:aaa=", "h1:old=", "zh:other") + NULL,
            HEADER + with_hashes("h1:aaa=", "h1:new=", "h1:old=", "zh:other") + NULL,
            id="other checksums of this version",
        ),
        pytest.param(
            HEADER + OURS.replace('  constraints = "1.2.3"\n', "") + NULL,
            HEADER + OURS + NULL,
            id="no constraint, by which cdktf goes",
        ),
        pytest.param(
            HEADER + OURS.replace('constraints = "1.2.3"', 'constraints = "~> 1.2"'),
            HEADER + OURS,
            id="another constraint",
        ),
        pytest.param(
            (HEADER + with_hashes("h1:new=", "zh:other")).replace("\n", "\r\n"),
            (HEADER + with_hashes("h1:new=", "zh:other")).replace("\n", "\r\n"),
            id="right already, with the line ends of Windows",
        ),
    ],
)
def test_lock_entry_is_added_and_stays(before: str, after: str) -> None:
    assert entry(before) == after
    assert entry(after) == after


def test_a_file_is_written_beside_and_moved_into_place(tmp_path: Path) -> None:
    path = tmp_path / "stacks" / "one" / ".terraform.lock.hcl"
    write_entry(path, source=SOURCE, version="1.2.3", checksum="h1:new=")
    assert path.read_text() == HEADER + OURS
    assert os.listdir(path.parent) == [".terraform.lock.hcl"]
    umask = os.umask(0)
    os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask


def test_an_up_to_date_file_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / ".terraform.lock.hcl"
    path.write_text(HEADER + OURS)
    os.utime(path, ns=(1, 1))
    path.chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        write_entry(path, source=SOURCE, version="1.2.3", checksum="h1:new=")
    finally:
        tmp_path.chmod(0o755)
    assert path.stat().st_mtime_ns == 1


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "committed.hcl").write_text(HEADER + NULL)
    path = tmp_path / ".terraform.lock.hcl"
    path.symlink_to("committed.hcl")
    write_entry(path, source=SOURCE, version="1.2.3", checksum="h1:new=")
    assert path.is_symlink()
    assert (tmp_path / "committed.hcl").read_text() == HEADER + OURS + NULL
