"""The plugin as a process: its start, its control calls, and each way to end it."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.plugin_process import (
    NO_RESORTS,
    TOY,
    Gate,
    altered,
    client_certificate,
    connect,
    environment,
    interpreters,
    parse_handshake,
    read_line,
    read_to_end,
    toy_plugin,
)
from support.rawh2 import RawClient, ok

STOP = "/tfplugin6.Provider/StopProvider"
SHUTDOWN = "/plugin.GRPCController/Shutdown"
ECHO = "/toy.Toy/Echo"
HEALTH = "/grpc.health.v1.Health/Check"

pythons = pytest.mark.parametrize("python", list(interpreters().values()), ids=list(interpreters()))


def test_a_bug_before_the_handshake_is_shown_in_one_line_with_its_traceback_in_the_log(
    tmp_path: Path,
) -> None:
    ended = subprocess.run(
        altered("os.urandom = lambda size: {}['a|b\\nc']"),
        env=environment(client_certificate(), TMPDIR=str(tmp_path)),
        capture_output=True,
        text=True,
        check=False,
    )
    error = (
        "it met KeyError ('a|b\\nc'), which is a bug in the provider; the log (TF_LOG=ERROR) has the traceback, "
        "please report it\n"
    )
    assert ended.returncode == 1
    assert ended.stdout == f"the provider cannot start: {error.replace('|', '/')}"
    assert ended.stderr.startswith("Traceback (most recent call last):\n")
    assert ended.stderr.endswith(f"KeyError: 'a|b\\nc'\n{error}")


def test_a_plugin_without_a_writable_directory_serves_on_the_loopback_interface(tmp_path: Path) -> None:
    """As in a container with read-only file systems only. The key stays in memory."""
    with toy_plugin(
        certificate=client_certificate(), alteration=NO_RESORTS, TMPDIR="/dev/null", HOME=str(tmp_path)
    ) as plugin:
        assert (plugin.handshake.network, plugin.client().call(SHUTDOWN)) == ("tcp", ok(b""))
        assert (plugin.wait(), plugin.errors) == (0, b"")


FULL = """
del os.memfd_create
def full(path, *rest, open=os.open):
    if path.endswith("/k") and path.startswith(os.environ["TMPDIR"]):
        raise OSError(28, "No space left on device")
    return open(path, *rest)
os.open = full
"""


def test_the_key_is_written_into_another_directory_if_the_first_is_full(tmp_path: Path) -> None:
    with toy_plugin(certificate=client_certificate(), alteration=FULL, TMPDIR=str(tmp_path)) as plugin:
        assert Path(plugin.handshake.address).parents[1] == tmp_path
        assert plugin.client().call(SHUTDOWN) == ok(b"")
        assert plugin.wait() == 0
    assert list(tmp_path.iterdir()) == []


def test_the_key_is_written_into_a_directory_without_memfd_and_unix_sockets(tmp_path: Path) -> None:
    """As on Windows, where TCP needs no directory."""
    windows = "import _socket\ndel os.memfd_create, _socket.AF_UNIX"
    with toy_plugin(certificate=client_certificate(), alteration=windows, TMPDIR=str(tmp_path)) as plugin:
        assert (plugin.handshake.network, list(tmp_path.iterdir())) == ("tcp", [])


def test_garbage_is_collected_once_the_provider_is_loaded() -> None:
    with toy_plugin() as plugin:
        assert plugin.client().call("/toy.Toy/Collects") == ok(b"1")


@pythons
def test_a_crash_leaves_no_core_dump(python: str) -> None:
    with toy_plugin(python=python) as plugin:
        assert plugin.client().call(HEALTH) == ok(b"\x08\x01")
        limits = Path(f"/proc/{plugin.process.pid}/limits").read_text()
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    (line,) = (line.split() for line in limits.splitlines() if line.startswith("Max core file size"))
    assert line[4:6] == (["1", "1"] if hard else ["0", "0"])


@pythons
def test_control_calls_are_answered_while_every_worker_is_blocked(
    python: str, tmp_path: Path, gate: Gate
) -> None:
    with toy_plugin(python=python, TMPDIR=str(tmp_path)) as plugin:
        client = plugin.client()
        blocked = [client.start_call("/toy.Toy/UntilStopped", b"%d" % number) for number in range(100)]
        waiting = [client.start_call("/toy.Toy/UntilReleased", gate.message) for _ in range(300)]
        gate.wait_for(156)
        assert client.call(HEALTH) == ok(b"\x08\x01")
        assert client.call(STOP) == ok(b"")
        assert client.answers(blocked) == {
            stream: ok(b"%d" % number) for number, stream in enumerate(blocked)
        }
        # Free threads have taken the waiting calls.
        gate.wait_for(100)
        assert client.call(HEALTH) == ok(b"\x08\x01")
        assert not client.ended.intersection(waiting)
        assert client.call(SHUTDOWN) == ok(b"")
        assert (plugin.wait(), plugin.errors) == (0, b"")
    assert list(tmp_path.iterdir()) == [gate.path]


@pythons
def test_plugin_ends_after_its_last_peer_and_its_last_call(python: str, tmp_path: Path, gate: Gate) -> None:
    with toy_plugin(python=python, TMPDIR=str(tmp_path)) as plugin:
        # A probe is not a peer, so its end does not count.
        plugin.connect().close()
        first, second = plugin.client(), plugin.client()
        assert first.call(ECHO, b"one") == ok(b"one")
        second.start_call("/toy.Toy/UntilReleased", gate.message)
        second.start_call("/toy.Toy/UntilStopped")
        gate.wait_for(1)
        assert second.call(ECHO, b"two") == ok(b"two")
        first.close()
        second.close()
        with pytest.raises(subprocess.TimeoutExpired):
            plugin.process.wait(2.5)
        # No peer can reconnect any more. The running call was asked to stop, and is waited for.
        gate.release()
        assert plugin.wait() == 0
    assert (plugin.errors, gate.done, list(tmp_path.iterdir())) == (b"", True, [gate.path])


PARENT = """
import subprocess, sys
subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
sys.stdin.read()
"""


class Parent:
    """A process that starts the toy plugin, as Terraform does, and waits; the plugin writes to its stdout."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        self.process = process
        self.stdout = process.stdout.fileno()
        self.line = read_line(self.stdout)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(params=list(interpreters().values()), ids=list(interpreters()))
def parent(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Parent]:
    with subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", PARENT, request.param, "-I", "-S", str(TOY)],
        env=environment(TMPDIR=str(tmp_path)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        yield Parent(process)


def test_plugin_ends_with_its_parent_if_no_peer_connected(parent: Parent, tmp_path: Path) -> None:
    parent.kill()
    assert read_to_end(parent.stdout) == b""
    assert list(tmp_path.iterdir()) == []


def test_plugin_ends_after_its_killed_parent_and_its_last_call(
    parent: Parent, tmp_path: Path, gate: Gate
) -> None:
    handshake = parse_handshake(parent.line)
    client = RawClient(connect(handshake.network, handshake.address))
    client.start_call("/toy.Toy/UntilReleased", gate.message)
    gate.wait_for(1)
    parent.kill()
    # A connected peer is served even without the parent.
    assert client.call(ECHO, b"still here") == ok(b"still here")
    client.close()
    gate.release()
    assert read_to_end(parent.stdout) == b""
    assert (list(tmp_path.iterdir()), gate.done) == ([gate.path], True)


@pythons
def test_sigint_is_ignored_and_sigterm_ends_the_plugin(python: str, tmp_path: Path, gate: Gate) -> None:
    with toy_plugin(python=python, TMPDIR=str(tmp_path)) as plugin:
        client = plugin.client()
        stopped = client.start_call("/toy.Toy/UntilStopped", b"stopped")
        running = client.start_call("/toy.Toy/UntilReleased", gate.message)
        gate.wait_for(1)
        plugin.process.send_signal(signal.SIGINT)
        assert client.call(ECHO, b"still here") == ok(b"still here")
        plugin.process.send_signal(signal.SIGTERM)
        # Running calls are asked to stop, and are answered before the end.
        assert client.answer(stopped) == ok(b"stopped")
        gate.release()
        assert client.answer(running) == ok(gate.message)
        assert plugin.wait() == 0
    assert (plugin.errors, list(tmp_path.iterdir())) == (b"", [gate.path])


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_provider_in_debug_mode_ends_by_a_signal(end: signal.Signals, tmp_path: Path) -> None:
    with toy_plugin("--debug", TMPDIR=str(tmp_path)) as plugin:
        assert plugin.line == (
            "The provider is running. To make Terraform use it, set this variable where Terraform runs; "
            "Ctrl-C ends the provider.\n"
        )
        plugin.read_line("TF_REATTACH_PROVIDERS")
        (directory,) = tmp_path.iterdir()
        client = plugin.client(connect("unix", str(directory / "s")))
        assert client.call(ECHO, b"here") == ok(b"here")
        plugin.process.send_signal(end)
        assert plugin.wait() == 0
    assert (plugin.errors, list(tmp_path.iterdir())) == (b"", [])
