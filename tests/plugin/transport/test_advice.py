"""Advice of a plugin that cannot serve, followed: in what it asks for, it serves."""

from __future__ import annotations

import _thread
import subprocess
from pathlib import Path
from typing import NamedTuple, NoReturn

import pytest
from immuta_provider.plugin.transport.memory import NO_MEMORY
from immuta_provider.plugin.transport.router import NO_THREAD
from support.plugin_process import altered, client_certificate, environment, parse_handshake, read_line
from support.rawh2 import failed, ok
from support.toy_session import Connections

RESOURCE_EXHAUSTED = 8
TERRAFORM = "use Terraform or OpenTofu 1.11 or newer"
NEWER = client_certificate().certificate
"""What a Terraform that can start this provider announces."""


class Start(NamedTuple):
    """A start under `wrong` variables is told `said`; under the `right` ones beside them the plugin serves."""

    said: str
    wrong: dict[str, str]
    right: dict[str, str]
    alteration: str = ""
    arguments: tuple[str, ...] = ()


STARTS = {
    "no directory": Start(
        "set TMPDIR to a writable directory with a short path",
        {"TMPDIR": "/dev/null"},
        {"TMPDIR": "FOLDER"},
        "from immuta_provider.plugin.transport import listener\nlistener.LAST_RESORTS = ()",
    ),
    "a directory with a long path": Start(
        "set TMPDIR to a writable directory with a short path",
        {"TMPDIR": "FOLDER/" + "long" * 25},
        {"TMPDIR": "FOLDER"},
        "from immuta_provider.plugin.transport import listener\nlistener.LAST_RESORTS = ()",
    ),
    "another protocol": Start(
        TERRAFORM, {"PLUGIN_PROTOCOL_VERSIONS": "5"}, {"PLUGIN_PROTOCOL_VERSIONS": "5,6"}
    ),
    "no certificate of a client": Start(
        TERRAFORM, {"PLUGIN_CLIENT_CERT": "none"}, {"PLUGIN_CLIENT_CERT": NEWER}
    ),
    "TCP without a certificate": Start(TERRAFORM, {}, {"PLUGIN_CLIENT_CERT": NEWER}, arguments=("--tcp",)),
}


def first_line(start: Start, variables: dict[str, str], folder: Path) -> str:
    named = {name: value.replace("FOLDER", str(folder)) for name, value in variables.items()}
    process = subprocess.Popen(
        altered(start.alteration, *start.arguments),
        env={**environment(TMPDIR=str(folder)), **named},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with process:
        assert process.stdout is not None
        line = read_line(process.stdout.fileno())
        process.terminate()
    return line


@pytest.mark.parametrize("name", STARTS)
def test_advice_of_a_start_leads_to_a_handshake(name: str, tmp_path: Path) -> None:
    start = STARTS[name]
    (tmp_path / ("long" * 25)).mkdir()
    assert start.said in first_line(start, start.wrong, tmp_path)
    handshake = parse_handshake(first_line(start, {**start.wrong, **start.right}, tmp_path))
    assert handshake.protocol == 6


def test_a_call_with_more_memory_is_answered(connect: Connections) -> None:
    assert connect().call("/toy.Toy/ExceedMemory") == failed(RESOURCE_EXHAUSTED, NO_MEMORY)
    assert connect().call("/toy.Toy/Echo") == ok(b"")


def test_a_call_with_more_threads_is_answered(connect: Connections, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*arguments: object) -> NoReturn:
        raise RuntimeError

    client = connect()
    with monkeypatch.context() as limited:
        limited.setattr(_thread, "start_new_thread", refused)
        assert client.call("/toy.Toy/Echo") == failed(RESOURCE_EXHAUSTED, NO_THREAD)
    assert client.call("/toy.Toy/Echo") == ok(b"")
