"""A new user follows README to the letter: an empty home folder, a clone, and nothing but what README has them install."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import setup_programs
from support import pages
from support.cdktf import plain
from support.checkout import copy_to
from support.ports import free_port
from support.terraform import ROOT, clean_environment

README = ROOT / "README.md"
ENTER = b"\r"
PATIENCE = 600.0
QUESTION = b"Please review the diff output above"
CDKTF = json.loads((ROOT / "package.json").read_text("utf-8"))["devDependencies"]["cdktf-cli"]


def steps() -> Iterator[str]:
    """The shell lines of README's two sections, in their order; a file that it shows is written where it is shown."""
    text = README.read_text("utf-8")
    text = text[text.index("## Installation") : text.index("## A real tenant")]
    for name, language, code in re.findall(r"(?:`(\S+)`[^\n]*:\n\n)?```(\w+)\n(.*?)```", text, re.DOTALL):
        if language == "sh":
            yield code
        elif language != "text":
            yield f"cat >{name} <<'END'\n{code}END\n"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A new user's: an empty home folder, and on PATH the machine's programs and cdktf, without this checkout's `.venv`."""
    programs = tmp_path / "programs"
    programs.mkdir()
    python = programs / "python3"
    python.write_text(f'#!/bin/sh\nexec "{os.path.realpath(sys.executable)}" "$@"\n')
    python.chmod(0o755)
    (tmp_path / "home").mkdir()
    ours = Path(sys.prefix, "bin")
    path = [folder for folder in os.environ["PATH"].split(os.pathsep) if Path(folder) != ours]
    for name in ("node", "terraform"):
        found = shutil.which(name, path=os.pathsep.join([str(ours), *path]))
        assert found is not None
        (programs / name).symlink_to(found)
    environment = {
        **clean_environment(),
        "HOME": str(tmp_path / "home"),
        "PATH": os.pathsep.join([str(programs), str(ROOT / "node_modules" / ".bin"), *path]),
        "TERM": "xterm",
    }
    # The configuration and the cache of pip, which are in the home folder of a developer.
    if own := setup_programs.pip_configuration():
        environment.setdefault("PIP_CONFIG_FILE", own)
    environment.setdefault("PIP_CACHE_DIR", str(ROOT / ".local" / "pip"))
    return {name: value for name, value in environment.items() if name not in ("CI", "VIRTUAL_ENV")}


def followed(script: str, folder: Path, environment: Mapping[str, str]) -> tuple[int, str]:
    """Runs a script on a terminal of its own, approves the plan that cdktf shows, and ends what the script left running."""
    terminal, end = pty.openpty()
    process = subprocess.Popen(
        ["sh", "-e", "-c", f"trap 'kill $!' EXIT\n{script}"],
        cwd=folder,
        env=environment,
        stdin=end,
        stdout=end,
        stderr=end,
        start_new_session=True,
    )
    os.close(end)
    watchdog = threading.Timer(PATIENCE, os.killpg, (process.pid, signal.SIGKILL))
    watchdog.start()
    shown = b""
    try:
        while printed := read(terminal):
            shown += printed
            # cdktf loses a key that is pressed before it listens. Where nothing happens for a second, the key is pressed again.
            while (
                QUESTION in shown and process.poll() is None and not select.select([terminal], [], [], 1)[0]
            ):
                os.write(terminal, ENTER)
        return process.wait(), plain(shown.decode())
    finally:
        watchdog.cancel()
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        os.close(terminal)


def read(terminal: int) -> bytes:
    """The next output, empty once every program has ended."""
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux's end of a terminal.
        return b""


def test_every_step_of_readme_works_for_a_new_user(tmp_path: Path, environment: dict[str, str]) -> None:
    script = "".join(steps())
    # `make setup` has put this very version into node_modules; another copy takes half a minute and 420 MB.
    install = f"npm install --global cdktf-cli@{CDKTF}\n"
    assert install in script
    script = script.replace(install, "").replace("8787", str(free_port()))
    code, output = followed(script, copy_to(tmp_path / "clone"), environment)
    assert code == 0, output
    (promised,) = pages.code(README, "text")[1:]
    pages.assert_quoted(promised, pages.words(output))
