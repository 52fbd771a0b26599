"""The wheel and the sdist: the plugin file, the files beside the code, and the metadata for pip and PyPI."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import zipfile
from configparser import ConfigParser
from email import message_from_string
from email.message import Message
from pathlib import Path, PurePosixPath

import pytest
from documentation.requirements import TESTED_PYTHONS
from immuta_provider import __version__
from immuta_provider.distribution import mirror
from immuta_provider.distribution.packaged import plugin_file
from support.checkout import copy_to
from support.terraform import ROOT

NAME = f"cdktf_immuta-{__version__}"
WHEEL = f"{NAME}-py3-none-any.whl"
REPOSITORY = "https://github.com/cdktf-immuta/cdktf-immuta"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the sdist and the wheel."""
    folder = tmp_path_factory.mktemp("built")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder / "dist")]
    subprocess.run(command, cwd=copy_to(folder / "checkout"), check=True, capture_output=True)
    return folder / "dist"


@pytest.fixture(scope="module")
def wheel(built: Path) -> dict[str, str]:
    """The text files of the wheel that are not modules, by name."""
    with zipfile.ZipFile(built / WHEEL) as archive:
        return {
            name: archive.read(name).decode()
            for name in archive.namelist()
            if PurePosixPath(name).suffix not in (".py", "") or PurePosixPath(name).parts[0].endswith("-info")
        }


@pytest.fixture(scope="module")
def metadata(wheel: dict[str, str]) -> Message:
    return message_from_string(wheel[f"{NAME}.dist-info/METADATA"])


def test_every_package_of_the_wheel_is_typed(wheel: dict[str, str]) -> None:
    assert {name for name in wheel if name.endswith("py.typed")} == {
        "immuta_constructs/py.typed",
        "immuta_provider/py.typed",
        "immuta_simulator/py.typed",
    }


def test_the_wheel_registers_the_pytest_plugin(wheel: dict[str, str], built: Path) -> None:
    entries = ConfigParser()
    entries.read_string(wheel[f"{NAME}.dist-info/entry_points.txt"])
    assert dict(entries["pytest11"]) == {"immuta": "immuta_pytest"}
    with zipfile.ZipFile(built / WHEEL) as archive:
        plugin = archive.read("immuta_pytest.py").decode()
    assert plugin == (ROOT / "constructs" / "immuta_pytest.py").read_text("utf-8")


def test_the_wheel_carries_the_plugin_file_and_knows_its_hash(built: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(built / WHEEL) as archive:
        assert archive.read("immuta_provider/distribution/terraform-provider-immuta") == plugin_file()
        archive.extractall(tmp_path)
    show = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from immuta_provider.distribution import mirror; print(mirror.expected_hash())"
    )
    command = [sys.executable, "-I", "-S", "-c", show, str(tmp_path)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert shown == f"{mirror.expected_hash()}\n"


def test_the_licence_is_in_the_wheel_and_in_the_sdist(wheel: dict[str, str], built: Path) -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert wheel[f"{NAME}.dist-info/licenses/LICENSE"] == text
    with tarfile.open(built / f"{NAME}.tar.gz") as archive:
        licence = archive.extractfile(f"{NAME}/LICENSE")
        assert licence is not None
        assert licence.read().decode() == text
        names = {PurePosixPath(name).relative_to(NAME) for name in archive.getnames()}
    assert {name.as_posix() for name in names if len(name.parts) == 1} == {
        ".gitignore",
        "CHANGELOG.md",
        "LICENSE",
        "PKG-INFO",
        "README.md",
        "SECURITY.md",
        "pyproject.toml",
    }


def test_the_metadata_has_name_licence_python_and_addresses(metadata: Message) -> None:
    single = ("Name", "Version", "License-Expression", "License-File", "Requires-Python")
    assert {name: metadata[name] for name in single} == {
        "Name": "cdktf-immuta",
        "Version": __version__,
        "License-Expression": "Apache-2.0",
        "License-File": "LICENSE",
        "Requires-Python": f">={TESTED_PYTHONS[0]}",
    }
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert {url.partition(", ")[2] for url in metadata.get_all("Project-URL", [])} == {
        REPOSITORY,
        f"{REPOSITORY}/blob/main/CHANGELOG.md",
        f"{REPOSITORY}/blob/main/docs/index.md",
        f"{REPOSITORY}/issues",
    }


def test_readme_on_pypi_links_to_the_repository(metadata: Message) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    description = metadata.get_payload()
    assert isinstance(description, str)
    assert description.replace(f"]({REPOSITORY}/blob/main/", "](") == readme
    links = set(re.findall(r"\]\(([^)]*)\)", description))
    assert [link for link in links if not link.startswith("https://")] == []
