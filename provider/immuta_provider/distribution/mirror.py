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
# The first version with write-only attributes, of Terraform and of OpenTofu.
REQUIRED_VERSION = ">= 1.11.0"
# Seconds after which a work folder is left from an install that was killed.
LEFT_BEHIND = 3600.0
# Errors of a rename onto a folder, a file or a link.
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
    """The mirror could not be written. The text has the folder and the next step."""


def version() -> str:
    """The provider's version, which is the version of the distribution."""
    return __version__


def platform() -> str:
    """Terraform's name for this machine, such as `linux_amd64` or `darwin_arm64`."""
    machine = os.environ.get("PROCESSOR_ARCHITECTURE", "") if sys.platform == "win32" else os.uname().machine
    system = next(
        (name for prefix, name in _SYSTEMS.items() if sys.platform.startswith(prefix)), sys.platform
    )
    return f"{system}_{_MACHINES.get(machine.lower(), machine.lower())}"


def default_mirror() -> Path:
    """The user's implied mirror, which Terraform uses without any configuration."""
    if sys.platform == "win32":
        return Path(os.environ["APPDATA"], "terraform.d", "plugins")
    return Path.home() / ".terraform.d" / "plugins"


def plugin_name() -> str:
    return f"terraform-provider-immuta_v{version()}"


def installed_folder(mirror: Path) -> Path:
    """The folder of the plugin for this machine below `mirror`. It need not exist."""
    return _folder(mirror, platform())


def install(mirror: Path) -> Path:
    """Writes the plugin into `mirror`, and returns its folder for this machine.

    The folder is written elsewhere and renamed into place, so it is complete or missing. A correct folder stays as it is, and any
    other one is replaced. On macOS the folders of both architectures are written, because Terraform and Python may differ in
    theirs. Raises InstallError.
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
    """The `h1:` hash of a folder in Terraform's lock files (Go's `dirhash`, Hash1)."""
    files = sorted(file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file())
    return _hash({name: (path / name).read_bytes() for name in files})


def expected_hash() -> str:
    """The hash of the installed folder, which is the same on every platform. Nothing is installed."""
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
    # At the root of the mirror, where Terraform ignores it and from where a rename is atomic.
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
            # Another install may have written or moved the folder meanwhile. Any other folder is moved away below.
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
    except FileNotFoundError:  # Another install is moving it away.
        return False


def _clean_up(mirror: Path) -> None:
    """Removes the work folders of installs that were killed."""
    for work in mirror.glob(".cdktf-immuta-*"):
        try:
            if time.time() - work.stat().st_mtime > LEFT_BEHIND:
                shutil.rmtree(work, ignore_errors=True)
        except OSError:
            continue
