"""The tree of errors that `api/http/errors.py` draws."""

from __future__ import annotations

import pkgutil
import re
from importlib import import_module

from immuta_provider import api
from immuta_provider.api.http import errors
from immuta_provider.api.http.errors import ImmutaError


def drawn() -> list[tuple[int, str]]:
    """Each name in the drawing with its depth."""
    lines = re.findall(r"^    ([│├└─ ]*)(\w+)", (errors.__doc__ or "").rpartition("\n\n")[0], re.MULTILINE)
    return [(len(branch) // 4, name) for branch, name in lines]


def defined(kind: type[ImmutaError], depth: int = 0) -> list[tuple[int, str]]:
    """Each class with its depth, in the order of their definition."""
    below = [each for sub in kind.__subclasses__() for each in defined(sub, depth + 1)]
    return [(depth, kind.__name__), *below]


def test_the_drawing_is_the_tree_of_all_errors_of_the_room() -> None:
    for module in pkgutil.walk_packages(api.__path__, f"{api.__name__}."):
        import_module(module.name)
    assert drawn() == defined(ImmutaError)
