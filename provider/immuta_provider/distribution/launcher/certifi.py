"""Mozilla's certificates for `requests`, which needs a path at its import. Certifi's own module would leave a temporary file for
each run from a zip."""

from __future__ import annotations

import os
from binascii import crc32
from typing import Any

_loader: Any = __loader__  # type: ignore[name-defined]
_path: str | None = None


def contents() -> str:
    """The certificates, as PEM."""
    data: bytes = _loader.get_data(os.path.join("certifi", "cacert.pem"))
    return data.decode("ascii")


def where() -> str:
    """The path of a file with certificates: in the per-user cache, else the system's file, else a temporary one."""
    global _path
    if _path is None:
        _path = _cached() or _of_the_system() or _temporary()
    return _path


def _cached() -> str | None:
    path: str | None = getattr(_loader, "certificates", None)
    if path is None:
        return None
    try:
        found = os.lstat(path)
        if found.st_uid == os.geteuid() and found.st_mode & 0o170022 == 0o100000:
            with open(path, "rb") as file:
                if crc32(file.read()) == _loader.certificates_checksum:
                    return path
    except OSError:
        pass
    _loader.discard()
    return None


def _of_the_system() -> str | None:
    import ssl

    return ssl.get_default_verify_paths().cafile


def _temporary() -> str:
    import atexit
    import tempfile

    folder = tempfile.TemporaryDirectory(prefix="immuta-")
    atexit.register(folder.cleanup)
    path = os.path.join(folder.name, "cacert.pem")
    with open(path, "w", encoding="ascii") as file:
        file.write(contents())
    return path
