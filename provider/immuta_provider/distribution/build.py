"""Builds the plugin file. The same sources and pins give the same bytes on every machine, in every folder and with every Python.

So the zip's members are sorted, dated 1980 and not compressed, because versions of zlib differ.
"""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from .dependencies import carried, pins
from .modules import reachable

ENTRY = "immuta_provider.main"
LAUNCHER = "immuta_provider.distribution.launcher"
MAIN = b"import sys\n\nfrom immuta_provider.main import main\n\nsys.exit(main())\n"
BOOT_MARK = b"\n# boot\n"
BOOT_WITHIN = 16384


def build(checkout: Path) -> bytes:
    """The plugin file of the sources in `checkout` (the folder of `pyproject.toml`), with the libraries of this environment.

    Raises NotSelfContainedError if the running provider imports a module that is not in the file, and PinError if this
    environment does not have exactly the pinned libraries.
    """
    return assemble(checkout / "provider", carried(pins(checkout / "pyproject.toml")))


def assemble(root: Path, libraries: dict[str, bytes]) -> bytes:
    """The plugin file of the packages below `root` and of `libraries`: file contents by name in the zip."""
    launcher = Path(__file__).with_name("launcher")
    packages = {name.partition("/")[0] for name in libraries if "/" in name} - {"licences"}
    prologue, boot, start = (_text(launcher / name) for name in ("prologue.sh", "boot.py", "start.py"))
    members = {**libraries, "__main__.py": MAIN, "certifi/__init__.py": _text(launcher / "certifi.py")}
    members[f"{LAUNCHER.replace('.', '/')}/start.py"] = start  # Only the copy is made from it.
    members.pop("certifi/core.py", None)
    for package, entries in (
        (root, [ENTRY]),
        (Path(__file__).parents[2], [f"{LAUNCHER}.cache", f"{LAUNCHER}.bundle"]),
    ):
        for path in reachable(package, entries, packages).values():
            members.setdefault(path.relative_to(package).as_posix(), _text(path))
    identity = _identity({**members, "prologue.sh": prologue, "boot.py": boot})
    boot = boot.replace(b"@ID@", identity.encode())
    texts = BOOT_MARK.join((prologue, boot, start, b""))
    if len(texts) > BOOT_WITHIN:
        raise ValueError(
            f"prologue.sh, boot.py and start.py have {len(texts)} bytes; prologue.sh reads {BOOT_WITHIN}"
        )
    return _zip(texts, members)


def _text(path: Path) -> bytes:
    return path.read_bytes().replace(b"\r\n", b"\n")


def _identity(files: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n".encode())
    return digest.hexdigest()[:24]


def _zip(start: bytes, members: dict[str, bytes]) -> bytes:
    file = io.BytesIO(start)
    with ZipFile(file, "a", ZIP_STORED) as archive:
        for name in sorted(members):
            info = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system = 3
            info.external_attr = 0o100644 << 16
            archive.writestr(info, members[name])
    return file.getvalue()
