"""The mirror folder that Terraform installs the provider from.

An unpacked filesystem mirror (Terraform's documentation, "Provider Installation", "Explicit Installation Method Configuration"):
`<mirror>/<host>/<namespace>/<type>/<version>/<os>_<arch>/terraform-provider-<type>_v<version>`. The folder's content is a
function of the version alone, so that its hash, which Terraform writes into a stack's lock file, is the same for the whole team.
"""

from __future__ import annotations

import base64
import errno
import hashlib
import os
import shutil
import sys
import time
from pathlib import Path

from .. import __version__
from .packaged import plugin_file

SOURCE = "registry.terraform.io/cdktf-immuta/immuta"
# Of Terraform and of OpenTofu: the first with write-only attributes.
REQUIRED_VERSION = ">= 1.11.0"
LEFT_BEHIND = 3600.0
# What a rename onto a folder, a file or a link fails with.
IN_THE_WAY = (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR)

_SYSTEMS = {"linux": "linux", "darwin": "darwin", "win32": "windows", "freebsd": "freebsd"}
_MACHINES = {
    "x86_64": "amd64",
    "amd64": "amd64",
    "aarch64": "arm64",
    "arm64": "arm64",
    "i386": "386",
    "i686": "386",
    "armv6l": "arm",
    "armv7l": "arm",
}


class InstallError(Exception):
    """The mirror could not be written; the text says which folder and what to do."""


def version() -> str:
    """The provider's version, which is the distribution's."""
    return __version__


def platform() -> str:
    """This machine as Terraform names it: `linux_amd64`, `darwin_arm64`."""
    machine = os.environ.get("PROCESSOR_ARCHITECTURE", "") if sys.platform == "win32" else os.uname().machine
    system = next(
        (name for prefix, name in _SYSTEMS.items() if sys.platform.startswith(prefix)), sys.platform
    )
    return f"{system}_{_MACHINES.get(machine.lower(), machine.lower())}"


def default_mirror() -> Path:
    """The user's implied mirror: Terraform looks there without any configuration."""
    if sys.platform == "win32":
        return Path(os.environ["APPDATA"], "terraform.d", "plugins")
    return Path.home() / ".terraform.d" / "plugins"


def plugin_name() -> str:
    return f"terraform-provider-immuta_v{version()}"


def installed_folder(mirror: Path) -> Path:
    """The folder below `mirror` that holds the plugin for this machine, installed or not."""
    return _folder(mirror, platform())


def install(mirror: Path) -> Path:
    """Writes the plugin into `mirror`, and returns its folder for this machine.

    Whole or not at all: the folder is written elsewhere and renamed into place; one that is right already stays as it is, one
    that is broken or different is replaced. On macOS the other architecture's folder is written, too: Terraform and Python
    need not be of the same one there. Raises InstallError.
    """
    if sys.platform == "win32":
        raise InstallError(
            "Windows cannot run the plugin file: it starts with a shell script. Use the `terraform-provider-immuta` "
            "command with `dev_overrides` in Terraform's CLI configuration, or install under WSL"
        )
    platforms = {platform(), "darwin_amd64", "darwin_arm64"} if sys.platform == "darwin" else {platform()}
    try:
        for name in sorted(platforms):
            _install(mirror, _folder(mirror, name))
    except OSError as error:
        raise InstallError(
            f"cannot write {error.filename or mirror}: {error.strerror}. "
            "Choose a folder that you may write with `--mirror DIR`"
        ) from error
    return installed_folder(mirror)


def directory_hash(path: Path) -> str:
    """The `h1:` hash of a folder as Terraform writes it into lock files (Go's `dirhash`, Hash1)."""
    files = sorted(file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file())
    return _hash({name: (path / name).read_bytes() for name in files})


def expected_hash() -> str:
    """The hash that the installed folder has, on every platform, without installing it."""
    return _hash({plugin_name(): plugin_file()})


def _folder(mirror: Path, name: str) -> Path:
    return mirror.joinpath(*SOURCE.split("/"), version(), name)


def _hash(files: dict[str, bytes]) -> str:
    lines = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return "h1:" + base64.b64encode(hashlib.sha256(lines.encode()).digest()).decode()


def _install(mirror: Path, folder: Path) -> None:
    if _is_right(folder):
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    _clean_up(mirror)
    # In the mirror's top, where Terraform does not take it for a provider, and whence a rename is atomic.
    work = mirror / f".cdktf-immuta-{os.getpid()}-{os.urandom(4).hex()}"
    new, old = work / "new", work / "old"
    new.mkdir(parents=True, mode=0o755)
    try:
        plugin = new / plugin_name()
        with plugin.open("wb") as file:
            file.write(plugin_file())
            file.flush()
            os.fsync(file.fileno())
        plugin.chmod(0o755)
        new.chmod(0o755)
        _rename(new, folder, old)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _rename(new: Path, folder: Path, old: Path) -> None:
    for attempt in range(20):
        try:
            new.rename(folder)
            return
        except OSError as error:
            # What is there is right by now (another install was quicker), to be moved out of the way, or just being moved.
            if _is_right(folder):
                return
            if error.errno not in IN_THE_WAY or attempt == 19:
                raise
        try:
            folder.rename(old.with_name(f"old{attempt}"))
        except FileNotFoundError:
            continue


def _is_right(folder: Path) -> bool:
    plugin = folder / plugin_name()
    try:
        return (
            not folder.is_symlink()
            and folder.is_dir()
            and plugin.is_file()
            and os.access(plugin, os.X_OK)
            and directory_hash(folder) == expected_hash()
        )
    except FileNotFoundError:  # Another install moves it away just now.
        return False


def _clean_up(mirror: Path) -> None:
    """Removes what installs that were killed have left."""
    for work in mirror.glob(".cdktf-immuta-*"):
        try:
            if time.time() - work.stat().st_mtime > LEFT_BEHIND:
                shutil.rmtree(work, ignore_errors=True)
        except OSError:
            continue
