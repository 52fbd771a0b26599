"""Makes the compiled copy of the plugin in the per-user cache, and remembers the Python that was found.

The cache is a folder of the running user alone (0700). Whoever starts first fills it; two at once each write a file of their
own and rename it into place, so that a reader sees a whole copy or none. Where it cannot be used (no HOME, read-only, full,
somebody else's), the plugin runs from its sources and says nothing: a slower start is no fault of the user's stack.
"""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

FILES_KEPT = 12
LEFT_BEHIND = 24 * 3600


def prepare(plugin: str, cache: str, copy: str, certificates: str, remember: bool) -> bool:
    """Makes the file `copy` (unless "") after the file `certificates`, and remembers this Python if asked to.

    False if the cache cannot be used, or cannot hold them.
    """
    try:
        if not _own(cache):
            return False
        if remember:
            _remember(cache)
        if copy:
            _compile(plugin, cache, copy, certificates)
    except OSError:
        return False
    with suppress(OSError):  # another start may be pruning, too
        _prune(cache)
    return True


def _own(cache: str) -> bool:
    """Makes the folder if need be; False if it is not this user's alone and cannot be made so."""
    os.makedirs(os.path.dirname(cache), 0o700, exist_ok=True)
    with suppress(FileExistsError):
        os.mkdir(cache, 0o700)
    found = os.lstat(cache)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        return False
    if stat.S_IMODE(found.st_mode) & 0o077:
        # Others could have put files here: what they put must not be run.
        os.chmod(cache, 0o700)
        for name in os.listdir(cache):
            os.unlink(f"{cache}/{name}")
    return True


def _remember(cache: str) -> None:
    # The base interpreter, not a virtual environment's or a shim: those come and go, and shims are slow.
    python = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)
    if "\n" not in python and os.access(python, os.X_OK):
        _write(cache, "python", [os.fsencode(python) + b"\n"])


def _compile(plugin: str, cache: str, copy: str, certificates: str) -> None:
    import marshal
    from zipfile import ZipFile

    table: dict[str, tuple[int, int, bool]] = {}
    parts: list[bytes] = []
    offset = 0
    bundle = None
    with ZipFile(plugin) as sources:
        for name in sources.namelist():
            if not name.endswith(".py"):
                continue
            package = name.endswith("/__init__.py")
            module = name.removesuffix("/__init__.py").removesuffix(".py").replace("/", ".")
            code = compile(sources.read(name), f"terraform-provider-immuta/{name}", "exec", dont_inherit=True)
            if module == "immuta_provider.distribution.launcher.bundle":
                bundle = code
            part = marshal.dumps(code)
            table[module] = (offset, len(part), package)
            parts.append(part)
            offset += len(part)
        pem = sources.read("certifi/cacert.pem")
    head = marshal.dumps((bundle, table))
    size = 16 + len(head) + offset
    _write(cache, certificates, [pem])
    _write(cache, copy, [size.to_bytes(8, "little"), len(head).to_bytes(8, "little"), head, *parts])


def _write(cache: str, name: str, parts: Iterable[bytes]) -> None:
    temporary = f"{cache}/.{name}.{os.getpid()}.{os.urandom(4).hex()}"
    try:
        fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with open(fd, "wb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        os.rename(temporary, f"{cache}/{name}")
    except OSError:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _prune(cache: str) -> None:
    """Leaves the newest files: a running plugin holds its copy open, and an older one that starts again makes a new one."""
    entries = sorted((entry for entry in os.scandir(cache) if entry.name != "python"), key=_age, reverse=True)
    kept = 0
    for entry in entries:
        writing = entry.name.startswith(".")
        kept += not writing
        if _age(entry) < _now() - LEFT_BEHIND if writing else kept > FILES_KEPT:
            os.unlink(entry)


def _age(entry: os.DirEntry[str]) -> float:
    return entry.stat(follow_symlinks=False).st_mtime


def _now() -> float:
    import time

    return time.time()
