"""The third-party libraries in the plugin file, as Python sources of exactly pinned versions.

The pins are in `[build-system] requires` of `pyproject.toml`. pip installs them into the environment in which the wheel is built,
and they are copied from there.
"""

from __future__ import annotations

import base64
import hashlib
import re
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, PackagePath, distribution
from pathlib import Path

BACKEND = "hatchling"


class PinError(Exception):
    """The environment does not have exactly the pinned libraries."""


def pins(pyproject: Path) -> dict[str, str]:
    """Distribution name to version: every build requirement but the build backend."""
    requirements: list[str] = tomllib.loads(pyproject.read_text("utf-8"))["build-system"]["requires"]
    split = [requirement.partition("==") for requirement in requirements]
    return {name: version for name, _, version in split if name != BACKEND}


def carried(pinned: dict[str, str]) -> dict[str, bytes]:
    """The files of the pinned libraries by their name in the plugin's zip: `.py` sources, `.pem` data and licences.

    Line ends are normalized, because they differ among wheels. Raises PinError for a library that is missing, has another
    version, or was changed after its installation.
    """
    files: dict[str, bytes] = {}
    for name, version in pinned.items():
        try:
            library = distribution(name)
        except PackageNotFoundError:
            raise PinError(f"{name} is not installed: {_next_step(name, version)}") from None
        if library.version != version:
            raise PinError(
                f"{name} {library.version} is installed, {version} is pinned: {_next_step(name, version)}"
            )
        for path in library.files or ():
            place = _place(path, f"{name}-{version}")
            if place is not None:
                files[place] = _content(library, path).replace(b"\r\n", b"\n")
    return files


def _next_step(name: str, version: str) -> str:
    return f"run `make setup`, or `pip install {name}=={version}`"


def _place(path: PackagePath, release: str) -> str | None:
    top = path.parts[0]
    if top.endswith(".dist-info"):
        licence = re.match(r"(LICEN[SC]E|NOTICE|COPYING|AUTHORS)", path.name, re.IGNORECASE)
        return f"licences/{release}/{path.name}" if licence else None
    included = (
        path.suffix in (".py", ".pem")
        and top.isidentifier()
        and "tests" not in path.parts
        and len(path.parts) > 1
    )
    return path.as_posix() if included else None


def _content(library: Distribution, path: PackagePath) -> bytes:
    content = Path(str(library.locate_file(path))).read_bytes()
    if path.size is not None:
        # Company software may append its own authority to certifi's bundle, which then still begins with the installed one.
        content = content[: path.size]
    if path.hash is not None:
        digest = base64.urlsafe_b64encode(hashlib.new(path.hash.mode, content).digest()).rstrip(b"=").decode()
        if digest != path.hash.value:
            raise PinError(
                f"{path} of {library.name} {library.version} is not the file that was installed: "
                f"install it again with `pip install --force-reinstall {library.name}=={library.version}`"
            )
    return content
