"""Runs as `__main__` of a Python that is new enough. The prologue takes this text out of the plugin file.

Each start compiles it, so it has only what finds the compiled copy and checks it. `start.py` has the rest.

Arguments: the plugin's path, the cache folder (empty = none; the folders above it belong to this user or root), the text for the
cache to remember (empty = nothing new), the path of the prologue's mark in the cache (empty = none), and the plugin's own.
"""

import marshal
import os
import sys
from binascii import crc32

plugin, cache, memory, mark = sys.argv[1:5]
sys.argv[:5] = [plugin]
copy = f"@ID@-{sys.implementation.cache_tag}-{sys.hexversion:x}.code"


def installed():  # type: ignore[no-untyped-def]
    """Makes the modules of the compiled copy importable, and returns the code of `start.py` in it.

    Returns None if the copy is not complete, or another user could have written it.
    """
    try:
        folder = os.lstat(cache)
        fd = os.open(f"{cache}/{copy}", os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        found = os.fstat(fd)
        modes = folder.st_mode & 0o170077, found.st_mode & 0o170022, found.st_nlink
        if modes != (0o040000, 0o100000, 1) or not folder.st_uid == found.st_uid == os.geteuid():
            return None
        size, length, checksum = (int.from_bytes(os.read(fd, 8), "little") for _ in range(3))
        head = os.read(fd, length) if length < size == found.st_size else b""
        if not head or crc32(head) != checksum:
            return None
        start, code, contents = marshal.loads(head)
        bundle = {"__name__": "immuta_provider.distribution.launcher.bundle"}
        exec(code, bundle)
        bundle["install"](fd, 24 + length, contents, plugin, f"{cache}/{copy}", f"{cache}/@ID@.pem")  # type: ignore[operator]
    except (OSError, EOFError, ValueError, TypeError):
        return None
    return start


code = cache and installed()  # type: ignore[no-untyped-call]
scope = {"__name__": "immuta_provider.distribution.launcher.start"}
exec(code or parts[2], scope)  # type: ignore[name-defined]  # noqa: F821  (the prologue's parts of the plugin file)
scope["start"](plugin, cache, memory, mark, copy, "@ID@.pem", installed, bool(code))  # type: ignore[operator]
