"""Returns the plugin file from the wheel, or builds it from the current sources of a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

WHEEL_FILE = Path(__file__).with_name("terraform-provider-immuta")


@cache
def plugin_file() -> bytes:
    """The plugin file's content, read or built once a process."""
    if WHEEL_FILE.exists():
        return WHEEL_FILE.read_bytes()
    from .build import build

    return build(Path(__file__).parents[3])
