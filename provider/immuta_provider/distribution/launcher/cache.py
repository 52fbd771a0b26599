"""Makes the compiled copy of the plugin in the per-user cache, and remembers the path of Python.

The cache is a folder that only the running user can open (0700). If there is no copy, one start makes it and the others wait. The
copy is renamed into place, so it is complete or missing. If the cache cannot be used (no HOME, read-only, full, another user's),
the plugin runs from its sources. It prints no message, because a slower start is not a fault of the user's stack.
"""

from __future__ import annotations

import os
import stat
import time
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import CodeType

FILES_KEPT = 12
LEFT_BEHIND = 24 * 3600
LOCK = "lock"
MEMORY = "python"
PATIENCE = 15.0
"""Seconds that a start waits for the copy of another one. Terraform gives a provider a minute."""
PAUSE = 0.02
"""Seconds between two looks for that copy."""
FUTURE = b"\nfrom __future__ import annotations\n"


def prepare(
    plugin: str,
    cache: str,
    memory: str,
    copy: str,
    certificates: str,
    installed: Callable[[], object] | None,
) -> bool:
    """Stores the text `memory` (unless ""), and makes the files `certificates` and `copy`.

    `installed` tries to use the copy, and returns a true value if it is in use. None = it was in use before. Returns True if the
    copy is newly in use.
    """
    used = False
    try:
        if not _own(cache):
            return False
        if memory:
            _write(cache, MEMORY, [os.fsencode(memory) + b"\n"])
        if installed is not None:
            used = _share(plugin, cache, copy, certificates, installed)
    except OSError:
        return False
    with suppress(OSError):  # another start may be pruning at the same time
        _prune(cache)
    return used


def _own(cache: str) -> bool:
    """Makes the folder if it is missing. False if other users can open it and that cannot be changed."""
    os.makedirs(os.path.dirname(cache), 0o700, exist_ok=True)
    with suppress(FileExistsError):
        os.mkdir(cache, 0o700)
    found = os.lstat(cache)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        return False
    if stat.S_IMODE(found.st_mode) & 0o077:
        # Other users could have written files here, which must not be run.
        os.chmod(cache, 0o700)
        for name in os.listdir(cache):
            os.unlink(f"{cache}/{name}")
    return True


def _share(plugin: str, cache: str, copy: str, certificates: str, installed: Callable[[], object]) -> bool:
    """Makes the copy, or waits for the start that is making it. The lock is released when its process ends, for any reason."""
    fd = os.open(f"{cache}/{LOCK}", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + PATIENCE
        while not _locked(fd):
            if installed():
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(PAUSE)
        if installed():  # Another start has made the copy meanwhile.
            return True
        _compile(plugin, cache, copy, certificates)
        return bool(installed())
    finally:
        os.close(fd)


def _locked(fd: int) -> bool:
    try:
        import fcntl

        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except (ImportError, OSError):
        pass  # The system or file system does not support locks, so each start makes a copy.
    return True


def _compile(plugin: str, cache: str, copy: str, certificates: str) -> None:
    import __future__

    import marshal
    from binascii import crc32
    from zipfile import ZipFile

    table: dict[str, tuple[int, int, bool, int]] = {}
    parts: list[bytes] = []
    offset = 0
    launcher: dict[str, CodeType] = {}
    with ZipFile(plugin) as sources:
        pem = sources.read("certifi/cacert.pem")
        _write(cache, certificates, [pem])  # first, so that a full disk fails before the work
        for name in sources.namelist():
            if not name.endswith(".py"):
                continue
            package = name.endswith("/__init__.py")
            module = name.removesuffix("/__init__.py").removesuffix(".py").replace("/", ".")
            source = sources.read(name)
            # The flag does the same, and saves each start an import of the module `__future__`, which is half a millisecond.
            plain = source.replace(FUTURE, b"\n\n", 1)
            flags = __future__.annotations.compiler_flag if plain != source else 0
            code = compile(plain, f"terraform-provider-immuta/{name}", "exec", flags, dont_inherit=True)
            if module.startswith("immuta_provider.distribution.launcher."):
                launcher[module.rpartition(".")[2]] = code
            part = marshal.dumps(code)
            table[module] = (offset, len(part), package, crc32(part))
            parts.append(part)
            offset += len(part)
    head = marshal.dumps((launcher["start"], launcher["bundle"], (table, crc32(pem))))
    sizes = (24 + len(head) + offset, len(head), crc32(head))
    _write(cache, copy, [*(size.to_bytes(8, "little") for size in sizes), head, *parts])


def _write(cache: str, name: str, parts: Iterable[bytes]) -> None:
    temporary = f"{cache}/.{name}.{os.getpid()}.{os.urandom(4).hex()}"
    try:
        fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with open(fd, "wb") as file:
            for part in parts:
                file.write(part)
        os.rename(temporary, f"{cache}/{name}")
    except OSError:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _prune(cache: str) -> None:
    """Removes all but the newest files. A running plugin has its copy open, and an older plugin makes a new copy at its start."""
    entries = sorted(
        (entry for entry in os.scandir(cache) if entry.name not in (MEMORY, LOCK)), key=_age, reverse=True
    )
    kept = 0
    for entry in entries:
        writing = entry.name.startswith(".")
        kept += not writing
        if _age(entry) < time.time() - LEFT_BEHIND if writing else kept > FILES_KEPT:
            os.unlink(entry)


def _age(entry: os.DirEntry[str]) -> float:
    return entry.stat(follow_symlinks=False).st_mtime
