"""Advice of a plugin that cannot serve, followed: with what its error asks for, it serves."""

from __future__ import annotations

import _thread
import subprocess
from pathlib import Path
from typing import NamedTuple, NoReturn

import pytest
from immuta_provider.plugin.transport.memory import NO_MEMORY
from immuta_provider.plugin.transport.router import NO_THREAD, STOP
from support.plugin_process import NO_RESORTS, altered, client_certificate, environment, toy_plugin
from support.rawh2 import RESOURCE_EXHAUSTED, failed, ok
from support.toy_session import Connections

TERRAFORM = "use Terraform or OpenTofu 1.11 or newer"
NEWER = client_certificate().certificate
"""The certificate of a Terraform that can start this provider."""
LONG = "long" * 25
NO_DIRECTORY = (
    "it needs a directory for its socket and its key, and none can be used; set TMPDIR to a writable directory with a short "
    "path (tried {})"
)


class Start(NamedTuple):
    """A start under `wrong` variables ends with this error; under the `right` ones beside them the plugin serves."""

    error: str
    wrong: dict[str, str]
    right: dict[str, str]
    alteration: str = ""
    arguments: tuple[str, ...] = ()


STARTS = {
    "no directory": Start(
        NO_DIRECTORY.format("/dev/null: Not a directory"),
        {"TMPDIR": "/dev/null"},
        {"TMPDIR": "FOLDER"},
        NO_RESORTS,
    ),
    "a directory with a long path": Start(
        NO_DIRECTORY.format(f"FOLDER/{LONG}: not fit for a socket's address"),
        {"TMPDIR": f"FOLDER/{LONG}"},
        {"TMPDIR": "FOLDER"},
        NO_RESORTS,
    ),
    "another protocol": Start(
        "this provider speaks Terraform plugin protocol 6, and the program that started it offers 5 "
        f"(PLUGIN_PROTOCOL_VERSIONS): {TERRAFORM}",
        {"PLUGIN_PROTOCOL_VERSIONS": "5"},
        {"PLUGIN_PROTOCOL_VERSIONS": "5,6"},
    ),
    "no certificate of a client": Start(
        f"PLUGIN_CLIENT_CERT does not hold a PEM certificate; {TERRAFORM}",
        {"PLUGIN_CLIENT_CERT": "none"},
        {"PLUGIN_CLIENT_CERT": NEWER},
    ),
    "TCP without a certificate": Start(
        "TCP is open to every user of this machine, so it is served with a client certificate only, and PLUGIN_CLIENT_CERT holds "
        f"none: {TERRAFORM}",
        {},
        {"PLUGIN_CLIENT_CERT": NEWER},
        arguments=("--tcp",),
    ),
}


@pytest.mark.parametrize("name", STARTS)
def test_advice_of_a_start_leads_to_a_handshake(name: str, tmp_path: Path) -> None:
    start = STARTS[name]
    (tmp_path / LONG).mkdir()
    wrong = {"TMPDIR": "FOLDER", **start.wrong}
    wrong, right = (
        {key: value.replace("FOLDER", str(tmp_path)) for key, value in variables.items()}
        for variables in (wrong, {**wrong, **start.right})
    )
    ended = subprocess.run(
        altered(start.alteration, *start.arguments),
        env=environment(None, **wrong),
        capture_output=True,
        text=True,
    )
    error = start.error.replace("FOLDER", str(tmp_path)) + "\n"
    # Terraform shows the line on stdout, since it does not have the parts of a handshake.
    shown = f"the provider cannot start: {error}"
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, shown, error)
    assert list(tmp_path.rglob("*")) == [tmp_path / LONG]
    with toy_plugin(*start.arguments, certificate=None, alteration=start.alteration, **right) as plugin:
        assert plugin.handshake.protocol == 6


def test_a_call_with_more_memory_is_answered(connect: Connections) -> None:
    client = connect()
    assert client.call("/toy.Toy/ExceedMemory") == failed(RESOURCE_EXHAUSTED, NO_MEMORY)
    assert client.call("/toy.Toy/Echo") == ok(b"")


@pytest.mark.parametrize(
    "error", [RuntimeError("can't start new thread"), MemoryError()], ids=["thread", "memory"]
)
@pytest.mark.parametrize("path", ["/toy.Toy/Echo", STOP], ids=["call", "control call"])
def test_a_call_with_more_threads_is_answered(
    connect: Connections, monkeypatch: pytest.MonkeyPatch, path: str, error: Exception
) -> None:
    def refused(*arguments: object) -> NoReturn:
        raise error

    client = connect()
    with monkeypatch.context() as limited:
        limited.setattr(_thread, "start_new_thread", refused)
        assert client.call(path) == failed(RESOURCE_EXHAUSTED, NO_THREAD)
    assert client.call(path) == ok(b"")
