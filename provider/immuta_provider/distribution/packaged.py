"""Where the plugin file comes from: the wheel carries it; in a checkout it is built from the sources as they are now."""

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
