"""Runs as `__main__` of a Python that is new enough. The prologue takes this text out of the plugin file.

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


def installed() -> bool:
    try:
        install()
    except (OSError, EOFError, ValueError, TypeError):
        return False
    return True


def install() -> None:
    """Makes the modules of the compiled copy importable, if it is complete and no other user could have written it."""
    folder = os.lstat(cache)
    if folder.st_mode & 0o170077 != 0o040000 or folder.st_uid != os.geteuid():
        raise OSError("not a folder of this user alone")
    fd = os.open(f"{cache}/{copy}", os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    found = os.fstat(fd)
    if found.st_mode & 0o170022 != 0o100000 or found.st_uid != os.geteuid() or found.st_nlink != 1:
        raise OSError("not a file of this user alone")
    size, length, checksum = (int.from_bytes(os.read(fd, 8), "little") for _ in range(3))
    head = os.read(fd, length) if length < size == found.st_size else b""
    if not head or crc32(head) != checksum:
        raise OSError("not complete")
    code, contents = marshal.loads(head)
    bundle = {"__name__": "immuta_provider.distribution.launcher.bundle"}
    exec(code, bundle)
    bundle["install"](fd, 24 + length, contents, plugin, f"{cache}/{copy}", f"{cache}/@ID@.pem")  # type: ignore[operator]


def unmark() -> None:
    try:
        os.unlink(mark)
    except OSError:
        return


def run() -> int:
    if mark:
        unmark()
    compiled = bool(cache) and installed()
    if not compiled:
        sys.path.insert(0, plugin)
    if cache and (memory or not compiled):
        from immuta_provider.distribution.launcher.cache import prepare

        if prepare(plugin, cache, memory, copy, "@ID@.pem", None if compiled else installed):
            del sys.path[0]
    from immuta_provider.main import main

    return main()


try:
    status = run()
except Exception as error:
    if "TF_PLUGIN_MAGIC_COOKIE" in os.environ:  # Terraform shows the first line on stdout.
        met = f"{type(error).__name__} ({error})".replace("\n", " ").replace("|", "/")
        why = f"it met {met}; install it again with `cdktf-immuta install`, or report this"
        if isinstance(error, MemoryError):
            why = "it has too little memory: raise the limit of the shell (`ulimit -v`) or of the container"
        print(f"the provider cannot start: {why}", flush=True)
    raise
sys.exit(status)
