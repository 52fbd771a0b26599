"""The plugin file as Terraform starts it, under a Python that lists the loaded modules.

This Python runs a few lines before the plugin, which list the modules at the handshake line and at each SIGUSR1.

with WatchedPlugin(plugin, python, tmp_path, {"IMMUTA_HOST": url}) as watched:
    watched.at_handshake
    watched.call(messages.GET_PROVIDER_SCHEMA)
    watched.now()
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from immuta_provider.plugin.protocol.messages import Rpc
from support import rawh2
from support.plugin_process import (
    PATIENCE,
    client_certificate,
    connect,
    environment,
    parse_handshake,
    read_line,
    tls_client,
)
from support.running import until

SHUTDOWN = "/plugin.GRPCController/Shutdown"
OPTIONS = ("-I", "-S", "-B", "-X", "utf8")

# It imports only what the plugin's first lines import anyway. What goes to stdout is the handshake line.
WATCH = """
import os, sys, _signal
def _list(name):
    path = {folder!r} + "/" + name
    with open(path + ".new", "w") as file:
        file.write("\\n".join(sys.modules))
    os.rename(path + ".new", path)
def _write(descriptor, data, write=os.write):
    if descriptor == 1:
        _list("handshake")
    return write(descriptor, data)
os.write = _write
_signal.signal(_signal.SIGUSR1, lambda *_: _list("now"))
"""

PYTHON = """#!{own} -I
import os, sys
arguments = sys.argv[1:]
script = arguments.index("-c") + 1
arguments[script] = {watch!r} + arguments[script]
os.execv({python!r}, [{python!r}, *arguments])
"""


class WatchedPlugin:
    """One plugin process and its client, from entering the `with` block to leaving it. Its compiled copy is there already."""

    def __init__(self, plugin: Path, python: str, folder: Path, variables: Mapping[str, str]) -> None:
        self.folder = folder
        self.certificate = client_certificate()
        watching = folder / "python"
        watching.write_text(
            PYTHON.format(own=sys.executable, watch=WATCH.format(folder=str(folder)), python=python)
        )
        watching.chmod(0o755)
        places = {"HOME": str(folder), "TMPDIR": str(folder), "IMMUTA_PROVIDER_PYTHON": str(watching)}
        subprocess.run([plugin, "--version"], env=places, check=True, capture_output=True)
        self.process = subprocess.Popen(
            [plugin],
            env={**places, **environment(self.certificate), **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def __enter__(self) -> WatchedPlugin:
        assert self.process.stdout is not None
        try:
            handshake = parse_handshake(read_line(self.process.stdout.fileno()))
            plain = connect(handshake.network, handshake.address)
            tls = tls_client(plain, handshake.certificate, self.certificate)
        except BaseException:
            self.process.kill()
            self.process.communicate()
            raise
        self.client = rawh2.RawClient(tls)
        self.at_handshake = self._listed("handshake")
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        try:
            if kind is None:
                assert self.client.call(SHUTDOWN) == rawh2.ok(b"")
                _, errors = self.process.communicate(timeout=PATIENCE)
                assert (self.process.returncode, errors) == (0, b"")
        finally:
            self.client.close()
            self.process.kill()
            self.process.communicate()

    def call(self, rpc: Rpc, **request: Any) -> dict[str, Any]:
        """The decoded answer of a call without diagnostics."""
        answer = self.client.call(rpc.path, rpc.request.encode(request))
        assert answer.headers == rawh2.OK_HEADERS
        (message,) = rawh2.messages(answer.body)
        decoded: dict[str, Any] = rpc.response.decode(message)
        assert decoded.get("diagnostics", []) == []
        return decoded

    def now(self) -> set[str]:
        """The modules that are loaded now."""
        (self.folder / "now").unlink(missing_ok=True)
        self.process.send_signal(signal.SIGUSR1)
        until((self.folder / "now").exists)
        return self._listed("now")

    def _listed(self, name: str) -> set[str]:
        return set((self.folder / name).read_text().split("\n"))


def modules_of(python: str, statement: str = "pass", *arguments: str) -> set[str]:
    """The modules that a Python has loaded after one statement, and its built-in ones, which cost no start-up time."""
    show = f"import sys; {statement}; print(*sys.modules, *sys.builtin_module_names)"
    command = [python, *OPTIONS, "-c", show, *arguments]
    return set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())
