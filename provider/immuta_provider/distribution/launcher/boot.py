"""Run by the prologue, which takes this text out of the plugin file, as `__main__` of a Python that is new enough.

Arguments: the plugin's path, the cache folder (empty: there can be none), how the Python was found, and the plugin's own.
"""

import marshal
import os
import sys

plugin, cache, how = sys.argv[1:4]
sys.argv[:4] = [plugin]
copy = f"@ID@-{sys.implementation.cache_tag}-{sys.hexversion:x}.code"


def installed() -> bool:
    try:
        install()
    except (OSError, EOFError, ValueError, TypeError):
        return False
    return True


def install() -> None:
    """Makes the modules of the compiled copy importable, if it is whole and nobody but this user could have written it."""
    folder = os.lstat(cache)
    if folder.st_mode & 0o170077 != 0o040000 or folder.st_uid != os.geteuid():
        raise OSError("not a folder of this user alone")
    fd = os.open(f"{cache}/{copy}", os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    found = os.fstat(fd)
    if found.st_mode & 0o170022 != 0o100000 or found.st_uid != os.geteuid():
        raise OSError("not a file of this user alone")
    sizes = os.read(fd, 16)
    if int.from_bytes(sizes[:8], "little") != found.st_size:
        raise OSError("not whole")
    head = int.from_bytes(sizes[8:], "little")
    code, table = marshal.loads(os.read(fd, head))
    bundle = {"__name__": "immuta_provider.distribution.launcher.bundle"}
    exec(code, bundle)
    bundle["install"](fd, 16 + head, table, plugin, f"{cache}/@ID@.pem")  # type: ignore[operator]


def run() -> int:
    compiled = bool(cache) and installed()
    if not compiled:
        sys.path.insert(0, plugin)
    if cache and (how == "found" or not compiled):
        from immuta_provider.distribution.launcher.cache import prepare

        prepared = prepare(plugin, cache, "" if compiled else copy, "@ID@.pem", how == "found")
        if prepared and not compiled and installed():
            del sys.path[0]
    from immuta_provider.main import main

    return main()


sys.exit(run())
