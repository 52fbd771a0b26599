"""Starts the provider, after `boot.py` has looked for the compiled copy.

It runs from that copy. If there is no copy, its text runs, which the plugin file has behind that of `boot.py`.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn


def start(
    plugin: str,
    cache: str,
    memory: str,
    mark: str,
    copy: str,
    certificates: str,
    installed: Callable[[], object],
    compiled: bool,
) -> NoReturn:
    """Runs the provider, and ends the process. Terraform shows the reason if the provider cannot start.

    `mark` is the path of the prologue's mark (empty = none). `compiled` is True if the compiled copy is in use. The other
    arguments are those of `cache.prepare`.
    """
    try:
        if mark:
            _unmark(mark)
        if not compiled:
            sys.path.insert(0, plugin)
        if cache and (memory or not compiled):
            from immuta_provider.distribution.launcher.cache import prepare

            if prepare(plugin, cache, memory, copy, certificates, None if compiled else installed):
                del sys.path[0]
        from immuta_provider.main import main

        status = main()
    except Exception as error:
        if "TF_PLUGIN_MAGIC_COOKIE" in os.environ:  # Terraform shows the first line on stdout.
            print(f"the provider cannot start: {_reason(error)}", flush=True)
        raise
    sys.exit(status)


def _unmark(mark: str) -> None:
    try:
        os.unlink(mark)
    except OSError:
        return


def _reason(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "it has too little memory: raise the limit of the shell (`ulimit -v`) or of the container"
    met = f"{type(error).__name__} ({error})".replace("\n", " ").replace("|", "/")
    return f"it met {met}; install it again with `cdktf-immuta install`, or report this"
