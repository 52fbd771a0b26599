"""The plugin as a process: its start, its control calls, and each way to end it."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.plugin_process import (
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
    tls_client,
    toy_plugin,
)
from support.rawh2 import RawClient, ok

STOP = "/tfplugin6.Provider/StopProvider"
SHUTDOWN = "/plugin.GRPCController/Shutdown"
HEALTH = "/grpc.health.v1.Health/Check"

pythons = pytest.mark.parametrize("python", list(interpreters().values()), ids=list(interpreters()))

# The modules of a fresh interpreter differ. These are the ones that the plugin adds.
OWN = {
    f"immuta_provider.plugin.transport.{name}"
    for name in ("certificate", "handshake", "listener", "p256", "server", "tls")
} | {"immuta_provider", "immuta_provider.plugin", "immuta_provider.plugin.transport"}
STANDARD = {
    "__future__",
    "_collections_abc",
    "_socket",
    "_ssl",
    "_stat",
    "binascii",
    "gc",
    "genericpath",
    "os",
    "os.path",
    "posixpath",
    "stat",
}


@pythons
def test_plugin_imports_only_the_listed_modules_before_the_handshake(python: str, tmp_path: Path) -> None:
    bare = subprocess.run(
        [python, "-I", "-S", "-c", "import sys; print(*sys.modules)"],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    file = tmp_path / "modules"
    with toy_plugin("--modules", str(file), python=python, variables=environment(client_certificate())):
        imported = set(file.read_text().split("\n"))
    hashes = imported & {"_sha256", "_sha2"}
    assert len(hashes) == 1
    assert imported - set(bare.stdout.split()) - hashes == OWN | STANDARD


def test_without_protocol_6_it_explains_itself_and_ends(tmp_path: Path) -> None:
    variables = environment(PLUGIN_PROTOCOL_VERSIONS="5", TMPDIR=str(tmp_path))
    assert refused(variables) == (
        1,
        "this provider speaks Terraform plugin protocol 6, and the program that started it offers 5 "
        "(PLUGIN_PROTOCOL_VERSIONS): use Terraform or OpenTofu 1.11 or newer\n",
    )


def test_an_invalid_certificate_is_refused(tmp_path: Path) -> None:
    variables = environment(PLUGIN_CLIENT_CERT="none", TMPDIR=str(tmp_path))
    assert refused(variables) == (
        1,
        "PLUGIN_CLIENT_CERT does not hold a PEM certificate; use Terraform or OpenTofu 1.11 or newer\n",
    )
    assert list(tmp_path.iterdir()) == []


def test_tcp_without_a_client_certificate_is_refused(tmp_path: Path) -> None:
    assert refused(environment(TMPDIR=str(tmp_path)), "--tcp") == (
        1,
        "TCP is open to every user of this machine, so it is served with a client certificate only, and "
        "PLUGIN_CLIENT_CERT holds none: use Terraform or OpenTofu 1.11 or newer\n",
    )
    assert list(tmp_path.iterdir()) == []


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
    told = (
        "it met KeyError ('a|b\\nc'), which is a bug in the provider; the log (TF_LOG=ERROR) has the traceback, "
        "please report it\n"
    )
    assert ended.returncode == 1
    assert ended.stdout == f"the provider cannot start: {told.replace('|', '/')}"
    assert ended.stderr.startswith("Traceback (most recent call last):\n")
    assert ended.stderr.endswith(f"KeyError: 'a|b\\nc'\n{told}")


def test_without_a_writable_directory_it_serves_on_the_loopback_interface(tmp_path: Path) -> None:
    """As in a container with read-only file systems only. The key stays in memory."""
    right = client_certificate()
    command = altered("from immuta_provider.plugin.transport import listener\nlistener.LAST_RESORTS = ()")
    variables = environment(right, TMPDIR="/dev/null", HOME=str(tmp_path))
    with subprocess.Popen(
        command, env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        handshake = parse_handshake(read_line(process.stdout.fileno()))
        connection = connect(handshake.network, handshake.address)
        client = RawClient(tls_client(connection, handshake.certificate, right, tmp_path))
        assert (handshake.network, client.call(SHUTDOWN)) == ("tcp", ok(b""))
        assert process.communicate(timeout=20) == (b"", b"")
        client.close()


FULL = """
del os.memfd_create
def full(path, *rest, open=os.open):
    if path.endswith("/k") and path.startswith(os.environ["TMPDIR"]):
        raise OSError(28, "No space left on device")
    return open(path, *rest)
os.open = full
"""


def test_the_key_is_written_into_another_directory_if_the_first_is_full(tmp_path: Path) -> None:
    right = client_certificate()
    command = altered(FULL)
    variables = environment(right, TMPDIR=str(tmp_path))
    with subprocess.Popen(
        command, env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        handshake = parse_handshake(read_line(process.stdout.fileno()))
        assert Path(handshake.address).parents[1] == tmp_path
        connection = connect(handshake.network, handshake.address)
        client = RawClient(tls_client(connection, handshake.certificate, right, tmp_path))
        assert client.call(SHUTDOWN) == ok(b"")
        assert process.wait(20) == 0
        client.close()
    assert list(tmp_path.iterdir()) == []


def test_the_key_is_written_into_a_directory_without_memfd_and_unix_sockets(
    tmp_path: Path,
) -> None:
    """As on Windows, where TCP needs no directory."""
    right = client_certificate()
    command = altered("import _socket\ndel os.memfd_create, _socket.AF_UNIX")
    variables = environment(right, TMPDIR=str(tmp_path))
    with subprocess.Popen(
        command, env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        handshake = parse_handshake(read_line(process.stdout.fileno()))
        process.kill()
    assert (handshake.network, list(tmp_path.iterdir())) == ("tcp", [])


def test_without_a_client_certificate_and_a_writable_directory_it_does_not_serve() -> None:
    command = altered("from immuta_provider.plugin.transport import listener\nlistener.LAST_RESORTS = ()")
    ended = subprocess.run(
        command, env=environment(TMPDIR="/dev/null"), capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (
        1,
        "the provider cannot start: it needs a directory for its socket and its key, and none can be used; set TMPDIR to a "
        "writable directory with a short path (tried /dev/null: Not a directory)\n",
    )


def test_garbage_is_collected_once_the_provider_is_loaded(tmp_path: Path) -> None:
    with toy_plugin(variables=environment(TMPDIR=str(tmp_path))) as plugin:
        client = RawClient(plugin.connect())
        assert client.call("/toy.Toy/Collects") == ok(b"1")
        client.close()


@pythons
def test_a_crash_leaves_no_core_dump(python: str, tmp_path: Path) -> None:
    variables = environment(TMPDIR=str(tmp_path))
    with toy_plugin(python=python, variables=variables) as plugin:
        client = RawClient(plugin.connect())
        assert client.call(HEALTH) == ok(b"\x08\x01")
        limits = Path(f"/proc/{plugin.process.pid}/limits").read_text()
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        (line,) = (line.split() for line in limits.splitlines() if line.startswith("Max core file size"))
        assert line[4:6] == (["1", "1"] if hard else ["0", "0"])
        client.close()


def refused(variables: dict[str, str], *arguments: str) -> tuple[int, str]:
    ended = subprocess.run(
        [sys.executable, "-I", "-S", str(TOY), *arguments],
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    # Terraform shows the line on stdout, since it does not have the parts of a handshake.
    assert ended.stdout == f"the provider cannot start: {ended.stderr}"
    return ended.returncode, ended.stderr


def test_a_long_temporary_directory_does_not_break_the_socket(tmp_path: Path) -> None:
    long = tmp_path / ("long" * 25)
    long.mkdir()
    with toy_plugin(variables=environment(TMPDIR=str(long))) as plugin:
        address = parse_handshake(plugin.line).address
        assert os.path.dirname(os.path.dirname(address)) == "/tmp"
        client = RawClient(plugin.connect())
        assert client.call(SHUTDOWN) == ok(b"")
        assert plugin.wait() == 0
        client.close()
    assert not os.path.exists(os.path.dirname(address))


@pythons
def test_control_calls_are_answered_while_every_worker_is_blocked(
    python: str, tmp_path: Path, gate: Gate
) -> None:
    with toy_plugin(python=python, variables=environment(TMPDIR=str(tmp_path))) as plugin:
        client = RawClient(plugin.connect())
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
        assert plugin.wait() == 0
        client.close()
    assert plugin.errors == b""
    assert list(tmp_path.glob("tf-plugin-*")) == []


@pythons
def test_plugin_ends_after_its_last_peer_and_its_last_call(python: str, tmp_path: Path, gate: Gate) -> None:
    with toy_plugin(python=python, variables=environment(TMPDIR=str(tmp_path))) as plugin:
        # A probe is not a peer, so its end does not count.
        plugin.connect().close()
        first, second = RawClient(plugin.connect()), RawClient(plugin.connect())
        assert first.call("/toy.Toy/Echo", b"one") == ok(b"one")
        second.start_call("/toy.Toy/UntilReleased", gate.message)
        second.start_call("/toy.Toy/UntilStopped")
        gate.wait_for(1)
        assert second.call("/toy.Toy/Echo", b"two") == ok(b"two")
        first.close()
        second.close()
        with pytest.raises(subprocess.TimeoutExpired):
            plugin.process.wait(2.5)
        # No peer can reconnect any more. The running call was asked to stop, and is waited for.
        gate.release()
        assert plugin.wait() == 0
    assert (plugin.errors, gate.done) == (b"", True)
    assert list(tmp_path.iterdir()) == [gate.path]


PARENT = """
import subprocess, sys
subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
sys.stdin.read()
"""


@pythons
def test_plugin_ends_with_its_parent_if_no_peer_connected(python: str, tmp_path: Path) -> None:
    parent = start_parent(python, tmp_path)
    assert parent.stdout is not None
    read_line(parent.stdout.fileno())
    parent.kill()
    parent.wait()
    assert read_to_end(parent.stdout.fileno()) == b""
    close(parent)
    assert list(tmp_path.iterdir()) == []


@pythons
def test_plugin_ends_after_its_killed_parent_and_its_last_call(
    python: str, tmp_path: Path, gate: Gate
) -> None:
    parent = start_parent(python, tmp_path)
    assert parent.stdout is not None
    handshake = parse_handshake(read_line(parent.stdout.fileno()))
    client = RawClient(connect(handshake.network, handshake.address))
    client.start_call("/toy.Toy/UntilReleased", gate.message)
    gate.wait_for(1)
    parent.kill()
    parent.wait()
    # A connected peer is served even without the parent.
    assert client.call("/toy.Toy/Echo", b"still here") == ok(b"still here")
    client.close()
    gate.release()
    assert read_to_end(parent.stdout.fileno()) == b""
    close(parent)
    assert (list(tmp_path.iterdir()), gate.done) == ([gate.path], True)


def start_parent(python: str, directory: Path) -> subprocess.Popen[bytes]:
    """A process that starts the toy plugin, as Terraform does, and waits; the plugin writes to its stdout."""
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", PARENT, python, "-I", "-S", str(TOY)],
        env=environment(TMPDIR=str(directory)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def close(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    process.stdout.close()


@pythons
def test_sigint_is_ignored_and_sigterm_ends_it(python: str, tmp_path: Path, gate: Gate) -> None:
    with toy_plugin(python=python, variables=environment(TMPDIR=str(tmp_path))) as plugin:
        client = RawClient(plugin.connect())
        stopped = client.start_call("/toy.Toy/UntilStopped", b"stopped")
        running = client.start_call("/toy.Toy/UntilReleased", gate.message)
        gate.wait_for(1)
        plugin.process.send_signal(signal.SIGINT)
        assert client.call("/toy.Toy/Echo", b"still here") == ok(b"still here")
        plugin.process.send_signal(signal.SIGTERM)
        # Running calls are asked to stop, and are answered before the end.
        assert client.answer(stopped) == ok(b"stopped")
        gate.release()
        assert client.answer(running) == ok(gate.message)
        assert plugin.wait() == 0
        client.close()
    assert plugin.errors == b""
    assert list(tmp_path.iterdir()) == [gate.path]


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_provider_in_debug_mode_ends_by_a_signal(end: signal.Signals, tmp_path: Path) -> None:
    with toy_plugin("--debug", variables=environment(TMPDIR=str(tmp_path))) as plugin:
        assert plugin.line == (
            "The provider is running. To make Terraform use it, set this variable where Terraform runs; "
            "Ctrl-C ends the provider.\n"
        )
        assert plugin.process.stdout is not None
        read_line(plugin.process.stdout.fileno(), "TF_REATTACH_PROVIDERS")
        (directory,) = tmp_path.iterdir()
        client = RawClient(connect("unix", str(directory / "s")))
        assert client.call("/toy.Toy/Echo", b"here") == ok(b"here")
        plugin.process.send_signal(end)
        assert plugin.wait() == 0
        client.close()
    assert plugin.errors == b""
    assert list(tmp_path.iterdir()) == []
