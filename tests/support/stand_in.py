"""A plugin file that carries a stand-in for the provider, to test how it starts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Prints how it was started, so that the launcher is tested without the provider.
MAIN = """
import sys


def main():
    import json

    import library
    if "--certificates" in sys.argv:
        import certifi
        print(json.dumps({"where": certifi.where(), "contents": certifi.contents()}))
        return 0
    print(json.dumps({
        "arguments": sys.argv[1:],
        "loader": type(__spec__.loader).__name__,
        "library": type(library.__spec__.loader).__name__,
        "path": [each for each in sys.path if "python" not in each],
        "python": "%d.%d" % sys.version_info[:2],
        "executable": sys.executable,
    }))
    return 7
"""
LIBRARIES = {
    "library/__init__.py": b"from .inner import ANSWER\n",
    "library/inner.py": b"ANSWER = 42\n",
    "certifi/core.py": b"raise ImportError('the real one looks for its file in a folder')\n",
    "certifi/cacert.pem": b"-----BEGIN CERTIFICATE-----\n",
}


def write_sources(folder: Path) -> Path:
    """Writes a package with the stand-in for the provider; returns the folder that has the package."""
    package = folder / "immuta_provider"
    package.mkdir(parents=True)
    package.joinpath("__init__.py").write_text('__version__ = "0.1.0"\n')
    package.joinpath("main.py").write_text(MAIN)
    return folder


def altered_python(python: str, alteration: str) -> str:
    """A line of shell that runs a Python, which is altered before it runs its script."""
    return f"""exec {python} -I -S -c 'import os, sys
{alteration}
at = sys.argv.index("-c", 1)
code = sys.argv[at + 1]
sys.argv[:] = sys.argv[at + 1 :]
exec(code)' "$@\""""


OLD = "sys.version_info = (3, 9, 0)"
WITHOUT_SSL = 'sys.modules["_ssl"] = None'


def without_usual_folders(content: bytes) -> bytes:
    """A plugin file that looks for a Python on PATH and in the user's home only."""
    folders = b" /opt/homebrew/bin /usr/local/bin /usr/bin "
    assert content.count(folders) == 1
    return content.replace(folders, b" " * len(folders))


class Plugin:
    """A plugin file with the stand-in for the provider, and a cache of its own."""

    def __init__(self, folder: Path, content: bytes) -> None:
        self.folder = folder / "installed"
        self.folder.mkdir()
        self.path = self.folder / "terraform-provider-immuta_v0.1.0"
        self.path.write_bytes(content)
        self.path.chmod(0o755)
        self.home = folder / "home"
        self.home.mkdir()
        self.programs = folder / "programs"
        self.program("python3", f'exec {sys.executable} "$@"')
        self.top = self.home / ".cache"
        self.cache = self.top / "cdktf-immuta"
        self.environment = {"HOME": str(self.home), "PATH": f"{self.programs}:/bin", "LC_ALL": "C.UTF-8"}

    def program(self, name: str, script: str) -> Path:
        self.programs.mkdir(exist_ok=True)
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    def start(self, *arguments: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(self.path), *arguments],
            env=self.environment if environment is None else environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, environment: Mapping[str, str] | None = None) -> tuple[int, str, str]:
        process = self.start(*arguments, environment=environment)
        stdout, stderr = process.communicate(timeout=60)
        return process.returncode, stdout, stderr

    def report(self, *arguments: str, environment: Mapping[str, str] | None = None, code: int = 7) -> Any:
        """The output of the stand-in; nothing else may be printed."""
        ended, stdout, stderr = self.run(*arguments, environment=environment)
        assert (ended, stderr) == (code, "")
        return json.loads(stdout)

    def loader(self, environment: Mapping[str, str] | None = None) -> str:
        """Bundle: the compiled copy runs; zipimporter: the sources do."""
        loader: str = self.report(environment=environment)["loader"]
        return loader

    def cached(self) -> list[str]:
        """The kinds of the files in the cache, but for the lock, which stays there empty."""
        return sorted(name.rpartition(".")[2] for name in os.listdir(self.cache) if name != "lock")
