"""The library under the constructs: cdktf, or cdktn (CDK Terrain), which carries cdktf on.

Every other module imports the library's names from here, so a program has one of the two under all constructs. The
environment variable `IMMUTA_CDK` chooses it, else the library that the program imported first, else the one that is installed.

A type checker sees cdktf's types if cdktf is installed. It sees cdktn's if it is told that the constant `IMMUTA_CDKTN` is
true: mypy by `always_true = ["IMMUTA_CDKTN"]`, pyright by `"defineConstant": {"IMMUTA_CDKTN": true}`.
"""

# ruff: noqa: F403

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterable
from importlib.util import find_spec
from typing import TypeAlias

CDKTF, CDKTN = "cdktf", "cdktn"
LIBRARIES = (CDKTF, CDKTN)
VARIABLE = "IMMUTA_CDK"


def choice(configured: str, modules: Iterable[str], installed: Iterable[str]) -> tuple[str, str]:
    """Returns the library to use, and a warning where that is a guess ("" where it is not).

    Args:
        configured: the value of the environment variable, "" where it is not set.
        modules: the imported modules, in the order of their imports.
        installed: the libraries that can be imported.

    Raises:
        ImportError: `configured` is not the name of a library, or what is needed is not installed.
    """
    found = [library for library in LIBRARIES if library in installed]
    if configured and configured not in LIBRARIES:
        raise ImportError(
            f'{VARIABLE} is "{configured}", but has to be cdktf or cdktn. Set one of them, or unset it.'
        )
    if configured and configured not in found:
        raise ImportError(
            f"{VARIABLE} is {configured}, which is not installed. Run {_command(configured)}, or unset it."
        )
    if not found:
        commands = " or ".join(map(_command, LIBRARIES))
        raise ImportError(
            f"immuta_constructs needs cdktf or cdktn (CDK Terrain), and neither is installed. Run {commands}."
        )
    first = next((module for module in modules if module in found), "")
    if configured or first or len(found) == 1:
        return configured or first or found[0], ""
    return CDKTF, (
        "cdktf and cdktn are both installed, and the program imported neither before immuta_constructs, which uses cdktf "
        f"because every installation has it. To use cdktn, import it first or set {VARIABLE}=cdktn. {VARIABLE}=cdktf ends this "
        "warning."
    )


def _command(library: str) -> str:
    return f'`pip install "cdktf-immuta[{library}]"`'


def is_installed(library: str) -> bool:
    """Tells if Python finds a library. A mere folder of that name, which Python also imports, does not count."""
    spec = find_spec(library)
    return spec is not None and spec.origin is not None


LIBRARY, _guess = choice(
    os.environ.get(VARIABLE, ""), list(sys.modules), list(filter(is_installed, LIBRARIES))
)
OTHER = CDKTF if LIBRARY == CDKTN else CDKTN
IMMUTA_CDKTN = LIBRARY == CDKTN
if _guess:
    warnings.warn(_guess, stacklevel=2)

# A type checker that does not know the constant reads all three parts. Of several definitions, mypy takes the first one, and
# pyright the last one.
if not IMMUTA_CDKTN:
    from cdktf import *
    from cdktf import TerraformResource as _EphemeralBase
    from cdktf import TerraformResourceLifecycle as _EphemeralLifecycle
if IMMUTA_CDKTN:
    from cdktn import *
    from cdktn import TerraformEphemeralResource as _EphemeralBase
    from cdktn import TerraformEphemeralResourceLifecycle as _EphemeralLifecycle
if not IMMUTA_CDKTN:
    from cdktf import *
    from cdktf import TerraformResource as _EphemeralBase
    from cdktf import TerraformResourceLifecycle as _EphemeralLifecycle

EphemeralBase: TypeAlias = _EphemeralBase
EphemeralLifecycle: TypeAlias = _EphemeralLifecycle
