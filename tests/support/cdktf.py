"""The real `cdktf` and `cdktn` in tests: a copy of a program, and an environment with nothing of the user's own set-up.

cdktf = Cdktf(tmp_path, example("quickstart"), environment=immuta.environment)
cdktf.ok("deploy", "--auto-approve")
"""

from __future__ import annotations

import fcntl
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from support.terraform import ROOT, clean_environment

CONFIGURATION = '{"language": "python", "app": "python main.py"}'
CTRL_C = b"\x03"
PATIENCE = 180.0
"""Seconds for one command."""
# The Python packages and the command line of each library.
ENVIRONMENTS = {"cdktf": Path(sys.prefix), "cdktn": ROOT / ".venv-cdktn"}
COMMANDS = {"cdktf": ROOT / "node_modules", "cdktn": ROOT / ".venv-cdktn" / "node_modules"}
IGNORED = shutil.ignore_patterns("cdktf.out", "*.tfstate*", "__pycache__")


class Ended(NamedTuple):
    code: int
    output: str


class Cdktf:
    """A folder with a program (an example's folder to copy, or the text of a `main.py`), and the cdktf that runs in it.

    No CLI configuration, no plugin installed beforehand, no flag, as for a first user. `library` is cdktf, or cdktn with its
    own command.
    """

    def __init__(
        self, folder: Path, program: Path | str, environment: Mapping[str, str], library: str = "cdktf"
    ) -> None:
        self.folder = folder / "program"
        if isinstance(program, Path):
            shutil.copytree(program, self.folder, ignore=IGNORED)
        else:
            self.folder.mkdir()
            (self.folder / "cdktf.json").write_text(CONFIGURATION)
            self.write(program)
        self.environment = {**clean_environment(), "CDKTF_HOME": str(folder / "cdktf-home"), **environment}
        self.use(library)

    def use(self, library: str) -> None:
        """Moves the program to a library: the name in its import, and the command."""
        self.library = library
        program = (self.folder / "main.py").read_text()
        self.write(re.sub(r"^from cdkt[fn] import", f"from {library} import", program, flags=re.MULTILINE))
        # Node and Terraform may be in the environment of cdktf.
        folders = [ENVIRONMENTS[library] / "bin", Path(sys.prefix, "bin"), COMMANDS[library] / ".bin"]
        self.environment["PATH"] = os.pathsep.join([*map(str, folders), os.environ["PATH"]])

    def write(self, program: str) -> None:
        (self.folder / "main.py").write_text(program)

    def run(self, *arguments: str, timeout: float = PATIENCE) -> Ended:
        """Runs `cdktf ARGUMENTS`, or cdktn's, and returns its output without colours and without the frames of its animation."""
        process = subprocess.Popen(
            [self.library, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        try:
            output, _ = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
            raise AssertionError(f"{self.library} {arguments} took over {timeout} s\n{output}") from None
        return Ended(process.returncode, plain(output))

    def interrupted(self, *arguments: str, once: Callable[[], object]) -> Ended:
        """Runs `cdktf ARGUMENTS` in a terminal of its own, and presses Ctrl-C there as soon as `once` finds something."""
        keyboard, terminal = os.openpty()
        process = subprocess.Popen(
            [self.library, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(terminal)
        deadline, output, pressed = time.monotonic() + PATIENCE, b"", False
        try:
            while time.monotonic() < deadline:
                if not pressed and once():
                    os.write(keyboard, CTRL_C)
                    pressed = True
                if select.select([keyboard], [], [], 0.05)[0]:
                    output += os.read(keyboard, 65536)
        except OSError:
            # The last program has left the terminal.
            return Ended(process.wait(), plain(output.decode(errors="replace")))
        finally:
            os.close(keyboard)
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        raise AssertionError(
            f"{self.library} {arguments} took over {PATIENCE} s\n{output.decode(errors='replace')}"
        )

    def ok(self, *arguments: str) -> str:
        """Runs a command that has to succeed, and returns its output."""
        code, output = self.run(*arguments)
        assert code == 0, f"{self.library} {' '.join(arguments)} ended with {code}\n{output}"
        return output

    def terraform(self, stack: str, *arguments: str) -> str:
        """Runs a Terraform command that has to succeed on a stack as it was last synthesized, and returns its output.

        A plan or a destruction through cdktf takes ten times as long, and is used only where cdktf itself is tested.
        """
        command = ["terraform", *arguments]
        ended = subprocess.run(
            command,
            cwd=self.stack(stack),
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert ended.returncode == 0, f"{' '.join(command)}\n{ended.stdout}\n{ended.stderr}"
        return plain(ended.stdout)

    def assert_empty_plan(self, stack: str) -> None:
        self.terraform(stack, "plan", "-detailed-exitcode")

    def destroy(self, stack: str) -> str:
        return self.terraform(stack, "destroy", "-auto-approve")

    def files_with(self, text: str) -> set[str]:
        """The names of the files in the program's folder that contain the text."""
        files = (file for file in self.folder.rglob("*") if file.is_file())
        return {file.name for file in files if text.encode() in file.read_bytes()}

    def stack(self, name: str) -> Path:
        """The folder in which Terraform runs for a stack."""
        return self.folder / "cdktf.out" / "stacks" / name


def _take_terminal() -> None:
    """In a new session: a Ctrl-C in the terminal that is its standard input goes to it."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def example(name: str) -> Path:
    return ROOT / "examples" / name


def program(stack: str, constructs: str, body: str) -> str:
    """A program of one stack with the provider. The body makes the constructs, whose names are `constructs`."""
    return f"""
from cdktf import App, TerraformStack
from immuta_constructs import ImmutaProvider, {constructs}

app = App()
stack = TerraformStack(app, "{stack}")
ImmutaProvider(stack, "immuta")
{body}
app.synth()
"""


def sample_secrets(name: str = "quickstart") -> dict[str, str]:
    """The variables that an example's sample-secrets.sh exports."""
    script = '. ./sample-secrets.sh && exec "$0" -c "$1"'
    show = "import os; [print(n, v, sep='=', end='\\0') for n, v in os.environ.items() if n.startswith('TF_VAR_')]"
    command = ["sh", "-c", script, sys.executable, show]
    shown = subprocess.run(command, cwd=example(name), check=True, capture_output=True, text=True).stdout
    return dict(entry.split("=", 1) for entry in shown.split("\0") if entry)


def plain(text: str) -> str:
    without_colours = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text)
    lines = (line.rstrip() for line in without_colours.splitlines())
    return "\n".join(
        line for line in lines if line and not re.fullmatch(r"\S +(Synthesizing|Processing)", line)
    )
