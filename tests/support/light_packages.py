"""Prebuilt providers without their `__init__`, which imports every resource: 2,224 modules and a minute for AWS alone.

The modules that a program imports, and the assembly that jsii loads, are the real ones.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from types import ModuleType

import pytest


def lighten(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Has the packages imported without what their `__init__` does, until the test ends."""
    for name in names:
        spec = find_spec(name)
        assert spec is not None
        package = ModuleType(name)
        package.__spec__ = spec
        package.__path__ = spec.submodule_search_locations or []
        monkeypatch.setitem(sys.modules, name, package)
